"""The widget on pages that were not made for it, in their frames, and without its code."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.hands import bring_to, started
from tests.widget.stand_in import StandIn

pytestmark = pytest.mark.browser

CARELESS = """
    html { font-size: 62.5%; }
    body { font: italic small-caps 300 2.4rem/3 serif; color: red; text-indent: 2em; }
    * { text-transform: uppercase; letter-spacing: 2px; word-spacing: 9px; white-space: pre;
        text-align: right; line-height: 3; cursor: wait; list-style: square; word-break: break-all;
        font-variant: small-caps; text-shadow: 1px 1px red; font-style: italic; quotes: none; }
"""
LOOKS = """
    () => {
      const root = document.querySelector("escalation-guide").shadowRoot;
      const parts = root.querySelectorAll("h2, h3, h4, p, li, button, label, textarea, dialog");
      const names = ["color", "cursor", "direction", "list-style-type", "min-height",
        "padding-left", "quotes", "visibility", "white-space", "word-break", "word-spacing",
        "letter-spacing", "line-height", "font-size", "font-style",
        "font-weight", "font-family", "font-variant"];
      return [...parts].map((part) => {
        const look = getComputedStyle(part);
        const all = [...names, ...[...look].filter((name) => name.startsWith("text-"))];
        return [part.className || part.localName, ...all.map((name) => `${name}: ${look[name]}`)];
      });
    }
"""


@pytest.mark.parametrize("state", ["welcome", "advice", "emergency"])
def test_what_a_page_sets_for_its_text_stays_outside(
    page: Page, server: StandIn, state: str
) -> None:
    """A small root, capitals, spacing, a font: not one word or button of the guide changes."""
    bring_to(page, state, server)
    # What changes with the guide's own width is not looked at here.
    page.evaluate("document.querySelector('escalation-guide').style.width = '700px'")
    before = page.evaluate(LOOKS)
    page.evaluate(
        "css => { const s = new CSSStyleSheet(); s.replaceSync(css);"
        " document.adoptedStyleSheets = [s]; }",
        CARELESS,
    )
    assert page.locator("main .lead").evaluate("e => getComputedStyle(e).letterSpacing") == "2px"
    assert len(before) > 20
    assert page.evaluate(LOOKS) == before


def test_the_persons_own_text_size_is_kept(browser: Any, server: StandIn) -> None:
    """The sizes count from what the browser is set to, as they would on a careful page."""
    page = browser.new_page(bypass_csp=True)
    session = page.context.new_cdp_session(page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 24, "fixed": 20}})
    page.goto(server.url)
    started(page)
    size = (
        page.locator(".message p").nth(1).evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    )
    assert size == pytest.approx(24 * 1.0625)
    page.close()


def test_a_hidden_part_of_a_page_hides_the_guide(page: Page) -> None:
    """A tab that is not shown, for example."""
    page.evaluate("document.querySelector('main').style.visibility = 'hidden'")
    expect(page.locator(".guide")).to_be_hidden()


@pytest.mark.parametrize("path", ["", "framed"])
def test_without_its_code_the_page_says_999(
    context: BrowserContext, server: StandIn, path: str
) -> None:
    """The server away, a page's policy, an old browser: never an empty place."""
    page = context.new_page()
    page.route("**/escalation-guide.js", lambda route: route.abort())
    page.goto(server.url + path)
    expect(page.get_by_text("The guide has not loaded.")).to_be_visible()
    expect(page.locator("escalation-guide").get_by_role("link", name="999")).to_be_visible()


def test_with_its_code_those_words_are_gone(page: Page) -> None:
    """They would say what is not so."""
    expect(page.get_by_text("The guide has not loaded.")).to_be_hidden()


LISTENER = """
    <script>
      window.told = [];
      addEventListener("message", ({ origin, data }) => {
        window.told.push(`${origin}/`);
        document.querySelector("iframe").style.height = `${Math.min(data.height, 5000)}px`;
      });
    </script>
"""


def framing_page(context: BrowserContext, server: StandIn, sites: str) -> Page:
    """A page of an intranet that holds the guide in a frame; the guide lists these sites."""
    page = context.new_page()
    source = f"{server.url}framed?partnership=kent&heading=Raise%20it"
    holder = f'{LISTENER}<iframe src="{source}" style="width: 800px; height: 700px">'

    def framed(route: Any) -> None:
        answer = route.fetch()
        body = answer.text().replace('name="frames" content=""', f'name="frames" content="{sites}"')
        open_to_all = {"content-security-policy": ""}
        route.fulfill(response=answer, body=body, headers={**answer.headers, **open_to_all})

    page.route("**/framed?*", framed)
    page.route(
        "http://intranet.test/", lambda route: route.fulfill(body=holder, content_type="text/html")
    )
    return page


@pytest.mark.parametrize("sites", ["http://intranet.test", "https://a.test http://*.test"])
def test_a_frame_tells_the_page_around_it_how_high_it_would_be(
    context: BrowserContext, server: StandIn, sites: str
) -> None:
    """As high as the conversation: then nothing within the frame scrolls."""
    page = framing_page(context, server, sites)
    page.goto("http://intranet.test/")
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Worried, but it isn't immediate").click()
    for text in ("Kent", "2", "monday"):
        frame.get_by_role("textbox").fill(text)
        frame.get_by_role("textbox").press("Enter")
    expect(frame.locator(".message.person")).to_have_count(4)
    expect(frame.locator(".status")).to_be_empty()
    page.wait_for_function("parseFloat(document.querySelector('iframe').style.height) > 900")
    (held,) = page.frames[1:]
    held.wait_for_function(
        """() => {
          const guide = document.querySelector("escalation-guide").shadowRoot;
          const { scrollHeight, clientHeight } = guide.querySelector(".scroller");
          return scrollHeight <= clientHeight + 1;
        }"""
    )
    assert set(page.evaluate("told")) == {server.url}


def test_a_frame_tells_no_other_page(context: BrowserContext, server: StandIn) -> None:
    """How much was said is nobody else's business, should the page ever be framed there."""
    page = framing_page(context, server, "http://intranet.test.example http://other.test")
    page.goto("http://intranet.test/")
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Worried, but it isn't immediate").click()
    expect(frame.locator(".message.person")).to_have_count(1)
    assert page.evaluate("told") == []


def test_a_frame_holds_the_guide_and_is_left_with_its_page(
    context: BrowserContext, server: StandIn
) -> None:
    """What the frame's address names is set, and "Exit" does not leave the page around it open."""
    page = framing_page(context, server, "")
    exits: list[str] = []

    def elsewhere(route: Any) -> None:
        exits.append(route.request.url)
        route.fulfill(body="<p>Elsewhere</p>", content_type="text/html")

    page.route("https://www.bbc.co.uk/**", elsewhere)
    page.goto("http://intranet.test/")
    frame = page.frame_locator("iframe")
    expect(frame.locator("#heading")).to_have_text("Raise it")
    frame.get_by_role("button", name="Worried, but it isn't immediate").click()
    assert server.begun[-1] == {"partnership": "kent"}
    frame.get_by_role("button", name="Exit this page").click()
    expect(page.get_by_text("Elsewhere")).to_be_visible()
    assert len(exits) == 1


def test_what_is_marked_can_be_read_on_paper(page: Page, server: StandIn) -> None:
    """Whether or not backgrounds are printed."""
    bring_to(page, "advice", server)
    page.emulate_media(media="print")
    for marked in (".current .stage-state", ".option.chosen"):
        look = page.locator(marked).first.evaluate(
            "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
        )
        assert look == ["rgb(0, 0, 0)", "rgba(0, 0, 0, 0)"]
