"""Find talk of another child or dispute in the same conversation, and of one's own cases."""

from functools import partial

from bot.understanding.words.patterns import pattern
from bot.understanding.words.text import normal

_words = partial(pattern, "cases")
KINDS = ("list", "apart", "another")


def find_case_talk(text: str) -> str | None:
    """Return "another" where a second child or dispute is begun, "list" for one's own cases.

    "apart" is where somebody asks how two are kept apart.
    """
    words = normal(text)
    return next((kind for kind in KINDS if _words(kind).search(words)), None)


def without_case_talk(text: str) -> str:
    """Return the text without such talk: what is left may tell of danger."""
    words = normal(text)
    for kind in KINDS:
        words = _words(kind).sub(" ", words)
    return words
