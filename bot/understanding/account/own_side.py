"""Find that somebody's own manager or lead will not take it up, or that nobody can be asked.

Read clause by clause. Who is meant is read from the roles that the text names; what is said of them
is an open class, learned from `data/nlu/own_side.yml`.
"""

import re
from collections.abc import Iterator, Mapping

from bot.understanding.account.agencies import Agencies
from bot.understanding.account.roles import Mention
from bot.understanding.words.text import Span, clauses, normal, sentences

OWN_MANAGER, NOBODY_THERE = "own_manager", "nobody_there"
WORRIES = {"refused": OWN_MANAGER, "away": NOBODY_THERE}
"""What is learned of a clause, and the worry that it is (`bot/letters/confidence.yml`)."""
SURE, SURELY = 0.4, 0.8
"""The least share of what is learned, and where the clause names nobody."""
PRACTITIONER = "practitioner"
NEVER = 1.1
"""More than any share."""
NOTHING = "none"
NOBODY = re.compile(
    r"\b(?:no\s?body|no\s?one|any\s?body|any\s?one|alone|on (?:my|our) own|only one)\b"
)
"""Says of one's own side that there is nobody, where no role is named."""
Answers = Mapping[str, tuple[str, float]]
"""What the ranker of one's own side says of each clause, with its share."""


def own_side_clauses(text: str) -> tuple[str, ...]:
    """Return the clauses of a text as the ranker of one's own side is to rank them."""
    words = normal(text)
    return tuple(dict.fromkeys(words[at.start : at.end].strip() for at in _clauses(words)))


def find_own_side(text: str, agencies: Agencies, answers: Answers) -> str | None:
    """Return the worry about one's own side that a text tells of, or None."""
    words = normal(text)
    for at in _clauses(words):
        said, share = answers.get(words[at.start : at.end].strip(), (NOTHING, 0.0))
        if said in WORRIES and share >= _enough(words, at, agencies):
            return WORRIES[said]
    return None


def _enough(words: str, at: Span, agencies: Agencies) -> float:
    """Return the least share; NEVER where the clause is about nobody of the person's own side."""
    named = [one for one in agencies.mentions if at.start <= one.start < at.end]
    if not named:
        return SURELY if NOBODY.search(words[at.start : at.end]) else NEVER
    first = min(named, key=lambda one: one.start)
    if first.rung == PRACTITIONER:
        # Whoever says "im just a student nurse" speaks of no manager and no lead.
        return NEVER
    return SURE if first in agencies.own or _may_be_own(first, agencies) else NEVER


def _may_be_own(mention: Mention, agencies: Agencies) -> bool:
    """Say whether a role of nobody in particular is on one's own side, where that is not told."""
    known = mention.agency is not None and mention.agency is not agencies.theirs
    return agencies.mine is None and known and mention.owner in {"", "my", "our"}


def _clauses(words: str) -> Iterator[Span]:
    for sentence in sentences(words):
        yield from clauses(words, sentence)
