"""Whom words about a call are about: by the words of `words/calls.yml`, the first named counts."""

import re
from functools import partial

import msgspec

from bot.core.vocabulary import CallTo, Level
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal

_words = partial(pattern, "calls")
ORDER = (
    CallTo.safeguarding_lead,
    CallTo.their_manager,
    CallTo.police,
    CallTo.childrens_social_care,
    CallTo.own_manager,
    CallTo.other,
)
"""Of two that begin at the same place, the first counts."""
SERVICES = (CallTo.police, CallTo.childrens_social_care, CallTo.their_manager)
"""Whose people have a rung that counts: the next one up is to be asked for."""
SPEAKING = (CallTo.police, CallTo.childrens_social_care)
"""Whose words tell who they are."""
RUNGS = (Level.director, Level.senior_manager, Level.line_manager, Level.practitioner)
"""The rungs that titles stand for. Of two in a clause the higher was reached; 101 is below 999."""


class PutRight(msgspec.Struct, frozen=True):
    """Whom a call was really to, on which rung, and to whom it was not if that is said."""

    to: CallTo
    level: Level | None = None
    instead_of: CallTo | None = None


def whom_asked_about(text: str) -> CallTo | None:
    """Return whom somebody asks what to say to, or None: "what do I tell my manager?"."""
    words = normal(text)
    return CallTo.their_manager if _words("this_manager").search(words) else people(words)


def whom_it_was(text: str) -> PutRight | None:
    """Return whom a call that was told before was really to: "wrong, it was the police"."""
    words = normal(text)
    if says(words, "none_free"):
        return None
    said, *denied = _words("not_them").split(words)
    parts = [said]
    instead_of = None
    for part in denied:
        who, *rest = _words("them_but").split(part, maxsplit=1)
        instead_of = instead_of or people(who)
        parts += rest
    for part in parts:
        found = first_named(part)
        if found is None:
            continue
        start, end, to = found
        before = part[:start]
        beside = instead_of is not None and only_names(before)
        if (beside or says(before, "puts_right")) and _words("just_so").match(part[end:]):
            return PutRight(to, level_said(part) if to in SERVICES else None, instead_of)
    return None


def people(clause: str) -> CallTo | None:
    """Return whom a clause is about: the first named who is not only somebody to ring."""
    redirect = _words("redirected").search(clause)
    found = first_named(clause)
    return found[2] if found and (not redirect or found[0] < redirect.start()) else None


def spoken_by(words: str) -> CallTo | None:
    """Return the service whose words they are, or whose post they name, or None.

    "Not our area" is what social care says, and "head of service" one of its posts, unless it is
    said whose.
    """
    found = [to for to in SPEAKING if says(words, f"speaks_as_{to}")]
    return found[0] if len(found) == 1 else None


def first_named(clause: str) -> tuple[int, int, CallTo] | None:
    """Return where the first person of a clause stands, and who they are."""
    named = [
        (match.start(), -match.end(), index, to)
        for index, to in enumerate(ORDER)
        if (match := _words(str(to)).search(clause))
    ]
    start, end, _, to = min(named, default=(0, 0, 0, None))
    return None if to is None else (start, -end, to)


def last_named(clause: str) -> CallTo | None:
    """Return whom a clause names last."""
    named = [
        (match.end(), -match.start(), to)
        for to in ORDER
        for match in _words(str(to)).finditer(clause)
    ]
    return max(named, key=lambda one: one[:2], default=(0, 0, None))[2]


def level_said(clause: str) -> Level | None:
    """Return the highest rung in a service that a title in the clause stands for."""
    return next((level for level in RUNGS if says(clause, f"is_{level}")), None)


def only_names(clause: str) -> bool:
    """Say whether nothing is left of a clause without the people in it."""
    for to in ORDER:
        clause = _words(str(to)).sub(" ", clause)
    return not re.search(r"\w", _words("small_words").sub(" ", clause))


def says(words: str, name: str) -> bool:
    """Say whether words hold a pattern of the sheet."""
    return bool(_words(name).search(words))
