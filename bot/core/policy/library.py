"""The policies by id and version, and the version in force on a day."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

import msgspec

from bot.core.policy.checks import Problem
from bot.core.policy.model import OfferedPolicy, OpenCases, Policy, Status

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
    """Every version of every policy, the oldest first. `drafts` includes unsigned versions.

    `left_out` are the problems of files that do not load: their policies are not in here, or only
    as they were when they last loaded.
    """

    def __init__(
        self,
        versions: Mapping[str, Sequence[Version]],
        *,
        drafts: bool = True,
        left_out: Sequence[Problem] = (),
    ) -> None:
        self.left_out = tuple(left_out)
        self._versions = {
            name: each
            for name, each in versions.items()
            if any(drafts or _signed(version) for version in each)
        }
        self._drafts = drafts
        self._by_choice: dict[tuple[tuple[int, int], ...], dict[str, Policy]] = {}
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
        chosen = tuple(self._in_force(each, day) for each in self._versions.values())
        if chosen not in self._by_choice:
            self._by_choice[chosen] = {
                name: self._offered(each, *at)
                for at, (name, each) in zip(chosen, self._versions.items(), strict=True)
            }
        return self._by_choice[chosen]

    def _in_force(self, versions: Sequence[Version], day: date) -> tuple[int, int]:
        """Return which version is offered on a day, and which would be if all were signed."""
        begun = [at for at, version in enumerate(versions) if version.begins <= day] or [0]
        may = [at for at, version in enumerate(versions) if self._drafts or _signed(version)]
        offered = [at for at in may if at in begun] or may[:1]
        return offered[-1], begun[-1]

    def _offered(self, versions: Sequence[Version], at: int, begun: int) -> Policy:
        policy = versions[at].policy
        earlier = [one for one in range(at) if self._drafts or _signed(versions[one])]
        keeps = policy.replaces and policy.replaces.open_cases is OpenCases.old
        before = self._offered(versions, earlier[-1], 0) if earlier and keeps else None
        unsigned_since = versions[begun].begins if begun > at else None
        later = [one for one in versions[max(at, begun) + 1 :] if self._drafts or _signed(one)]
        coming = later[0] if later else None
        if before is None and unsigned_since is None and coming is None:
            return policy
        fields = {name: getattr(policy, name) for name in Policy.__struct_fields__}
        return OfferedPolicy(
            **fields,
            before=before,
            unsigned_since=unsigned_since,
            coming_on=coming.begins if coming else None,
            coming=coming.policy.replaces if coming else None,
        )

    def unsigned_in_force(self, day: date) -> list[Version]:
        """Return the versions in force on a day that nobody signed, although one before them is."""
        found = []
        for each in self._versions.values():
            begun = [version for version in each if version.begins <= day]
            if begun and not _signed(begun[-1]) and any(map(_signed, begun)):
                found.append(begun[-1])
        return found

    def newest(self) -> dict[str, Policy]:
        """Return each policy's last version, even if not yet in force."""
        return self.on(date.max)


def _signed(version: Version) -> bool:
    return version.policy.status is Status.signed


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
