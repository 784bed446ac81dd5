"""Which message somebody asks for: what for, in which tone, spoken or written."""

from bot.understanding.words.patterns import pattern, sheet
from bot.understanding.words.text import normal


def find_wanted(text: str) -> dict[str, str]:
    """Return what the words name: {"purpose": "manager", "tone": "firm"}; what they do not is out.

    The values are those of `bot.core.letters.drafting`. It says nothing of whether a message is
    asked for.
    """
    words = normal(text)
    found: dict[str, str] = {}
    for name in sheet("drafts"):
        what, _, value = name.partition("_")
        if what not in found and pattern("drafts", name).search(words):
            found[what] = value
    return found
