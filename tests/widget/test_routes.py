"""Whole conversations with the real guide, one for each route, by keyboard alone."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.server import Server
from tests.widget.hands import PATIENCE_MS, field, focused, log, started

pytestmark = [pytest.mark.browser, pytest.mark.server]

LONGEST_WAY = 120
WORRIED = "Worried, but it isn't immediate"


@pytest.fixture
def page(context: BrowserContext, guide: Server) -> Iterator[Page]:
    """The demonstration page of the running guide, without a mouse and with nothing reported."""
    opened = context.new_page()
    told: list[str] = []
    opened.on("console", lambda message: told.append(message.text))
    opened.on("pageerror", lambda error: told.append(str(error)))
    opened.goto(guide.address)
    started(opened)
    yield opened
    assert told == []


def go_to(page: Page, ending: str, key: str = "Tab") -> None:
    """Press Tab, or Shift and Tab, until what ends with these words has the focus."""
    seen = []
    for _ in range(LONGEST_WAY):
        page.keyboard.press(key)
        seen.append(focused(page))
        if seen[-1].endswith(ending):
            return
    raise AssertionError(f"{key} does not reach {ending!r}: {seen}")


def answer(page: Page, *titles: str) -> None:
    """Choose one button after the other, each when it is there."""
    for title in titles:
        button = page.get_by_role("button", name=title).and_(page.locator(":enabled"))
        expect(button.last).to_be_visible()
        expect(page.locator(".status")).to_be_empty()
        go_to(page, title)
        page.keyboard.press("Enter")
        expect(log(page).locator(".person .words").last).to_have_text(title)
        expect(page.locator(".status")).to_be_empty()
        assert focused(page).endswith(f"{title} Chosen")


def type_in(page: Page, words: str) -> None:
    """Go to the field, type and send; the focus stays there."""
    if focused(page) != "field":
        go_to(page, "field")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.locator(".status")).to_be_empty()
    expect(field(page)).to_have_value("")
    assert focused(page) == "field"


def see(page: Page, title: str, *words: str) -> None:
    """Read a card's heading and some of its words."""
    card = log(page).locator(".card").filter(has=page.get_by_role("heading", name=title)).last
    for one in words:
        expect(card).to_contain_text(one)


def test_an_emergency_shows_999_first_and_what_to_record(page: Page) -> None:
    """999 first, announced at once; acknowledged; the calls made; then what to record."""
    answer(page, "Yes, in danger now")
    alarm = page.locator(".alert[role=alert]")
    expect(alarm).to_contain_text("Call 999 now")
    see(page, "Call 999 now", "Tell your designated safeguarding lead now")
    go_to(page, "I have seen this", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(alarm).to_be_empty()
    assert focused(page) == "field"
    go_to(page, "I've made the calls", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(log(page)).to_contain_text("Where does the child live?")
    answer(page, "Kent")
    expect(log(page).locator(".card").last).to_contain_text("What to record")
    expect(log(page).locator(".stages")).to_have_count(0)


def test_a_same_day_risk_shows_what_to_do_today(page: Page) -> None:
    """Act today, with a band that says so; no stage is waited for."""
    answer(page, "Yes, immediate risk of significant harm")
    see(page, "Act today", "Ring children's social care for where the child is now")
    expect(page.locator(".alert.today[role=alert]")).to_contain_text("Act today")
    # The card says it once, below the band.
    expect(log(page).locator(".card.same_day").get_by_text("Act today", exact=True)).to_have_count(
        1
    )
    answer(page, "I've made the calls", "Pan-Dorset")
    expect(log(page).locator(".card.same_day").last).to_contain_text("Dorset")
    expect(log(page).locator(".stages")).to_have_count(0)


def test_nine_answers_lead_to_the_next_stage_and_its_date(page: Page) -> None:
    """Nine answers, then where they stand, what is next, by when, and how that was counted."""
    answer(page, WORRIED, "Kent", "No", "The level of need, or a referral not accepted")
    answer(page, "School, college or other education", "Children's social care")
    answer(page, "Stage 1: Team manager", "Today", "Still waiting for an answer")
    see(page, "Expect a written answer from the team manager", "Fri 27 Nov 2026")
    here = log(page).locator("[aria-current=step]")
    expect(here).to_contain_text("You are here")
    expect(here).to_contain_text("Due Fri 27 Nov 2026")
    go_to(page, "By when, and how it was counted", "Shift+Tab")
    page.keyboard.press("Enter")
    go_to(page, "How this was counted", "Tab")
    page.keyboard.press("Enter")
    expect(log(page)).to_contain_text("day 0 is Fri 20 Nov 2026")
    answer(page, "Draft the e-mail")
    expect(page.get_by_role("button", name="Copy the draft")).to_be_visible()


def test_a_settled_disagreement_only_needs_recording(page: Page) -> None:
    """It was settled: what is left is to record it."""
    answer(page, WORRIED, "Kent", "No", "The level of need, or a referral not accepted")
    answer(page, "School, college or other education", "Children's social care")
    answer(page, "Stage 1: Team manager", "Today", "It was settled")
    see(page, "Write down today what was agreed")


def test_another_procedure_is_named_and_can_be_taken_back(page: Page) -> None:
    """Another procedure fits better: it is named, with whom to tell, and can be taken back."""
    answer(page, WORRIED)
    expect(log(page)).to_contain_text("Where does the child live?")
    type_in(page, "an allegation against a teacher who hit a pupil")
    expect(log(page)).to_contain_text("This may be for another procedure.")
    go_to(page, "Yes, that fits better", "Shift+Tab")
    page.keyboard.press("Enter")
    see(page, "Another procedure may fit better", "tell your head or most senior manager")
    expect(
        page.get_by_role("button", name="No, it is about the other agency's decision").last
    ).to_be_enabled()


def test_leaving_deletes_the_conversation_and_not_the_case(
    page: Page, context: BrowserContext, guide: Server
) -> None:
    """Escape three times: nothing of the talk is left on the server, and the code still works."""
    answer(page, WORRIED, "Kent", "No")
    type_in(page, "save this please")
    code = page.locator(".code").inner_text()
    token = page.evaluate("JSON.parse(sessionStorage.getItem('escalation-guide')).token")
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url("**/widget/notices.html")
    history = guide.address + "/webhooks/web/history"
    bearer = {"Authorization": f"Bearer {token}"}

    def left() -> object:
        return context.request.get(history, headers=bearer).json()

    # The request goes on while the page is left, so that it may end a little later.
    until = time.monotonic() + PATIENCE_MS / 1000
    while left() != {"messages": []} and time.monotonic() < until:
        page.wait_for_timeout(100)
    assert left() == {"messages": []}
    page.goto(guide.address)
    started(page)
    type_in(page, code)
    expect(log(page)).to_contain_text("Welcome back")
