"""A part of the text as passages: its sentences, each word for word."""

import re
from collections.abc import Iterator

from bot.keepers.draft.rungs import Passage
from bot.keepers.draft.sections import Part

SENTENCE = re.compile(
    r"(?<![A-Z]\.)(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!Exec\.)(?<!No\.)(?<=[.!?])[\"”’)]*\s+"
    r"(?=[A-Z“\"‘'(\[])|\n+"
)
PIECE = re.compile(r".{1,1000}(?:(?=\s)|$)|\S{1,1000}", re.DOTALL)
"""As much of a sentence as is read at once: longer ones are no sentences."""


def passages_of(part: Part) -> Iterator[Passage]:
    """Yield the sentences of a part, each word for word."""
    behind = part.section.heading
    for block in part.blocks:
        listed = block.kind.name == "item"
        for at, said in enumerate(sentences_of(block.text)):
            yield Passage(
                said,
                part.section.source,
                goes_on=at > 0,
                listed=listed,
                behind=behind if listed else "",
                column=block.column,
            )
        if not listed:
            behind = block.text


def sentences_of(text: str) -> Iterator[str]:
    """Yield the sentences of a text; one without an end comes in pieces."""
    for sentence in SENTENCE.split(text):
        yield from filter(None, map(str.strip, PIECE.findall(sentence)))
