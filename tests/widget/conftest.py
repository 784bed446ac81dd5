"""A browser, the stand-in server and a page, for the widget's tests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.widget import chromium
from tests.widget.hands import PATIENCE_MS
from tests.widget.stand_in import StandIn

expect.set_options(timeout=PATIENCE_MS)


# By module, not by session: while Playwright runs, no asyncio test can.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        started = chromium.start(playwright)
        yield started
        started.close()


@pytest.fixture
def server() -> Iterator[StandIn]:
    """The stand-in server, new for each test."""
    with StandIn.running() as started:
        yield started


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own."""
    opened = browser.new_context(viewport={"width": 1100, "height": 800}, locale="en-GB")
    opened.set_default_timeout(PATIENCE_MS)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, server: StandIn) -> Page:
    """The demonstration page, open, with the guide's first question asked."""
    opened = context.new_page()
    opened.goto(server.url)
    opened.get_by_role("button", name="Worried, but it isn't immediate").wait_for()
    return opened
