"""The widget in use: what is said, pressed, typed, announced and kept."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.widget.answers import ADVICE, DRAFT, message
from tests.widget.hands import bring_to, field, focused, log, press, say, tab_to
from tests.widget.stand_in import StandIn

pytestmark = pytest.mark.browser


def test_a_whole_conversation_by_keyboard_alone(page: Page) -> None:
    """From the question to a copied draft without a mouse; the focus is never lost."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab_to(page, "4 Worried, but it isn't immediate")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Kent")).to_be_visible()
    assert focused(page) == "4 Worried, but it isn't immediate Chosen"
    page.keyboard.press("Tab")
    assert focused(page) == "1 Kent"
    page.keyboard.press("Space")
    expect(page.get_by_role("heading", name="You are ready for Stage 1")).to_be_visible()
    tab_to(page, "How this was counted")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Day 0 is Friday 20 November.")).to_be_visible()
    tab_to(page, "1 Draft the e-mail")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="E-mail to the team manager")).to_be_visible()
    tab_to(page, "Copy the draft")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The draft is copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Subject: Escalation, Stage 1: [child's initials]\n\nDear [name of")
    tab_to(page, "field")
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    expect(log(page).get_by_text("You wrote: one")).to_be_visible()
    expect(log(page).locator(".person").last.locator(".words")).to_have_text("one\ntwo")
    assert focused(page) == "field"


def test_the_draft_is_copied_where_the_page_is_not_secure(page: Page, server: StandIn) -> None:
    """On an intranet without TLS there is no clipboard object; the button works all the same."""
    page.context.grant_permissions(["clipboard-read"])
    page.evaluate("Object.defineProperty(navigator, 'old', {value: navigator.clipboard})")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    bring_to(page, "draft", server)
    press(page, "Copy the draft")
    expect(page.get_by_text("The draft is copied.")).to_be_visible()
    assert "Yours sincerely" in page.evaluate("navigator.old.readText()")


def test_advice_is_copied_as_text_for_another_system(page: Page, server: StandIn) -> None:
    """CPOMS, MyConcern and the like take plain text: all that the card says, without any marks."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    bring_to(page, "advice", server)
    press(page, "Copy the advice")
    expect(page.get_by_text("The advice is copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == ADVICE[0]["text"].replace("**", "")
    assert copied


def test_a_draft_opens_in_the_persons_own_mail(page: Page, server: StandIn) -> None:
    """With its subject and every line, and the addresses that the policy gives."""
    bring_to(page, "draft", server)
    card = DRAFT[0]["card"]
    link = page.get_by_role("link", name="Open in my e-mail")
    address = urlsplit(link.get_attribute("href") or "")
    assert (address.scheme, address.path) == ("mailto", "")
    told = parse_qs(address.query)
    assert told["subject"] == [card["subject"]]
    assert told["body"] == [card["body"].replace("\n", "\r\n")]
    addressed = {**card, "to": ["team@vale.example"], "cc": ["a@vale.example", "b@vale.example"]}
    server.answers["with addresses"] = [{**DRAFT[0], "card": addressed}]
    say(page, "with addresses")
    expect(link).to_have_count(2)
    address = urlsplit(link.last.get_attribute("href") or "")
    assert address.path == "team@vale.example"
    assert parse_qs(address.query) == {**told, "cc": ["a@vale.example,b@vale.example"]}


def test_a_draft_too_long_for_a_link_is_pasted_into_the_mail(page: Page, server: StandIn) -> None:
    """The link opens it with addresses and subject; pressing it copies the text, and says so."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    bring_to(page, "draft", server)
    body = "They have not answered – “not yet”. " * 100
    long = {**DRAFT[0]["card"], "body": body, "to": ["team@vale.example"]}
    server.answers["a long one"] = [{**DRAFT[0], "card": long}]
    say(page, "a long one")
    link = page.get_by_role("link", name="Open in my e-mail")
    expect(link).to_have_count(2)
    address = urlsplit(link.last.get_attribute("href") or "")
    assert address.path == "team@vale.example"
    assert parse_qs(address.query) == {"subject": [long["subject"]]}
    expect(page.get_by_text("too long for a link: paste it in")).to_be_visible()
    link.last.evaluate("link => link.addEventListener('click', (press) => press.preventDefault())")
    link.last.click()
    expect(page.get_by_text("The text is copied. Paste it into the e-mail.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == body


@pytest.mark.parametrize("words", ["4", "4.", "worried,  but it isn't IMMEDIATE."])
def test_a_number_or_title_typed_is_the_button(page: Page, server: StandIn, words: str) -> None:
    """A typed answer is marked as chosen, and the others can no longer be pressed."""
    say(page, words)
    expect(
        page.get_by_role("button", name="Worried, but it isn't immediate Chosen")
    ).to_be_visible()
    expect(page.get_by_role("button", name="I'm not sure")).to_be_disabled()
    assert server.sent == [words]
    assert focused(page) == "field"


def test_a_line_of_the_answers_is_changed_from_its_own_button(page: Page, server: StandIn) -> None:
    """The button says to a screen reader which answer it changes, and sends that."""
    bring_to(page, "review", server)
    press(page, "Change: You: education, in Kent")
    mine = log(page).locator(".person .words").last
    expect(mine).to_have_text("Change: You: education, in Kent")
    assert server.sent[-1] == "do:change_answer:my_agency"


def test_a_button_sends_its_payload_and_shows_its_title(page: Page, server: StandIn) -> None:
    """The server gets the payload; the person reads their own answer in words."""
    press(page, "Worried, but it isn't immediate")
    mine = log(page).locator(".person .words")
    expect(mine).to_have_text("Worried, but it isn't immediate")
    expect(page.get_by_role("button", name="Kent")).to_be_visible()
    assert server.sent == ["answer:risk:concern"]


def test_an_answer_given_cannot_be_pressed_again(page: Page, server: StandIn) -> None:
    """A second press of the chosen button says nothing more."""
    press(page, "Worried, but it isn't immediate")
    expect(page.get_by_role("button", name="Kent")).to_be_visible()
    chosen = page.get_by_role("button", name="Worried, but it isn't immediate Chosen")
    chosen.click(force=True)
    press(page, "Kent")
    expect(page.get_by_role("heading", name="You are ready")).to_be_visible()
    assert server.sent == ["answer:risk:concern", "answer:partnership:kent"]


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=\"document.title='broken'\">",
        "<script>document.title='broken'</script>",
        "**not bold** </p></div> &amp;",
        "\u202eright to left\u202c, \u05e9\u05dc\u05d5\u05dd",
        "javascript:alert(1) ${1} {{1}}",
    ],
)
def test_markup_is_shown_as_text(page: Page, text: str) -> None:
    """What is typed appears as it was typed, as the person's words and in the guide's answer."""
    title = page.title()
    say(page, text)
    expect(log(page).locator(".person .words")).to_have_text(text)
    answer = log(page).locator(".message").last
    expect(answer).to_contain_text(f"You wrote: {text.replace('**', '')}")
    assert page.title() == title
    assert page.locator("escalation-guide :is(img, script, iframe)").count() == 0
    own = log(page).locator(".person .words")
    assert own.evaluate("e => [e.dir, getComputedStyle(e).unicodeBidi]") == ["auto", "isolate"]


def test_bold_lines_and_lists_are_drawn(page: Page, server: StandIn) -> None:
    """The guide's light marks become emphasis, paragraphs and lists."""
    server.answers["list"] = [message("**Ask today:**\n- who\n- by when\n- what for")]
    say(page, "list")
    drawn = log(page).locator(".message").last
    expect(drawn.locator("strong")).to_have_text("Ask today:")
    expect(drawn.get_by_role("listitem")).to_have_count(3)
    expect(drawn).not_to_contain_text("**")


def test_999_can_be_dialled_and_other_numbers_are_left(page: Page) -> None:
    """999 is a link that dials, but not as a part of a longer number."""
    say(page, "ring 01632 999 000, 1999 or 999")
    answer = log(page).locator(".message").last
    expect(answer.get_by_role("link")).to_have_count(1)
    expect(answer.get_by_role("link", name="999")).to_have_attribute("href", "tel:999")


def test_the_stages_are_told_in_words(page: Page, server: StandIn) -> None:
    """One line until it is opened, then a list; where you are is said, not only coloured."""
    bring_to(page, "advice", server)
    page.get_by_text("Now: Stage 1, next: Stage 2").click()
    stages = page.get_by_role("list", name="Stages of the policy")
    expect(stages.get_by_role("listitem")).to_have_count(5)
    here = stages.locator("[aria-current=step]")
    expect(here).to_have_count(1)
    expect(here).to_contain_text("Team manager")
    expect(here).to_contain_text("You are here")
    expect(stages.get_by_role("listitem").nth(0)).to_contain_text("Done")
    expect(stages.get_by_role("listitem").nth(2)).to_contain_text("Next")
    expect(stages.get_by_role("listitem").nth(2)).to_contain_text("Due Fri 27 Nov 2026")


def test_what_needs_nothing_done_now_is_under_its_heading(page: Page, server: StandIn) -> None:
    """A folded section is closed at first, opens by keyboard, and still is a heading."""
    bring_to(page, "advice", server)
    line = page.get_by_text("The policy expects it of you.")
    expect(page.get_by_role("heading", name="You are allowed to challenge")).to_be_visible()
    expect(line).to_be_hidden()
    page.locator(".folded > summary").last.press("Enter")
    expect(line).to_be_visible()
    expect(page.get_by_role("heading", name="Do this next")).to_be_visible()
    expect(page.locator(".folded")).to_have_count(2)


def test_every_item_names_its_source(page: Page, server: StandIn) -> None:
    """Each line of advice has its source one tap below it; lines in a row share theirs."""
    bring_to(page, "advice", server)
    sections = log(page).locator("section").filter(has=page.locator(".items"))
    shown = [
        [item.locator(".source").count() for item in section.locator(".items > li").all()]
        for section in sections.all()
    ]
    assert shown == [[1], [1], [0, 1], [1]]
    source = log(page).locator(".items > li > .source").first
    expect(source.locator("p")).to_be_hidden()
    source.locator("summary").click()
    expect(source.locator("p")).to_have_text(
        "Kent escalation policy, Stages of the Escalation Process"
    )


def test_an_emergency_is_announced_and_stays_until_it_is_seen(page: Page) -> None:
    """It is said at once, whatever is being read; the focus stays in the field."""
    say(page, "mum just rang, he has a knife")
    alarm = page.locator(".alert[role=alert]")
    expect(alarm).to_contain_text("Call 999 now")
    expect(alarm.get_by_role("link", name="999").first).to_have_attribute("href", "tel:999")
    expect(log(page).get_by_text("Emergency: act now")).to_be_visible()
    assert focused(page) == "field"
    say(page, "I called them")
    expect(log(page).get_by_text("You wrote: I called them")).to_be_visible()
    expect(alarm).to_be_in_viewport()
    press(page, "I have seen this")
    expect(alarm).to_be_empty()
    assert focused(page) == "field"


def test_a_reload_carries_on_without_reading_it_out_again(page: Page, server: StandIn) -> None:
    """What was said is there again, outside the region that is announced."""
    bring_to(page, "advice", server)
    say(page, "draft the E-MAIL")
    expect(page.get_by_role("heading", name="E-mail to the team manager")).to_be_visible()
    page.reload()
    past = page.locator(".past")
    expect(past.get_by_role("heading", name="E-mail to the team manager")).to_be_visible()
    expect(past.get_by_role("button", name="Kent Chosen")).to_be_visible()
    expect(past.get_by_role("button", name="Draft the e-mail Chosen")).to_be_visible()
    expect(past.get_by_role("button", name="I'm not sure")).to_be_disabled()
    expect(log(page)).to_be_empty()
    press(page, "Start again")
    expect(log(page).get_by_text("That is noted.")).to_be_visible()
    assert len(server.histories) == 1


def test_no_word_of_the_conversation_is_kept_in_the_browser(page: Page, server: StandIn) -> None:
    """The tab keeps its token, when that ends and a random name; nothing outlives the tab."""
    say(page, "something private, he has a knife")
    expect(page.locator(".alert")).to_contain_text("Call 999 now")
    assert page.evaluate("[Object.keys(sessionStorage), localStorage.length, document.cookie]") == [
        ["escalation-guide"],
        0,
        "",
    ]
    assert page.evaluate("indexedDB.databases()") == []
    kept = page.evaluate("JSON.parse(sessionStorage.getItem('escalation-guide'))")
    assert set(kept) == {"token", "until", "talk", "alarm"}
    assert [kept["token"]] == list(server.histories)
    assert isinstance(kept["until"], int)
    assert re.fullmatch("[0-9a-z]{5,}", kept["talk"])
    assert kept["alarm"] == "emergency"


def test_an_ended_conversation_gives_way_to_a_new_one_on_reload(
    page: Page, server: StandIn
) -> None:
    """A token that the server no longer knows is dropped without a fuss."""
    server.histories.clear()
    page.reload()
    expect(page.get_by_role("button", name="Worried, but it isn't immediate")).to_be_visible()
    expect(page.locator(".problem")).to_be_empty()


def test_enter_does_nothing_with_nothing_typed(page: Page, server: StandIn) -> None:
    """Blanks alone are not sent."""
    say(page, "  ")
    say(page, "word")
    expect(log(page).get_by_text("You wrote: word")).to_be_visible()
    assert server.sent == ["word"]
    expect(field(page)).to_have_value("")
