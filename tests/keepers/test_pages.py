"""The keepers' pages of what is here: they change nothing, and are off without a password."""

import re
import shutil
from datetime import date
from html import unescape
from pathlib import Path

import httpx
import pytest

from bot.keepers.gate import TRIES, keepers_password
from bot.keepers.pages import KeeperPages
from bot.keepers.people import Keeper, read_rights
from bot.paths import POLICIES, ROOT
from tests.support.core import IDS, handbook
from tests.support.keepers_server import PASSWORD, Served, basic

SHAPES = ROOT / "tests/policies/shapes"


@pytest.fixture(name="shapes")
def fixture_shapes(
    served: Served, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> httpx.AsyncClient:
    """A client who is signed in to the pages of the invented partnerships."""
    monkeypatch.setattr(served.pages, "folder", SHAPES)
    return client


@pytest.mark.parametrize(
    "path", ["/keepers/", "/keepers/policy/kent", "/keepers/try", "/keepers/compare?old=a&new=b"]
)
async def test_nobody_is_let_in_without_the_password(
    stranger: httpx.AsyncClient, path: str
) -> None:
    """A missing, wrong or malformed password is refused."""
    for headers in ({}, basic("wrong"), {"Authorization": "Basic %"}, {"Authorization": "x"}):
        answer = await stranger.get(path, headers=headers)
        assert answer.status_code == 401
        assert "Basic" in answer.headers["WWW-Authenticate"]
        assert "Kent" not in answer.text


@pytest.mark.long
async def test_after_many_wrong_passwords_their_address_is_let_in_no_more_for_a_while(
    served: Served, stranger: httpx.AsyncClient, elsewhere: httpx.AsyncClient
) -> None:
    """Even the right password is refused until ten minutes have passed; other addresses go on."""
    for _ in range(TRIES):
        assert (await stranger.get("/keepers/", headers=basic("guess"))).status_code == 401
    assert (await stranger.get("/keepers/", headers=basic(PASSWORD))).status_code == 429
    assert (await elsewhere.get("/keepers/", headers=basic(PASSWORD))).status_code == 200
    served.now[0] += 601
    assert (await stranger.get("/keepers/", headers=basic(PASSWORD))).status_code == 200


async def test_the_list_has_every_policy_with_its_approval(client: httpx.AsyncClient) -> None:
    """Each file has a line with links to its fact sheet and diagram."""
    answer = await client.get("/keepers/")
    assert answer.status_code == 200
    for name in IDS:
        assert f'href="/keepers/policy/{name}"' in answer.text
        assert f'href="/keepers/policy/{name}/diagram.svg"' in answer.text
    assert answer.text.count("not signed by the partnership") == len(IDS)


async def test_a_review_date_that_has_passed_is_marked(
    served: Served, shapes: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mark appears beside the date, from the day after."""
    assert "2026-12-31</td>" in (await shapes.get("/keepers/")).text
    monkeypatch.setattr(served.pages, "today", lambda: date(2027, 1, 1))
    assert "2026-12-31 (has passed)</td>" in (await shapes.get("/keepers/")).text


async def test_each_policy_has_its_fact_sheet_and_its_diagram(client: httpx.AsyncClient) -> None:
    """They are the same as those that the commands write."""
    sheet = await client.get("/keepers/policy/kent")
    assert "Fact sheet: Kent Escalation and Professional Challenge" in sheet.text
    picture = await client.get("/keepers/policy/kent/diagram.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "Stage 3: Assistant director" in picture.text


@pytest.mark.parametrize("name", ["narnia", "..%2Fkent", "template%2Fpartnership", "kent.yml"])
async def test_no_other_file_can_be_reached(client: httpx.AsyncClient, name: str) -> None:
    """Only names on the list are served."""
    assert (await client.get(f"/keepers/policy/{name}")).status_code == 404


async def test_compare_shows_both_diagrams_and_the_changes(shapes: httpx.AsyncClient) -> None:
    """The changes are given in sentences."""
    answer = await shapes.get("/keepers/compare?old=penhallow&new=penhallow.2027")
    assert answer.text.count("<img") == 2
    assert "is now 3 working days" in " ".join(unescape(answer.text).split())


@pytest.mark.long
async def test_a_comparison_stands_under_headings_and_says_what_its_dates_are(
    client: httpx.AsyncClient,
) -> None:
    """Two policies that number their stages differently are told apart by what each was before."""
    text = unescape((await client.get("/keepers/compare?old=kent&new=pan_dorset")).text)
    for heading in ("Stages", "Time limits", "What to do next", "What is not stated"):
        assert f"<h3>{heading}</h3>" in text
    assert "all is raised on Monday 2 November 2026" in text
    assert "Stage 3 or Stage 3 or" not in text
    assert "Stage 2 (before: Stage 1)" in text


async def test_a_wrong_file_is_named_with_its_mistakes_and_hides_no_other(
    served: Served, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The list, the reviews and the register go on without it."""
    for path in POLICIES.glob("*.yml"):
        shutil.copy(path, tmp_path / path.name)
    (tmp_path / "brigg.yml").write_text("id: brigg\nstages: 3\n", "utf-8")
    monkeypatch.setattr(served.pages, "folder", tmp_path)
    listed = await client.get("/keepers/")
    assert listed.status_code == 200
    assert "Files that cannot be used" in listed.text
    assert "<h3>brigg</h3>" in listed.text
    assert 'href="/keepers/policy/kent"' in listed.text
    assert (await client.get("/keepers/reviews.ics")).status_code == 200
    rows = (await client.get("/keepers/register.csv")).text.splitlines()
    assert len(rows) == len(IDS) + 2
    assert any(row.startswith("brigg,") and "expected" in row for row in rows)
    assert any(row.startswith("kent,Kent Safeguarding") for row in rows)


@pytest.mark.parametrize("kind", ["briefing.html", "practice.html", "briefing.docx"])
async def test_what_goes_to_the_teams_is_one_link_away(
    client: httpx.AsyncClient, kind: str
) -> None:
    """The list leads to the page and the Word file; no other file can be had so."""
    address = f"/keepers/policy/kent/files/{kind}"
    assert f'href="{address}"' in (await client.get("/keepers/")).text
    answer = await client.get(address)
    assert answer.status_code == 200
    what, ending = kind.split(".")
    named = answer.headers["Content-Disposition"]
    assert re.search(rf'filename="kent-{what}-\d{{4}}-\d\d-\d\d\.{ending}"', named)
    assert len(answer.content) > 2_000
    assert (await client.get("/keepers/policy/kent/files/kent.yml")).status_code == 404


SITUATION = {
    "policy": "kent",
    "today": "2026-11-24",
    "risk": "concern",
    "side": "raiser",
    "my_agency": "education",
    "their_agency": "childrens_social_care",
    "disagreement": "threshold",
    "outcome.0": "unresolved",
    "on.0": "2026-11-20",
}


async def test_a_situation_gives_what_the_guide_says_with_its_sources(
    client: httpx.AsyncClient,
) -> None:
    """The form asks in words, and every sentence names its section."""
    form = unescape((await client.get("/keepers/try?policy=kent")).text)
    assert "How great is the risk?" in form
    assert "childrens_social_care</" not in form
    text = unescape((await client.get("/keepers/try", params=SITUATION)).text)
    assert "Stage 1" in text
    assert "for their written answer by Tuesday 1 December 2026" in text
    assert "Stage 1 – Escalation to Team Manager" in text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"on.0": "2026-11-31"}, "not a date"),
        ({"on.0": "2027-01-01"}, "in the future"),
        ({"risk": "<script>alert(1)</script>"}, "is not known"),
        ({"today": "x"}, "not a date"),
    ],
)
async def test_a_wrong_situation_is_explained(
    client: httpx.AsyncClient, change: dict[str, str], told: str
) -> None:
    """Nothing in it is run, and the form is still there."""
    answer = await client.get("/keepers/try", params={**SITUATION, **change})
    assert answer.status_code == 200
    assert told in unescape(answer.text)
    assert "How great is the risk?" in answer.text
    assert "<script" not in answer.text


