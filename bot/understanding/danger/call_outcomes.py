"""What came of a call, where its words say so whatever else is heard.

`words/call_outcomes.yml` holds them. A clause without any is ranked: see `calls`.
"""

import re
from collections.abc import Sequence
from functools import partial

from bot.core.vocabulary import CallOutcome
from bot.understanding.danger.people import people
from bot.understanding.words.patterns import pattern

_words = partial(pattern, "call_outcomes")
_of_calls = partial(pattern, "calls")
_PLACE = re.compile(r"\b(?:wrong|other|different|another|old)\b")
_DOES = re.compile(r"\W*\w+ing\b")
"""Goes on about whoever the clause before is of: "dad drunk and driving them home"."""
NO_CALL = ("wont_ask", "own_powers", "told_by_them", "not_now")
"""What a clause says that is no call, whatever it sounds like."""
NOTHING = "none"
"""What a clause says that tells of no call."""
SAID = (CallOutcome.refused, CallOutcome.no_answer, CallOutcome.coming, CallOutcome.made)
"""The outcomes that words say outright; of two in a clause the first counts."""


def said_outcome(clause: str) -> str | None:
    """Return the outcome that a clause says outright, NOTHING if it tells of no call, or None."""
    if any(_words(name).search(clause) for name in NO_CALL):
        return NOTHING
    if is_unavailable(clause) or is_elsewhere(clause):
        return CallOutcome.no_answer
    return next((outcome for outcome in SAID if _words(str(outcome)).search(clause)), None)


def is_elsewhere(text: str) -> bool:
    """Say whether whoever was sent is in the wrong place: "they went to the wrong school"."""
    return bool(_words("elsewhere").search(text))


def before_the_place(clause: str) -> str:
    """Return a clause up to the place that somebody went to by mistake, which was not called."""
    return _PLACE.split(clause)[0] if is_elsewhere(clause) else clause


def is_unavailable(clause: str) -> bool:
    """Say whether a clause says only that somebody at work cannot be reached: "shes off sick"."""
    return bool(_words("unavailable").search(clause))


def tells_only_of_help(clauses: Sequence[str]) -> bool:
    """Say whether a message tells that help is on its way, and no more: no word goes unread."""
    rest = [_words("help_coming").sub(" ", one) for one in clauses]
    said = _words("beside_help").sub(" ", " ".join(rest))
    helps = any(said_outcome(one) is CallOutcome.coming for one in clauses)
    return helps and not re.search(r"\w", said)


def is_no_help(clause: str, since_named: Sequence[str]) -> bool:
    """Say whether it is not help that comes: "police let dad out and he is driving there".

    `since_named` are the clauses before it, from the last that names somebody who was called.
    """
    if _of_calls("family_first").search(clause):
        return True
    if _words("goes_away").search(clause) and not any(map(people, since_named)):
        return True
    if since_named and _DOES.match(clause) and _of_calls("family_first").search(since_named[-1]):
        return True
    if not _of_calls("he_or_she").search(clause):
        return False
    spoken_of = any(_of_calls("of_the_family").search(one) for one in since_named)
    return spoken_of or not _of_calls("help_comes").search(clause)
