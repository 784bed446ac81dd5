"""The widget's session: how long it lasts, reloads, and two tabs with one conversation."""

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.widget.hands import bring_to, field, focused, log, press, say, started
from tests.widget.stand_in import StandIn

pytestmark = pytest.mark.browser

MINUTE = 60_000
HOUR = 60 * MINUTE


@pytest.fixture
def timed(context: BrowserContext, server: StandIn) -> Page:
    """The demonstration page with a clock that the test moves."""
    page = context.new_page()
    page.clock.install()
    page.goto(server.url)
    started(page)
    return page


def another_tab(context: BrowserContext, page: Page, server: StandIn) -> Page:
    """The same page opened from the first: the browser hands its session on."""
    with context.expect_page() as opened:
        page.evaluate("url => { window.open(url); }", server.url)
    tab = opened.value
    tab.locator(".past .message").first.wait_for()
    return tab


def token(page: Page) -> str:
    """The token that the tab holds."""
    return str(page.evaluate("JSON.parse(sessionStorage.getItem('escalation-guide')).token"))


def test_the_end_is_announced_before_it_happens_and_can_be_put_off(
    timed: Page, server: StandIn
) -> None:
    """A quarter of an hour before, politely, with one button; the focus stays where it was."""
    notice = timed.locator(".notice[role=status]")
    field(timed).fill("half a sentence")
    before = token(timed)
    timed.clock.fast_forward(11 * HOUR + 44 * MINUTE)
    expect(notice).to_be_empty()
    timed.clock.fast_forward(MINUTE + 20_000)
    expect(notice).to_contain_text("This conversation closes at")
    expect(notice).to_contain_text("in 15 minutes.")
    assert focused(timed) == "field"
    press(timed, "Stay in it")
    expect(timed.get_by_text("The conversation stays open.")).to_be_visible()
    expect(notice).to_be_empty()
    assert token(timed) != before
    assert server.histories[token(timed)] is server.histories[before]
    timed.clock.fast_forward(30 * MINUTE)
    expect(field(timed)).to_have_value("half a sentence")
    say(timed, "half a sentence")
    expect(log(timed).get_by_text("You wrote: half a sentence")).to_be_visible()


def test_an_end_that_is_not_put_off_is_said_when_it_comes(timed: Page, server: StandIn) -> None:
    """What stands on the screen stays there, what was typed stays in the field."""
    press(timed, "Worried, but it isn't immediate")
    expect(timed.get_by_role("button", name="Kent")).to_be_visible()
    server.histories.clear()
    field(timed).fill("half a sentence")
    timed.clock.fast_forward(12 * HOUR + MINUTE)
    problem = timed.locator(".problem[role=alert]")
    expect(problem).to_contain_text("This conversation has ended because it was open for a long")
    expect(timed.locator(".notice")).to_be_empty()
    expect(timed.get_by_role("button", name="Kent")).to_be_visible()
    press(timed, "Start a new conversation")
    expect(log(timed).get_by_role("button", name="Worried, but it isn't")).to_be_enabled()
    expect(field(timed)).to_have_value("half a sentence")


def test_who_is_in_the_middle_of_it_is_not_asked(timed: Page, server: StandIn) -> None:
    """A message in the last hour makes the session longer by itself."""
    before = token(timed)
    timed.clock.fast_forward(11 * HOUR + 10 * MINUTE)
    with timed.expect_response(lambda answer: answer.request.method == "PUT"):
        say(timed, "hello")
    expect(log(timed).get_by_text("You wrote: hello")).to_be_visible()
    expect(timed.locator(".notice")).to_be_empty()
    timed.wait_for_function(
        "before => JSON.parse(sessionStorage.getItem('escalation-guide')).token !== before",
        arg=before,
    )
    timed.clock.fast_forward(HOUR)
    expect(timed.locator(".notice")).to_be_empty()
    assert len(server.histories) == 2


def test_an_emergency_that_was_not_acknowledged_is_in_sight_after_a_reload(
    page: Page, server: StandIn
) -> None:
    """It does not go by itself, whatever happens to the page; once seen, it stays away."""
    bring_to(page, "emergency", server)
    page.reload()
    alarm = page.locator(".alert[role=alert]")
    expect(alarm).to_contain_text("Call 999 now")
    press(page, "I have seen this")
    expect(alarm).to_be_empty()
    page.reload()
    expect(page.locator(".past").get_by_role("heading", name="Call 999 now")).to_be_visible()
    expect(alarm).to_be_empty()


