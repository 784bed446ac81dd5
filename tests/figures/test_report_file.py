"""The report for Word beside the page it is of: the same charts, sentences and tables."""

import xml.etree.ElementTree as ET
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import httpx
import pytest
from docx import Document

from bot.core.policy.loader import load_library
from bot.figures.published import PublishedQuarters
from bot.keepers.figures_page import AT, FigurePages
from bot.paths import POLICIES
from tests.figures.rows import SETTLED, database, row
from tests.figures.year import YEAR
from tests.support.charts import charts
from tests.support.documents import W

SUMMER = "2026-Q3"
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


async def file(client: httpx.AsyncClient, policy: str) -> bytes:
    """The report of the summer."""
    answer = await client.get(f"{AT}/{policy}/{SUMMER}/report.docx")
    assert answer.status_code == 200
    return answer.content


@pytest.mark.parametrize("policy", YEAR)
async def test_it_has_the_charts_of_the_page(client: httpx.AsyncClient, policy: str) -> None:
    """In the same order, each with the same text in its place and the same numbers."""
    shown = Pictures((await client.get(f"{AT}/{policy}/{SUMMER}")).text).found
    drawn = charts(await file(client, policy))
    assert [one.told for one in drawn] == [alt for _, alt in shown]
    for (address, _), chart in zip(shown, drawn, strict=True):
        picture = ET.fromstring((await client.get(address)).text)  # noqa: S314 - our own
        texts = [one.text for one in picture.iter(f"{SVG}text")]
        numbers = sorted(int(text) for text in texts if text and text.isdigit())
        assert sorted(chart.bars.values()) == numbers
        assert set(chart.names) <= set(texts)
        assert len(picture.findall(f"{SVG}rect[@height='15']")) == len(numbers) + len(chart.names)


@pytest.mark.parametrize("policy", [*YEAR, "none"])
async def test_no_chart_holds_what_its_table_hides(client: httpx.AsyncClient, policy: str) -> None:
    """Each bar is a cell of the table behind it, and each dash of the table has no bar."""
    docx = await file(client, policy)
    for chart in charts(docx):
        (shown,) = chart.element.iterancestors(f"{W}p")
        header, *rows = (
            ["".join(cell.itertext(f"{W}t")) for cell in row.iter(f"{W}tc")]
            for row in shown.getnext().iter(f"{W}tr")
        )
        cells = {
            (name, row[0]): row[header.index(name)]
            for row in rows
            for name in chart.names
            if row[0] in chart.rows
        }
        assert len(cells) == len(chart.rows) * len(chart.names)
        expected = {at: int(cell) for at, cell in cells.items() if cell != "–"}
        assert chart.bars == expected
        assert all(count >= 5 for count in chart.bars.values())


async def test_each_chart_has_its_sentence_before_it(client: httpx.AsyncClient) -> None:
    """And above that its heading; the file says that what is hidden has no bar."""
    docx = await file(client, "kent")
    drawn = charts(docx)
    assert len(drawn) > 6
    for chart in drawn:
        (shown,) = chart.element.iterancestors(f"{W}p")
        sentence, heading = (
            "".join(one.itertext(f"{W}t")) for one in list(shown.itersiblings(preceding=True))[:2]
        )
        assert sentence.endswith(".")
        assert chart.told == f"Chart: {heading}. The table below has the same numbers."
    told = [one.text for one in Document(BytesIO(docx)).paragraphs]
    assert any("A chart has no bar for it." in text for text in told)


@pytest.mark.parametrize("policy", ["trust_guidance", "pan_dorset", "none"])
async def test_where_nothing_is_shown_there_is_no_chart(
    client: httpx.AsyncClient, policy: str
) -> None:
    """Of an empty quarter, and of one of which nothing can be told by parts."""
    docx = await file(client, policy)
    assert charts(docx) == []
    told = [one.text for one in Document(BytesIO(docx)).paragraphs]
    assert not any("chart" in text for text in told)


def test_an_own_log_has_bars_of_its_own(tmp_path: Path) -> None:
    """Beside the guide's, under the name of whose log it is, and small numbers have none."""
    many = {"": (18, 12), "Health & Care": (7, 9), "Police": (1, 2)}
    rows = [
        row(month="2026-08", source=source, **(SETTLED if at < settled else {}))
        for source, (still_open, settled) in many.items()
        for at in range(still_open + settled)
    ]
    published = PublishedQuarters(
        database(tmp_path, rows), load_library(POLICIES), lambda: date(2026, 11, 26)
    )
    drawn = charts(FigurePages(published).word("kent", SUMMER))
    (chart,) = [one for one in drawn if "Whether they were settled" in one.told]
    named = "Own log of Health & Care"
    assert chart.names == ["Jul to Sep 2026", "Apr to Jun 2026", named]
    assert len(set(chart.looks)) == 3
    assert chart.bars == {
        ("Jul to Sep 2026", "Known to be settled"): 12,
        ("Jul to Sep 2026", "Not known to be settled"): 18,
        (named, "Known to be settled"): 9,
        (named, "Not known to be settled"): 7,
    }