async def test_the_pages_change_nothing_and_load_nothing(client: httpx.AsyncClient) -> None:
    """No form is posted to them; no script or other site is used, and nothing is cached."""
    for path in ("/keepers/", "/keepers/policy/kent"):
        assert (await client.post(path)).status_code == 405
    answer = await client.get("/keepers/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_pages_are_off_without_a_password() -> None:
    """A short password is refused with the reason."""
    assert keepers_password({}) is None
    assert keepers_password({"ESCALATION_GUIDE_KEEPERS_PASSWORD": "  "}) is None
    assert keepers_password({"ESCALATION_GUIDE_KEEPERS_PASSWORD": PASSWORD}) == PASSWORD
    with pytest.raises(ValueError, match="at least 12 characters"):
        keepers_password({"ESCALATION_GUIDE_KEEPERS_PASSWORD": "short"})


@pytest.mark.parametrize(
    ("rights", "menus"), [("vale:write", 0), ("kent:write", 0), ("*:write", 2)]
)
def test_nobody_is_shown_a_menu_with_nothing_to_choose(rights: str, menus: int) -> None:
    """Two policies can be compared; one with none yet hears where a new one begins."""
    pages = KeeperPages(POLICIES, handbook(), lambda: date(2026, 11, 26))
    page = pages.index(Keeper("Jo", "team manager", read_rights(rights)))
    assert page.count("<select") == menus
    assert ("<table" in page) is (rights != "vale:write")
    assert ("begins under Drafts" in page) is (rights == "vale:write")
