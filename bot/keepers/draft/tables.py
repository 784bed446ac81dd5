"""Tables of rungs: each row as a heading and its cells, which know the column they stand in."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.keepers.draft.blocks import Block, BlockKind
from bot.keepers.draft.labels import LABEL, ORDINAL, informal_in
from bot.keepers.draft.words import words

BAR = " | "
BARE_NUMBER = re.compile(r"\d\b(?!\s*(?:working|calendar|days?|hours?))", re.IGNORECASE)
"""A row's number that stands without its word: "1 Line managers", under "Level"."""


def with_rows_opened(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield blocks; a row of a table of rungs comes as a heading and one block for each cell."""
    for is_row, run in groupby(blocks, key=lambda block: block.kind is BlockKind.row):
        if is_row:
            yield from _table(list(run))
        else:
            yield from run


def _table(rows: Sequence[Block]) -> Iterator[Block]:
    head: list[str] = []
    for at, row in enumerate(rows):
        cells = row.text.split(BAR)
        named = words().pattern(*words().table_heads).fullmatch(cells[0].strip())
        follows = not head and at + 1 < len(rows) and _label(rows[at + 1].text.split(BAR)[0], [])
        if len(cells) > 1 and not _label(cells[0], head) and (named or follows):
            head = cells
            continue
        # Under "Stage" or "Step" each row is a rung, whatever it is called.
        label = _label(cells[0], head) or (cells[0] if _in_rungs(cells, head) else "")
        if not label or len(cells) == 1:
            yield row
            continue
        yield Block(BlockKind.heading, label, rung=True)
        if len(cells) != len(head):
            yield Block(BlockKind.row, BAR.join(cells[1:]))
            continue
        for column, cell in zip(head[1:], cells[1:], strict=True):
            if cell.strip():
                yield Block(BlockKind.row, cell.strip(), column=column.strip())


def _in_rungs(cells: Sequence[str], head: Sequence[str]) -> bool:
    """Say whether a row stands in a table whose first column is headed "Stage"."""
    word = re.compile(rf"(?:{'|'.join(words().labels)})s?", re.IGNORECASE)
    return len(cells) == len(head) and bool(word.fullmatch(head[0].strip()))


def _label(cell: str, head: Sequence[str]) -> str:
    """Return a row's first cell as a heading of a rung, or ""."""
    if LABEL.match(cell) or ORDINAL.match(cell) or informal_in(cell):
        return cell
    word = LABEL.match(f"{head[0].strip()} 1") if head else None
    return f"{word['word']} {cell}" if word and BARE_NUMBER.match(cell) else ""
