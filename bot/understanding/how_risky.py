"""What a reply to the first question is believed to say: that a child can wait has to be said."""

from collections.abc import Mapping
from functools import partial

from bot.core.vocabulary import CALM_RISKS
from bot.understanding.model.ranker import HOW_RISKY
from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal

_words = partial(pattern, "risk")


def without_unsaid_calm(
    replies: Mapping[str, tuple[str, float]], text: str
) -> dict[str, tuple[str, float]]:
    """Return the replies that a ranker heard, but none that calls a child safe by its sound alone.

    That it can wait has to be said, and of today too: "not now, tonight" is no such answer.
    """
    heard = replies.get(HOW_RISKY, ("", 0.0))[0]
    if heard not in CALM_RISKS:
        return dict(replies)
    words = normal(text)
    later = _words("not_today").sub(" ", words)
    calm = _words(f"calm_{heard}").search(words) and not _words("today_or_at_risk").search(later)
    return {name: reply for name, reply in replies.items() if calm or name != HOW_RISKY}
