"""Plain text as blocks: lines that a page's width has cut are put together again."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from bot.keepers.draft.blocks import BULLET, DAMAGED, Block, BlockKind, Blocks
from bot.keepers.draft.draft import UnreadableText

NUMBER = re.compile(
    r"^\s*(?:\d{1,2}\.?|\d{1,2}(?:\.\d{1,3}){1,3}\.?)(?:\s+|$)(?!(?:working |calendar )?days?\b)"
    r"(?!(?:jan|feb|mar|apr|may|june|july|aug|sep|oct|nov|dec)[a-z]*\b)",
    re.IGNORECASE,
)
"""A number that begins a paragraph, and no day or number of days at the beginning of a line."""
ENDED = re.compile(r"[.:;!?][\"”’')]*$")
MARKS = re.compile(r"(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|^#{1,6}\s+|^>\s+")
LINK = re.compile(r"\[([^\]\n]{1,200})\]\((?:[^)\s]{0,300})\)|<(https?://[^>\s]{1,300})>")
LEAD_IN = re.compile(r"^\*\*(?P<lead>[^*]{1,80})\*\*:?\s+(?P<rest>\S.*)$")
PAGE_NUMBER = re.compile(
    r"\s*(?:page\s+\d{1,3}(?:\s+of\s+\d{1,3})?|\d{1,3}\s+of\s+\d{1,3})\s*", re.IGNORECASE
)
ON_A_PAGE = re.compile(r"\bpage\s+\d{1,3}\b", re.IGNORECASE)
"""In a line that stands on every page: "Policy v4 | Page 2 of 5"."""
CELLS = re.compile(r"\S\s+\|\s+\S")
"""Between the cells of a row that begins without a bar."""
GAP = re.compile(r"\s{3,}|\t+")
SHORTEST_LINE, LONGEST_LINE = 50, 130
"""Letters of a page's width. In a text with longer lines each line is a paragraph."""
FILLED = 0.75
"""The share of the width that a line fills which goes on in the next."""
FIELD = re.compile(r"\s*(?P<label>[A-Z][\w/ ]{1,24}):(?:\s|$)")
"""How a line of a form begins: "Who: the team manager"."""
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def text_file(content: bytes) -> Blocks:
    """Return a plain text's blocks. Raises UnreadableText."""
    return Blocks(tuple(lines_as_blocks(_decoded(content).splitlines())))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-16" if content[:2] in UTF_16 else "utf-8-sig")
    except UnicodeDecodeError:
        if b"\0" in content:
            raise UnreadableText(DAMAGED) from None
        return content.decode("cp1252", errors="replace")


def lines_as_blocks(lines: Iterable[str]) -> Iterator[Block]:
    """Yield the paragraphs and items that lines make."""
    kept = _without_running_title([line.rstrip() for line in lines])
    width = _width(kept)
    fields = _fields(kept)
    paragraph: list[str] = []
    for at, line in enumerate(kept):
        if len(GAP.findall(line.strip())) > 1 and _row_follows(kept, at):
            line = GAP.sub(" | ", line.strip())  # noqa: PLW2901 - the heads of a table's columns
        opens = FIELD.match(line)
        field = opens is not None and opens["label"] in fields
        if paragraph and (field or not _goes_on(paragraph, line, width)):
            yield from _block(paragraph)
            paragraph = []
        if line.strip() or (paragraph and not ENDED.search(paragraph[-1])):
            paragraph.append(line)
    yield from _block(paragraph)


def _fields(lines: list[str]) -> set[str]:
    """Return the labels that begin several lines: those of a form that each stage fills in."""
    found = Counter(match["label"] for line in lines if (match := FIELD.match(line)))
    return {label for label, times in found.items() if times > 1}


def _row_follows(lines: list[str], at: int) -> bool:
    return at + 1 < len(lines) and bool(CELLS.search(lines[at + 1]))


def _without_running_title(lines: list[str]) -> list[str]:
    """Return the lines without the title that stands on every page, and without page numbers."""
    title = next((without_numbers(line) for line in lines if line.strip()), "")
    first = next((at for at, line in enumerate(lines) if line.strip()), 0)
    footers = Counter(without_numbers(line) for line in lines if ON_A_PAGE.search(line))
    often = {line for line, times in footers.items() if times > 1} | {title}
    return [
        line
        for at, line in enumerate(lines)
        if (at <= first or without_numbers(line) not in often) and not PAGE_NUMBER.fullmatch(line)
    ]


def without_numbers(line: str) -> str:
    """Return a line by which it is known on another page: "Policy, page 3" as "Policy, page #"."""
    return re.sub(r"\d+", "#", " ".join(line.split()))


def _width(lines: list[str]) -> int:
    """Return the width at which the lines were cut, or 0 where each line is a paragraph."""
    lengths = sorted(len(line) for line in lines if line.strip())
    if not lengths:
        return 0
    widest = lengths[int(len(lengths) * 0.95)]
    return widest if SHORTEST_LINE < widest < LONGEST_LINE else 0


def _goes_on(paragraph: list[str], line: str, width: int) -> bool:
    """Say whether a line goes on with the sentence of the line before it."""
    before = paragraph[-1]
    if not line.strip():
        return not ENDED.search(before) and not BULLET.match(paragraph[0])
    if CELLS.search(before) or CELLS.search(line):
        return False
    if BULLET.match(line) or NUMBER.match(line) or LEAD_IN.match(line) or line.startswith("#"):
        return False
    if re.match(r"\s*[a-z(]", line) and not re.match(r"\s*\(?[a-z]\)", line):
        filled = next((said for said in reversed(paragraph) if said.strip()), "")
        return not ENDED.search(filled)
    if not width or len(before) <= FILLED * width:
        return False
    # Behind a full stop, a short line without one is a heading: a PDF has no empty line before it.
    heading = ENDED.search(before) and not ENDED.search(line.strip()) and len(line) < FILLED * width
    return not heading


def _block(lines: list[str]) -> Iterator[Block]:
    text = " ".join(" ".join(lines).split())
    if not text or re.fullmatch(r"[-=_*| ]+", text):
        return
    if CELLS.search(text) or ("|" in text and text.strip("- ").startswith("|")):
        cells = [cell.strip() for cell in text.strip("- ").strip("|").split("|")]
        text = " | ".join(cell for cell in cells if cell.strip("-: "))
        if text:
            yield Block(BlockKind.row, _plain(text))
        return
    lead = LEAD_IN.match(text)
    if lead:
        yield Block(BlockKind.heading, _plain(lead["lead"].rstrip(".:")))
        yield Block(BlockKind.paragraph, _plain(lead["rest"]))
    elif text.startswith("#"):
        yield Block(BlockKind.heading, _plain(text.lstrip("# ")))
    elif BULLET.match(text):
        said = _plain(BULLET.sub("", text))
        kind = BlockKind.paragraph if NUMBER.match(said) else BlockKind.item
        yield Block(kind, said)
    else:
        yield Block(BlockKind.paragraph, _plain(text))


def _plain(text: str) -> str:
    """Return a text without the marks of Markdown."""
    text = LINK.sub(lambda found: found[1] or found[2], text)
    return " ".join(MARKS.sub("", text).split())
