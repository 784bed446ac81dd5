"""A chart of one section as SVG: bars with their numbers, readable without colour.

No library draws it: a bar is just a rectangle, and the SVG of libraries (embedded styles, letters
as outlines) cannot be read aloud, nor shown under the pages' content policy.
"""

from collections.abc import Iterator, Sequence
from html import escape
from textwrap import wrap

import msgspec

from bot.figures.report import ReportSection
from bot.figures.sentences import ReportLine
from bot.figures.words import shown_count, words

NUMBER = 60
"""The width of the number after a bar."""
BAR, GAP, LINE, KEY, TOP = 15, 12, 17, 20, 14
INK, PAPER, NOW, BEFORE = "#0b0c0c", "#ffffff", "#1d70b8", "#505a5f"
LOOKS = (
    f'fill="{NOW}" stroke="{NOW}"',
    f'fill="url(#hatched)" stroke="{BEFORE}"',
    f'fill="{PAPER}" stroke="{INK}" stroke-width="2"',
    f'fill="url(#dotted)" stroke="{INK}"',
)
"""The looks of the drawn columns, in order; further columns are in the table only."""
FONT = "Arial, Helvetica, sans-serif"
PATTERNS = (
    '<defs><pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{PAPER}"/>'
    f'<line x1="0" y1="0" x2="0" y2="6" stroke="{BEFORE}" stroke-width="2"/></pattern>'
    '<pattern id="dotted" width="5" height="5" patternUnits="userSpaceOnUse">'
    f'<rect width="5" height="5" fill="{PAPER}"/><circle cx="2" cy="2" r="1" fill="{INK}"/>'
    "</pattern></defs>"
)


class Layout(msgspec.Struct, frozen=True):
    """The width of the picture and where the bars begin; `letters` of a name fit on a line.

    Where the bars begin at the edge, the names stand above them.
    """

    width: int
    bars: int
    letters: int

    @property
    def above(self) -> bool:
        """Whether the names stand above the bars."""
        return self.bars == 0


WIDE, NARROW = Layout(720, 270, 32), Layout(340, 0, 40)
"""The layouts for a desk and for a phone, where letters keep their size."""


def drawn_columns(section: ReportSection) -> tuple[tuple[int, int], ...]:
    """Return the indexes of the columns with bars, each with the index of its look."""
    return tuple((at, look) for at, look in section.drawn if look < len(LOOKS))


def chart_svg(section: ReportSection, layout: Layout = WIDE) -> str:
    """Return a section's chart: a bar for each drawn column, each with its own look.

    This period's bars are solid, those of the one before hatched. Few have no bar, but are named.
    """
    drawn = drawn_columns(section)
    counts = [line.counts[at] or 0 for line in section.lines for at, _ in drawn]
    most = max(counts, default=0)
    few = shown_count(None)
    parts = list(_key(section, drawn, layout))
    y = TOP + KEY * len(drawn)
    for line in section.lines:
        names = wrap(line.label, layout.letters)
        parts += [_text(0, y + LINE * at + BAR - 3, name) for at, name in enumerate(names)]
        begins = y + (LINE * len(names) if layout.above else 0)
        for place, (at, look) in enumerate(drawn):
            parts += _bar((line.counts[at], few), look, begins + (BAR + 2) * place, most, layout)
        y = max(y + len(names) * LINE, begins + (BAR + 2) * len(drawn)) + GAP
    title, about = escape(section.title), escape(chart_text(section))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {layout.width} {y}" '
        f'width="{layout.width}" height="{y}" role="img" aria-labelledby="title about" '
        f'font-family="{FONT}" font-size="14" fill="{INK}"><title id="title">{title}</title>'
        f'<desc id="about">{about}</desc>{PATTERNS}'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>{"".join(parts)}</svg>\n'
    )


def _bar(
    counted: tuple[int | None, str], look: int, y: int, most: int, layout: Layout
) -> Iterator[str]:
    count, few = counted
    if count is None:
        yield _text(layout.bars, y + BAR - 3, few)
        return
    width = max(round((layout.width - layout.bars - NUMBER) * count / most), 1) if most else 1
    yield _rect(layout.bars, y, width, look)
    yield _text(layout.bars + width + 6, y + BAR - 3, str(count))


def _rect(x: int, y: int, width: int, look: int) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{BAR}" {LOOKS[look]}/>'


def _text(x: int, y: int, text: str) -> str:
    return f'<text x="{x}" y="{y}">{escape(text)}</text>'


def alt_text(section: ReportSection) -> str:
    """Return the alternative text of a chart that is followed by its table."""
    return str(words()["chart"].format(title=section.title))


def _key(section: ReportSection, drawn: Sequence[tuple[int, int]], layout: Layout) -> Iterator[str]:
    """Draw the key of the columns."""
    for place, (at, look) in enumerate(drawn):
        yield _rect(layout.bars, 6 + KEY * place, BAR, look)
        yield _text(layout.bars + BAR + 6, KEY * (place + 1) - 2, section.columns[at])


def chart_text(section: ReportSection) -> str:
    """Return the chart in words, for screen readers."""
    drawn = drawn_columns(section)
    return " ".join(f"{line.label}: {_counts(section, drawn, line)}." for line in section.lines)


def _counts(section: ReportSection, drawn: Sequence[tuple[int, int]], line: ReportLine) -> str:
    told = ((section.columns[at], shown_count(line.counts[at])) for at, _ in drawn)
    return ", ".join(f"{column} {count}" for column, count in told)
