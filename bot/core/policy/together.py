"""What is wrong between policy files that are right each on its own."""

from collections.abc import Iterator, Mapping, Sequence

from bot.core.policy.checks import Problem
from bot.core.policy.library import Version
from bot.core.policy.model import Policy


def problems_together(versions: Mapping[str, Sequence[Version]]) -> Iterator[Problem]:
    """Yield names, places and forms that two policies claim, and excluded areas that lead nowhere.

    The newest version of each policy counts.
    """
    newest = {name: each[-1] for name, each in versions.items()}
    yield from _claimed_twice(newest)
    yield from _forms_twice(newest)
    for version in newest.values():
        for at, area in enumerate(version.policy.areas):
            named = area.excluded.policy if area.excluded else None
            if named is not None and (named not in newest or named == version.policy.id):
                others = sorted(set(newest) - {version.policy.id})
                key = f"areas[{at}].excluded.policy"
                yield Problem(version.file, key, f"the id of another policy, from {others}", named)


def _claimed_twice(newest: Mapping[str, Version]) -> Iterator[Problem]:
    owners: dict[str, Version] = {}
    for version in newest.values():
        for key, name in _claims(version.policy):
            other = owners.setdefault(name, version)
            if other is not version and not _hands_over(version.policy, other.policy, name):
                expected = f"names and places of this policy alone; {other.file} has it too"
                yield Problem(version.file, key, expected, name)


def _claims(policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield each name and place by which a policy is known, once, with its key."""
    listed = [("names", policy.names), ("places", policy.places)]
    listed += [(f"areas[{at}].places", area.places) for at, area in enumerate(policy.areas)]
    seen: set[str] = set()
    for key, words in listed:
        for word in words:
            name = " ".join(word.casefold().split())
            if name not in seen:
                seen.add(name)
                yield key, name


def _hands_over(first: Policy, second: Policy, name: str) -> bool:
    """Say whether one of two policies names the place only to send people to the other."""
    return _sends(first, second, name) or _sends(second, first, name)


def _sends(policy: Policy, other: Policy, name: str) -> bool:
    sent = {
        " ".join(place.casefold().split())
        for area in policy.areas
        if area.excluded and area.excluded.policy == other.id
        for place in area.places
    }
    return name in sent


def _forms_twice(newest: Mapping[str, Version]) -> Iterator[Problem]:
    owners: dict[str, Version] = {}
    for version in newest.values():
        for at, stage in enumerate(version.policy.stages):
            for place, form in enumerate(stage.forms):
                other = owners.setdefault(form.id, version)
                if other is not version and version.policy.extends != other.policy.id:
                    expected = f"an id of this policy's own; {other.file} has the same"
                    key = f"stages[{at}].forms[{place}].id"
                    yield Problem(version.file, key, expected, form.id)
