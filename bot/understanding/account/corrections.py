"""Answers that are taken back: "it's Dorset not Kent", "it was the police", "change the date".

The retracted words are cut out before the rest is read, so that only the new answer is left.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial

from bot.core.vocabulary import Agency, Level
from bot.understanding.account.agencies import Agencies
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import cased, normal

_words = partial(pattern, "corrections")
NAMES = (
    "risk",
    "partnership",
    "disagreement",
    "my_agency",
    "their_agency",
    "child_status",
    "reached",
    "step_on",
    "step_outcome",
)
"""Answers that can be named; each has a pattern in the sheet."""

SHORT = 12
"""Words of a message that says no more than that something is the other way round."""


@dataclass(frozen=True)
class Correction:
    """`kept` is the text without `taken_back`; `named` are answers to be asked again."""

    kept: str
    taken_back: tuple[str, ...]
    named: tuple[str, ...]


def find_correction(text: str, says_something: Callable[[str], bool]) -> Correction | None:
    """Return what a message takes back, or None if it is not a correction.

    `says_something` tells whether a few words name an answer (a place, an agency, a plan, a day):
    "not happy with that" takes nothing back.
    """
    words = normal(text)
    if not _words("longest").fullmatch(words):
        return None
    back = [
        match
        for match in _taken_back(words)
        if says_something(_first_words(match["what"])) or _words("kinds").match(match["what"])
    ]
    changes = bool(_words("changes").search(words))
    if not (back or changes or _words("begins").search(words) or _words("says_so").search(words)):
        return None
    named = [name for name in NAMES if _words(name).search(words)] if changes else []
    kind = any(_words("kinds").search(match["what"]) for match in back) and "about" in words
    if kind and "disagreement" not in named:
        named.append("disagreement")
    if "my_agency" in named and "their_agency" in named:
        named.remove("their_agency")
    as_typed = cased(text)
    told = as_typed if len(as_typed) == len(words) else words
    return Correction(_without(told, back), tuple(match["what"] for match in back), tuple(named))


def _taken_back(words: str) -> list[re.Match[str]]:
    """Return what is said not to be so, in order: "not kent", "i never said kent"."""
    said = list(_words("never_said").finditer(words))
    ends = [match.span() for match in said]
    more = [
        match
        for match in _words("taken_back").finditer(words)
        if not any(start <= match.start() < end for start, end in ends)
    ]
    return sorted([*said, *more], key=lambda match: match.start())


def corrected_rung(text: str, agencies: Agencies) -> Level | None:
    """Return the rung of whoever a short correction says it was: "no it was the team manager"."""
    words = normal(text)
    named = _words("who_it_was").search(words) if _words("longest").fullmatch(words) else None
    if named is None:
        return None
    name = "who" if named["who"] else "whom"
    people = [one for one in agencies.mentions if one.is_person]
    here = [one for one in people if named.start(name) <= one.start < named.end(name)]
    return here[0].level if len(here) == 1 else None


def says_in_writing(text: str) -> bool:
    """Say whether somebody says that it was written, and that nobody spoke."""
    return bool(_words("in_writing").search(normal(text)))


def says_nobody_spoke(text: str) -> bool:
    """Say whether somebody says that they spoke to nobody."""
    return bool(_words("never_spoke").search(normal(text))) and not says_in_writing(text)


def without_council(
    theirs: Agency | None, agencies: Agencies, back: Collection[str]
) -> Agency | None:
    """Return the other agency: people at the council who are said not to be social care are not."""
    if theirs is None or str(theirs) not in back:
        return theirs
    named = [one.word for one in agencies.mentions if one.agency is theirs]
    generic = all(_words("generic_council").fullmatch(word) for word in named)
    return Agency.other if named and generic else theirs


def find_objection(text: str) -> bool:
    """Say whether somebody objects to what the guide understood: "wrong", "no, im the school"."""
    words = normal(text)
    objects = _words("objects").search(words) or find_reversal(text)
    return bool(_words("longest").fullmatch(words) and objects)


def find_reversal(text: str) -> bool:
    """Say whether somebody says that the two sides were taken for each other."""
    words = normal(text)
    return len(words.split()) <= SHORT and bool(_words("reverses").search(words))


def _first_words(what: str) -> str:
    """Return the two words after the "not": "not replied since Monday" retracts no Monday."""
    return " ".join(what.split()[:2])


def _without(words: str, parts: list[re.Match[str]]) -> str:
    for part in reversed(parts):
        words = f"{words[: part.start()]} {words[part.end() :]}"
    return words
