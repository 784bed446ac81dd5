"""Find what came of a talk or a letter: refused, agreed, an answer promised, no answer."""

from functools import partial

from bot.core.vocabulary import Outcome
from bot.understanding.words.patterns import pattern

_words = partial(pattern, "history")
SAME_PHRASE = 25
"""Characters within which "still waiting" belongs to "no reply"."""


def find_outcomes(words: str) -> list[tuple[int, Outcome]]:
    """Return the outcomes in a normal text, each with its position, in order."""
    found: list[tuple[int, Outcome]] = []
    for outcome in (Outcome.no_response, Outcome.unresolved, Outcome.awaiting, Outcome.resolved):
        for match in _words(f"outcome_{outcome}").finditer(words):
            negated = _words("not").search(words, max(0, match.start() - 25), match.start())
            if outcome is Outcome.resolved and negated:
                found.append((match.start(), Outcome.unresolved))
                continue
            if outcome is Outcome.awaiting and any(
                abs(match.start() - at) < SAME_PHRASE and kind is Outcome.no_response
                for at, kind in found
            ):
                continue
            found.append((match.start(), outcome))
    # Whoever doubts a promise or an answer has had one, and it settled nothing.
    found += [(match.start(), Outcome.unresolved) for match in _words("distrust").finditer(words)]
    return sorted(found)