def test_two_tabs_of_one_conversation_show_the_same(
    page: Page, context: BrowserContext, server: StandIn
) -> None:
    """What is answered in one stands in the other, once, and is not read out there as new."""
    press(page, "Worried, but it isn't immediate")
    expect(page.get_by_role("button", name="Kent")).to_be_visible()
    other = another_tab(context, page, server)
    expect(other.get_by_role("button", name="Kent")).to_be_visible()
    field(page).fill("typed here, not sent")
    press(other, "Kent")
    expect(other.get_by_role("heading", name="You are ready")).to_be_visible()
    expect(page.get_by_role("heading", name="You are ready")).to_be_visible()
    expect(page.get_by_role("button", name="Kent Chosen")).to_be_visible()
    expect(log(page)).to_be_empty()
    expect(field(page)).to_have_value("typed here, not sent")
    field(page).press("Enter")
    expect(other.get_by_text("You wrote: typed here, not sent")).to_be_visible()
    for tab in (page, other):
        expect(tab.locator(".person")).to_have_count(3)
    assert len(server.histories) == 1
    assert server.sent == ["answer:risk:concern", "answer:partnership:kent", "typed here, not sent"]


def test_two_tabs_that_send_at_once_lose_nothing(
    page: Page, context: BrowserContext, server: StandIn
) -> None:
    """One is answered while the other still waits; both end with the same conversation."""
    say(page, "first")
    expect(log(page).get_by_text("You wrote: first")).to_be_visible()
    other = another_tab(context, page, server)
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    other.route("**/webhooks/web/message", hold)
    with other.expect_request("**/webhooks/web/message"):
        say(other, "from the other")
    say(page, "from one")
    expect(log(page).get_by_text("You wrote: from one")).to_be_visible()
    waiting[0].continue_()
    for tab in (page, other):
        for words in ("from one", "from the other"):
            expect(tab.get_by_text(f"You wrote: {words}", exact=True)).to_have_count(1)
        expect(tab.locator(".person")).to_have_count(3)
    said = [tab.locator(".message .words").all_inner_texts() for tab in (page, other)]
    assert said[0] == said[1] == ["first", "from one", "from the other"]
    assert server.sent == said[0]


def test_a_conversation_deleted_in_one_tab_is_gone_from_the_other(
    page: Page, context: BrowserContext, server: StandIn
) -> None:
    """Its screen is cleared, it says why, and a new conversation can be begun there."""
    say(page, "something private")
    expect(log(page).get_by_text("You wrote: something private")).to_be_visible()
    other = another_tab(context, page, server)
    expect(other.get_by_text("You wrote: something private")).to_be_visible()
    bring_to(page, "sure", server)
    press(page, "Delete it")
    expect(other.locator(".problem")).to_contain_text("was deleted in another tab")
    expect(other.get_by_text("something private")).to_have_count(0)
    press(other, "Start a new conversation")
    started(other)
    assert token(other) != token(page)


def test_leaving_in_one_tab_leaves_in_all_of_its_conversation(
    page: Page, context: BrowserContext, server: StandIn
) -> None:
    """A tab with another conversation stays."""
    say(page, "something private")
    expect(log(page).get_by_text("You wrote: something private")).to_be_visible()
    same = another_tab(context, page, server)
    own = context.new_page()
    own.goto(server.url)
    started(own)
    page.get_by_role("button", name="Exit this page").click()
    for tab in (page, same):
        tab.wait_for_url("**/notices.html")
    assert server.deleted == ["/webhooks/web/session?keep=case"]
    say(own, "still here")
    expect(log(own).get_by_text("You wrote: still here")).to_be_visible()


def test_a_tab_opened_by_itself_has_a_conversation_of_its_own(
    page: Page, context: BrowserContext, server: StandIn
) -> None:
    """What is said in one is not in the other."""
    say(page, "something private")
    expect(log(page).get_by_text("You wrote: something private")).to_be_visible()
    own = context.new_page()
    own.goto(server.url)
    started(own)
    expect(own.get_by_text("something private")).to_have_count(0)
    assert len(server.histories) == 2
