"""Find the partnership that a message names: by council, town, borough or its own name.

The policies' places come from the policy files. Other places are recognised only if they are
listed as elsewhere (`elsewhere.py`); the nearest partnership is never guessed.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.understanding.account.elsewhere import (
    authorities,
    england,
    place_key,
    uncovered_places,
)
from bot.understanding.account.roles import find_mentions
from bot.understanding.words.text import clean, normal

_COMMON_WORDS = frozenset(
    [
        "bath",
        "battle",
        "bury",
        "bow",
        "crook",
        "deal",
        "diss",
        "goole",
        "hale",
        "hull",
        "hythe",
        "looe",
        "march",
        "nelson",
        "poole",
        "reading",
        "rugby",
        "rye",
        "sale",
        "sandwich",
        "settle",
        "stone",
        "street",
        "swale",
        "wells",
        "ware",
        "wing",
        "yarm",
        "barking",
        "hove",
        "lee",
        "wool",
        "ash",
        "stoke",
        "ham",
        "beer",
        "sandy",
        "chard",
        "corby",
        "bude",
        "eye",
        "hook",
        "lancing",
        "beds",
        "eden",
        "craven",
        "boston",
        "adur",
        "arun",
        "hart",
    ]
)
"""Ambiguous places (also words, names, or in two counties): they need "in", "at" or "from"."""

HERE = "here"

_LONGER = re.compile(
    r"^\s+(?:(?:road|rd|street|st|avenue|ave|lane|close|drive|crescent|way|place|terrace|gardens|grove"
    r"|hill|square|rise|mews|row|walk|court|house|lodge|villas|parade|broadway|arms"
    # "Kent Town" is a place of its own; Bedford's town centre is in Bedford.
    r"|town(?!\s+(?:centre|center|hall|council)))\b|[-\s]+(?:upon|le|sub|juxta)[-\s])"
)
"""What follows the name of a street, a house or a longer name that only begins with the place."""
_FURNITURE = re.compile(
    r"\b(?:sle(?:ep|pt)\w*|lie|lying|put|wet\w*|shar\w+|bunk|no|their|the|of|have|has|more|hospital)"
    r"\s+(?:\w+\s+){0,3}?$"
)
"""What stands before "beds" where it is no county."""
_LEAD = re.compile(
    r"\b(?:in|at|from|near|around|outside|based\s+in|over\s+in|for|covering|of)\s+(?:the\s+)?$"
)
# "Dorset not Kent": the second is denied.
_NOT_HERE = re.compile(r"\b(?:not|isnt|wasnt|rather\s+than|instead\s+of)\s+(?:in\s+)?$")
_MOVED_FROM = re.compile(
    r"\b(?:moved|transferred|came|comes|relocated|arrived|originally|placed(?:\s+\w+)?|fled|known\s+to|previously|used\s+to\s+(?:live|be))"
    r"\s+(?:\w+\s+){0,4}?(?:from|in|to\s+us\s+from|by|of|here\s+from|at)?\s*(?:\w+\s+){0,2}?$"
)
_LIVES = re.compile(
    r"\b(?:lives?|living|resid\w+|home\s+address(?:\s+is)?|family\s+(?:is|are)|child\s+is|now|moved\s+to|placed)\s+"
    r"(?:\w+\s+){0,2}?(?:in|at|to)?\s*$"
)


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
class Gazetteer:
    """All places, compiled for searching. `inside` maps a place to (partnership, area)."""

    inside: Mapping[str, tuple[str, str | None]]
    pattern: re.Pattern[str] = field(compare=False)


@dataclass(frozen=True)
class FoundPlace:
    """`partnership` and `area` are ids. `outside_place` is a place that no policy covers.

    `partnerships` holds all that are named; if there are several, none is chosen. `authority` is
    the authority for children of the place outside, where it is known. `unclear` is a name that
    several places of England have, if nothing else tells which.
    """

    partnership: str | None
    area: str | None
    outside_place: str | None
    partnerships: tuple[str, ...] = ()
    authority: str | None = None
    unclear: str | None = None


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


def make_gazetteer(places: Iterable[PolicyPlace]) -> Gazetteer:
    """Return a gazetteer of these places and of the places known to be elsewhere."""
    inside: dict[str, tuple[str, str | None]] = {}
    for place in places:
        for area in place.areas:
            for word in area.words:
                inside[place_key(word)] = (place.id, area.id)
        for word in place.words:
            inside.setdefault(place_key(word), (place.id, None))
    for district, authority in authorities().items():
        if place_key(authority) in inside:
            inside.setdefault(district, inside[place_key(authority)])
    every = sorted({*inside, *uncovered_places()}, key=len, reverse=True)
    pattern = re.compile(r"(?<![\w-])(?:" + "|".join(map(_loose, every)) + r")(?![\w])")
    return Gazetteer(inside, pattern)


def _loose(word: str) -> str:
    """A pattern for a place as people type it: blanks or hyphens, "and" or "&"."""
    return r"[\s-]+".join(
        "(?:and|&|n)" if part == "and" else re.escape(part) for part in word.split()
    )


def find_place(text: str, known: Gazetteer) -> FoundPlace:
    """Return the place of a text, by the places that it names."""
    words = normal(text)
    inside: dict[tuple[str, str | None], int] = {}
    outside: dict[str, int] = {}
    sure = False
    unclear: str | None = None
    for match in known.pattern.finditer(words):
        key = place_key(match.group())
        before = words[max(0, match.start() - 60) : match.start()]
        if _LONGER.match(words[match.end() :]):
            continue
        if key == "beds" and _FURNITURE.search(before):
            continue
        if key in _COMMON_WORDS and not _named_as_place(before, match, words, text):
            continue
        if _MOVED_FROM.search(before) and not _LIVES.search(before):
            continue
        if _NOT_HERE.search(before):
            continue
        weight = 2 if _LIVES.search(before) else 1
        if key in england().ambiguous:
            unclear = unclear or match.group()
        else:
            sure = True
        if key in known.inside:
            where = known.inside[key]
            inside[where] = max(inside.get(where, 0), weight)
        else:
            outside.setdefault(match.group(), weight)
    found = _settle(inside, outside)
    if unclear and not sure:
        return FoundPlace(None, None, None, found.partnerships, unclear=unclear)
    return found


def without_places(words: str, known: Gazetteer) -> str:
    """Return a normal text with places replaced by "here", without changing its length."""
    return known.pattern.sub(_here, words)


def _here(match: re.Match[str]) -> str:
    name = match.group()
    common = place_key(name) in _COMMON_WORDS or len(name) < len(HERE)
    return name if common else HERE.ljust(len(name))


def _named_as_place(before: str, match: re.Match[str], words: str, text: str) -> bool:
    """Say whether a word such as "deal" is a place: after "in" or a role, alone, or capitalised."""
    if words.strip(" .,!?") == match.group():
        return True
    role = find_mentions(before)
    if role and not before[role[-1].end :].strip():
        # "HV Poole": whoever signs with a role and one word more says where.
        return True
    lead = _LEAD.search(before)
    if lead and not re.match(r"\s+(?:with|to|of|on|for|out|the|a)\b", words[match.end() :]):
        return True
    capital = re.search(rf"(?<=[a-z,] ){re.escape(match.group().title())}\b", clean(text))
    return bool(capital)


def _settle(inside: dict[tuple[str, str | None], int], outside: dict[str, int]) -> FoundPlace:
    """Choose a place only if it stands out: "lives in" outweighs a mention in passing."""
    best = max([*inside.values(), *outside.values()], default=0)
    strong = [where for where, weight in inside.items() if weight == best]
    elsewhere = [name for name, weight in outside.items() if weight == best]
    ids = tuple(dict.fromkeys(partnership for partnership, _ in inside))
    chosen = tuple(dict.fromkeys(partnership for partnership, _ in strong))
    if elsewhere and not strong:
        authority = authorities().get(place_key(elsewhere[0]))
        return FoundPlace(None, None, elsewhere[0], ids, authority)
    if len(chosen) != 1 or elsewhere:
        return FoundPlace(None, None, None, ids)
    areas = tuple(dict.fromkeys(area for _, area in strong if area))
    return FoundPlace(chosen[0], areas[0] if len(areas) == 1 else None, None, ids)
