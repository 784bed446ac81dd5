"""Find what kind of draft somebody asks for: its purpose, its tone, spoken or written."""

from bot.understanding.words.patterns import pattern, sheet
from bot.understanding.words.text import normal


def find_draft_request(text: str) -> dict[str, str]:
    """Return only what the words name, such as {"purpose": "manager", "tone": "firm"}.

    The values are those of `bot.core.letters.drafting`. This does not say whether a draft is asked
    for at all.
    """
    words = normal(text)
    found: dict[str, str] = {}
    for name in sheet("drafts"):
        what, _, value = name.partition("_")
        if what not in found and pattern("drafts", name).search(words):
            found[what] = value
    return found
