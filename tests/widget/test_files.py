"""Files in the widget: fetched with the token, saved under their own name."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.widget.answers import RECORD
from tests.widget.hands import bring_to, press
from tests.widget.stand_in import StandIn

pytestmark = pytest.mark.browser


def test_a_file_is_fetched_with_the_token_and_saved(page: Page, server: StandIn) -> None:
    """A press saves the bytes under the file's own name, and says so."""
    bring_to(page, "files", server)
    with page.expect_download() as download:
        press(page, "Advice record (Word)")
    assert download.value.suggested_filename == "escalation-advice-2026-11-20.docx"
    assert Path(download.value.path()).read_bytes() == RECORD
    expect(page.get_by_text("Saved: Advice record (Word).")).to_be_visible()


def test_an_expired_file_says_what_to_do(page: Page, server: StandIn) -> None:
    """The server's own words are shown; there is nothing to try again."""
    bring_to(page, "files", server)
    press(page, "Dates for your calendar")
    expect(page.get_by_text("Its hour is over. Ask for the files again.")).to_be_visible()
    expect(page.get_by_role("button", name="Try again")).to_have_count(0)


def test_the_token_is_never_sent_to_another_site(page: Page, server: StandIn) -> None:
    """A file whose address is elsewhere is not asked for there."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    bring_to(page, "files", server)
    press(page, "From somewhere else")
    expect(page.locator(".problem strong")).to_be_visible()
    assert [url for url in asked if not url.startswith(server.url)] == []


def test_files_are_there_after_a_reload(page: Page, server: StandIn) -> None:
    """What was offered before can still be fetched by the same tab."""
    bring_to(page, "files", server)
    page.reload()
    with page.expect_download() as download:
        press(page, "Advice record (Word)")
    assert download.value.suggested_filename.endswith(".docx")
