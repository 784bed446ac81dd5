"""Bars in Word files: a picture above each table that has some, and its text."""

import subprocess
import sys
import zipfile
from datetime import date
from io import BytesIO
from itertools import pairwise

import numpy as np
import pytest
from docx.shared import Cm

from bot.documents.bars import bars_png
from bot.documents.page import Bars, Marks, Page, PageTable, Paragraph
from bot.documents.webpage import web_file
from bot.documents.word import word_file
from bot.paths import ROOT
from tests.support.charts import charts, greys, solid_bars
from tests.support.documents import W

DAY = date(2026, 11, 12)
MARKS = Marks("[{label}]", "[{label}]")
NAMES = ("Jul to Sep 2026", "Health & <Care>", "A third", "A fourth", "A fifth")
ROWS = (("“Level” & <need>", (12, None)), ("Who should do what", (None, 7)), ("Plans", (9, 5)))


def page(*many: Bars) -> Page:
    """A page with a table for each."""
    header = ("What", "Count")
    return Page(
        "Report",
        tuple(
            PageTable(
                "Kinds", header, tuple(((name,), ("1",)) for name, _ in bars.rows), (3, 1), bars
            )
            for bars in many
        ),
    )


def chart_document(*many: Bars) -> bytes:
    """The same as a Word file."""
    return word_file(page(*many), DAY, MARKS)


def table_rows(*counts: int | None) -> Bars:
    """A row for each number."""
    return Bars("Chart.", NAMES[:1], tuple((f"Row {at}", (one,)) for at, one in enumerate(counts)))


def test_each_bar_is_as_long_as_its_number() -> None:
    """A hidden number has no bar; only the key is left."""
    _, *lengths = solid_bars(bars_png(table_rows(20, None, 10, 5)))
    longest, half, quarter = lengths
    assert half == pytest.approx(longest / 2, abs=3)
    assert quarter == pytest.approx(longest / 4, abs=3)
    assert len(solid_bars(bars_png(table_rows(None)))) == 1


def test_a_hidden_number_leaves_no_trace_in_the_picture() -> None:
    """Its row is as empty as one without data, and the file holds only the dots."""
    png = bars_png(table_rows(20, None))
    shades = greys(png)
    axis = np.flatnonzero((shades[-5:] < 128).all(axis=0)).max()
    assert (shades[-30:, axis + 2 :] == 255).all()
    chunks, at = [], 8
    while at < len(png):
        chunks.append(png[at + 4 : at + 8])
        at += 12 + int.from_bytes(png[at : at + 4], "big")
    assert set(chunks) == {b"IHDR", b"pHYs", b"IDAT", b"IEND"}


def test_no_two_bars_of_a_row_look_the_same_without_colour() -> None:
    """There are four looks, and no fifth bar: the share of ink in them differs by a tenth."""
    png = bars_png(Bars("Five.", NAMES, (("A row", (9, 9, 9, 9, 99)),)))
    shades = greys(png)
    bars = np.array_split(shades[-107:-8, 600:800], 4)
    ink = sorted(float(255 - bar[7:-7].mean()) / 255 for bar in bars)
    assert all(after - before > 0.1 for before, after in pairwise(ink))
    four = bars_png(Bars("Four.", NAMES[:4], (("A row", (9, 9, 9, 9)),)))
    assert png == four


def test_a_chart_says_in_words_what_it_shows() -> None:
    """Its alternative text is the one given for it, special signs included."""
    (chart,) = charts(chart_document(Bars("“Level” & <need>: 12.", NAMES[:2], ROWS)))
    assert chart.told == "“Level” & <need>: 12."


def test_a_name_with_dollar_signs_is_drawn_as_written() -> None:
    """It is not read as a formula, broken or whole."""
    plain, formula = (
        bars_png(Bars("-", (name,), ((name, (7,)),))) for name in ("A $x$", r"A $\frac$")
    )
    assert solid_bars(plain) == solid_bars(formula)


def test_a_chart_stands_on_the_page_of_its_table() -> None:
    """From its sentence to the first rows all is kept together; a long table may go on."""
    before = Paragraph(("The most frequent is the level of need.",), leads=True)
    after = page(Bars("Chart.", NAMES[:2], ROWS))
    docx = word_file(Page("Report", (before, *after.blocks)), DAY, MARKS)
    (chart,) = charts(docx)
    (shown,) = chart.element.iterancestors(f"{W}p")
    table = shown.getnext()
    header, first, *others = table.findall(f"{W}tr")
    for element in (shown.getprevious(), shown, header, first):
        paragraphs = list(element.iter(f"{W}p"))
        assert paragraphs
        assert all(paragraph.find(f"{W}pPr/{W}keepNext") is not None for paragraph in paragraphs)
    assert others
    assert all(row.find(f".//{W}keepNext") is None for row in others)


@pytest.mark.long
def test_a_chart_fits_on_a_page() -> None:
    """Many rows make it smaller without distorting it; few rows make it short."""
    many = tuple((f"Row {at}", (at, at)) for at in range(1, 60))
    long, short = charts(
        chart_document(Bars("Long.", NAMES[:2], many), Bars("Short.", NAMES[:1], ROWS[:1]))
    )
    assert long.high <= Cm(24)
    assert short.high < Cm(3)
    for one in (long, short):
        high, wide = greys(one.png).shape
        assert one.wide <= Cm(17)
        assert one.wide / one.high == pytest.approx(wide / high, rel=0.01)


def test_a_chart_links_to_nothing() -> None:
    """It refers to no other part or address, and its bytes are always the same."""
    docx = chart_document(Bars("One.", NAMES[:2], ROWS), Bars("Two.", NAMES[:2], ROWS[:1]))
    assert docx == chart_document(Bars("One.", NAMES[:2], ROWS), Bars("Two.", NAMES[:2], ROWS[:1]))
    assert [chart.told for chart in charts(docx)] == ["One.", "Two."]
    assert all(not chart.part.rels for chart in charts(docx))
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        names = archive.namelist()
    assert [name for name in names if name.startswith("word/media/")] == [
        f"word/media/image{number}.png" for number in (1, 2)
    ]
    assert not any("chart" in name for name in names)


def test_a_table_of_zeros_is_drawn() -> None:
    """So is a table with only hidden numbers."""
    none, noughts = (bars_png(table_rows(one)) for one in (None, 0))
    assert none != noughts
    assert (greys(none).shape) == (greys(noughts).shape)


def test_a_web_page_has_the_table_alone() -> None:
    """The table says the same as the chart."""
    bare = Bars("Chart.", NAMES[:2], ROWS)
    assert b"Chart." not in web_file(page(bare), MARKS)
    assert b"Who should do what" in web_file(page(bare), MARKS)


@pytest.mark.command
def test_the_library_is_loaded_for_the_first_chart_only() -> None:
    """Files without charts do not wait for it."""
    code = (
        "import sys, bot.figures.document, bot.documents.word; print('matplotlib' in sys.modules)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert run.stdout == "False\n"
