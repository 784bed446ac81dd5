"""The page of the figures as a business manager sees it, over a simulated year."""

import csv
import re
import xml.etree.ElementTree as ET
from datetime import date
from html.parser import HTMLParser
from io import StringIO
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from bot.core.policy.loader import load_library
from bot.figures.log import new_row
from bot.figures.published import PublishedQuarters
from bot.keepers.figures_page import AT, FigurePages
from bot.paths import POLICIES
from bot.privacy.store.tables import ESCALATIONS, LOSSES
from tests.figures.rows import database, figures_row
from tests.figures.year import YEAR, simulated_year
from tests.support.keepers_server import OWN_LOG, Served

SUMMER = "2026-Q3"
SVG = "{http://www.w3.org/2000/svg}"


class Numbers(HTMLParser):
    """Reads the cells of a page's tables, its pictures and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.pictures: list[str] = []
        self._in = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a cell, or take a picture's address."""
        self._in = tag
        if tag == "img":
            self.pictures.append(str(dict(attrs)["src"]))

    def handle_data(self, data: str) -> None:
        """Take what is in a cell."""
        if self._in == "td":
            self.cells.append(data)


FILES = ("figures.csv", "figures.xlsx", "report.docx")


@pytest.mark.parametrize(
    "path", ["/", f"/kent/{SUMMER}", *(f"/kent/{SUMMER}/{name}" for name in FILES)]
)
async def test_the_figures_are_refused_without_the_password(
    client: httpx.AsyncClient, path: str
) -> None:
    """Neither the pages nor the files nor the charts are shown."""
    for at in (path, f"/kent/{SUMMER}/disagreement/chart.svg"):
        answer = await client.get(AT + at, headers={"Authorization": "Basic %"})
        assert answer.status_code == 401
        assert "Kent" not in answer.text


async def test_the_list_leads_to_each_policy_and_quarter(client: httpx.AsyncClient) -> None:
    """It links each of them, and says when the running quarter will be shown."""
    answer = await client.get(f"{AT}/")
    assert answer.status_code == 200
    for name in YEAR:
        assert f'href="{AT}/{name}/{SUMMER}"' in answer.text
    assert "2026-Q4" not in answer.text
    assert "12 February 2027" in answer.text


@pytest.mark.long
@pytest.mark.parametrize("policy", [*YEAR, "none", "trust_guidance"])
async def test_no_small_number_is_on_the_page(
    served: Served, client: httpx.AsyncClient, policy: str
) -> None:
    """Page, file and chart of every period show no count below 5."""
    for period in served.figures.published.periods():
        at = f"{AT}/{policy}/{period}"
        page = Numbers((await client.get(at)).text)
        assert {"0", "1", "2", "3", "4"} & set(page.cells) == set()
        file = (await client.get(f"{at}/figures.csv")).content.decode("utf-8-sig")
        counts = [int(one["count"]) for one in csv.DictReader(StringIO(file)) if one["count"]]
        assert all(count >= 5 for count in counts)
        for picture in page.pictures:
            drawn = ET.fromstring((await client.get(picture)).text)  # noqa: S314 - our own
            texts = [one.text for one in drawn.iter(f"{SVG}text")]
            assert {"0", "1", "2", "3", "4"} & set(texts) == set()


@pytest.mark.long
async def test_the_page_leads_to_its_files(client: httpx.AsyncClient) -> None:
    """Each file's name has its policy and quarter."""
    page = (await client.get(f"{AT}/kent/{SUMMER}")).text
    for name in FILES:
        assert f'href="{AT}/kent/{SUMMER}/{name}"' in page
        answer = await client.get(f"{AT}/kent/{SUMMER}/{name}")
        assert answer.status_code == 200
        ending = name.rpartition(".")[2]
        called = f'attachment; filename="figures-kent-{SUMMER}.{ending}"'
        assert answer.headers["Content-Disposition"] == called


@pytest.mark.long
async def test_each_table_has_a_sentence_and_a_chart_in_words(client: httpx.AsyncClient) -> None:
    """A chart holds text, a title and a description, and loads nothing."""
    answer = await client.get(f"{AT}/kent/{SUMMER}")
    assert "escalations reached a stage. In the quarter before it was about" in answer.text
    assert "The most frequent kind" in answer.text
    assert "“The level of need, or a referral not accepted” (about" in answer.text
    pictures = Numbers(answer.text).pictures
    assert len(pictures) > 6
    for picture in pictures:
        chart = await client.get(picture)
        assert chart.headers["content-type"] == "image/svg+xml"
        drawn = ET.fromstring(chart.text)  # noqa: S314 - our own
        assert drawn.findtext(f"{SVG}title")
        assert drawn.findtext(f"{SVG}desc")
        assert "style" not in chart.text
        assert "href" not in chart.text


