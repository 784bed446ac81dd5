"""A Word document as blocks: with footnotes and numbers, and tracked changes accepted."""

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import docx
import docx.document
import docx.opc.exceptions
import lxml.etree

from bot.keepers.draft.blocks import (
    BROKEN,
    BULLET,
    DAMAGED,
    MACROS,
    TOO_LARGE,
    Block,
    BlockKind,
    Blocks,
)
from bot.keepers.draft.draft import UnreadableText
from bot.keepers.draft.labels import LABEL
from bot.keepers.draft.numbering import Numbering, W, part_of

LARGEST_UNPACKED = 60 * 1024 * 1024
LONGEST_HEADING = 120
TRACKED_CHANGES = (
    "The document has tracked changes. The draft reads it as if all were accepted. Check that this "
    "is the text the partnership agreed."
)
DEEP = re.compile(r"\d{1,2}(?:\.\d{1,3}){1,3}\.?")
"""A paragraph's number, such as 2.1. A single number is that of an item of a list."""
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def word_file(content: bytes) -> Blocks:
    """Return a document's blocks. Raises UnreadableText."""
    try:
        with ZipFile(BytesIO(content)) as packed:
            names = packed.namelist()
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise UnreadableText(TOO_LARGE)
    except (BadZipFile, *BROKEN) as error:
        raise UnreadableText(DAMAGED) from error
    if any("vbaproject" in name.lower() for name in names):
        raise UnreadableText(MACROS)
    if "word/document.xml" not in names:
        raise UnreadableText(
            "This is not a Word document. Save the policy as a Word document (.docx), a PDF, a web "
            "page (.html) or plain text (.txt), and try again."
        )
    try:
        document = docx.Document(BytesIO(content))
        blocks = tuple(_Reader(document).blocks())
    except (docx.opc.exceptions.OpcError, BadZipFile, *BROKEN) as error:
        raise UnreadableText(DAMAGED) from error
    body = document.element.body
    changed = next(body.iter(f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo"), None)
    return Blocks(blocks, (TRACKED_CHANGES,) if changed is not None else ())


class _Reader:
    """Reads a document's paragraphs in their order, for its numbers are counted on the way."""

    def __init__(self, document: docx.document.Document) -> None:
        self._document = document
        self._styles = {style.style_id: (style.name or "").lower() for style in document.styles}
        self._notes = _footnotes(document)
        self._numbering = Numbering(document)

    def blocks(self) -> Iterator[Block]:
        """Yield the document's blocks."""
        for element in self._document.element.body:
            if element.tag == f"{W}tbl":
                for row in element.iter(f"{W}tr"):
                    yield from self._row(row)
            else:
                own = [element] if element.tag == f"{W}p" else element.iter(f"{W}p")
                for paragraph in own:
                    yield from self._paragraph(paragraph)

    def _row(self, row: lxml.etree._Element) -> Iterator[Block]:
        """Yield a row as one block; a row of one cell is a box around paragraphs."""
        cells = list(row.iterchildren(f"{W}tc"))
        said = [_word_text(cell, self._notes) for cell in cells]
        if len(cells) == 1:
            for paragraph in cells[0].iterchildren(f"{W}p"):
                yield from self._paragraph(paragraph)
        elif any(said):
            yield Block(BlockKind.row, " | ".join(cell for cell in said if cell))

    def _paragraph(self, element: lxml.etree._Element) -> Iterator[Block]:
        text = _word_text(element, self._notes)
        style = element.find(f"{W}pPr/{W}pStyle")
        styled = style.get(f"{W}val", "") if style is not None else ""
        name = self._styles.get(styled, "")
        if not text or name.startswith("toc"):
            return
        number = self._numbering.number_of(element, styled)
        deep = number is not None and bool(DEEP.fullmatch(number))
        heading = name.startswith(("heading", "title")) or _all_bold(element, text)
        if heading or (number and LABEL.search(number)):
            yield Block(BlockKind.heading, f"{number or ''} {text}".strip())
        elif deep:
            yield Block(BlockKind.paragraph, f"{number} {text}")
        elif number is not None or "list" in name:
            yield Block(BlockKind.item, text)
        elif BULLET.match(text):
            yield Block(BlockKind.item, BULLET.sub("", text))
        else:
            yield Block(BlockKind.paragraph, text)


def _all_bold(element: lxml.etree._Element, text: str) -> bool:
    runs = [run for run in element.iter(f"{W}r") if "".join(run.itertext()).strip()]
    bold = all(run.find(f"{W}rPr/{W}b") is not None for run in runs)
    return bold and bool(runs) and len(text) < LONGEST_HEADING and not text.endswith(".")


def _word_text(element: lxml.etree._Element, notes: dict[str, str]) -> str:
    """Return a part's text as it reads with all changes accepted, each text box once."""
    said: list[str] = []
    left = [element]
    while left:
        part = left.pop()
        if part.tag in {f"{W}del", f"{W}moveFrom", f"{MC}Fallback"}:
            continue
        if part.tag == f"{W}t":
            said.append(part.text or "")
        elif part.tag in {f"{W}tab", f"{W}br", f"{W}cr"}:
            said.append(" ")
        elif part.tag == f"{W}footnoteReference":
            note = notes.get(part.get(f"{W}id", ""), "")
            said.append(f" [{note}]" if note else "")
        elif part.tag == f"{W}p" and said:
            said.append(" ")
        left += reversed(list(part))
    return " ".join("".join(said).split())


def _footnotes(document: docx.document.Document) -> dict[str, str]:
    root = part_of(document, "/footnotes")
    notes = [] if root is None else list(root.iter(f"{W}footnote"))
    return {note.get(f"{W}id", ""): _word_text(note, {}) for note in notes}
