"""The widget's page: the strict policy, size, reflow, targets, themes, print, accessibility."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.support.rounds import rounds
from tests.widget import chromium
from tests.widget.hands import CONVERSATION, STATES, bring_to, press, say, started
from tests.widget.stand_in import MODULES, STYLE, StandIn

pytestmark = pytest.mark.browser

BUDGET = 22_800
TO_FETCH = 25_700


@pytest.fixture(scope="module")
def looked_at(browser: Browser) -> Iterator[Page]:
    """A tab for `settled`."""
    # axe is brought in from outside, which the page's own policy rightly forbids.
    context = browser.new_context(bypass_csp=True, reduced_motion="reduce")
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module", params=STATES)
def settled(request: pytest.FixtureRequest, looked_at: Page) -> Iterator[Page]:
    """The page in one of STATES, for tests that only look at it; they may change its size."""
    looked_at.set_viewport_size({"width": 1280, "height": 720})
    looked_at.emulate_media(color_scheme="light", reduced_motion="reduce")
    with StandIn.running() as server:
        looked_at.goto(server.url)
        started(looked_at)
        bring_to(looked_at, request.param, server)
        yield looked_at
        looked_at.goto("about:blank")


@pytest.mark.parametrize("state", CONVERSATION)
def test_nothing_is_reported_under_the_strict_policy(
    page: Page, server: StandIn, state: str
) -> None:
    """No violation, warning or error in the console, and no request to anywhere else."""
    heard: list[str] = []
    asked: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        heard.append(message.text)

    def ask(request: Request) -> None:
        asked.append(request.url)

    page.on("console", hear)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", ask)
    page.reload()
    page.get_by_role("button", name="Worried, but it isn't immediate").wait_for()
    bring_to(page, state, server)
    say(page, "<b onclick=alert(1)>thanks</b>")
    expect(page.get_by_text("You wrote: <b onclick")).to_be_visible()
    assert heard == []
    assert [url for url in asked if not url.startswith(server.url)] == []


def test_the_policy_would_be_reported_if_broken(page: Page) -> None:
    """The page is really under the policy: markup as a string is refused."""
    with pytest.raises(Exception, match="TrustedHTML"):
        page.evaluate("document.body.innerHTML = '<p>'")


def test_the_widget_is_small() -> None:
    """Modules and style sheet stay within the budget, gzipped, and so does each by itself."""
    code = b"".join(file.read_bytes() for file in MODULES)
    style = STYLE.read_bytes()
    assert len(gzip.compress(code)) + len(gzip.compress(style)) <= BUDGET
    fetched = [*(file.read_bytes() for file in MODULES), style]
    assert sum(len(gzip.compress(file)) for file in fetched) <= TO_FETCH


WIDE, PHONE, ENLARGED = (1280, 800), (320, 640), (320, 256)
"""Sizes of the page in pixels. The last is a screen of 1280 by 1024 at 400 %."""
LOOKS: tuple[tuple[tuple[int, int], Literal["light", "dark"]], ...] = (
    (WIDE, "light"),
    (PHONE, "dark"),
    (ENLARGED, "light"),
    (WIDE, "dark"),
    (PHONE, "light"),
    (ENLARGED, "dark"),
)


@pytest.mark.long
def test_axe_finds_nothing(settled: Page) -> None:
    """No violation of WCAG 2.2 AA or of good practice, wide and at 320 px, light and dark."""
    for size, theme in LOOKS[: rounds(len(LOOKS), 3)]:
        settled.set_viewport_size({"width": size[0], "height": size[1]})
        settled.emulate_media(color_scheme=theme)
        results = Axe().run(settled, options={"resultTypes": ["violations"]})
        assert results.violations_count == 0, f"{size} {theme}: {results.generate_report()}"


def test_nothing_is_cut_off_at_320_pixels(settled: Page) -> None:
    """On a small phone, and at 400 % zoom, nothing needs scrolling sideways."""
    for height in (640, 256):
        settled.set_viewport_size({"width": 320, "height": height})
        too_wide = settled.evaluate(
            "() => { const inside = document.querySelector('escalation-guide').shadowRoot;"
            " return [document.documentElement, ...inside.querySelectorAll('*')]"
            "  .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth"
            "   && getComputedStyle(e).display !== 'inline' && !e.classList.contains('unseen'))"
            "  .map(e => `${e.tagName} ${e.className}`); }"
        )
        assert too_wide == []


def test_targets_can_be_hit(settled: Page) -> None:
    """Everything to press is at least 44 by 44 pixels, on a phone and on a wide screen."""
    for width in (320, 1600):
        settled.set_viewport_size({"width": width, "height": 900})
        targets = settled.locator("escalation-guide :is(button, summary, textarea, a)")
        for target in targets.filter(visible=True).all():
            box = target.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 44, target.inner_text()


@pytest.mark.parametrize("size", [(320, 640), (1100, 800), (1600, 900)])
def test_the_answer_and_the_field_are_in_sight(
    page: Page, server: StandIn, size: tuple[int, int]
) -> None:
    """After an answer one sees where it begins, and where to type."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    bring_to(page, "advice", server)
    press(page, "Draft the e-mail")
    expect(page.get_by_role("heading", name="E-mail to the team manager")).to_be_in_viewport()
    expect(page.get_by_label("Your message")).to_be_in_viewport()


