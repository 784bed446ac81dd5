"""The policies by id and version, and the version in force on a day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

import msgspec

from bot.core.policy.checks import Problem
from bot.core.policy.model import Policy, Status

MOST_DAYS = 100
"""The cache holds the versions of this many days."""


class Version(msgspec.Struct, frozen=True):
    """One version of a policy, and the name of the file that holds it."""

    file: str
    policy: Policy

    @property
    def begins(self) -> date:
        """The day it takes effect; the earliest possible day if its document names none."""
        return self.policy.document.effective_from or date.min


class Library:
    """Every version of every policy, the oldest first. `drafts` includes unsigned versions."""

    def __init__(self, versions: Mapping[str, Sequence[Version]], *, drafts: bool = True) -> None:
        offered = {
            name: [version for version in each if drafts or version.policy.status is Status.signed]
            for name, each in versions.items()
        }
        self._versions = {name: each for name, each in offered.items() if each}
        self._by_choice: dict[tuple[int, ...], dict[str, Policy]] = {}
        self._by_day: dict[date, dict[str, Policy]] = {}

    def on(self, day: date) -> dict[str, Policy]:
        """Return each policy's version in force on a day, or its first version before that."""
        # Asked several times a turn, nearly always for the same day.
        if day not in self._by_day:
            if len(self._by_day) >= MOST_DAYS:
                self._by_day.clear()
            self._by_day[day] = self._choose(day)
        return self._by_day[day]

    def _choose(self, day: date) -> dict[str, Policy]:
        chosen = tuple(_in_force(each, day) for each in self._versions.values())
        if chosen not in self._by_choice:
            self._by_choice[chosen] = {
                name: each[at].policy
                for at, (name, each) in zip(chosen, self._versions.items(), strict=True)
            }
        return self._by_choice[chosen]

    def newest(self) -> dict[str, Policy]:
        """Return each policy's last version, even if not yet in force."""
        return self.on(date.max)


def _in_force(versions: Sequence[Version], day: date) -> int:
    begun = [at for at, version in enumerate(versions) if version.begins <= day]
    return begun[-1] if begun else 0


def by_version(found: list[Version]) -> dict[str, list[Version]]:
    """Return each policy's versions, the oldest first; policies keep their order."""
    versions: dict[str, list[Version]] = {}
    for version in found:
        versions.setdefault(version.policy.id, []).append(version)
    return {
        name: sorted(each, key=lambda version: version.begins) for name, each in versions.items()
    }


def version_problems(versions: Mapping[str, Sequence[Version]]) -> Iterator[Problem]:
    """Yield versions of a policy that begin on the same day or do not say what they change."""
    for each in versions.values():
        for before, after in pairwise(each):
            if before.begins == after.begins:
                day = after.policy.document.effective_from
                expected = f"a day on which no other version begins, unlike {before.file}"
                got = str(day) if day else "no day in either"
                yield Problem(after.file, "document.effective_from", expected, got)
            elif after.policy.replaces is None:
                expected = f"what changes for practitioners against {before.file}, with its source"
                yield Problem(after.file, "replaces", expected, "no such key")
