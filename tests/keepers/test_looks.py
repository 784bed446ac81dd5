"""The page in a browser: under its content policy, read by axe, on a phone and in the dark."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from bot.core.policy.loader import load_library
from bot.figures.log import new_row
from bot.figures.published import PublishedQuarters
from bot.keepers.figures_page import AT, FigurePages
from bot.keepers.page import HEADERS
from bot.paths import POLICIES
from tests.figures.rows import database
from tests.figures.year import simulated_year
from tests.widget import chromium

pytestmark = pytest.mark.browser

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
        PublishedQuarters(engine, load_library(POLICIES), lambda: date(2026, 11, 26))
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
        *_, name, quarter, last = route.request.url.removesuffix("/chart.svg").split("/")
        if route.request.url.endswith(".svg"):
            drawn = pages.chart(policy, quarter, last)
            route.fulfill(body=drawn, headers=HEADERS, content_type="image/svg+xml")
        elif quarter == policy and name == "figures":
            body = pages.report(policy, last)
            route.fulfill(body=body, headers=HEADERS, content_type="text/html; charset=utf-8")
        else:
            route.fulfill(status=404)

    context.route("**/*", answer)
    page = context.new_page()
    page.goto(f"{SITE}{AT}/{policy}/{SUMMER}")
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
    page.goto(f"{SITE}{AT}/kent/{SUMMER}/disagreement/chart.svg")
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
    """At 320 px nothing but a table of four quarters is wider than the screen."""
    context = browser.new_context(viewport={"width": 320, "height": 640})
    page = opened(context, pages, policy)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    context.close()
