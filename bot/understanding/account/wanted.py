"""Find what kind of draft somebody asks for: its purpose, its tone, spoken or written."""

import re
from collections.abc import Iterator

from bot.understanding.words.patterns import pattern, sheet
from bot.understanding.words.text import normal

_MARKS = re.compile(r"[^\w\s-]+|\s+-+\s+")
_BLANKS = re.compile(r"\s+")
AROUND = {"before", "after"}


def find_draft_request(text: str) -> dict[str, str]:
    """Return only what the words name, such as {"purpose": "manager", "tone": "firm"}.

    The values are those of `bot.core.letters.drafting`. This does not say whether a draft is asked
    for at all.
    """
    words = normal(text)
    found = named_draft(text)
    for name in sheet("drafts"):
        what, _, value = name.partition("_")
        if what not in found and pattern("drafts", name).search(words):
            found[what] = value
    return found


def named_draft(text: str) -> dict[str, str]:
    """Return what a message tells of a draft that is no more than a draft's name, else nothing.

    >>> named_draft("Answer: we agree")
    {'purpose': 'agree'}
    """
    for words in _without_politeness(text):
        for name in sheet("draft_names"):
            if name not in AROUND and pattern("draft_names", name).fullmatch(words):
                what, _, value = name.partition("_")
                return {what: value}
    return {}


def _without_politeness(text: str) -> Iterator[str]:
    """Yield the words of a message, and what is left as "please" and "write me" are taken away."""
    before, after = (pattern("draft_names", name) for name in ("before", "after"))
    words = _BLANKS.sub(" ", _MARKS.sub(" ", normal(text))).strip()
    while words:
        yield words
        yield after.sub("", words)
        left = before.sub("", words)
        words = left if left != words else ""
