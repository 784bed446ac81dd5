"""The desk in a browser: under its content policy, read by axe, on a phone and in the dark."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from bot.core.handbook.handbook import load_handbook
from bot.keepers.desk.answers import Page as DeskPage
from bot.keepers.desk.desk import Desk
from bot.keepers.desk.routes import PAGES
from bot.keepers.desk.store import DraftStore
from bot.keepers.page import HEADERS
from bot.keepers.pages import KeeperPages
from bot.keepers.people import Keeper, read_rights
from bot.paths import POLICIES, ROOT
from bot.privacy.store.database import make_engine
from tests.widget import chromium

pytestmark = pytest.mark.browser

SITE = "http://guide.example"
ADA = Keeper("Ada", "business manager", read_rights("*:write,check,sign"))
TEXT = (ROOT / "docs/keepers/example/policy.md").read_text("utf-8")
HERE = "/keepers/drafts/vale/"
SHOWN = [
    "/keepers/",
    "/keepers/try?policy=kent&my_agency=health&their_agency=police&risk=concern&disagreement=threshold",
    "/keepers/drafts/",
    HERE,
    f"{HERE}statements",
    f"{HERE}add?under=stages.1&kind=to_answer",
    f"{HERE}add?path=nation",
    f"{HERE}silent?path=remaining",
    f"{HERE}text",
    f"{HERE}try?my_agency=health&their_agency=police&risk=concern&disagreement=threshold",
    f"{HERE}cases",
    "/keepers/drafts/kent/changes",
    f"{HERE}sign",
    f"{HERE}history",
]


@pytest.fixture(scope="module", name="desk")
def fixture_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk with a draft that was read from a text, and one of a policy that is here."""
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('desk')}/desk.db")
    handbook = load_handbook(ROOT)
    made = Desk(DraftStore(engine, time.time), POLICIES, handbook, lambda: date(2026, 11, 26), "s")
    made.begin(ADA, {"policy": ["vale"], "text": [TEXT]}, None)
    made.begin(ADA, {"from": ["kent"]}, None)
    return made


@pytest.fixture(scope="module", name="browser")
def fixture_browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        started = chromium.start(playwright)
        yield started
        started.close()


def shown(desk: Desk, path: str, sent: dict[str, list[str]]) -> str:
    """A page as the routes would answer."""
    own = KeeperPages(POLICIES, desk.handbook, desk.today)
    others: dict[str, Callable[[], str]] = {
        "/keepers/": lambda: own.index(ADA),
        "/keepers/try": lambda: own.try_it(ADA, sent),
    }
    if path in others:
        return others[path]()
    for pattern, show in PAGES.items():
        regex = re.sub(r"<(\w+):[^>]+>", r"(?P<\1>[^/]+)", f"/keepers/drafts{pattern}")
        found = re.fullmatch(regex, path)
        if found:
            page = show(desk, ADA, sent, found.groupdict())
            assert isinstance(page, DeskPage)
            return page.html
    raise AssertionError(path)


def opened(context: BrowserContext, desk: Desk, path: str) -> Page:
    """A page as the server sends it, with its headers."""

    def answer(route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.path.endswith(".ico"):
            route.fulfill(status=404)
            return
        body = shown(desk, parts.path, parse_qs(parts.query))
        route.fulfill(body=body, headers=HEADERS, content_type="text/html; charset=utf-8")

    context.route("**/*", answer)
    page = context.new_page()
    page.goto(f"{SITE}{path}")
    return page


LOOKS: tuple[tuple[int, Literal["light", "dark"]], ...] = ((1280, "dark"), (320, "light"))


@pytest.mark.parametrize("path", SHOWN)
def test_a_page_is_for_everybody_and_for_every_screen(
    browser: Browser, desk: Desk, path: str
) -> None:
    """Axe finds nothing, wide and dark as on a phone, where the page never scrolls sideways."""
    # axe is brought in from outside, which the page's own policy rightly forbids.
    context = browser.new_context(bypass_csp=True)
    page = opened(context, desk, path)
    for width, theme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=theme)
        results = Axe().run(page, options={"resultTypes": ["violations"]})
        assert results.violations_count == 0, f"{width} {theme}: {results.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    heights = page.eval_on_selector_all(
        "button", "all => all.map(one => one.offsetHeight).filter(high => high > 0)"
    )
    assert all(high >= 44 for high in heights)
    context.close()


def test_the_content_policy_lets_the_pages_own_style_in(browser: Browser, desk: Desk) -> None:
    """The browser reports nothing, and a button looks as it should."""
    context = browser.new_context()
    heard: list[str] = []
    context.on("console", lambda message: heard.append(message.text))
    page = opened(context, desk, f"{HERE}statements")
    green = "getComputedStyle(document.querySelector('button:not(.plain)')).backgroundColor"
    assert page.evaluate(green) == "rgb(0, 112, 60)"
    assert [one for one in heard if "favicon" not in one and "404" not in one] == []
    context.close()
