"""A keeper with rights for one partnership reads that partnership's pages and no other's."""

import re
from datetime import date
from html import unescape

import httpx
import pytest
from sanic import Sanic

from bot.keepers.feedback import AT as FEEDBACK
from bot.keepers.figures_page import AT as FIGURES
from bot.privacy.store.feedback import count_report
from bot.privacy.store.tables import create_tables
from tests.keepers.desk.test_path import begun
from tests.support.core import handbook, policies
from tests.support.keepers_desk import AT as DESK
from tests.support.keepers_server import PASSWORDS, Served, basic

OTHER, DRAFT = "pan_dorset", "far_vale"
PARTS = {
    "name": OTHER,
    "policy": OTHER,
    "draft": DRAFT,
    "kind": "briefing.html",
    "size": "chart.svg",
}
PERIOD = "2026-Q3"
KIT = basic(PASSWORDS["Kit"], "Kit")
"""Who keeps Kent alone."""


def addresses() -> list[tuple[str, str]]:
    """Every method and address of the keepers' pages, filled in for what Kit does not keep."""
    found = []
    for route in Sanic.get_app("keepers").router.routes:
        path = re.sub(r"<(\w+)[^>]*>", lambda part: PARTS.get(part[1], PERIOD), f"/{route.path}")
        found += [(method, path) for method in sorted(route.methods)]
    return found


async def report(served: Served) -> None:
    """Have one statement reported of each policy, and one of the guide's own."""
    create_tables(served.engine)
    told = {"statement": "stages[1]", "section": "", "kind": "advice", "fault": "unclear"}
    for name, policy in policies().items():
        one = {"policy": name, "version": policy.fingerprint, **told}
        count_report(served.engine, one, date(2026, 11, 20))
    own = {"policy": "guidance", "version": "", **told, "statement": "standing.yml: same_day"}
    count_report(served.engine, own, date(2026, 11, 20))


@pytest.mark.long
async def test_no_page_shows_another_partnerships(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """What names it is refused, and no list has it: drafts, policies, feedback, figures, files."""
    await begun(stranger, DRAFT)
    await report(served)
    visited, seen = set(), []
    for method, path in addresses():
        answer = await stranger.request(method, path, headers=KIT)
        named = OTHER in path or DRAFT in path
        if named and answer.status_code != httpx.codes.FORBIDDEN:
            seen.append(f"{method} {path}: {answer.status_code}")
        if re.search(f"dorset|{DRAFT}", answer.text, re.IGNORECASE):
            seen.append(f"{method} {path}: {answer.text}")
        visited.add(path)
    assert not seen, "\n".join(seen)
    assert {FEEDBACK, FIGURES, DESK, "/keepers/register.csv"} <= visited


async def test_what_belongs_to_no_partnership_is_every_keepers(
    served: Served, stranger: httpx.AsyncClient
) -> None:
    """The guide's own statements, and the figures of those who had chosen none yet."""
    await report(served)
    feedback = (await stranger.get(f"{FEEDBACK}/", headers=KIT)).text
    assert handbook().safety_guidance.same_day.what[:40] in unescape(feedback)
    listed = (await stranger.get(f"{FIGURES}/", headers=KIT)).text
    assert f'href="{FIGURES}/kent/{PERIOD}"' in listed
    assert f'href="{FIGURES}/none/{PERIOD}"' in listed
    chart = f"kent/{PERIOD}/disagreement/chart.svg"
    for path in (f"none/{PERIOD}", f"none/{PERIOD}/figures.csv", chart):
        assert (await stranger.get(f"{FIGURES}/{path}", headers=KIT)).status_code == 200
