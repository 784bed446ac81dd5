"""The widget when something is wrong: network, server, session, length."""

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.widget.hands import field, focused, log, press, say
from tests.widget.stand_in import StandIn

pytestmark = pytest.mark.browser


def problem(page: Page) -> Locator:
    """Where the widget says what went wrong."""
    return page.locator(".problem[role=alert]")


def test_the_network_failing_keeps_what_was_typed(page: Page, server: StandIn) -> None:
    """The text is back in the field, 999 is named, and trying again sends it once."""
    page.context.set_offline(True)
    say(page, "they refused again")
    expect(problem(page)).to_contain_text("The guide cannot be reached just now.")
    expect(problem(page)).to_contain_text("What you typed is still in the box.")
    expect(problem(page).get_by_role("link", name="999")).to_be_visible()
    expect(field(page)).to_have_value("they refused again")
    expect(log(page)).to_be_empty()
    assert focused(page) == "field"
    page.context.set_offline(False)
    press(page, "Try again")
    expect(log(page).get_by_text("You wrote: they refused again")).to_be_visible()
    expect(problem(page)).to_be_empty()
    expect(field(page)).to_have_value("")
    assert focused(page) == "field"
    assert server.sent == ["they refused again"]


def test_what_is_typed_meanwhile_is_kept_too(page: Page, server: StandIn) -> None:
    """A failure gives the sent text back before what was typed while waiting."""
    server.hold.clear()
    server.refusals.append((503, "failed", "The guide is not working."))
    say(page, "first")
    field(page).fill("second")
    server.hold.set()
    expect(field(page)).to_have_value("first\nsecond")


def test_a_button_that_failed_can_be_tried_again(page: Page, server: StandIn) -> None:
    """The answer is not marked as chosen until it has arrived."""
    server.refusals.append((503, "failed", "The guide is not working."))
    press(page, "Worried, but it isn't immediate")
    expect(problem(page)).to_contain_text("The guide is not working.")
    expect(page.get_by_text("Chosen")).to_have_count(0)
    press(page, "Try again")
    expect(page.get_by_role("button", name="Kent")).to_be_visible()
    expect(page.get_by_text("Chosen")).to_have_count(1)
    assert server.sent == ["answer:risk:concern"]


def test_a_busy_guide_is_waited_for(page: Page, server: StandIn) -> None:
    """What it refused is sent again by itself, under the same name; meanwhile that is said."""
    server.refusals += [(503, "busy", "The guide is busy.")] * 2
    say(page, "they refused again")
    status = page.locator(".status")
    expect(status).to_contain_text("The guide is very busy.")
    expect(status.get_by_role("link", name="999")).to_be_visible()
    expect(problem(page)).to_be_empty()
    expect(log(page).get_by_text("You wrote: they refused again")).to_be_visible()
    expect(status).to_be_empty(timeout=10_000)
    assert server.sent == ["they refused again"]
    assert len({name for name in server.ids if name}) == 1


@pytest.mark.parametrize(("status", "retries"), [(400, 0), (413, 0), (429, 1), (500, 1), (503, 1)])
def test_a_refusal_is_shown_in_the_servers_words(
    page: Page, server: StandIn, status: int, retries: int
) -> None:
    """The text is kept; trying again is offered only where the same text may yet be taken."""
    server.refusals.append((status, "some_code", "A plain sentence."))
    say(page, "my words")
    expect(problem(page)).to_contain_text("A plain sentence.")
    expect(field(page)).to_have_value("my words")
    expect(problem(page).get_by_role("button", name="Try again")).to_have_count(retries)


def test_an_ended_session_is_begun_anew(page: Page, server: StandIn) -> None:
    """The person is told, keeps the text, and old buttons belong to the old conversation."""
    server.histories.clear()
    say(page, "my words")
    expect(problem(page)).to_contain_text("This conversation has ended.")
    press(page, "Start a new conversation")
    expect(log(page).get_by_role("button", name="Worried, but it isn't")).to_be_enabled()
    expect(page.locator(".past").get_by_role("button", name="Worried, but")).to_be_disabled()
    expect(field(page)).to_have_value("my words")
    field(page).press("Enter")
    expect(log(page).get_by_text("You wrote: my words")).to_be_visible()


