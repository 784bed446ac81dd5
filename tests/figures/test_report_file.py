"""The report for Word has the charts, sentences and tables of its page."""

import re
import xml.etree.ElementTree as ET
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from docx import Document

from bot.core.policy.loader import load_library
from bot.documents.page import PageTable
from bot.figures.document import report_page
from bot.figures.log import row_columns
from bot.figures.published import PublishedQuarters
from bot.figures.quarters import Period, Quarter
from bot.figures.report import Comment, period_report
from bot.keepers.figures_page import AT, FigurePages
from bot.paths import POLICIES
from tests.figures.rows import SETTLED, database, figures_row
from tests.figures.year import YEAR, simulated_year
from tests.support.charts import charts
from tests.support.documents import W

pytestmark = pytest.mark.long

SUMMER = "2026-Q3-year"
SVG = "{http://www.w3.org/2000/svg}"


class Pictures(HTMLParser):
    """Reads the addresses and the texts of a page's pictures."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a picture."""
        if tag == "img":
            self.found.append((str(dict(attrs)["src"]), str(dict(attrs)["alt"])))


files: dict[str, bytes] = {}
"""The reports by policy, whose charts take long to draw: what was shown once stays as it is."""


async def file(client: httpx.AsyncClient, policy: str) -> bytes:
    """The report of the summer."""
    if policy not in files:
        answer = await client.get(f"{AT}/{policy}/{SUMMER}/report.docx")
        assert answer.status_code == 200
        files[policy] = answer.content
    return files[policy]


@pytest.mark.parametrize("policy", YEAR)
async def test_the_report_has_the_charts_of_the_page(
    client: httpx.AsyncClient, policy: str
) -> None:
    """They have the same order, texts and numbers."""
    shown = Pictures((await client.get(f"{AT}/{policy}/{SUMMER}")).text).found
    drawn = charts(await file(client, policy))
    assert len(drawn) == len(shown)
    for (address, alt), chart in zip(shown, drawn, strict=True):
        picture = ET.fromstring((await client.get(address)).text)  # noqa: S314 - our own
        assert chart.told == f"{alt} {picture.findtext(f'{SVG}desc')}"


@pytest.mark.parametrize("policy", [*YEAR, "none"])
async def test_every_chart_says_what_its_table_says(client: httpx.AsyncClient, policy: str) -> None:
    """Its words are the cells of its table."""
    docx = await file(client, policy)
    for chart in charts(docx):
        (shown,) = chart.element.iterancestors(f"{W}p")
        header, *rows = (
            ["".join(cell.itertext(f"{W}t")) for cell in row.iter(f"{W}tc")]
            for row in shown.getnext().iter(f"{W}tr")
        )
        cells = {
            (row[0], name): cell for row in rows for name, cell in zip(header, row, strict=True)
        }
        _, said = chart.told.split(" The table below has the same numbers. ")
        for line in said.removesuffix(".").split(". "):
            name, counts = line.rsplit(": ", 1)
            for column, count in re.findall(r"(.+? \d{4}) (\d+ to \d+|\d+)(?:, |$)", counts):
                assert cells[name, column] == count
                assert "to" in count or int(count) >= 5


def test_no_bar_is_drawn_for_few(tmp_path: Path) -> None:
    """Every bar stands for a cell of the table, and none is small."""
    rows = [{**figures_row(), **row_columns(one)} for one in simulated_year()]
    published = PublishedQuarters(
        database(tmp_path, rows), load_library(POLICIES), lambda: date(2026, 11, 26)
    )
    drawn = 0
    for policy in YEAR:
        found = published.periods_back(policy, Period(Quarter(2026, 3), year=True))
        for table in report_page(period_report(policy, found), Comment()).blocks:
            if not (isinstance(table, PageTable) and table.bars):
                continue
            cells = {
                (line[0], name): cell
                for line in table.rows
                for name, cell in zip(table.header, line, strict=True)
            }
            for label, counts in table.bars.rows:
                for name, count in zip(table.bars.names, counts, strict=True):
                    (cell,) = cells[(label,), name]
                    assert cell == str(count) if count else cell == "few"
                    assert count is None or count >= 5
                    drawn += count is not None
    assert drawn > 50


async def test_each_chart_has_its_sentence_before_it(client: httpx.AsyncClient) -> None:
    """A heading precedes both, and the report says that few have no bar."""
    docx = await file(client, "kent")
    drawn = charts(docx)
    assert len(drawn) > 6
    for chart in drawn:
        (shown,) = chart.element.iterancestors(f"{W}p")
        sentence, heading = (
            "".join(sibling.itertext(f"{W}t"))
            for sibling in list(shown.itersiblings(preceding=True))[:2]
        )
        assert sentence.endswith(".")
        assert chart.told.startswith(f"Chart: {heading}. The table below has the same numbers. ")
    told = [paragraph.text for paragraph in Document(BytesIO(docx)).paragraphs]
    assert any("A chart has no bar for “few”." in text for text in told)


@pytest.mark.parametrize("policy", ["trust_guidance", "pan_dorset", "none"])
async def test_where_a_quarter_is_too_small_there_is_no_chart(
    client: httpx.AsyncClient, policy: str
) -> None:
    """It says which year to read instead."""
    docx = (await client.get(f"{AT}/{policy}/2026-Q3/report.docx")).content
    assert charts(docx) == []
    told = [paragraph.text for paragraph in Document(BytesIO(docx)).paragraphs]
    assert not any("chart" in text for text in told)
    assert "Read October 2025 to September 2026 instead." in told


def test_an_agency_log_has_bars_of_its_own(tmp_path: Path) -> None:
    """They carry the agency's name, and its small numbers have no bar."""
    many = {"": (38, 12), "Health & Care": (7, 9), "Police": (1, 2)}
    rows = [
        figures_row(month="2026-08", source=source, **(SETTLED if at < settled else {}))
        for source, (still_open, settled) in many.items()
        for at in range(still_open + settled)
    ]
    published = PublishedQuarters(
        database(tmp_path, rows), load_library(POLICIES), lambda: date(2026, 11, 26), lambda: 0
    )
    drawn = charts(FigurePages(published).word("kent", "2026-Q3"))
    (chart,) = [one for one in drawn if "Whether they were settled" in one.told]
    named = "Own log of Health & Care"
    assert chart.told.endswith(
        f"Known to be settled: Jul to Sep 2026 10, {named} 10, Own log of Police few. "
        f"Not known to be settled: Jul to Sep 2026 40, {named} 5, Own log of Police few."
    )


def test_an_own_log_without_stages_is_told_whole(tmp_path: Path) -> None:
    """Nothing stands under a heading that no log has anything for."""
    bare = {"stage": None, "level": None, "answered_line_manager": None, "days_practitioner": None}
    rows = [figures_row(month="2026-08", source="City School Trust", **bare) for _ in range(31)]
    published = PublishedQuarters(
        database(tmp_path, rows), load_library(POLICIES), lambda: date(2026, 11, 26), lambda: 0
    )
    page = FigurePages(published).report("kent", "2026-Q3")
    assert "The own log of City School Trust holds about 30" in page
    assert "Counted apart" not in page
