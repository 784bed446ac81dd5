"""Bars in Word files, read by a program of others that knows charts."""

import zipfile
from datetime import date
from io import BytesIO

from docx.shared import Cm

from bot.documents.page import Bars, Marks, Page, PageTable, Paragraph
from bot.documents.webpage import web_file
from bot.documents.word import word_file
from tests.support.charts import charts
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


def made(*many: Bars) -> bytes:
    """The same as a Word file."""
    return word_file(page(*many), DAY, MARKS)


def test_a_bar_for_each_number_that_is_shown() -> None:
    """By the table's own names; a number that is not shown is nowhere in the chart."""
    (chart,) = charts(made(Bars("Chart: Kinds.", NAMES[:2], ROWS)))
    assert chart.names == list(NAMES[:2])
    assert chart.rows == [name for name, _ in ROWS]
    assert chart.bars == {
        (NAMES[0], ROWS[0][0]): 12,
        (NAMES[0], ROWS[2][0]): 9,
        (NAMES[1], ROWS[1][0]): 7,
        (NAMES[1], ROWS[2][0]): 5,
    }
    assert chart.told == "Chart: Kinds."
    assert b'<c:dispBlanksAs val="gap"/>' in chart.part.blob


def test_no_two_bars_of_a_row_look_the_same_without_colour() -> None:
    """There are four looks, and no fifth bar."""
    (chart,) = charts(made(Bars("Five.", NAMES, (("A row", (1, 2, 3, 4, 5)),))))
    assert chart.names == list(NAMES[:4])
    assert len(set(chart.looks)) == 4


def test_a_chart_stands_on_the_page_of_its_table() -> None:
    """From the paragraph before it, if that leads, to the table's last row but one."""
    before = Paragraph(("The most frequent is the level of need.",), leads=True)
    after = page(Bars("Chart.", NAMES[:2], ROWS))
    docx = word_file(Page("Report", (before, *after.blocks)), DAY, MARKS)
    (chart,) = charts(docx)
    (shown,) = chart.element.iterancestors(f"{W}p")
    table = shown.getnext()
    *rows, last = table.findall(f"{W}tr")
    for element in (shown.getprevious(), shown, *rows):
        paragraphs = list(element.iter(f"{W}p"))
        assert paragraphs
        assert all(one.find(f"{W}pPr/{W}keepNext") is not None for one in paragraphs)
    assert last.find(f".//{W}keepNext") is None


def test_it_fits_on_a_page() -> None:
    """However many rows there are; a short one is short."""
    many = tuple((f"Row {at}", (at, at)) for at in range(1, 100))
    long, short = charts(made(Bars("Long.", NAMES[:2], many), Bars("Short.", NAMES[:1], ROWS[:1])))
    assert long.high <= Cm(24)
    assert short.high < Cm(3)


def test_nothing_of_it_lies_elsewhere() -> None:
    """The chart leads to no workbook and no address, and bytes are the same each time."""
    docx = made(Bars("One.", NAMES[:2], ROWS), Bars("Two.", NAMES[:2], ROWS[:1]))
    assert docx == made(Bars("One.", NAMES[:2], ROWS), Bars("Two.", NAMES[:2], ROWS[:1]))
    assert [one.told for one in charts(docx)] == ["One.", "Two."]
    assert all(not one.part.rels for one in charts(docx))
    with zipfile.ZipFile(BytesIO(docx)) as archive:
        names = archive.namelist()
    assert [name for name in names if "chart" in name] == [
        f"word/charts/chart{number}.xml" for number in (1, 2)
    ]
    assert all(name.endswith((".xml", ".rels")) for name in names)


def test_a_table_of_noughts_is_drawn() -> None:
    """And one of which nothing is shown."""
    none, noughts = charts(made(*(Bars("-", NAMES[:1], (("A", (one,)),)) for one in (None, 0))))
    assert none.bars == {}
    assert noughts.bars == {(NAMES[0], "A"): 0}


def test_a_web_page_has_the_table_alone() -> None:
    """It says the same."""
    bare = Bars("Chart.", NAMES[:2], ROWS)
    assert b"Chart." not in web_file(page(bare), MARKS)
    assert b"Who should do what" in web_file(page(bare), MARKS)
