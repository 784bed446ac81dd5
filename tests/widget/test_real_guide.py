"""The page and the guide together: the real server, the real answers, a real browser."""

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.server import Server
from tests.widget.hands import field, log, press, say

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture
def page(context: BrowserContext, guide: Server) -> Page:
    """The demonstration page of the running guide; anything in its console fails the test."""
    opened = context.new_page()
    told: list[str] = []
    opened.on("console", lambda message: told.append(message.text))
    opened.on("pageerror", lambda error: told.append(str(error)))
    opened.goto(guide.address)
    opened.get_by_role("button", name="Worried, but it isn't immediate").wait_for()
    assert told == []
    return opened


def test_a_whole_account_leads_to_advice_and_a_draft(page: Page) -> None:
    """One opening message, two more answers, then the card with its stages, and the e-mail."""
    say(
        page,
        "worried but not immediate. social care have knocked back our third referral and say it "
        "doesn't meet threshold. im dsl at a school in folkestone, i rang the social worker on "
        "monday and got nowhere",
    )
    expect(log(page)).to_contain_text("Here is what I understood")
    expect(log(page)).to_contain_text("Where: Kent")
    say(page, "no")
    card = page.get_by_role("heading", name="raise it under Stage 1")
    expect(card).to_be_visible()
    expect(page.locator("[aria-current=step]")).to_contain_text("Talk between you")
    expect(log(page)).to_contain_text("Fri 27 Nov 2026")
    page.get_by_text("By when, and how it was counted").click()
    page.get_by_text("How this was counted").first.click()
    expect(log(page)).to_contain_text("day 0 is Fri 20 Nov 2026")
    press(page, "Draft the e-mail")
    expect(log(page)).to_contain_text("I am raising it under Stage 1 of")
    # A safeguarding lead writes for themselves: the post alone, with no word of a line manager.
    expect(log(page)).to_contain_text(re.compile(r"To: Team manager \(children's social care\)"))
    expect(log(page)).to_contain_text("[your name]")
    press(page, "Firmer")
    expect(log(page)).to_contain_text("E-mail to their manager (firm)")


def test_danger_typed_in_the_middle_is_announced_and_the_field_keeps_the_focus(page: Page) -> None:
    """The alert names 999 with a link that dials, and the answers are kept."""
    press(page, "Worried, but it isn't immediate")
    press(page, "Kent")
    expect(log(page)).to_contain_text("injury to a baby or young child")
    say(page, "mum just rang, her ex is at the house now and he's got a knife")
    alarm = page.locator(".alert[role=alert]")
    expect(alarm).to_contain_text("999")
    expect(alarm.get_by_role("link", name="999").first).to_have_attribute("href", "tel:999")
    expect(field(page)).to_be_focused()
    press(page, "It isn't happening now")
    expect(log(page)).to_contain_text("You told me something new, so I ask this again.")
    press(page, "Worried, but it isn't immediate")
    expect(page.get_by_text("injury to a baby or young child")).to_have_count(2)


def test_a_name_is_masked_told_and_not_in_the_history(page: Page, guide: Server) -> None:
    """What could identify a family is left out before the guide sees it."""
    say(page, "no")
    # While the guide is answering, the field sends nothing.
    expect(log(page)).to_contain_text("Where does the child live")
    say(page, "her mum is called Ewelina Kowalczyk and her number is 07700 900123")
    expect(log(page)).to_contain_text("I don't need anything that could identify")
    page.reload()
    conversation = page.get_by_role("group", name="Conversation")
    expect(conversation).to_contain_text("Where does the child live")
    expect(conversation).to_contain_text("her mum is called [name]")
    expect(conversation).not_to_contain_text("Kowalczyk")
    assert "Kowalczyk" not in guide.written


def test_two_tabs_are_two_conversations(page: Page, context: BrowserContext, guide: Server) -> None:
    """What is said in one is not in the other."""
    say(page, "no")
    other = context.new_page()
    other.goto(guide.address)
    other.get_by_role("button", name="Worried, but it isn't immediate").wait_for()
    expect(log(page)).to_contain_text("Where does the child live")
    expect(log(other)).not_to_contain_text("Where does the child live")


def test_a_case_is_saved_copied_and_brought_back_in_another_tab(
    page: Page, context: BrowserContext, guide: Server
) -> None:
    """The code stands on its card, can be copied, and is gone when the page is loaded again."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    say(page, "no")
    press(page, "Kent")
    expect(log(page)).to_contain_text("What is the disagreement")
    say(page, "save this please")
    code = page.locator(".code")
    expect(code).to_have_text(re.compile(r"^EG(-[a-z]{3,8}){13}$"))
    shown = code.inner_text()
    press(page, "Copy the code")
    expect(page.get_by_text("The code is copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == shown
    page.reload()
    expect(page.get_by_text("shown to you once")).to_be_visible()
    expect(page.get_by_text(shown)).to_have_count(0)
    other = context.new_page()
    other.goto(guide.address)
    field(other).fill(f"here it is {shown}")
    other.keyboard.press("Enter")
    expect(log(other)).to_contain_text("Welcome back")
    expect(log(other)).to_contain_text("Where: Kent")


def test_a_page_whose_conversation_was_deleted_begins_anew(page: Page) -> None:
    """Loaded again it is not empty: the welcome is there, and nothing of before."""
    say(page, "no")
    press(page, "Kent")
    expect(log(page)).to_contain_text("What is the disagreement")
    say(page, "delete this conversation")
    press(page, "Yes, delete everything")
    expect(log(page)).to_contain_text("I have deleted it")
    page.reload()
    expect(page.get_by_role("button", name="Worried, but it isn't immediate")).to_be_visible()
    expect(page.get_by_text("What is the disagreement")).to_have_count(0)
    expect(page.get_by_text("I have deleted it")).to_have_count(0)
