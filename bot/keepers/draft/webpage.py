"""A web page as blocks, without its menus and scripts."""

import re

import lxml.etree
import lxml.html

from bot.keepers.draft.blocks import BROKEN, DAMAGED, Block, BlockKind, Blocks
from bot.keepers.draft.draft import UnreadableText

NOT_READ = ("script", "style", "nav", "header", "footer", "form", "noscript", "template", "button")
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BLOCKS = HEADINGS | {
    *("p", "li", "td", "th", "dt", "dd", "blockquote", "div", "section", "article", "main", "body"),
    *("ul", "ol", "table", "tbody", "tr", "br"),
}
LONGEST_CELL = 300
"""Letters. A table with more in a cell only lays the page out."""
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""What stands for no letter."""
MARK = "\ue000"
"""Stands before each block while a page is read: a letter that no text has."""


def webpage_file(content: bytes) -> Blocks:
    """Return a page's blocks. Raises UnreadableText."""
    parser = lxml.html.HTMLParser(encoding=_charset(content), remove_comments=True, remove_pis=True)
    try:
        root = lxml.html.document_fromstring(content.replace(MARK.encode(), b""), parser=parser)
    except BROKEN as error:
        raise UnreadableText(DAMAGED) from error
    lxml.etree.strip_elements(root, *NOT_READ, with_tail=False)
    for row in list(root.iter("tr")):
        _as_row(row)
    for part in root.iter():
        if part.tag in BLOCKS:
            text, tail = (NO_TEXT.sub("", said or "") for said in (part.text, part.tail))
            part.text = f"{MARK}{_kind_of(part).value}{MARK}{text}"
            part.tail = f"{MARK}{BlockKind.paragraph.value}{MARK}{tail}"
    said = str(root.text_content()).split(MARK)
    blocks = [
        Block(BlockKind(kind), " ".join(text.split()))
        for kind, text in zip(said[1::2], said[2::2], strict=True)
        if text.strip()
    ]
    return Blocks(tuple(blocks))


def _as_row(row: lxml.html.HtmlElement) -> None:
    """Put the cells of a row into one text, unless the table only lays the page out."""
    cells = [" ".join(str(cell.text_content()).split()) for cell in row.iterchildren("td", "th")]
    if any(len(cell) > LONGEST_CELL for cell in cells) or row.find(".//table") is not None:
        return
    for child in list(row):
        row.remove(child)
    row.text = NO_TEXT.sub("", " | ".join(cell for cell in cells if cell))


def _charset(content: bytes) -> str:
    found = re.search(rb"charset=[\"']?([\w-]{1,20})", content[:2000], re.IGNORECASE)
    named = found[1].decode("ascii") if found else "utf-8"
    try:
        content.decode(named)
    except (LookupError, UnicodeDecodeError):
        return "cp1252"
    return named


def _kind_of(part: lxml.html.HtmlElement) -> BlockKind:
    if part.tag in HEADINGS:
        return BlockKind.heading
    if part.tag == "li" or next(part.iterancestors("li"), None) is not None:
        return BlockKind.item
    return BlockKind.row if part.tag == "tr" else BlockKind.paragraph
