"""Find the worry of somebody who hesitates, and the reply they expect from the other side.

The names are those of `bot/letters/confidence.yml`.
"""

from bot.understanding.words.concepts import spell_out
from bot.understanding.words.patterns import pattern, sheet


def find_worry(text: str) -> str | None:
    """Return the worry that the text names, or None."""
    return _first("worries", text)


def find_pushback(text: str) -> str | None:
    """Return the reply that the text names, or None."""
    return _first("pushback", text)


def _first(name: str, text: str) -> str | None:
    """Return the entry of a sheet that is in the text; the order of the sheet decides."""
    words = spell_out(text)
    return next((entry for entry in sheet(name) if pattern(name, entry).search(words)), None)