@pytest.mark.parametrize("fault", ["reset", "cut", "page", "noise"])
def test_a_broken_answer_is_said_and_loses_nothing(page: Page, server: StandIn, fault: str) -> None:
    """A connection that ends, half an answer, a gateway's page, noise: the text is kept each time.

    Nothing of the broken answer is shown, and 999 is.
    """
    for _ in range(2):
        # A browser itself tries again for each connection that it kept and that has ended.
        server.faults += [fault] * 8
        say(page, "my words")
        expect(problem(page).locator("strong")).to_have_text(
            re.compile("The guide (cannot be reached|is not working) just now")
        )
        expect(problem(page).get_by_role("link", name="999")).to_be_visible()
        expect(field(page)).to_have_value("my words")
        expect(log(page)).to_be_empty()
        server.faults.clear()
    press(page, "Try again")
    expect(log(page).get_by_text("You wrote: my words")).to_be_visible()
    assert server.sent == ["my words"]


def test_what_is_sent_again_bears_the_same_name_and_nothing_else_does(
    page: Page, server: StandIn
) -> None:
    """So the server can tell a second try from the same words said twice."""
    server.refusals += [(503, "failed", "The guide is busy.")] * 2
    say(page, "my words")
    expect(problem(page)).to_contain_text("The guide is busy.")
    press(page, "Try again")
    expect(page.locator(".status")).to_be_empty()
    expect(problem(page)).to_contain_text("The guide is busy.")
    press(page, "Try again")
    expect(log(page).get_by_text("You wrote: my words")).to_be_visible()
    say(page, "my words")
    expect(log(page).get_by_text("You wrote: my words")).to_have_count(2)
    first, second, third, another = server.ids
    assert first == second == third != another
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in server.ids)
    assert server.sent == ["my words", "my words"]


@pytest.mark.usefixtures("context")
def test_a_slow_answer_is_explained_while_it_is_waited_for(page: Page, server: StandIn) -> None:
    """After some seconds 999 is named, politely and with a link; the answer still comes."""
    page.clock.install()
    server.hold.clear()
    say(page, "first")
    status = page.locator(".status[role=status]")
    expect(status).to_have_text("The guide is answering")
    page.clock.fast_forward(10_000)
    expect(status).to_contain_text("This takes longer than usual.")
    expect(status.get_by_role("link", name="999")).to_be_visible()
    server.hold.set()
    expect(log(page).get_by_text("You wrote: first")).to_be_visible()
    expect(status).to_be_empty()


def test_what_is_sent_while_the_guide_answers_is_sent_next(page: Page, server: StandIn) -> None:
    """Enter is never lost: the words wait for the answer before, then go by themselves."""
    server.hold.clear()
    say(page, "first")
    expect(page.locator(".status")).to_have_text("The guide is answering")
    expect(log(page).locator(".words")).to_have_text("first")
    say(page, "second")
    expect(field(page)).to_have_value("second")
    server.hold.set()
    expect(log(page).get_by_text("You wrote: second")).to_be_visible()
    expect(field(page)).to_have_value("")
    assert server.sent == ["first", "second"]


def test_what_is_typed_on_meanwhile_is_not_sent_half_written(page: Page, server: StandIn) -> None:
    """Who goes on typing after Enter sends it when it is done."""
    server.hold.clear()
    say(page, "first")
    say(page, "second")
    field(page).press_sequentially(" half")
    server.hold.set()
    expect(page.locator(".status")).to_be_empty()
    expect(field(page)).to_have_value("second half")
    assert server.sent == ["first"]


