"""A chart of one section as SVG: bars with their numbers, readable without colour.

No library draws it: a bar is just a rectangle, and the SVG of libraries (embedded styles, letters
as outlines) cannot be read aloud, nor shown under the pages' content policy.
"""

from collections.abc import Iterator, Sequence
from html import escape
from textwrap import wrap

from bot.figures.report import ReportLine, ReportSection
from bot.figures.words import words

WIDTH, NAMES, NUMBER = 720, 270, 60
"""The width of the picture, of the names and of the number after a bar."""
BAR, GAP, LINE, KEY, TOP = 15, 12, 17, 20, 14
LETTERS = 32
"""Letters that fit on a line of a name."""
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


def drawn_columns(section: ReportSection) -> tuple[tuple[int, int], ...]:
    """Return the indexes of the columns with bars, each with the index of its look."""
    return tuple((at, look) for at, look in section.drawn if look < len(LOOKS))


def chart_svg(section: ReportSection) -> str:
    """Return a section's chart: a bar for each drawn column, each with its own look.

    This quarter's bars are solid, the previous quarter's hatched. A hidden count has no bar and is
    marked as not shown.
    """
    drawn = drawn_columns(section)
    counts = [line.counts[at] or 0 for line in section.lines for at, _ in drawn]
    most = max(counts, default=0)
    parts = list(_key(section, drawn))
    y = TOP + KEY * len(drawn)
    for line in section.lines:
        names = wrap(line.label, LETTERS)
        parts += [_text(0, y + LINE * at + BAR - 3, name) for at, name in enumerate(names)]
        for place, (at, look) in enumerate(drawn):
            parts += _bar(line.counts[at], look, y + (BAR + 2) * place, most)
        y += max(len(names) * LINE, (BAR + 2) * len(drawn)) + GAP
    title, about = escape(section.title), escape(chart_text(section))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" '
        f'height="{y}" role="img" aria-labelledby="title about" font-family="{FONT}" '
        f'font-size="14" fill="{INK}"><title id="title">{title}</title>'
        f'<desc id="about">{about}</desc>{PATTERNS}'
        f'<rect width="100%" height="100%" fill="{PAPER}"/>{"".join(parts)}</svg>\n'
    )


def _bar(count: int | None, look: int, y: int, most: int) -> Iterator[str]:
    if count is None:
        yield _text(NAMES, y + BAR - 3, words()["not_shown"])
        return
    width = max(round((WIDTH - NAMES - NUMBER) * count / most), 1) if most else 1
    yield _rect(y, width, look)
    yield _text(NAMES + width + 6, y + BAR - 3, str(count))


def _rect(y: int, width: int, look: int) -> str:
    return f'<rect x="{NAMES}" y="{y}" width="{width}" height="{BAR}" {LOOKS[look]}/>'


def _text(x: int, y: int, text: str) -> str:
    return f'<text x="{x}" y="{y}">{escape(text)}</text>'


def alt_text(section: ReportSection) -> str:
    """Return the alternative text of a chart that is followed by its table."""
    return str(words()["chart"].format(title=section.title))


def _key(section: ReportSection, drawn: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Draw the key of the columns."""
    for place, (at, look) in enumerate(drawn):
        yield _rect(6 + KEY * place, BAR, look)
        yield _text(NAMES + BAR + 6, KEY * (place + 1) - 2, section.columns[at])


def chart_text(section: ReportSection) -> str:
    """Return the chart in words, for screen readers."""
    drawn = drawn_columns(section)
    return " ".join(f"{line.label}: {_counts(section, drawn, line)}." for line in section.lines)


def _counts(section: ReportSection, drawn: Sequence[tuple[int, int]], line: ReportLine) -> str:
    told = ((section.columns[at], line.counts[at]) for at, _ in drawn)
    return ", ".join(
        f"{column} {'not shown' if count is None else count}" for column, count in told
    )
