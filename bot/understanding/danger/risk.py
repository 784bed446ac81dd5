"""Find the risk that a practitioner states, never lower than their words say."""

import re
from functools import partial

from bot.core.vocabulary import Risk
from bot.understanding.danger.context import figures_removed
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
