"""The page in a browser: under its content policy, read by axe, on a phone and in the dark."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright
from pypdf import PdfReader

from bot.core.policy.loader import load_library
from bot.figures.chart import NARROW
from bot.figures.comments import CommentBook
from bot.figures.log import new_row
from bot.figures.published import PublishedQuarters
from bot.keepers import figures_page
from bot.keepers.figures_page import AT, FigurePages
from bot.keepers.page import HEADERS
from bot.paths import POLICIES
from tests.figures.rows import database
from tests.figures.year import simulated_year
from tests.widget import chromium

pytestmark = pytest.mark.browser

LETTERS, SMALLEST = 14, 11
"""The size of a chart's letters as they are drawn, and the smallest that can be read."""
SITE = "http://guide.example"
SUMMER = "2026-Q3"
POLICY = ["kent", "pan_dorset"]


@pytest.fixture(scope="module", name="pages")
def fixture_pages(tmp_path_factory: pytest.TempPathFactory) -> FigurePages:
    """The pages of a simulated year."""
    rows = [new_row(one) for one in simulated_year()]
    rows += [new_row(one, "City School Trust") for one in simulated_year(2)]
    engine = database(tmp_path_factory.mktemp("figures"), rows)
    return FigurePages(
        PublishedQuarters(engine, load_library(POLICIES), lambda: date(2026, 11, 26)),
        CommentBook(engine, str),
    )


@pytest.fixture(scope="module", name="browser")
def fixture_browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        started = chromium.start(playwright)
        yield started
        started.close()


def opened(context: BrowserContext, pages: FigurePages, policy: str) -> Page:
    """A page as the server sends it, with its headers."""

    def answer(route: Route) -> None:
        *_, name, quarter, last = route.request.url.split("/")
        if last.endswith(".svg"):
            drawn = pages.chart(policy, name, quarter, last)
            route.fulfill(body=drawn, headers=HEADERS, content_type="image/svg+xml")
        elif quarter == policy and name == "figures":
            body = pages.report(policy, last)
            route.fulfill(body=body, headers=HEADERS, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(status=404)

    context.route("**/*", answer)
    page = context.new_page()
    page.goto(f"{SITE}{AT}/{policy}/{SUMMER}-year")
    return page


def test_every_chart_is_drawn_under_the_content_policy(
    browser: Browser, pages: FigurePages
) -> None:
    """The browser reports nothing, and a chart opened by itself is drawn too."""
    context = browser.new_context()
    heard: list[str] = []
    context.on("console", lambda message: heard.append(message.text))
    page = opened(context, pages, "kent")
    wide = page.eval_on_selector_all("img", "all => all.map(one => one.naturalWidth)")
    assert len(wide) > 6
    assert all(wide)
    page.goto(f"{SITE}{AT}/kent/{SUMMER}-year/disagreement/chart.svg")
    assert page.locator("rect[fill='#1d70b8']").count() > 2
    assert [one for one in heard if "favicon" not in one and "404" not in one] == []
    context.close()


@pytest.mark.parametrize("policy", POLICY)
def test_axe_finds_nothing(browser: Browser, pages: FigurePages, policy: str) -> None:
    """No violation of WCAG 2.2 AA or of good practice, wide and at 320 px, light and dark."""
    # axe is brought in from outside, which the page's own policy rightly forbids.
    context = browser.new_context(bypass_csp=True)
    page = opened(context, pages, policy)
    themes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for theme in themes:
            page.emulate_media(color_scheme=theme)
            results = Axe().run(page, options={"resultTypes": ["violations"]})
            assert results.violations_count == 0, f"{width} {theme}: {results.generate_report()}"
    context.close()


@pytest.mark.parametrize("policy", POLICY)
def test_a_phone_scrolls_tables_and_not_the_page(
    browser: Browser, pages: FigurePages, policy: str
) -> None:
    """At 320 px nothing but a table of many columns is wider than the screen.

    Letters in charts keep a size that can be read, and nothing is a stop for the keyboard that
    does not scroll.
    """
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = opened(context, pages, policy)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    shown = page.eval_on_selector_all("img", "all => all.map(i => [i.currentSrc, i.width])")
    assert shown
    for address, width in shown:
        assert address.endswith("/narrow.svg")
        assert LETTERS * width / NARROW.width >= SMALLEST
    context.close()


def test_the_keyboard_reaches_the_last_column_where_a_table_scrolls(
    browser: Browser, pages: FigurePages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The link stands in the table's own box, and only where that box scrolls."""
    monkeypatch.setattr(figures_page, "MOST_COLUMNS", 1)
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = opened(context, pages, POLICY[0])
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    boxes = page.locator(".wide").all()
    assert boxes
    for box in boxes:
        box.locator(".slide a").focus()
        page.keyboard.press("Enter")
        assert box.evaluate("box => box.scrollLeft") > 0
    page.set_viewport_size({"width": 1100, "height": 800})
    assert page.locator(".slide a:visible").count() == 0
    context.close()


def test_nothing_is_a_stop_for_the_keyboard_that_does_not_scroll(
    browser: Browser, pages: FigurePages
) -> None:
    """The keyboard stops at links alone."""
    context = browser.new_context(viewport={"width": 1100, "height": 800})
    page = opened(context, pages, POLICY[0])
    assert page.locator("[tabindex]").count() == 0
    context.close()


@pytest.mark.parametrize("policy", POLICY)
def test_on_paper_a_heading_stays_with_what_it_is_about(
    browser: Browser, pages: FigurePages, policy: str, tmp_path: Path
) -> None:
    """No page of an A4 print ends with a heading, its sentence or a table's header, torn off."""
    context = browser.new_context()
    page = opened(context, pages, policy)
    headings = set(page.locator("h2").all_inner_texts())
    sentences = {text[-40:] for text in page.locator("p.leads").all_inner_texts() if text}
    (tmp_path / "print.pdf").write_bytes(page.pdf(prefer_css_page_size=True))
    context.close()
    sheets = PdfReader(str(tmp_path / "print.pdf")).pages
    assert len(sheets) > 2
    for sheet in sheets:
        last = [line.strip() for line in sheet.extract_text().splitlines() if line.strip()][-1]
        assert last not in headings
        assert not last.startswith("What ")
        assert not any(last.endswith(sentence) for sentence in sentences)
