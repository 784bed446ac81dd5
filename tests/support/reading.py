"""How much of a card stands open to be read, and the most that may."""

import re

from bot.core.cards.card import Card

ADVICE, ANSWER, QUESTION, HEADLINE = 120, 100, 40, 30
"""The most words that may stand open."""
SENTENCES = re.compile(r"(?<=[.!?])\s+")
FIELD = re.compile(r"(?:[\w']+ ){0,2}[\w']+: ")
"""A field of up to three words; an order may explain after its colon who is meant."""


def words(text: str | None) -> int:
    """Return the number of words."""
    return len((text or "").split())


def open_words(card: Card) -> int:
    """Return the number of words that stand open on a card."""
    sections = [section for section in card.sections if not section.folded]
    lines = [item.text for section in sections for item in section.items]
    return sum(map(words, [card.title, card.footer, *lines, *(one.heading for one in sections)]))


def shown(card: Card, *, folded: bool) -> str:
    """Return what stands open or folded on a card."""
    return "\n".join(
        item.text for section in card.sections if section.folded is folded for item in section.items
    )
