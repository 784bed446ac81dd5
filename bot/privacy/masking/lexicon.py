"""Lists that say what a word can be: a name, a place, an everyday word. Read at first use."""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import msgspec

from bot.core.policy.loader import load_sound_library
from bot.gazetteer.england import districts, small_towns, town_names
from bot.gazetteer.england import places as known_places
from bot.paths import POLICIES, SOUND_POLICIES

LISTS = Path(__file__).resolve().parent / "lists"
_ENGLISH = "frequency_dictionary_en_82_765.txt"
# Typing errors are looked for among so many of the most frequent English words.
FREQUENT = 12_000
# The most frequent words that practitioners may capitalise as terms of their work.
KNOWN = 40_000
_STREETS = frozenset(["road", "street", "lane", "close", "avenue", "drive", "court", "way"])
_OF_SOMEBODY = ("bishops", "kings", "abbots", "queens", "princes")
"""These may be written with an apostrophe: "King's Lynn"."""
_BEGINS_A_PLACE = frozenset(
    [
        *("new", "old", "great", "little", "upper", "lower", "north", "south", "east", "west"),
        *("high", "long", "saint", "st", "royal"),
        *_OF_SOMEBODY,
    ]
)
"""Nobody's given name is one of these."""
POSSESSIVE = re.compile(r"['’‘`\u00b4]s?$", re.IGNORECASE)
# Letters with a stroke, which Unicode does not decompose.
_STROKES = str.maketrans("łøđħıðßæœþ’‘`\u00b4", "lodhidsaot''''")


class NameLexicon(msgspec.Struct, frozen=True):
    """Sets of words, folded (lower case, no accents).

    `first` and `last` hold first names and surnames that are nothing else. `doubtful` are first
    names that are also everyday words. `common_too` are everyday words that are also names, and
    `first_too` the first names among them. `places` are all places; of these, `first_places` are
    also first names and `last_places` also surnames, without the places of a policy.
    `people_first` are places that are mostly people's names. `surnames` are all surnames. `stay`
    are professional terms, `short` abbreviations, `phrases` words that stay together.
    """

    first: frozenset[str]
    last: frozenset[str]
    doubtful: frozenset[str]
    common_too: frozenset[str]
    first_too: frozenset[str]
    surnames: frozenset[str]
    places: frozenset[str]
    people_first: frozenset[str]
    first_places: frozenset[str]
    last_places: frozenset[str]
    stay: frozenset[str]
    short: frozenset[str]
    phrases: frozenset[tuple[str, ...]]
    english: "HashedWords"
    known: "HashedWords"
    frequent: "HashedWords"

    def is_name(self, word: str) -> bool:
        """Whether the word is a name in any context."""
        return word in self.first or word in self.last

    def is_ordinary(self, word: str) -> bool:
        """Whether the word is English or a professional term."""
        return (
            word in self.stay
            or word in self.doubtful
            or word in self.common_too
            or ((word in self.english or word in self.short) and not self.is_name(word))
        )


class HashedWords:
    """A set of words stored as 64-bit hashes: 82,000 of them in less than a megabyte.

    Only a word with the same hash could be taken for another.
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._hashes = array("q", sorted(map(hash, words)))

    def __contains__(self, word: str) -> bool:
        wanted = hash(word)
        place = bisect_left(self._hashes, wanted)
        return place < len(self._hashes) and self._hashes[place] == wanted


def fold_word(word: str) -> str:
    """The word in lower case, without accents, with straight apostrophes."""
    lower = word.casefold().translate(_STROKES)
    if lower.isascii():
        return lower
    apart = unicodedata.normalize("NFKD", lower)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


@lru_cache(maxsize=1)
def name_lexicon() -> NameLexicon:
    """The lists beside this file, the places of the policies, and symspellpy's English words.

    Raises FileNotFoundError if one of them is missing, PolicyError if no policy file is right
    (start-up has reported that by then).
    """
    doubtful, common = _words("also_words"), _words("also_common_words")
    all_first, surnames = _words("first_names"), _words("surnames")
    local = _of_policies()
    known = _words("places") | local | frozenset(_towns(all_first | doubtful, surnames, common))
    several = {place for place in known if " " in place or "-" in place}
    places = (known | _words("also_places")) - several
    free = places - local
    plain = doubtful | common | places
    first = all_first - plain
    english = _english()
    return NameLexicon(
        first=first,
        last=surnames - plain - first,
        doubtful=doubtful - places,
        common_too=common - doubtful - places,
        first_too=(common & all_first) - doubtful - places,
        surnames=surnames,
        places=places,
        people_first=_words("also_places"),
        first_places=free & (all_first | _words("also_places")),
        last_places=(free & surnames) - all_first,
        stay=_words("stay"),
        short=_words("short_forms"),
        phrases=frozenset(
            as_phrase(written)
            for line in several | word_lines("phrases")
            for written in (line, line.replace("'", ""))
        ),
        english=HashedWords(english),
        known=HashedWords(english[:KNOWN]),
        frequent=HashedWords(english[:FREQUENT]),
    )


def as_phrase(text: str) -> tuple[str, ...]:
    """The folded words of a phrase, without possessive endings."""
    return tuple(
        POSSESSIVE.sub("", word)
        for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", fold_word(text))
    )


def _of_policies() -> frozenset[str]:
    names: list[str] = []
    for policy in load_sound_library(POLICIES, kept=SOUND_POLICIES).newest().values():
        names += [*policy.places, *policy.names]
        for area in policy.areas:
            names += area.places
    return frozenset(fold_word(name) for name in names)


def _towns(
    first: frozenset[str], surnames: frozenset[str], common: frozenset[str]
) -> Iterator[str]:
    """Yield the towns of the gazetteer whose names are nobody's, and no street's.

    A small place of one word may always be somebody: "Rayne". A council's whole name never is:
    "Kensington and Chelsea".
    """
    small = small_towns()
    for name in map(fold_word, {*town_names(), *known_places()}):
        begins, *others = words = as_phrase(name)
        somebodys = not first.isdisjoint(words) or surnames.issuperset(words)
        if (others and begins in _BEGINS_A_PLACE) or ("and" in others and name in districts()):
            somebodys = False
        if not others and (name in small or begins in common):
            somebodys = True
        if words[-1] not in _STREETS and not somebodys:
            yield name
            if "and" in others:
                yield name.replace(" and ", " & ")
            if begins in _OF_SOMEBODY:
                yield name.replace(begins, f"{begins[:-1]}'s", 1)


def _words(name: str) -> frozenset[str]:
    return frozenset(word.replace("+", " ") for line in word_lines(name) for word in line.split())


def word_lines(name: str) -> frozenset[str]:
    """The lines of a list beside this file, without comments."""
    lines = (LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _english() -> list[str]:
    package = find_spec("symspellpy")
    if package is None or package.origin is None:
        raise FileNotFoundError(f"symspellpy, which holds {_ENGLISH}, is not installed")
    with (Path(package.origin).parent / _ENGLISH).open(encoding="utf-8-sig") as lines:
        return [line.split(" ", 1)[0] for line in lines]
