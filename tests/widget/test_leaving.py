"""Leaving quickly, and deleting: the screen, the tab and the server are cleared."""

import time

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.hands import (
    PATIENCE_MS,
    bring_to,
    dress,
    field,
    focused,
    log,
    press,
    say,
    started,
    tab_to,
)
from tests.widget.stand_in import StandIn

# Whoever leaves takes the tab's history along.
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("context")]

NEUTRAL = "widget/notices.html"
KEPT = "JSON.parse(sessionStorage.getItem('escalation-guide') ?? '{}')"


def has_deleted(server: StandIn) -> None:
    """Wait until the conversation is deleted, and no case: the request outlives its page."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while not server.deleted and time.monotonic() < until:
        time.sleep(0.01)
    assert server.deleted == ["/webhooks/web/session?keep=case"]


def left(page: Page, server: StandIn) -> None:
    """Check that the person is gone from the guide, and so is what was said."""
    page.wait_for_url(server.url + NEUTRAL)
    expect(page.get_by_role("heading", name="Notices")).to_be_visible()
    assert page.evaluate(KEPT) == {}
    has_deleted(server)
    assert server.histories == {}


def test_exit_this_page_clears_everything(page: Page, server: StandIn) -> None:
    """One press; a saved case is kept, since its code is the way back. Back does not lead back."""
    say(page, "something private")
    expect(log(page).get_by_text("You wrote: something private")).to_be_visible()
    page.get_by_role("button", name="Exit this page").click()
    left(page, server)
    page.go_back()
    assert "something private" not in page.content()
    assert page.url != server.url


def test_leaving_needs_no_connection(page: Page) -> None:
    """Nothing of the talk is left on the screen or in the tab, and no error page leads back."""
    say(page, "something private")
    expect(log(page).get_by_text("You wrote: something private")).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="Exit this page").click()
    page.wait_for_url("about:blank")
    assert "something private" not in page.content()


def test_escape_three_times_leaves_like_the_button(page: Page, server: StandIn) -> None:
    """From the field, with the presses that are left said to who cannot see."""
    say(page, "something private")
    expect(log(page).get_by_text("You wrote: something private")).to_be_visible()
    told = page.locator(".unseen[role=status]")
    page.keyboard.press("Escape")
    expect(told).to_have_text("Press Escape 2 more times to exit this page.")
    page.keyboard.press("Escape")
    expect(told).to_have_text("Press Escape 1 more time to exit this page.")
    page.keyboard.press("Escape")
    left(page, server)


def test_escape_works_from_anywhere_on_the_page(page: Page, server: StandIn) -> None:
    """Also where the focus is in the page around the guide."""
    page.get_by_role("link", name="For page editors").focus()
    for _ in range(3):
        page.keyboard.press("Escape")
    left(page, server)


def test_escape_is_not_taken_for_leaving_by_chance(page: Page, server: StandIn) -> None:
    """Twice is not enough, another key in between begins anew, and so do five seconds."""
    page.clock.install()
    field(page).focus()
    for key in ("Escape", "Escape", "a", "Escape", "Escape"):
        page.keyboard.press(key)
    page.clock.fast_forward(6000)
    page.evaluate("window.before = document.title")
    expect(field(page)).to_have_value("a")
    assert server.deleted == []
    assert page.url == server.url


def test_the_screen_is_clear_though_the_other_page_does_not_come(
    page: Page, server: StandIn
) -> None:
    """Where nothing comes in its place, nothing is left to be seen, in the page around it too."""
    # An answer without content leaves the browser where it is.
    page.route("**/notices.html", lambda route: route.fulfill(status=204))
    say(page, "something private")
    expect(log(page).get_by_text("You wrote: something private")).to_be_visible()
    with page.expect_request("**/notices.html"):
        page.get_by_role("button", name="Exit this page").click()
    cover = page.locator(".cover")
    expect(cover).to_have_text("Loading")
    box = cover.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 1100, 800)
    expect(page.get_by_text("something private")).to_have_count(0)
    expect(page).to_have_title("Loading")
    assert page.evaluate(KEPT) == {}
    has_deleted(server)


def test_leaving_works_while_the_guide_is_answering(page: Page, server: StandIn) -> None:
    """Nobody has to wait for an answer to get away; the request to delete outlives the page."""
    page.evaluate(
        "() => { const ask = window.fetch; window.fetch = (url, options) => {"
        " if (options.method === 'DELETE') localStorage.setItem('outlives', options.keepalive);"
        " return ask(url, options); }; }"
    )
    server.hold.clear()
    say(page, "something private")
    page.get_by_role("button", name="Exit this page").click()
    page.wait_for_url(server.url + NEUTRAL)
    assert page.evaluate(KEPT) == {}
    assert page.evaluate("localStorage.getItem('outlives')") == "true"
    server.hold.set()


@pytest.mark.parametrize("wrong", ["javascript:alert(1)", "data:text/html,x", "http://[", ""])
def test_an_address_that_cannot_be_gone_to_leads_to_the_usual_page(
    page: Page, context: BrowserContext, server: StandIn, wrong: str
) -> None:
    """A page's mistake does not keep anybody there, and runs nothing."""
    context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="rain", status=200))
    dress(page, exit_to=wrong)
    page.get_by_role("button", name="Exit this page").click()
    page.wait_for_url("https://www.bbc.co.uk/weather")
    has_deleted(server)


def test_a_conversation_is_deleted_after_asking(page: Page, server: StandIn) -> None:
    """By keyboard: kept at first, then deleted on the server and the screen; a new one begins."""
    say(page, "something private")
    expect(log(page).get_by_text("You wrote: something private")).to_be_visible()
    page.locator("#heading").focus()
    tab_to(page, "More")
    page.keyboard.press("Enter")
    tab_to(page, "Delete this conversation")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Delete this conversation?")
    expect(dialog).to_be_visible()
    assert focused(page) == "Keep it"
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    assert focused(page) == "Delete this conversation"
    assert server.deleted == []
    page.keyboard.press("Enter")
    tab_to(page, "Delete it")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The conversation is deleted. A new one has begun.")).to_be_visible()
    started(page)
    expect(page.get_by_text("something private")).to_have_count(0)
    expect(field(page)).to_be_focused()
    assert server.deleted == ["/webhooks/web/session"]
    assert len(server.histories) == 1


def test_what_could_not_be_deleted_is_said_and_tried_again(page: Page, server: StandIn) -> None:
    """Nobody is told that it is gone before it is."""
    say(page, "something private")
    expect(log(page).get_by_text("You wrote: something private")).to_be_visible()
    server.refusals.append((503, "not_deleted", "I could not delete this just now."))
    bring_to(page, "sure", server)
    press(page, "Delete it")
    expect(page.locator(".problem")).to_contain_text("I could not delete this just now.")
    expect(log(page).get_by_text("You wrote: something private")).to_be_visible()
    press(page, "Try again")
    expect(page.get_by_text("The conversation is deleted.")).to_be_visible()
    expect(page.get_by_text("something private")).to_have_count(0)


def test_saving_is_at_hand_at_any_moment(page: Page, server: StandIn) -> None:
    """From the same place as deleting, without knowing what to type."""
    bring_to(page, "more", server)
    press(page, "Save for later")
    expect(log(page).get_by_text("Here is your code.")).to_be_visible()
    expect(field(page)).to_be_focused()
    assert server.sent == ["Save this for later"]
