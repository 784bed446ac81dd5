"""A published file as a text: its sections, or a sentence that says why it cannot be read."""

import hashlib
import re

import msgspec
import pycld2

from bot.keepers.draft.blocks import (
    LARGEST,
    MACROS,
    MOST_LETTERS,
    TOO_LARGE,
    TOO_LONG,
    Block,
    Blocks,
)
from bot.keepers.draft.draft import Section, UnreadableText
from bot.keepers.draft.lines import text_file
from bot.keepers.draft.pdf import pdf_file
from bot.keepers.draft.sections import Part, parts_of
from bot.keepers.draft.webpage import webpage_file
from bot.keepers.draft.word import word_file

IS_A_PAGE = re.compile(rb"\s*<(?:!doctype html|html|\?xml)", re.IGNORECASE)
FEWEST_WORDS = 40
MOSTLY = 60
"""Per cent of a text: below this it is not in English."""
PARTLY = 15
"""Per cent of a text in another language that a keeper is told of."""


class Text(msgspec.Struct, frozen=True):
    """What was read of a file."""

    blocks: tuple[Block, ...]
    parts: tuple[Part, ...]
    digest: str
    troubles: tuple[str, ...]

    @property
    def sections(self) -> tuple[Section, ...]:
        """The text's sections, in its order."""
        return tuple(part.section for part in self.parts)


def read_text(content: bytes, filename: str) -> Text:
    """Return what a file says. Raises UnreadableText for a file that cannot be read."""
    read = _blocks(content, filename)
    whole = "\n".join(block.text for block in read.blocks)
    if len(whole.split()) < FEWEST_WORDS:
        raise UnreadableText(
            "This file has too little text to be a policy. Is it the whole document?"
        )
    troubles = [*read.troubles, *_languages(whole)]
    digest = hashlib.sha256(whole.encode()).hexdigest()
    return Text(read.blocks, parts_of(read.blocks), digest, tuple(troubles))


def _blocks(content: bytes, filename: str) -> Blocks:
    """Return what a file says, by what it holds more than by its name."""
    if len(content) > LARGEST:
        raise UnreadableText(TOO_LARGE)
    if not content.strip():
        raise UnreadableText("This file is empty.")
    ending = filename.lower().rpartition(".")[2]
    if ending in {"docm", "dotm"}:
        raise UnreadableText(MACROS)
    if content.startswith(b"%PDF"):
        read = pdf_file(content)
    elif content.startswith(b"PK"):
        read = word_file(content)
    elif ending in {"htm", "html"} or IS_A_PAGE.match(content):
        read = webpage_file(content)
    elif ending in {"txt", "md", "text"}:
        read = text_file(content)
    else:
        raise UnreadableText(
            "The guide cannot read this kind of file. Save it as a Word document (.docx), a PDF, a "
            "web page (.html) or plain text (.txt), and try again."
        )
    if sum(len(block.text) for block in read.blocks) > MOST_LETTERS:
        raise UnreadableText(TOO_LONG)
    return read


def _languages(text: str) -> list[str]:
    """Return what to know of a text in two languages. Raises UnreadableText if few is English."""
    plain = "".join(letter for letter in text if letter.isprintable() or letter.isspace())
    try:
        sure, _, found = pycld2.detect(plain.encode("utf-8", "ignore"), isPlainText=True)
    except pycld2.error:
        return []
    shares = {str(code): (str(name).title(), share) for name, code, share, _ in found}
    others = [
        said for code, said in shares.items() if code not in {"en", "un"} and said[1] >= PARTLY
    ]
    if not others:
        return []
    name, share = max(others, key=lambda said: said[1])
    if sure and shares.get("en", ("", 0))[1] < MOSTLY:
        raise UnreadableText(
            f"This text is in {name}. The draft reads English only. Try the English version."
        )
    return [f"About {share} in 100 words are in {name}. The draft reads the English part only."]
