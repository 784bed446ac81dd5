"""Where to find a Chromium, and how it is started for a test."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Playwright

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


def path(playwrights_own: str) -> str:
    """The path of a Chromium; the test that asks fails with the command to install one."""
    named = [os.environ.get("CHROMIUM"), *(shutil.which(name) for name in NAMES)]
    for found in [*named, "/usr/bin/chromium", playwrights_own]:
        if found and Path(found).is_file():
            return found
    pytest.fail(MISSING)


def start(playwright: Playwright) -> Browser:
    """A headless Chromium that calls no one."""
    found = path(playwright.chromium.executable_path)
    try:
        return playwright.chromium.launch(executable_path=found, args=FLAGS)
    except Error as error:
        pytest.fail(f"{found} does not start: {error}\n{MISSING}")
