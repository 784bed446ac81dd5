"""A document before it is a file: a title and blocks, for both Word and the web."""

import re
from collections.abc import Mapping
from typing import TypeAlias

import msgspec

from bot.documents.plain import clean_text

GAP = re.compile(r"\{\{(\w+)\}\}")


class PageGap(msgspec.Struct, frozen=True):
    """A gap still to fill in, shown in square brackets, not by colour alone."""

    label: str
    required: bool = False


class Strong(msgspec.Struct, frozen=True):
    """Emphasised words."""

    text: str


class Box(msgspec.Struct, frozen=True):
    """A box to tick, with its label."""

    label: str


Part: TypeAlias = str | PageGap | Strong | Box
Text: TypeAlias = tuple[Part, ...]


class Heading(msgspec.Struct, frozen=True):
    """A heading below the title. Only the title has level 1."""

    text: str
    level: int = 2


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph. A `note` is smaller; one that `leads` stays on the page of the next block."""

    text: Text
    note: bool = False
    leads: bool = False


class Bullets(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple[Text, ...]


class Bars(msgspec.Struct, frozen=True):
    """The chart of a table: for each row a bar, or several beside each other.

    `names` and `looks` are those of a row's bars. `alt_text` says the same in words, for people who
    cannot see the picture. A value of None has no bar.
    """

    alt_text: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    looks: tuple[int, ...] = (0, 1, 2, 3)


class PageTable(msgspec.Struct, frozen=True):
    """A table with a header row; the first cell of each row is that row's header.

    `caption` describes the table; `shares` are the relative widths of the columns. Word draws
    `bars` above the table; a web page does not, since the table says the same.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    shares: tuple[int, ...]
    bars: Bars | None = None


Block: TypeAlias = Heading | Paragraph | Bullets | PageTable


class Page(msgspec.Struct, frozen=True):
    """A whole document. A `small` one is set tighter, to fit on one page.

    A web page lists its headings first where the document has `contents`, the title of that list.
    """

    title: str
    blocks: tuple[Block, ...]
    small: bool = False
    contents: str = ""


class Marks(msgspec.Struct, frozen=True):
    """The text of an open gap, with its label in `{label}`."""

    gap: str
    required: str

    def show(self, gap: PageGap) -> str:
        """Return the gap as words in square brackets."""
        return (self.required if gap.required else self.gap).format(label=gap.label)


def fill_gaps(
    text: str, found: Mapping[str, str], labels: Mapping[str, str], *, required: bool = False
) -> Text:
    """Return a text with its `{{gaps}}` filled; a gap without a value is shown by its label."""
    parts: list[Part] = []
    at = 0
    for match in GAP.finditer(text):
        parts.append(text[at : match.start()])
        value = clean_text(found.get(match[1], "")).strip()
        parts.append(value or PageGap(labels[match[1]], required))
        at = match.end()
    return tuple(part for part in (*parts, text[at:]) if part != "")
