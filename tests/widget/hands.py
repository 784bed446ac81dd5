"""What a person does with the widget, and what they would see."""

from typing import Any

from playwright.sync_api import Locator, Page

STATES = ("welcome", "advice", "same_day", "emergency", "review", "draft", "files", "trouble")


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


def bring_to(page: Page, state: str, refusals: list[tuple[int, str, str]]) -> None:
    """Lead the conversation from the welcome to one of STATES."""
    if state in {"advice", "review", "draft"}:
        press(page, "Worried, but it isn't immediate")
        press(page, "Kent")
        page.get_by_role("heading", name="You are ready").wait_for()
        page.get_by_text("How this was counted").click()
    if state == "review":
        press(page, "Change an answer")
        page.get_by_role("heading", name="Here is what I understood").wait_for()
    if state == "draft":
        press(page, "Draft the e-mail")
        page.get_by_role("button", name="Copy the draft").wait_for()
    if state == "files":
        say(page, "files please")
        page.get_by_role("button", name="Advice record (Word)").wait_for()
    if state == "same_day":
        press(page, "Yes, immediate risk")
        page.get_by_role("heading", name="Act today").wait_for()
    if state == "emergency":
        press(page, "Yes, in danger now")
        page.get_by_role("button", name="I have seen this").wait_for()
    if state == "trouble":
        refusals.append((503, "busy", "The guide is busy. Try again in a minute."))
        say(page, "We spoke on Monday. " * 90)
        page.get_by_role("button", name="Try again").wait_for()
