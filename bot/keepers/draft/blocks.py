"""What a file is read into: blocks of text, and the sentences that refuse one.

Nothing of a file is ever run: macros, scripts and attachments are not looked at.
"""

import re
import zlib
from enum import Enum

import lxml.etree
import msgspec

LARGEST = 5 * 1024 * 1024
MOST_PAGES = 300
MOST_LETTERS = 1_200_000
"""As many as 300 pages of small print."""
TOO_LONG = (
    f"This file is longer than {MOST_PAGES} pages. Cut the escalation policy out of it, and try "
    "again with that part alone."
)
TOO_LARGE = "This file is larger than 5 MB. Save it without its pictures, and try again."
MACROS = (
    "This document may hold macros, which are small programs. Save it as a Word document without "
    "macros (.docx), and try again."
)
DAMAGED = (
    "This file is damaged, or it is not what its name says. Open it, save it again, and try again."
)
BROKEN = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RuntimeError),
    *(TypeError, ValueError, lxml.etree.LxmlError, zlib.error),
)
"""What the readers of Word files, PDFs and pages raise at a file that is damaged."""
BULLET = re.compile(r"^\s*(?:[-•·●▪◦*–‣]|o(?= {2}))\s+(?=\S)")


class BlockKind(Enum):
    """What a block is."""

    heading = "heading"
    paragraph = "paragraph"
    item = "item"
    row = "row"


class Block(msgspec.Struct, frozen=True):
    """A piece of text. `text` has no line breaks and no mark of a list.

    `column` is the heading of the column that a cell of a table stands in. `rung`: it begins a row
    of a table of rungs.
    """

    kind: BlockKind
    text: str
    column: str = ""
    rung: bool = False


class Blocks(msgspec.Struct, frozen=True):
    """A file's blocks, and what a keeper has to know about the file."""

    blocks: tuple[Block, ...]
    troubles: tuple[str, ...] = ()
