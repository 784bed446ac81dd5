"""Find the risk that a practitioner states, never lower than their words say."""

import re
from collections.abc import Mapping
from functools import partial

from bot.core.vocabulary import Risk
from bot.understanding.danger.context import figures_removed
from bot.understanding.model.ranker import HOW_RISKY
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal

_words = partial(pattern, "risk")


def stated_risk(text: str) -> Risk | None:
    """Return the risk that the text states explicitly, or None.

    Of two statements the greater risk counts; being unsure outranks "not immediate".
    """
    words = figures_removed(normal(text))
    said = [risk for risk in Risk if _says(words, risk)]
    if said[:1] == [Risk.no_harm] and _words("worries").search(words):
        return Risk.concern
    return said[0] if said else None


def without_unsaid_calm(
    replies: Mapping[str, tuple[str, float]], text: str
) -> dict[str, tuple[str, float]]:
    """Return the replies that a ranker heard, but none that calls a child safe by its sound alone.

    That it can wait has to be said, and of today too: "not now, tonight" is no such answer.
    """
    heard = replies.get(HOW_RISKY, ("", 0.0))[0]
    if heard not in {Risk.concern, Risk.no_harm}:
        return dict(replies)
    words = normal(text)
    later = _words("not_today").sub(" ", words)
    calm = _words(f"calm_{heard}").search(words) and not _words("today_or_at_risk").search(later)
    return {name: reply for name, reply in replies.items() if calm or name != HOW_RISKY}


def _says(words: str, risk: Risk) -> bool:
    """Say whether the text states a risk. Danger counts only if it is not denied or in doubt."""
    for match in _words(f"says_{risk}").finditer(words):
        if risk not in (Risk.immediate_danger, Risk.immediate_harm):
            return True
        before = words[max(0, match.start() - 50) : match.start()]
        if not _words("denied").search(before) and not _unsure(words, match):
            return True
    return False


def _unsure(words: str, match: re.Match[str]) -> bool:
    return any(
        found.start() <= match.start() < found.end() + 1
        for found in _words("says_unsure").finditer(words)
    )