def test_what_is_pressed_while_the_guide_answers_is_sent_next(page: Page, server: StandIn) -> None:
    """No press is lost, and one that is made twice is sent once."""
    server.hold.clear()
    say(page, "first")
    expect(page.locator(".status")).to_have_text("The guide is answering")
    press(page, "Worried, but it isn't immediate")
    server.hold.set()
    expect(page.get_by_role("button", name="Kent")).to_be_visible()
    server.hold.clear()
    press(page, "Kent")
    press(page, "Kent")
    server.hold.set()
    expect(page.get_by_role("heading", name="You are ready for Stage 1")).to_be_visible()
    assert [text for text in server.sent if "kent" in text.lower()] == server.sent[-1:]
    assert server.sent[0] == "first"
    assert len(server.sent) == 3


def test_an_answer_that_never_comes_is_given_up(page: Page, server: StandIn) -> None:
    """The widget does not wait for ever, and the person has the text back."""
    page.evaluate(
        "AbortSignal.timeout = () => { const c = new AbortController();"
        " window.giveUp = () => c.abort(new DOMException('', 'TimeoutError')); return c.signal; }"
    )
    server.hold.clear()
    say(page, "my words")
    expect(page.locator(".status")).to_have_text("The guide is answering")
    page.evaluate("window.giveUp()")
    expect(problem(page)).to_contain_text("The guide cannot be reached just now.")
    expect(field(page)).to_have_value("my words")
    server.hold.set()


def test_being_offline_is_said_before_anything_is_sent(page: Page) -> None:
    """And so is being back; what is typed meanwhile stays."""
    notice = page.locator(".notice[role=status]")
    field(page).fill("half a sentence")
    page.context.set_offline(True)
    expect(notice).to_contain_text("You are not connected. What you type stays here")
    expect(field(page)).to_have_value("half a sentence")
    page.context.set_offline(False)
    expect(notice).to_contain_text("You are connected again.")
    field(page).press("Enter")
    expect(log(page).get_by_text("You wrote: half a sentence")).to_be_visible()
    expect(notice).to_be_empty()


def test_being_back_is_not_said_beside_what_went_wrong(page: Page) -> None:
    """What could not be sent is still to be sent: that is the one thing said."""
    page.context.set_offline(True)
    say(page, "hello")
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator(".notice")).to_be_empty()
    again.click()
    expect(log(page).get_by_text("You wrote: hello")).to_be_visible()


def test_silence_from_the_server_is_never_silence(page: Page) -> None:
    """No message in the answer is a fault, said with the standing safety words."""
    say(page, "silence")
    expect(problem(page)).to_contain_text("The guide is not working just now")
    expect(problem(page)).to_contain_text("If a child is in danger, call 999.")


def test_the_guide_can_be_reached_late(context: BrowserContext, server: StandIn) -> None:
    """A start that fails is said, and can be tried again."""
    server.refusals.append((503, "starting", "The guide is starting. Try again in a minute."))
    page = context.new_page()
    page.goto(server.url)
    expect(problem(page)).to_contain_text("The guide is starting.")
    press(page, "Try again")
    expect(page.get_by_role("button", name="Worried, but it isn't immediate")).to_be_visible()
    expect(problem(page)).to_be_empty()


def test_the_letters_left_are_counted_near_the_limit(page: Page, server: StandIn) -> None:
    """Nothing is cut off unseen: too long a text stays, is counted, and is not sent."""
    count = page.locator("#count")
    field(page).fill("x" * 1599)
    expect(count).to_be_empty()
    field(page).fill("x" * 1600)
    expect(count).to_have_text("400 characters left")
    field(page).fill("x" * 3005)
    expect(count).to_have_text("1,005 characters too many")
    field(page).press("Enter")
    expect(problem(page)).to_contain_text("Your message is 1,005 characters too long.")
    expect(field(page)).to_have_value("x" * 3005)
    field(page).fill("x" * 2000)
    field(page).press("Enter")
    expect(log(page).get_by_text("You wrote: x")).to_be_visible()
    assert server.sent == ["x" * 2000]