@pytest.mark.long
async def test_an_agency_log_is_shown_beside_and_never_added(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    """It has a column of its own on the page, in charts and in files."""
    rows = [new_row(one) for one in simulated_year()]
    logs = [new_row(one, OWN_LOG) for one in simulated_year(2)]
    library, found = load_library(POLICIES), []
    for name, held in (("alone", rows), ("both", [*rows, *logs])):
        (tmp_path / name).mkdir()
        engine = database(tmp_path / name, held)
        published = PublishedQuarters(engine, library, lambda: date(2026, 11, 26), lambda: 0)
        found.append(FigurePages(published))
    for policy in YEAR:
        only, both = (pages.csv(policy, SUMMER).decode("utf-8-sig").splitlines() for pages in found)
        assert [line for line in both if f",{OWN_LOG}," not in line] == only
    page = (await client.get(f"{AT}/kent/{SUMMER}")).text
    assert re.search(rf"The own log of {OWN_LOG} holds about \d+; some of them may be", page)
    assert f"Own log of {OWN_LOG}: The most frequent kind" in page
    chart = await client.get(f"{AT}/kent/{SUMMER}/disagreement/chart.svg")
    drawn = ET.fromstring(chart.text)  # noqa: S314 - our own
    assert f"Own log of {OWN_LOG} " in str(drawn.findtext(f"{SVG}desc"))
    looks = {(one.get("fill"), one.get("stroke")) for one in drawn.iter(f"{SVG}rect")}
    assert len({fill for fill, stroke in looks if stroke}) == 3
    # It looks the same in every chart, also where no quarter before stands beside it.
    keys = set()
    for picture in Numbers(page).pictures:
        parts = list(ET.fromstring((await client.get(picture)).text))  # noqa: S314 - our own
        keys |= {
            bar.get("fill") for bar, name in pairwise(parts) if name.text == f"Own log of {OWN_LOG}"
        }
    assert keys == {"#ffffff"}


async def test_the_page_loads_nothing_from_elsewhere_and_is_not_kept(
    client: httpx.AsyncClient,
) -> None:
    """Under the content policy of the keepers' pages."""
    answer = await client.get(f"{AT}/kent/{SUMMER}")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert answer.headers["Cache-Control"] == "no-store"


async def test_a_quarter_with_few_says_so(client: httpx.AsyncClient) -> None:
    """An empty quarter, or a small one, has a plain page that leads to its year."""
    for policy in ("trust_guidance", "pan_dorset"):
        few = (await client.get(f"{AT}/{policy}/{SUMMER}")).text
        assert "too few for a quarter by itself" in few
        assert "<img" not in few
        assert f'href="{AT}/{policy}/{SUMMER}-year"' in few
    year = (await client.get(f"{AT}/pan_dorset/{SUMMER}-year")).text
    assert "<h2>What they were about</h2>" in year
    assert (
        "<h2>Too few to tell</h2>" in (await client.get(f"{AT}/trust_guidance/{SUMMER}-year")).text
    )


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/kent/2026-Q4", "12 February 2027"),
        ("/kent/2999-Q4", "are shown from"),
        ("/kent/summer", "written as 2026-Q2"),
        ("/kent/2026-Q5", "written as 2026-Q2"),
        ("/kent/9999-Q4", "written as 2026-Q2"),
        ("/kent/2026-29", "written as 2026-Q2"),
        ("/kent/2019-Q1", "not in use yet"),
        ("/kent/2026-27", "are shown from 13 May 2027"),
        ("/narnia/2026-Q3", "no policy"),
        (f"/kent/{SUMMER}/shoes/chart.svg", "no chart"),
        *((f"/kent/2026-Q4/{name}", "12 February 2027") for name in FILES),
        *((f"/narnia/{SUMMER}/{name}", "no policy") for name in FILES),
    ],
)
async def test_a_missing_quarter_policy_or_chart_is_refused(
    client: httpx.AsyncClient, path: str, told: str
) -> None:
    """So is a quarter that is not shown yet."""
    answer = await client.get(AT + path)
    assert answer.status_code == 404
    assert told in answer.text


async def test_later_rows_change_no_shown_quarter(
    served: Served, client: httpx.AsyncClient
) -> None:
    """The rows of the running quarter appear nowhere until its own day."""
    before = await client.get(f"{AT}/kent/{SUMMER}/figures.csv")
    with served.engine.begin() as connection:
        later = [figures_row(month="2026-11", disagreement="communication") for _ in range(90)]
        connection.execute(ESCALATIONS.insert(), later)
    again = FigurePages(
        PublishedQuarters(served.engine, load_library(POLICIES), lambda: date(2027, 2, 12))
    )
    assert again.csv("kent", SUMMER) == before.content
    assert before.content.count(b"\n") > 200
    served.day[0] = date(2027, 2, 11)
    assert (await client.get(f"{AT}/kent/2026-Q4")).status_code == 404
    served.day[0] = date(2027, 2, 12)
    shown = (await client.get(f"{AT}/kent/2026-Q4")).text
    assert re.search(r"About (85|90|95) escalations reached a stage", shown)
    served.day[0] = date(2026, 11, 24)


async def test_lost_rows_are_mentioned_on_the_page_of_their_quarter(
    served: Served, client: httpx.AsyncClient
) -> None:
    """No other quarter's page mentions them."""
    said = "of all policies about 7 entries could not be kept"
    assert said not in (await client.get(f"{AT}/kent/{SUMMER}")).text
    with served.engine.begin() as connection:
        connection.execute(LOSSES.insert(), [{"month": "2026-07", "rows": 5}])
        connection.execute(LOSSES.insert(), [{"month": "2026-09", "rows": 2}])
    assert said in (await client.get(f"{AT}/kent/{SUMMER}")).text
    assert "could not be kept" not in (await client.get(f"{AT}/kent/2026-Q2")).text
    with served.engine.begin() as connection:
        connection.execute(LOSSES.delete())


async def test_a_missing_database_is_reported_without_details(
    served: Served, client: httpx.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says to try again, and nothing of the error."""
    gone = database(tmp_path, [figures_row()])
    with gone.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE escalations RENAME TO taken_away")
    published = PublishedQuarters(gone, load_library(POLICIES), lambda: date(2026, 11, 26))
    monkeypatch.setattr(published, "_made", True)
    monkeypatch.setattr(served.figures, "published", published)
    answer = await client.get(f"{AT}/kent/{SUMMER}")
    assert answer.status_code == 503
    assert "cannot be read now" in answer.text
    assert "escalations" not in answer.text