LONG = "We spoke on Monday and the social worker would not move. " * 12


@pytest.mark.parametrize("size", [(360, 640), (1366, 768)])
@pytest.mark.parametrize("kind", ["emergency", "same_day"])
def test_urgent_advice_is_in_sight_however_long_the_message_before_it(
    page: Page, size: tuple[int, int], kind: str
) -> None:
    """Where the answer begins can be seen, with 999 and a band above it, and nothing over it."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    say(page, f"{LONG} he has a knife" if kind == "emergency" else LONG)
    if kind == "same_day":
        press(page, "Yes, immediate risk")
    title = page.locator(f".card.{kind} h3")
    expect(title).to_be_in_viewport(ratio=1)
    expect(page.locator(".alert")).to_contain_text("999" if kind == "emergency" else "Act today")
    links = page.locator("escalation-guide").get_by_role("link", name="999")
    for seen in (title, links.locator("visible=true").first):
        expect(seen).to_be_in_viewport(ratio=1)
        page.wait_for_function(  # The page may still be scrolling.
            "e => { const box = e.getBoundingClientRect();"
            " const top = e.getRootNode().elementFromPoint(box.x + 9, box.y + box.height / 2);"
            " return e === top || e.contains(top); }",
            arg=seen.element_handle(),
        )


def test_999_stays_in_sight_on_a_phone(page: Page, server: StandIn) -> None:
    """However far the conversation is scrolled."""
    page.set_viewport_size({"width": 360, "height": 640})
    bring_to(page, "draft", server)
    line = page.locator(".top > .always").get_by_role("link", name="999")
    for by in (-200, -400, 300):
        page.mouse.wheel(0, by)
        expect(line).to_be_in_viewport(ratio=1)


def test_an_emergency_is_not_replaced_by_advice_for_the_same_day(page: Page) -> None:
    """Its band stays until it is acknowledged; only then may a lesser one be shown."""
    band = page.locator(".alert")
    say(page, "he has a knife")
    for number, expected in enumerate(("Call 999 now", "Act today"), start=1):
        say(page, "answer:risk:immediate_harm")
        expect(page.locator(".card.same_day")).to_have_count(number)
        expect(band).to_contain_text(expected)
        press(page, "I have seen this")


def test_what_has_the_focus_is_not_hidden_by_the_field(page: Page, server: StandIn) -> None:
    """On a phone the field stays in sight over the conversation, but never over the focus."""
    page.set_viewport_size({"width": 320, "height": 640})
    bring_to(page, "advice", server)
    page.get_by_role("button", name="Exit this page").focus()
    for key in ["Tab"] * 14 + ["Shift+Tab"] * 10:
        page.keyboard.press(key)
        seen = page.evaluate(
            "() => { const root = document.activeElement.shadowRoot;"
            " const box = root.activeElement.getBoundingClientRect();"
            " const at = root.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);"
            # The conversation itself is longer than the screen.
            " return root.activeElement.className === 'scroller'"
            "  || root.activeElement.contains(at); }"
        )
        assert seen


def test_an_emergency_looks_different_without_colour(page: Page, server: StandIn) -> None:
    """Frame, size and words differ, so that grey print and forced colours tell it too."""
    look = (
        "e => [getComputedStyle(e).borderTopStyle, parseFloat(getComputedStyle(e).borderTopWidth)]"
    )
    bring_to(page, "advice", server)
    assert page.locator(".card.advice").evaluate(look) == ["solid", 1]
    say(page, "he has a knife")
    emergency = page.locator(".card.emergency")
    assert emergency.evaluate(look) == ["double", 6]
    expect(emergency.locator(".kind")).to_have_text("Emergency: act now")


def test_the_focus_can_be_seen_in_forced_colours_too(page: Page) -> None:
    """Whatever the colours, what has the focus has an outline."""
    for colours in ("none", "active"):
        page.emulate_media(forced_colors=colours)
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
    page.get_by_label("Your message").focus()
    field = page.get_by_label("Your message")
    assert field.evaluate("e => getComputedStyle(e).outlineWidth") == "3px"


def test_nothing_moves_for_those_who_ask_for_that(page: Page, server: StandIn) -> None:
    """With reduced motion the waiting dots stand still."""
    page.emulate_media(reduced_motion="reduce")
    server.hold.clear()
    say(page, "hello")
    dots = page.locator(".dots")
    expect(dots).to_have_count(1)
    assert dots.evaluate("e => getComputedStyle(e, '::after').animationName") == "none"


def test_the_advice_prints_whole(page: Page, server: StandIn) -> None:
    """On paper: no field, no unpressed buttons, no slot that scrolls, and dark on white."""
    page.emulate_media(color_scheme="dark")
    bring_to(page, "advice", server)
    page.emulate_media(media="print")
    expect(page.get_by_label("Your message")).to_be_hidden()
    expect(page.get_by_role("button", name="Draft the e-mail")).to_be_hidden()
    scroller = page.locator(".scroller")
    assert scroller.evaluate("e => e.scrollHeight <= e.clientHeight")
    assert page.locator(".guide").evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"


def test_one_card_can_be_printed_alone(page: Page, server: StandIn) -> None:
    """From its own button, by keyboard: neither the page around it nor the other messages."""
    page.evaluate("window.print = () => { window.printed = true; }")
    bring_to(page, "draft", server)
    advice = page.locator(".card.advice")
    advice.get_by_role("button", name="Print this").press("Enter")
    assert page.evaluate("window.printed") is True
    page.emulate_media(media="print")
    expect(advice.get_by_text("They owe you a written answer by")).to_be_visible()
    expect(page.get_by_text("Subject: Escalation, Stage 1")).to_be_hidden()
    expect(page.get_by_text("If a child is in danger now, call 999 first.")).to_be_hidden()
    expect(page.get_by_text("This page is a demonstration.")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="print")
    expect(page.get_by_text("Subject: Escalation, Stage 1")).to_be_visible()
    assert page.evaluate("document.adoptedStyleSheets.length") == 0


def test_how_a_date_was_counted_is_printed(page: Page, server: StandIn) -> None:
    """On paper nothing can be opened; on the screen it is closed again afterwards."""
    bring_to(page, "advice", server)
    page.get_by_text("How this was counted").click()
    counted = page.get_by_text("Day 0 is Friday 20 November.")
    expect(counted).to_be_hidden()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    expect(counted).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(counted).to_be_hidden()


def test_styles_neither_leak_in_nor_out(page: Page) -> None:
    """The page's rules do not reach the widget, nor the widget's the page."""
    before = page.locator("main .lead").evaluate("e => getComputedStyle(e).marginBottom")
    page.evaluate(
        "() => { const s = new CSSStyleSheet();"
        " s.replaceSync('button, form { display: none } p { margin: 90px }');"
        " document.adoptedStyleSheets = [s]; }"
    )
    expect(page.get_by_role("button", name="I'm not sure")).to_be_visible()
    assert page.locator(".always").first.evaluate("e => getComputedStyle(e).marginTop") == "0px"
    assert before != "0px"


def test_the_page_says_that_it_is_a_demonstration(page: Page) -> None:
    """Nobody takes the invented organisation for a real one."""
    expect(page.get_by_text("This page is a demonstration.")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")


def test_two_widgets_defined_twice_do_no_harm(page: Page) -> None:
    """A page that loads the module a second time keeps its one conversation."""
    page.evaluate("import('/widget/escalation-guide.js?again')")
    press(page, "Worried, but it isn't immediate")
    expect(page.get_by_role("button", name="Kent")).to_be_visible()


def test_a_missing_browser_is_named_with_its_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without Chromium these tests fail, saying what to install."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(Path, "is_file", lambda _: False)
    with pytest.raises(pytest.fail.Exception, match="apt-get install chromium"):
        chromium.path("nowhere")


def _grade(text: str) -> float:
    """The school year (Flesch and Kincaid) in which a text can be read; the age is five more."""
    sentences = [one for one in re.split(r"[.!?:]+(?:\s|$)", text) if one.strip()]
    words = re.findall(r"[A-Za-z']+", text)
    # A silent e at the end, and that of most words in -ed, is not a syllable.
    silent = re.compile(r"(?<=[a-z]{2})(?:(?<!l)e|(?<![td])ed)$")
    groups = [re.findall("[aeiouy]+", silent.sub("", word.lower())) for word in words]
    syllables = sum(max(1, len(found)) for found in groups)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def test_instructions_can_be_read_at_nine_to_eleven(page: Page, server: StandIn) -> None:
    """The widget's own sentences: beside the field, under "More", in dialogs, in trouble."""
    told = ""
    for state in ("more", "sure", "ending", "trouble"):
        page.reload()
        started(page)
        bring_to(page, state, server)
        own = page.locator("escalation-guide :is(.hint, .more p, .sure p, .notice p, .problem p)")
        told += "".join(f"{text}. " for text in own.filter(visible=True).all_inner_texts())
    assert len(told.split()) > 100
    assert _grade(told) <= 6
