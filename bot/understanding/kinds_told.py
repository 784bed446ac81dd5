"""The kinds of disagreement that a message tells of, by its usual words and by the ranker."""

from collections.abc import Mapping

from bot.core.handbook.topics import Enquiry
from bot.core.vocabulary import Disagreement
from bot.understanding.model.ranker import DANGER
from bot.understanding.record import Ranked
from bot.understanding.words.patterns import pattern, sheet
from bot.understanding.words.text import normal

KINDS = tuple(kind.value for kind in Disagreement)
CLOSED = "closed"
"""Words that a case was closed: a kind that is named beside them stands before them."""
SAID = 1.0
"""The share of a kind that is told in its usual words."""
ABOUT_A_DISAGREEMENT = 0.12
"""Least share of the 13 kinds together for them to be ranked at all."""


def _names_no_kind(text: str) -> bool:
    """Say whether a message only asks who is there, or says what the disagreement is not about."""
    words = normal(text)
    return any(pattern("history", name).search(words) for name in ("not_about", "asks_who_or_when"))


def _kind_said(words: str) -> str | None:
    """Return the kind of disagreement that a normal text tells in its usual words, if only one."""
    said = [kind for kind in sheet("kinds") if pattern("kinds", kind).search(words)]
    if said == [CLOSED]:
        return Disagreement.step_up_step_down.value
    named = [kind for kind in said if kind != CLOSED]
    return named[0] if len(named) == 1 else None


def kinds_told(
    text: str, told: str, shares: Mapping[str, float], enquiry: Enquiry | None
) -> tuple[Ranked, ...]:
    """Return the kinds of disagreement, the likeliest first.

    Beside a question only what is told in its usual words says what it is about.
    """
    if _names_no_kind(text) or (enquiry and _kind_said(normal(told)) is None):
        return ()
    return _kinds(shares, told)


def _kinds(shares: Mapping[str, float], text: str) -> tuple[Ranked, ...]:
    said = _kind_said(normal(text))
    if said is not None:
        rest = sorted(set(KINDS) - {said}, key=lambda kind: -shares.get(kind, 0.0))
        return (Ranked(said, SAID), *(Ranked(kind, 0.0) for kind in rest))
    total = sum(shares.get(kind, 0.0) for kind in KINDS)
    if total < ABOUT_A_DISAGREEMENT * (1 - shares.get(DANGER, 0.0)) or total == 0:
        return ()
    ranked = sorted(KINDS, key=lambda kind: -shares.get(kind, 0.0))
    return tuple(Ranked(kind, round(shares.get(kind, 0.0) / total, 4)) for kind in ranked)
