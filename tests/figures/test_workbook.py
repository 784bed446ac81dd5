"""The figures as a workbook, read by a second program, beside the CSV of the same period."""

import csv
import re
import zipfile
from datetime import datetime
from html import escape, unescape
from io import BytesIO, StringIO
from typing import Any

import httpx
import pytest
from msgspec.structs import replace
from openpyxl import Workbook, load_workbook

from bot.figures.files import COLUMNS
from bot.figures.quarters import Period, Quarter
from bot.figures.report import period_report
from bot.figures.words import words
from bot.figures.workbook import MEDIA, figures_workbook
from bot.keepers.figures_page import AT
from bot.paths import ROOT
from tests.figures.year import YEAR
from tests.support.keepers_server import Served

SUMMER = "2026-Q3"


def cells(book: Workbook) -> list[list[Any]]:
    """All cells of the sheet of figures."""
    return [[cell.value for cell in line] for line in book.worksheets[1].rows]


@pytest.mark.long
@pytest.mark.parametrize("policy", [*YEAR, "none", "trust_guidance"])
async def test_the_workbook_has_the_cells_of_the_csv(
    client: httpx.AsyncClient, policy: str
) -> None:
    """In every policy; what is few is blank."""
    at = f"{AT}/{policy}/{SUMMER}"
    answer = await client.get(f"{at}/figures.xlsx")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == MEDIA
    file = (await client.get(f"{at}/figures.csv")).content.decode("utf-8-sig")
    read = cells(load_workbook(BytesIO(answer.content)))
    assert [["" if one is None else str(one) for one in line] for line in read] == list(
        csv.reader(StringIO(file))
    )
    at_count = COLUMNS.index("count")
    for line in read[1:]:
        count = line.pop(at_count)
        assert count is None or (isinstance(count, int) and count >= 5)
        assert all(cell is None or isinstance(cell, str) for cell in line)


@pytest.mark.long
async def test_the_header_stays_in_view_and_nothing_is_cut_off(client: httpx.AsyncClient) -> None:
    """The header is that of a table and is repeated on paper."""
    answer = await client.get(f"{AT}/kent/{SUMMER}/figures.xlsx")
    book = load_workbook(BytesIO(answer.content))
    sheet = book.worksheets[1]
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        told = archive.read("xl/worksheets/sheet2.xml").decode()
    assert f'<ignoredError sqref="A1:Z{sheet.max_row}" numberStoredAsText="1"/>' in told
    (table,) = sheet.tables.values()
    assert table.ref == sheet.dimensions
    assert table.column_names == list(COLUMNS)
    for column, (name, *texts) in zip("ABCDEFGHIJ", sheet.columns, strict=False):
        longest = max(len(str(text.value or "")) for text in texts)
        assert sheet.column_dimensions[column].width > min(longest, 55), name.value
    assert (
        book.properties.title
        == "Kent Escalation and Professional Challenge: July to September 2026"
    )
    times = {book.properties.created, book.properties.modified}
    assert times == {datetime(2026, 11, 12)}  # noqa: DTZ001 - a day, as the file holds it


@pytest.mark.long
async def test_each_column_is_explained(client: httpx.AsyncClient) -> None:
    """The last sheet has the words of the documents, and says how to read the numbers."""
    answer = await client.get(f"{AT}/kent/{SUMMER}/figures.xlsx")
    sheet = load_workbook(BytesIO(answer.content)).worksheets[2]
    told = {line[0].value: line[1].value for line in sheet.rows}
    notes = [line[1].value for line in sheet.rows if line[0].value is None and line[1].value]
    page = (ROOT / "docs/figures.md").read_text(encoding="utf-8")
    for name in COLUMNS:
        assert f"| `{name}` | {told[name]} |" in page
    assert notes == words()["file"]["notes"]
    for note in notes:
        assert f"- {note}\n" in page


def test_no_cell_is_a_formula(served: Served) -> None:
    """Text that looks like a formula is stored as text; the CSV marks it instead."""
    found = served.figures.published.periods_back("kent", Period(Quarter(2026, 3)))
    table = found[0].tables["disagreement"]
    wrong = ["=1+1", "+1", "-1", "@sum(a1)", "http://example.org", "{=1}"]
    named = dict(zip(table.shape.cells, wrong, strict=False))
    shape = replace(table.shape, title="=2+2", cells=table.shape.cells | named)
    tables = {**found[0].tables, "disagreement": replace(table, shape=shape)}
    figures = replace(found[0], tables=tables)
    report = replace(period_report("Kent", [figures]), title="=3+3")
    file = figures_workbook(report, [figures])
    book = load_workbook(BytesIO(file))
    texts = [cell for sheet in book for line in sheet.rows for cell in line if cell.value]
    assert {cell.data_type for cell in texts} == {"s", "n"}
    assert {*wrong, "=2+2", "=3+3"} <= {cell.value for cell in texts}
    # As text in its format too: else a spreadsheet reads it anew when somebody goes into the cell.
    assert {cell.number_format for cell in texts if cell.value in wrong} == {"@"}
    assert not [cell for cell in texts if cell.hyperlink]


@pytest.mark.long
async def test_the_first_sheet_has_the_tables_of_the_page(client: httpx.AsyncClient) -> None:
    """Under their titles and sentences, ready to be shown to a group."""
    answer = await client.get(f"{AT}/kent/{SUMMER}/figures.xlsx")
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    lines = [[cell.value for cell in line if cell.value is not None] for line in sheet.rows]
    page = (await client.get(f"{AT}/kent/{SUMMER}")).text
    headings = re.findall(r"<h2>(.*?)</h2>", page)
    tables = [unescape(heading) for heading in headings if f"<caption>{heading}</caption>" in page]
    assert len(tables) > 8
    for title in tables:
        at = next(place for place, line in enumerate(lines) if line == [title])
        assert f">{escape(str(lines[at + 1][0]))}</p>" in page
        assert lines[at + 2][0] == "What"
        label, *counts = lines[at + 3]
        cells = "".join(f"<td>{count}</td>" for count in counts)
        assert f"<tr><th scope=row>{escape(str(label))}</th>{cells}</tr>" in page
