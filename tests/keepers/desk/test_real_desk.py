"""The desk of the running guide in a real browser: its forms are sent, and taken."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import HttpCredentials, Page, expect, sync_playwright

from bot.keepers.people import Accounts
from bot.paths import ROOT
from bot.privacy.store.database import make_engine
from tests.support.server import Server
from tests.widget import chromium

pytestmark = [pytest.mark.browser, pytest.mark.server]

JO: HttpCredentials = {"username": "Jo", "password": "a password of Jo's"}
TEXT = (ROOT / "docs/keepers/example/policy.md").read_text("utf-8")


@pytest.fixture(name="page")
def fixture_page(guide: Server, guide_database: Path) -> Iterator[Page]:
    """The list of drafts, as a business manager with an account opens it."""
    accounts = Accounts(make_engine(f"sqlite:///{guide_database}"))
    accounts.keep(JO["username"], "business manager", "*:write,check,sign", JO["password"])
    with sync_playwright() as playwright:
        browser = chromium.start(playwright)
        page = browser.new_context(http_credentials=JO).new_page()
        page.goto(f"{guide.address}/keepers/drafts/")
        yield page
        browser.close()


def test_a_manager_begins_a_draft_and_changes_it(page: Page) -> None:
    """Each form that the browser sends is taken for one of the guide's own pages."""
    page.get_by_label("Short word").fill("vale")
    page.get_by_label("text").fill(TEXT)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vale")
    page.get_by_role("link", name="Statements").first.click()
    page.get_by_role("button", name="Accept").first.click()
    expect(page.locator("main")).to_contain_text("Accepted")
