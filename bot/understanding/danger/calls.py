"""What came of trying to get somebody to act today, and what the person asks for meanwhile.

Read clause by clause. A clause that names nobody goes on about those named before; somebody whom
they were only told to ring was not called. The patterns are in `words/calls.yml`.
"""

import re
from functools import partial

import msgspec

from bot.core.vocabulary import CallOutcome, CallTo
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import clauses, normal, sentences

_words = partial(pattern, "calls")
_JOINED = re.compile(r"\b(?:and|then|so|plus|or)\b|[/&+]|(?<=\w)\s-\s")
_QUOTE = re.compile(r'["“”]')
ORDER = (
    CallTo.safeguarding_lead,
    CallTo.their_manager,
    CallTo.police,
    CallTo.childrens_social_care,
    CallTo.own_manager,
    CallTo.other,
)
"""Of two that begin at the same place, the first counts."""
OUTCOMES = (CallOutcome.no_answer, CallOutcome.refused, CallOutcome.coming, CallOutcome.made)
GOES_ON = {CallOutcome.made, CallOutcome.coming}
"""Outcomes that the next clause about the same people can complete."""
ASKED = ("write_down", "say", "number", "what_now", "help")


class FoundCall(msgspec.Struct, frozen=True):
    """A call told of. `to` is None where the text does not say to whom."""

    to: CallTo | None
    outcome: CallOutcome


def find_calls(text: str) -> tuple[FoundCall, ...]:
    """Return the calls that a text tells of, in its order."""
    found: list[FoundCall] = []
    about: CallTo | None = None
    for clause in _clauses(_QUOTE.sub(" ", normal(text))):
        to, outcome = _people(clause), _outcome(clause)
        if to is not None:
            about = to
        if outcome is None or (about is None and not _words("they").search(clause)):
            continue
        last = found[-1] if found else None
        if last and last.to in {None, about} and (to is None or last.outcome in GOES_ON):
            # What came of a call completes it: "rang them, no reply".
            better = outcome if outcome is not CallOutcome.made else last.outcome
            found[-1] = FoundCall(about, better)
        else:
            found.append(FoundCall(about, outcome))
    return tuple(found)


def what_is_asked(text: str) -> str | None:
    """Return what somebody in the middle of an emergency asks for, or None."""
    words = normal(text)
    return next((name for name in ASKED if _words(name).search(words)), None)


def _clauses(words: str) -> list[str]:
    parts = []
    for sentence in sentences(words):
        if _words("only_asked").match(words[sentence.start : sentence.end].lstrip()):
            continue
        for clause in clauses(words, sentence):
            parts += _JOINED.split(words[clause.start : clause.end])
    return [part.strip() for part in parts if part.strip()]


def _people(clause: str) -> CallTo | None:
    """Return whom a clause is about: the first named who is not only somebody to ring."""
    redirect = _words("redirected").search(clause)
    end = redirect.start() if redirect else len(clause)
    named = [
        (match.start(), -match.end(), index, to)
        for index, to in enumerate(ORDER)
        if (match := _words(str(to)).search(clause)) and match.start() < end
    ]
    return min(named)[3] if named else None


def _outcome(clause: str) -> CallOutcome | None:
    if _words("not_yet").search(clause):
        return None
    return next((name for name in OUTCOMES if _words(str(name)).search(clause)), None)
