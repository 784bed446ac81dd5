"""A part of the text as passages: its sentences, each word for word."""

import re
from collections.abc import Iterator

from bot.keepers.draft.rungs import Passage
from bot.keepers.draft.sections import Part

SENTENCE = re.compile(
    r"(?<![A-Z]\.)(?<!e\.g\.)(?<!i\.e\.)(?<!etc\.)(?<!Exec\.)(?<!No\.)(?<=[.!?])[\"”’)]*\s+"
    r"(?=[A-Z“\"‘'(\[])|\n+"
)
WHO = re.compile(
    r"(?:who(?: (?:acts|is (?:responsible|involved)|leads|does it|by))?|responsib\w+|"
    r"by whom|led by|"
    r"leads?|people|roles?|owners?|action by|person\w*)\b.{0,20}",
    re.IGNORECASE,
)
DOES = re.compile(
    r"(?:what(?: (?:happens|to do|is done|they do))?|actions?|activity|process|tasks?|how|"
    r"descriptions?)\b.{0,20}",
    re.IGNORECASE,
)
"""The columns of a table, or the lines of a form, that say who acts and what is done."""
PIECE = re.compile(r".{1,1000}(?:(?=\s)|$)|\S{1,1000}", re.DOTALL)
"""As much of a sentence as is read at once: longer ones are no sentences."""


def passages_of(part: Part) -> Iterator[Passage]:
    """Yield the sentences of a part, each word for word."""
    behind = part.section.heading
    who, does = _told_apart(part, WHO), _told_apart(part, DOES)
    for block in part.blocks:
        listed = block.kind.name == "item"
        for at, said in enumerate(sentences_of(block.text)):
            yield Passage(
                said,
                part.section.source,
                goes_on=at > 0,
                listed=listed,
                behind=behind if listed else "",
                who=who,
                does=does,
                column=block.column,
            )
        if not listed:
            behind = block.text


def _told_apart(part: Part, named: re.Pattern[str]) -> str:
    """Return what a row or a form says under "Who" or "What", where it says so once."""
    cells = [block.text for block in part.blocks if named.match(block.column)]
    lines = [block.text.partition(":") for block in part.blocks if not block.column]
    cells += [said.strip() for label, colon, said in lines if colon and named.fullmatch(label)]
    return cells[0] if len(cells) == 1 else ""


def sentences_of(text: str) -> Iterator[str]:
    """Yield the sentences of a text; one without an end comes in pieces."""
    for sentence in SENTENCE.split(text):
        yield from filter(None, map(str.strip, PIECE.findall(sentence)))
