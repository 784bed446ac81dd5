"""Pictures of the widget in use, with the real guide: `make screenshots`.

Each state is taken at the widths below in both themes. Some pictures are kept in docs/screenshots/;
with a folder named (FOLDER=… make screenshots) all of them are written there instead.
"""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.support.fixtures import TODAY, start_guide
from tests.support.server import ROOT, Server
from tests.widget import chromium
from tests.widget.hands import PATIENCE_MS, dress, field, log, press, say, started

KEPT = ROOT / "docs/screenshots"
SIZES = {320: 640, 768: 1024, 1600: 1000}
THEMES = ("light", "dark")
COLOURS = 32
WORRIED = "Worried, but it isn't immediate"
ACCOUNT = (
    "worried but not immediate. social care have knocked back our third referral and say it "
    "doesn't meet threshold. im dsl at a school in folkestone, i rang the social worker on monday "
    "and got nowhere"
)


def _question(page: Page) -> None:
    press(page, WORRIED)
    press(page, "Kent")
    expect(log(page)).to_contain_text("One more question about safety")
    expect(page.locator(".status")).to_be_empty()


def _advice(page: Page) -> None:
    say(page, ACCOUNT)
    expect(log(page)).to_contain_text("One more question about safety")
    say(page, "no")
    card = log(page).locator(".card.advice")
    kind = page.locator(".option:enabled", has_text="The level of need, or a referral")
    expect(card.or_(kind).first).to_be_visible()
    if kind.count():
        kind.click()
    expect(card).to_be_visible()
    card.evaluate("e => e.scrollIntoView()")


def _counted(page: Page) -> None:
    _advice(page)
    counted = log(page).locator(".card.advice summary", has_text="counted").first
    counted.click()
    counted.evaluate("e => e.scrollIntoView()")


def _review(page: Page) -> None:
    _advice(page)
    log(page).locator(".card.review").last.evaluate("e => e.scrollIntoView()")


def _draft(page: Page) -> None:
    _advice(page)
    press(page, "Draft the e-mail")
    page.get_by_role("button", name="Copy the draft").wait_for()


def _same_day(page: Page) -> None:
    press(page, "Yes, immediate risk of significant harm")
    page.get_by_role("heading", name="Act today").wait_for()


def _emergency(page: Page) -> None:
    press(page, WORRIED)
    page.get_by_role("button", name="Kent").wait_for()
    say(page, "mum just rang, her ex is at the house now and he's got a knife")
    page.get_by_role("button", name="I have seen this").wait_for()


def _procedure(page: Page) -> None:
    press(page, WORRIED)
    page.get_by_role("button", name="Kent").wait_for()
    say(page, "an allegation against a teacher who hit a pupil")
    press(page, "Yes, that fits better")
    page.get_by_role("heading", name="Another procedure may fit better").wait_for()


def _case(page: Page) -> None:
    _question(page)
    say(page, "save this please")
    page.get_by_role("button", name="Copy the code").wait_for()


def _more(page: Page) -> None:
    press(page, "More")


def _delete(page: Page) -> None:
    press(page, "More")
    press(page, "Delete this conversation")


def _ending(page: Page) -> None:
    _question(page)
    page.clock.fast_forward((11 * 60 + 46) * 60_000)
    page.get_by_role("button", name="Stay in it").wait_for()


def _trouble(page: Page) -> None:
    _question(page)
    page.context.set_offline(True)
    say(page, "they refused again")
    page.get_by_role("button", name="Try again").wait_for()


def _closed(page: Page) -> None:
    dress(page, mode="floating")


def _floating(page: Page) -> None:
    dress(page, mode="floating", accent="#1b4d3e")
    page.locator(".launcher").click()
    started(page)


STATES: dict[str, Callable[[Page], None]] = {
    "welcome": started,
    "question": _question,
    "review": _review,
    "advice": _advice,
    "counted": _counted,
    "draft": _draft,
    "same-day": _same_day,
    "emergency": _emergency,
    "another-procedure": _procedure,
    "saved-case": _case,
    "more": _more,
    "delete": _delete,
    "ending": _ending,
    "offline": _trouble,
    "closed": _closed,
    "floating": _floating,
}
BOTH = {"welcome", "advice", "emergency"}
"""States kept in both themes, the light one at the middle width."""
DARK = {320: {"question", "counted", "same-day", "offline"}, 1600: {"draft", "delete", "floating"}}
"""States kept in the dark theme, by width; the others are kept in the light theme."""


def is_shown(state: str, width: int, theme: str) -> bool:
    """Whether a picture is kept in docs/screenshots/."""
    if state in BOTH:
        return width in DARK or theme == "light"
    return width in DARK and (state in DARK[width]) is (theme == "dark")


def pictures(browser: Browser, guide: Server) -> Iterator[tuple[str, int, str, bytes]]:
    """Every state at every width in both themes: its name, width, theme and PNG."""
    for state, lead_to in STATES.items():
        for width, height in SIZES.items():
            context = browser.new_context(
                viewport={"width": width, "height": height}, locale="en-GB", color_scheme="light"
            )
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            page.clock.install()
            page.goto(guide.address)
            started(page)
            page.locator("escalation-guide").evaluate(
                "e => { if (innerWidth < 641) e.scrollIntoView(); }"
            )
            lead_to(page)
            if state not in {"offline", "floating"}:
                field(page).evaluate("e => e.blur()")
            page.mouse.move(0, 0)
            for theme in THEMES:
                page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
                page.clock.run_for(1000)
                yield state, width, theme, page.screenshot()
            context.close()


def small(picture: bytes) -> bytes:
    """The same picture with few colours: text stays sharp at a third of the size."""
    out = io.BytesIO()
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


@contextmanager
def guide_in_browser() -> Iterator[tuple[Browser, Server]]:
    """Give a browser and a guide that answers it, on a day that stays the same."""
    expect.set_options(timeout=PATIENCE_MS)
    with tempfile.TemporaryDirectory() as place:
        guide = start_guide(Path(place) / "conversations.db", TODAY)
        try:
            with sync_playwright() as playwright:
                browser = chromium.start(playwright)
                yield browser, guide
                browser.close()
        finally:
            guide.stop()


def main(folder: str | None = None) -> int:
    """Take the pictures, and say where they are and how large."""
    into = Path(folder) if folder else KEPT
    into.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob("*.png") if folder is None else ():
        old.unlink()
    size = 0
    with guide_in_browser() as (browser, guide):
        for state, width, theme, picture in pictures(browser, guide):
            if folder is None and not is_shown(state, width, theme):
                continue
            made = small(picture)
            size += len(made)
            (into / f"{state}-{width}-{theme}.png").write_bytes(made)
    print(f"{len(list(into.glob('*.png')))} pictures in {into}, {size / 1e6:.2f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
