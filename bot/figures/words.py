"""What the figures are called: their own words, and the conversation's names for the options."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.core.handbook.wording import Phrases, load_sentences
from bot.core.vocabulary import Word
from bot.paths import ROOT

OWN = Path(__file__).parent / "words.yml"
NONE_CHOSEN = "none"
"""How the escalations are called, in addresses and files, for which no partnership was chosen."""


@cache
def words() -> dict[str, Any]:
    """Return the figures' own words, as words.yml holds them."""
    read: dict[str, Any] = yaml.safe_load(OWN.read_text(encoding="utf-8"))
    return read


def shown_count(count: int | None) -> str:
    """Return a number as it is shown, or the sign for one that is not."""
    return str(words()["not_shown"]) if count is None else str(count)


def option(question: str, value: Word) -> str:
    """Return how the conversation names an option. Raises KeyError where it has no name."""
    return _phrases().say(f"option_{question}_{value}")


def ending(question: Word) -> str:
    """Return what a question is called at which conversations ended."""
    return _phrases().say(f"ending_{question}")


@cache
def _phrases() -> Phrases:
    return Phrases(load_sentences(ROOT / "data/responses"))
