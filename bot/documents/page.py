"""A document before it is a file: a title and blocks, the same for Word and for the web."""

import re
from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from bot.documents.plain import clean_text

GAP = re.compile(r"\{\{(\w+)\}\}")


class PageGap(msgspec.Struct, frozen=True):
    """Something still to fill in, shown in square brackets and never by its colour alone."""

    label: str
    required: bool = False


class Strong(msgspec.Struct, frozen=True):
    """Words that stand out."""

    text: str


Part: TypeAlias = str | PageGap | Strong
Text: TypeAlias = tuple[Part, ...]


class Heading(msgspec.Struct, frozen=True):
    """A heading below the title, which is the only one of level 1."""

    text: str
    level: int = 2


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph. A note is smaller; one that leads stays on the page of what follows."""

    text: Text
    note: bool = False
    leads: bool = False


class Bullets(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple[Text, ...]


class Bars(msgspec.Struct, frozen=True):
    """What of a table's numbers is also drawn: for each row a bar, or several beside each other.

    `names` are those of a row's bars, `looks` the numbers of how they look. `alt_text` says the
    same in words, for somebody who cannot see the picture. None has no bar.
    """

    alt_text: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    looks: tuple[int, ...] = (0, 1, 2, 3)


class PageTable(msgspec.Struct, frozen=True):
    """A table with a header row; the first cell of each row is that row's header.

    `caption` says what the table holds, `shares` the columns' widths in proportion. Word draws
    `bars` above it; a web page needs none, since the table says the same.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    shares: tuple[int, ...]
    bars: Bars | None = None


Block: TypeAlias = Heading | Paragraph | Bullets | PageTable


class Page(msgspec.Struct, frozen=True):
    """A whole document. A small one is set tighter, to go on one page."""

    title: str
    blocks: tuple[Block, ...]
    small: bool = False


class Marks(msgspec.Struct, frozen=True):
    """How an open gap is shown, with its label in `{label}`."""

    gap: str
    required: str

    def show(self, gap: PageGap) -> str:
        """Return the gap as words in square brackets."""
        return (self.required if gap.required else self.gap).format(label=gap.label)


def fill_gaps(
    text: str, found: Mapping[str, str], labels: Mapping[str, str], *, required: bool = False
) -> Text:
    """Return a text with its `{{gaps}}` filled; those without a value stay gaps, by their label."""
    parts: list[Part] = []
    at = 0
    for match in GAP.finditer(text):
        parts.append(text[at : match.start()])
        value = clean_text(found.get(match[1], "")).strip()
        parts.append(value or PageGap(labels[match[1]], required))
        at = match.end()
    return tuple(part for part in (*parts, text[at:]) if part != "")
