"""All places that are known, by what a text can call them, with the policy that covers each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bot.gazetteer.england import place_key, places, sheet


@dataclass(frozen=True)
class MemberArea:
    """A member partnership of a policy and the words that name it."""

    id: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class PolicyPlace:
    """Where a policy applies: its own names, its places and its member areas."""

    id: str
    words: tuple[str, ...]
    areas: tuple[MemberArea, ...] = ()


@dataclass(frozen=True)
class Where:
    """One of the places that have a name: in a policy's area, or outside all of them.

    `authority` is the authority for children, or what the policy itself is called.
    """

    partnership: str | None
    area: str | None
    authority: str


@dataclass(frozen=True)
class Known:
    """What a name can mean; `within`, `word` and `besides` as for the gazetteer's `Place`."""

    wheres: tuple[Where, ...]
    within: tuple[Where, ...] = ()
    word: bool = False
    besides: tuple[Where, ...] = ()


@dataclass(frozen=True)
class Gazetteer:
    """All places, by their keys, and the keys by their first words, the longest first."""

    known: Mapping[str, Known]
    starting: Mapping[str, tuple[tuple[str, ...], ...]]


def places_from(policies: Mapping[str, Mapping[str, object]]) -> tuple[PolicyPlace, ...]:
    """Return the places in plain data: {id: {"names": [], "places": [], "areas": {id: []}}}."""
    return tuple(
        PolicyPlace(
            id=name,
            words=(*_strings(entry.get("names")), *_strings(entry.get("places"))),
            areas=tuple(
                MemberArea(area, _strings(words))
                for area, words in _mapping(entry.get("areas")).items()
            ),
        )
        for name, entry in policies.items()
    )


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else ()


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def make_gazetteer(of_policies: Iterable[PolicyPlace]) -> Gazetteer:
    """Return a gazetteer of these places and of all others that are known.

    A policy that names an authority covers every place under it.
    """
    inside: dict[str, Where] = {}
    for place in of_policies:
        for area in place.areas:
            for word in area.words:
                inside[place_key(word)] = Where(place.id, area.id, area.words[0])
        for word in place.words:
            inside.setdefault(place_key(word), Where(place.id, None, place.words[0]))

    def where(authority: str) -> Where:
        found = inside.get(place_key(authority))
        return replace(found, authority=authority) if found else Where(None, None, authority)

    known = {
        key: Known(
            tuple(map(where, place.authorities)),
            tuple(map(where, place.within)),
            place.word,
            tuple(map(where, place.besides)),
        )
        for key, place in places().items()
    }
    for key, own in inside.items():
        other = None if key in sheet().besides else known.get(key)
        known[key] = _with_own(other, own, word=key in sheet().words)
    for key, authority in sheet().besides.items():
        if key in inside:
            known[key] = replace(known[key], besides=(where(authority),))
    starting: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for key in known:
        words = tuple(key.split())
        starting[words[0]].append(words)
    longest_first = {
        first: tuple(sorted(found, key=len, reverse=True)) for first, found in starting.items()
    }
    return Gazetteer(known, longest_first)


def _with_own(known: Known | None, own: Where, *, word: bool) -> Known:
    """Return what a name means that a policy file gives, with its namesakes outside."""
    if known is None:
        return Known((own,), word=word)
    if any(where.partnership == own.partnership for where in known.wheres):
        return known
    return replace(known, wheres=(own, *known.wheres))
