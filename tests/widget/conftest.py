"""A browser, the stand-in server and a page, for the widget's tests."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.widget import chromium
from tests.widget.hands import PATIENCE_MS
from tests.widget.stand_in import StandIn

expect.set_options(timeout=PATIENCE_MS)

HERE = Path(__file__).parent
started: list[Browser] = []
"""The browser, if it runs."""
until_the_end = ExitStack()


@pytest.fixture(scope="module")
def browser() -> Browser:
    """A headless Chromium, which all tests here share that run one after another."""
    if not started:
        playwright = until_the_end.enter_context(sync_playwright())
        started.append(until_the_end.enter_context(chromium.start(playwright)))
    return started[0]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Iterator[None]:
    """End the browser before a test of another room: while Playwright runs, no asyncio test can."""
    try:
        return (yield)
    finally:
        if nextitem is None or HERE not in nextitem.path.parents:
            until_the_end.close()
            started.clear()


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
