"""The wording of the figures: its own file, and the titles of options in the conversation."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.core.handbook.wording import Phrases, load_sentences
from bot.core.vocabulary import Word
from bot.paths import ROOT

OWN = Path(__file__).parent / "words.yml"
NONE_CHOSEN = "none"
"""The id, in addresses and files, of escalations without a chosen partnership."""


@cache
def words() -> dict[str, Any]:
    """Return the wording in words.yml."""
    read: dict[str, Any] = yaml.safe_load(OWN.read_text(encoding="utf-8"))
    return read


def shown_count(count: int | None) -> str:
    """Return a count for a table, or the word for few.

    >>> shown_count(15), shown_count(None)
    ('15', 'few')
    """
    return str(words()["few"]) if count is None else str(count)


def about(count: int | None) -> str:
    """Return a count for a sentence.

    >>> about(15), about(None)
    ('about 15', 'few')
    """
    return str(words()["few"] if count is None else words()["about"]).format(count=count)


def sentence(text: str) -> str:
    """Return a sentence that begins with a capital letter."""
    return text[0].upper() + text[1:]


def listed(names: Iterable[str]) -> str:
    """Return names as a list in a sentence.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    *before, last = names
    return f"{', '.join(before)} {words()['and']} {last}" if before else last


def option(question: str, value: Word) -> str:
    """Return the title of an option in the conversation. Raises KeyError where it has none."""
    return _phrases().say(f"option_{question}_{value}")


def ending(question: Word) -> str:
    """Return the title of a question at which conversations ended."""
    return _phrases().say(f"ending_{question}")


@cache
def _phrases() -> Phrases:
    return Phrases(load_sentences(ROOT / "data/responses"))
