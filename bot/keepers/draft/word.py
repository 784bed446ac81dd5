"""A Word document as blocks, with its footnotes, and its tracked changes accepted."""

from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile, ZipFile

import docx
import docx.document
import docx.opc.exceptions
import lxml.etree

from bot.keepers.draft.blocks import BULLET, DAMAGED, MACROS, TOO_LARGE, Block, BlockKind, Blocks
from bot.keepers.draft.draft import UnreadableText

LARGEST_UNPACKED = 60 * 1024 * 1024
LONGEST_HEADING = 120
TRACKED_CHANGES = (
    "The document has tracked changes. The draft reads it as if all were accepted. Check that this "
    "is the text the partnership agreed."
)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def word_file(content: bytes) -> Blocks:
    """Return a document's blocks. Raises UnreadableText."""
    try:
        with ZipFile(BytesIO(content)) as packed:
            names = packed.namelist()
            if sum(part.file_size for part in packed.infolist()) > LARGEST_UNPACKED:
                raise UnreadableText(TOO_LARGE)
    except BadZipFile as error:
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
        notes = _footnotes(document)
        blocks = tuple(_word_blocks(document, notes))
    except (
        docx.opc.exceptions.OpcError,
        lxml.etree.LxmlError,
        BadZipFile,
        KeyError,
        ValueError,
        AttributeError,
    ) as error:
        raise UnreadableText(DAMAGED) from error
    body = document.element.body
    changed = next(body.iter(f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo"), None)
    return Blocks(blocks, (TRACKED_CHANGES,) if changed is not None else ())


def _word_blocks(document: docx.document.Document, notes: dict[str, str]) -> Iterator[Block]:
    styles = {style.style_id: (style.name or "").lower() for style in document.styles}
    for element in document.element.body:
        if element.tag == f"{W}p":
            yield from _word_paragraph(element, styles, notes)
        elif element.tag == f"{W}tbl":
            for row in element.iter(f"{W}tr"):
                cells = [_word_text(cell, notes) for cell in row.iterchildren(f"{W}tc")]
                if any(cells):
                    yield Block(BlockKind.row, " | ".join(cell for cell in cells if cell))
        elif element.tag == f"{W}sdt":
            for paragraph in element.iter(f"{W}p"):
                yield from _word_paragraph(paragraph, styles, notes)


def _word_paragraph(
    element: lxml.etree._Element, styles: dict[str, str], notes: dict[str, str]
) -> Iterator[Block]:
    text = _word_text(element, notes)
    if not text:
        return
    style = element.find(f"{W}pPr/{W}pStyle")
    name = styles.get(style.get(f"{W}val", ""), "") if style is not None else ""
    if name.startswith("toc"):
        return
    if name.startswith(("heading", "title")) or _all_bold(element, text):
        yield Block(BlockKind.heading, text)
    elif element.find(f"{W}pPr/{W}numPr") is not None or "list" in name:
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
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/footnotes"):
            root = lxml.etree.fromstring(
                relation.target_part.blob, lxml.etree.XMLParser(resolve_entities=False)
            )
            return {
                note.get(f"{W}id", ""): _word_text(note, {}) for note in root.iter(f"{W}footnote")
            }
    return {}
