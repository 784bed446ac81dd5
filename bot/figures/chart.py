"""A chart of one section as SVG: bars with their numbers, that need no colour to be read.

Drawn here and not by a library: a bar is a rectangle, and what a library writes (styles inside,
letters as outlines) cannot be read aloud, nor shown under the pages' content policy.
"""

from collections.abc import Iterator
from html import escape
from textwrap import wrap

from bot.figures.report import Line, Section
from bot.figures.words import words

WIDTH, NAMES, NUMBER = 720, 270, 60
"""The picture's width, and what of it is for names and for the number behind a bar."""
BAR, GAP, LINE, TOP = 15, 12, 17, 34
LETTERS = 32
"""Letters that fit on a line of a name."""
INK, PAPER, NOW, BEFORE = "#0b0c0c", "#ffffff", "#1d70b8", "#505a5f"
FONT = "Arial, Helvetica, sans-serif"
HATCH = (
    '<defs><pattern id="before" width="6" height="6" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{PAPER}"/>'
    f'<line x1="0" y1="0" x2="0" y2="6" stroke="{BEFORE}" stroke-width="2"/></pattern></defs>'
)


def svg(section: Section) -> str:
    """Return a section's chart: this quarter's bars, solid, and those of the one before, hatched.

    What is not shown has no bar and says so.
    """
    shown = min(len(section.quarters), 2)
    most = max((count or 0 for line in section.lines for count in line.counts[:shown]), default=0)
    drawn: list[str] = []
    y = TOP
    for line in section.lines:
        names = wrap(line.label, LETTERS)
        drawn += [_text(0, y + LINE * at + BAR - 3, name) for at, name in enumerate(names)]
        for at in range(shown):
            drawn += _bar(line, at, y + (BAR + 2) * at, most)
        y += max(len(names) * LINE, (BAR + 2) * shown) + GAP
    title, spoken = escape(section.title), escape(" ".join(_spoken(section, shown)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" '
        f'height="{y}" role="img" aria-labelledby="title about" font-family="{FONT}" '
        f'font-size="14" fill="{INK}"><title id="title">{title}</title>'
        f'<desc id="about">{spoken}</desc>{HATCH}<rect width="100%" height="100%" fill="{PAPER}"/>'
        f"{''.join(_key(section, shown))}{''.join(drawn)}</svg>\n"
    )


def _bar(line: Line, at: int, y: int, most: int) -> Iterator[str]:
    count = line.counts[at]
    if count is None:
        yield _text(NAMES, y + BAR - 3, words()["not_shown"])
        return
    width = max(round((WIDTH - NAMES - NUMBER) * count / most), 1) if most else 1
    yield _rect(NAMES, y, width, before=at > 0)
    yield _text(NAMES + width + 6, y + BAR - 3, str(count))


def _rect(x: int, y: int, width: int, *, before: bool) -> str:
    look = f'fill="url(#before)" stroke="{BEFORE}"' if before else f'fill="{NOW}" stroke="{NOW}"'
    return f'<rect x="{x}" y="{y}" width="{width}" height="{BAR}" {look}/>'


def _text(x: int, y: int, text: str) -> str:
    return f'<text x="{x}" y="{y}">{escape(text)}</text>'


def _key(section: Section, shown: int) -> Iterator[str]:
    """Draw which bar is which quarter's."""
    x = NAMES
    for at in range(shown):
        yield _rect(x, 6, BAR, before=at > 0)
        yield _text(x + BAR + 6, 18, section.quarters[at])
        x += 200


def _spoken(section: Section, shown: int) -> Iterator[str]:
    """Yield the chart in words, for who hears it."""
    for line in section.lines:
        counts = ("not shown" if one is None else str(one) for one in line.counts[:shown])
        told = ", ".join(
            f"{quarter} {count}" for quarter, count in zip(section.quarters, counts, strict=False)
        )
        yield f"{line.label}: {told}."
