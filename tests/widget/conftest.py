"""A browser, the stand-in server and a page, for the widget's tests."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.widget import chromium
from tests.widget.hands import PATIENCE_MS, started
from tests.widget.stand_in import StandIn

expect.set_options(timeout=PATIENCE_MS)

HERE = Path(__file__).parent
SIZE: ViewportSize = {"width": 1100, "height": 800}
running: list[Browser] = []
"""The browser, if it runs."""
until_the_end = ExitStack()


@pytest.fixture(scope="module")
def browser() -> Browser:
    """A headless Chromium, which all tests here share that run one after another."""
    if not running:
        playwright = until_the_end.enter_context(sync_playwright())
        running.append(until_the_end.enter_context(chromium.start(playwright)))
    return running[0]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> Iterator[None]:
    """End the browser before a test of another room: while Playwright runs, no asyncio test can."""
    try:
        return (yield)
    finally:
        if nextitem is None or HERE not in nextitem.path.parents:
            until_the_end.close()
            running.clear()


@pytest.fixture
def server() -> Iterator[StandIn]:
    """The stand-in server, new for each test."""
    with StandIn.running() as server:
        yield server


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser profile of its own."""
    opened = new_profile(browser)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """A tab that tests use one after another: a new one takes longer than most of them."""
    profile = new_profile(browser)
    yield profile.new_page()
    profile.close()


@pytest.fixture
def page(request: pytest.FixtureRequest, server: StandIn) -> Iterator[Page]:
    """The demonstration page, open, with the guide's first question asked.

    Each test's server is an origin of its own, so the page finds nothing stored. A test that uses
    `context`, because it does to the tab what cannot be undone, gets a new one.
    """
    own = "context" in request.fixturenames
    opened: Page = (
        request.getfixturevalue("context").new_page() if own else request.getfixturevalue("tab")
    )
    opened.goto(server.url)
    started(opened)
    yield opened
    if not own:
        leave_as_it_was(opened)


def new_profile(browser: Browser) -> BrowserContext:
    """Open a browser profile."""
    opened = browser.new_context(viewport=SIZE, locale="en-GB")
    opened.set_default_timeout(PATIENCE_MS)
    return opened


def leave_as_it_was(tab: Page) -> None:
    """Undo what a test did to a tab, and leave the page while its server still answers."""
    tab.unroute_all(behavior="ignoreErrors")
    tab.context.set_offline(False)
    tab.context.clear_permissions()
    tab.goto("about:blank")
    tab.mouse.move(0, 0)
    tab.emulate_media(
        media="null", color_scheme="null", reduced_motion="null", forced_colors="null"
    )
    tab.set_viewport_size(SIZE)
    assert tab.context.pages == [tab]
