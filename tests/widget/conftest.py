"""A browser, the stand-in server and a page, for the widget's tests."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright
from widget_stand_in import StandIn

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
MISSING = (
    "The widget's tests need Chromium, and none was found. Install it with "
    "`apt-get install chromium` (Debian, Ubuntu) or `playwright install chromium`, "
    "or name one in the environment variable CHROMIUM."
)


def chromium(playwright: Playwright) -> str:
    """The path of a Chromium; the test that asks fails with the command to install one."""
    own = playwright.chromium.executable_path
    found = [os.environ.get("CHROMIUM"), *(shutil.which(name) for name in NAMES), own]
    for path in found:
        if path and Path(path).is_file():
            return path
    pytest.fail(MISSING)


# By module, not by session: while Playwright runs, no asyncio test can.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium that calls no one."""
    with sync_playwright() as playwright:
        path = chromium(playwright)
        try:
            started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        except Error as error:
            pytest.fail(f"{path} does not start: {error}. {MISSING}")
        yield started
        started.close()


@pytest.fixture
def server() -> Iterator[StandIn]:
    """The stand-in server, on a free port of this machine."""
    with StandIn() as started:
        thread = threading.Thread(target=started.serve_forever, args=(0.05,))
        thread.start()
        yield started
        started.hold.set()
        started.shutdown()
        thread.join()


@pytest.fixture
def page(browser: Browser, server: StandIn) -> Iterator[Page]:
    """The demonstration page, open, with the guide's first question asked."""
    context = browser.new_context(viewport={"width": 1100, "height": 800}, locale="en-GB")
    context.set_default_timeout(10_000)
    opened = context.new_page()
    opened.goto(server.url)
    opened.get_by_role("button", name="Worried, but it isn't immediate").wait_for()
    yield opened
    context.close()
