"""What a person does with the widget, and what they would see."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page

from tests.widget.stand_in import StandIn

PATIENCE_MS = 20_000
"""A loaded machine is slow; what is not there by then does not come."""


def field(page: Page) -> Locator:
    """Where the person types."""
    return page.get_by_label("Your message")


def log(page: Page) -> Locator:
    """What has been said since the page was opened."""
    return page.get_by_role("log")


def say(page: Page, text: str) -> None:
    """Type text into the field and send it with Enter."""
    field(page).fill(text)
    field(page).press("Enter")


def press(page: Page, title: str) -> None:
    """Press the newest button of that title."""
    page.get_by_role("button", name=title).last.click()


def focused(page: Page) -> str:
    """The words of the element that has the focus; for the field, its id."""
    words: Any = page.evaluate(
        "() => { const e = document.activeElement.shadowRoot?.activeElement;"
        " return e ? e.id || e.innerText : ''; }"
    )
    return " ".join(str(words).split())


def tab_to(page: Page, words: str) -> None:
    """Press Tab until the element with these words has the focus."""
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(focused(page))
        if seen[-1] == words:
            return
    raise AssertionError(f"Tab does not reach {words!r}: {seen}")


def started(page: Page) -> None:
    """Wait for the first question."""
    page.get_by_role("button", name="Worried, but it isn't immediate").wait_for()


def dress(page: Page, **attributes: str) -> None:
    """Set attributes of the widget, as a page's template would."""
    page.evaluate(
        "given => Object.entries(given).forEach(([name, value]) => document"
        ".querySelector('escalation-guide').setAttribute(name.replace('_', '-'), value))",
        attributes,
    )


def _advice(page: Page, _: StandIn) -> None:
    press(page, "Worried, but it isn't immediate")
    press(page, "Kent")
    page.get_by_role("heading", name="You are ready").wait_for()
    page.get_by_text("How this was counted").click()


def _review(page: Page, server: StandIn) -> None:
    _advice(page, server)
    press(page, "Change an answer")
    page.get_by_role("heading", name="Here is what I understood").wait_for()


def _draft(page: Page, server: StandIn) -> None:
    _advice(page, server)
    press(page, "Draft the e-mail")
    page.get_by_role("button", name="Copy the draft").wait_for()


def _files(page: Page, _: StandIn) -> None:
    say(page, "files please")
    page.get_by_role("button", name="Advice record (Word)").wait_for()


def _same_day(page: Page, _: StandIn) -> None:
    press(page, "Yes, immediate risk")
    page.get_by_role("heading", name="Act today").wait_for()


def _emergency(page: Page, _: StandIn) -> None:
    press(page, "Yes, in danger now")
    page.get_by_role("button", name="I have seen this").wait_for()


def _trouble(page: Page, server: StandIn) -> None:
    # What begins the conversation is not to be refused in place of the message.
    page.get_by_role("button", name="Worried, but it isn't immediate").wait_for()
    server.refusals.append((503, "failed", "The guide is busy. Try again in a minute."))
    say(page, "We spoke on Monday. " * 90)
    page.get_by_role("button", name="Try again").wait_for()


def _more(page: Page, _: StandIn) -> None:
    press(page, "More")
    page.get_by_text("To speak to somebody").wait_for()


def _sure(page: Page, server: StandIn) -> None:
    _more(page, server)
    press(page, "Delete this conversation")
    page.get_by_role("dialog", name="Delete this conversation?").wait_for()


def _ending(page: Page, server: StandIn) -> None:
    server.lasts = 10 * 60
    page.evaluate("sessionStorage.clear()")
    page.reload()
    page.get_by_role("button", name="Stay in it").wait_for()


def _closed(page: Page, _: StandIn) -> None:
    dress(page, mode="floating")
    page.locator(".launcher").wait_for()


def _floating(page: Page, server: StandIn) -> None:
    _closed(page, server)
    page.locator(".launcher").click()
    started(page)


WAYS: dict[str, Callable[[Page, StandIn], None]] = {
    "welcome": lambda page, _: started(page),
    "advice": _advice,
    "same_day": _same_day,
    "emergency": _emergency,
    "review": _review,
    "draft": _draft,
    "files": _files,
    "trouble": _trouble,
    "more": _more,
    "sure": _sure,
    "ending": _ending,
    "closed": _closed,
    "floating": _floating,
}
STATES = tuple(WAYS)
CONVERSATION = STATES[:7]
"""States in which one can go on typing."""


def bring_to(page: Page, state: str, server: StandIn) -> None:
    """Lead the conversation from the welcome to one of STATES."""
    WAYS[state](page, server)
