"""The widget as a page's author meets it: attributes, events, and what neither can do."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.widget.hands import bring_to, dress, field, focused, log, press, say, started
from tests.widget.stand_in import StandIn

pytestmark = pytest.mark.browser

LISTEN = """
    window.heard = [];
    for (const what of ["ready", "open", "close", "urgent", "problem", "deleted", "exit"]) {
      document.addEventListener(`guide-${what}`, ({ detail }) => window.heard.push([what, detail]));
    }
"""
Embed = Callable[..., Page]


@pytest.fixture
def embed(context: BrowserContext, server: StandIn) -> Iterator[Embed]:
    """Opens the demonstration page with other attributes on the guide, its events listened to.

    Whatever the attributes, the strict policy has nothing to report.
    """
    heard: list[str] = []

    def open_page(path: str = "", **attributes: str) -> Page:
        page = context.new_page()
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.add_init_script(LISTEN)

        def answer(route: Any) -> None:
            given = "".join(f' {name.replace("_", "-")}="{v}"' for name, v in attributes.items())
            answer = route.fetch()
            body = answer.text().replace("<escalation-guide\n", f"<escalation-guide{given}\n")
            route.fulfill(response=answer, body=body)

        page.route(server.url, answer)
        page.goto(server.url + path)
        return page

    yield open_page
    # That an answer was a refusal is the browser's own line.
    assert [line for line in heard if "Failed to load resource" not in line] == []


def heard(page: Page, what: str) -> list[Any]:
    """The details of the page's events of that name."""
    return [detail for name, detail in page.evaluate("window.heard") if name == what]


def test_the_partnership_is_what_the_conversation_begins_with(
    embed: Embed, server: StandIn
) -> None:
    """It goes to the server once, alone, when the conversation begins."""
    page = embed(partnership="kent", risk="no_harm", data_slots="{}")
    started(page)
    assert server.begun == [{"partnership": "kent"}]
    page.reload()
    started(page)
    assert len(server.begun) == 1
    assert heard(page, "ready") == [None]


def test_a_partnership_that_is_not_known_is_told_to_the_page_and_not_to_the_person(
    embed: Embed, server: StandIn
) -> None:
    """The guide begins without it; the page's author finds it in an event."""
    page = embed(partnership="atlantis")
    started(page)
    assert server.begun == [{"partnership": "atlantis"}, {}]
    (told,) = heard(page, "problem")
    assert told == {
        "code": "partnership_unknown",
        "message": "The page asks for one I don't know.",
    }
    expect(page.locator(".problem")).to_be_empty()


def test_without_a_partnership_nothing_is_said_about_one(embed: Embed, server: StandIn) -> None:
    """The guide asks where the child lives."""
    started(embed())
    assert server.begun == [{}]


def test_a_closed_guide_begins_when_it_is_opened(embed: Embed, server: StandIn) -> None:
    """Whoever only passes by leaves no conversation behind; opening and closing are told."""
    page = embed(state="closed")
    opener = page.get_by_role("button", name="Escalation Guide")
    expect(opener).to_be_visible()
    assert server.begun == []
    opener.focus()
    page.keyboard.press("Enter")
    started(page)
    assert focused(page) == "heading"
    say(page, "one thing")
    expect(log(page).get_by_text("You wrote: one thing")).to_be_visible()
    page.get_by_role("button", name="Close: Escalation Guide").press("Enter")
    expect(field(page)).to_be_hidden()
    assert focused(page) == "Escalation Guide"
    page.keyboard.press("Enter")
    expect(log(page).get_by_text("You wrote: one thing")).to_be_visible()
    assert len(server.begun) == 1
    assert [len(heard(page, what)) for what in ("open", "close")] == [2, 1]


def test_the_page_opens_and_closes_the_guide_itself(embed: Embed) -> None:
    """By the attribute, and by the property of the element."""
    page = embed(state="closed")
    dress(page, state="open")
    started(page)
    page.evaluate("document.querySelector('escalation-guide').open = false")
    expect(field(page)).to_be_hidden()
    assert page.evaluate("document.querySelector('escalation-guide').open") is False


def test_an_open_guide_in_the_page_needs_no_close_button(embed: Embed) -> None:
    """It is part of the page, unless the page says that it can be closed."""
    page = embed()
    started(page)
    expect(page.get_by_role("button", name="Close: Escalation Guide")).to_be_hidden()


def test_a_floating_guide_stays_open_from_page_to_page(embed: Embed, server: StandIn) -> None:
    """It begins closed, covers nothing until it is opened, and is there again on the next page."""
    page = embed(mode="floating")
    launcher = page.locator(".launcher")
    expect(launcher).to_be_in_viewport()
    assert server.begun == []
    launcher.click()
    started(page)
    press(page, "Worried, but it isn't immediate")
    expect(page.get_by_role("button", name="Kent")).to_be_visible()
    page.goto(server.url + "widget/notices.html")
    page.goto(server.url)
    expect(page.locator(".past").get_by_role("button", name="Kent")).to_be_visible()
    page.get_by_role("button", name="Close: Escalation Guide").click()
    page.reload()
    expect(page.locator(".launcher")).to_be_visible()
    expect(field(page)).to_be_hidden()


def test_a_floating_guide_on_a_phone_does_not_hide_what_has_the_focus(
    embed: Embed, server: StandIn
) -> None:
    """It fills the screen; tabbing on to the page behind it closes it."""
    page = embed(mode="floating")
    page.set_viewport_size({"width": 320, "height": 640})
    bring_to(page, "floating", server)
    box = page.locator(".guide").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (320, 640)
    page.get_by_role("button", name="Send").focus()
    page.keyboard.press("Shift+Tab")
    expect(field(page)).to_be_focused()
    page.locator("h2", has_text="Escalation Guide").focus()
    page.keyboard.press("Shift+Tab")
    expect(field(page)).to_be_hidden()
    expect(page.locator(".launcher")).to_be_visible()


def test_an_emergency_stays_in_sight_though_the_guide_is_closed(
    embed: Embed, server: StandIn
) -> None:
    """What is left of it on the page says 999, in words and with a heavy frame."""
    page = embed(mode="floating")
    bring_to(page, "floating", server)
    say(page, "he has a knife")
    expect(page.locator(".alert")).to_contain_text("Call 999 now")
    page.get_by_role("button", name="Close: Escalation Guide").click()
    launcher = page.get_by_role("button", name="Call 999 now. Open: Escalation Guide")
    expect(launcher).to_be_in_viewport()
    assert launcher.evaluate("e => getComputedStyle(e).borderTopStyle") == "double"
    launcher.click()
    press(page, "I have seen this")
    page.get_by_role("button", name="Close: Escalation Guide").click()
    expect(page.locator(".launcher")).to_have_text("Escalation Guide")


def test_words_of_the_page_are_text_and_links_lead_to_people(embed: Embed) -> None:
    """Heading and contact are shown as they are; an invalid address is not a link."""
    page = embed(
        heading="&lt;b onclick=alert(1)&gt;Guide&lt;/b&gt;",
        contact="&lt;img src=x&gt; team",
        contact_phone="+44 (0)1632 960 321",
        contact_email="javascript:alert(1)",
    )
    started(page)
    expect(page.locator("#heading")).to_have_text("<b onclick=alert(1)>Guide</b>")
    press(page, "More")
    person = page.locator(".help")
    expect(person).to_have_text(
        "To speak to somebody: <img src=x> team, +44 (0)1632 960 321, javascript:alert(1)"
    )
    expect(person.get_by_role("link")).to_have_count(1)
    expect(person.get_by_role("link")).to_have_attribute("href", "tel:+4401632960321")
    dress(page, contact_email="team@example.org")
    expect(person.get_by_role("link").last).to_have_attribute("href", "mailto:team@example.org")


def test_whom_the_page_names_is_named_when_the_guide_fails(embed: Embed, server: StandIn) -> None:
    """Beside 999, where there is trouble."""
    page = embed(contact="the Larkmere team")
    bring_to(page, "trouble", server)
    expect(page.locator(".problem")).to_contain_text("To speak to somebody: the Larkmere team")


CONTRAST = """
    () => {
      const root = document.querySelector("escalation-guide").shadowRoot;
      const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      const light = (colour) => {
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((byte) => {
          const part = byte / 255;
          return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ratio = (one, other) => {
        const [dark, pale] = [light(one), light(other)].sort((a, b) => a - b);
        return (pale + 0.05) / (dark + 0.05);
      };
      const look = (what) => getComputedStyle(root.querySelector(what));
      return [
        ratio(look(".option").color, look(".guide").backgroundColor),
        ratio(look(".option").color, look("form").backgroundColor),
        ratio(look(".send").color, look(".send").backgroundColor),
      ];
    }
"""


@pytest.mark.parametrize(
    "accent", ["#1b4d3e", "gold", "#ffffff", "black", "rgb(120 120 120)", "oklch(0.8 0.2 140)"]
)
def test_any_colour_of_the_page_can_be_read(embed: Embed, accent: str) -> None:
    """At least 4.5 to 1 against what is around it, in both themes, whatever colour is given."""
    page = embed(accent=accent)
    started(page)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        # The page hears of another theme with its next frame.
        page.wait_for_function(f"() => Math.min(...({CONTRAST})()) >= 4.5")
        usual = {"light": "rgb(20, 82, 138)", "dark": "rgb(156, 204, 247)"}[theme]
        expect(page.locator(".send")).not_to_have_css("background-color", usual)


def test_a_colour_that_can_be_read_is_taken_as_it_is(embed: Embed) -> None:
    """A value that is not a colour changes nothing and never reaches a style."""
    page = embed(accent="#1b4d3e", theme="light")
    started(page)
    send = page.locator(".send")
    expect(send).to_have_css("background-color", "rgb(27, 77, 62)")
    for wrong in ("red;} * {display: none", "url(https://elsewhere.example/a.png)", "nonsense"):
        dress(page, accent=wrong)
        expect(send).to_have_css("background-color", "rgb(20, 82, 138)")


@pytest.mark.parametrize(("theme", "paper"), [("light", "255, 255, 255"), ("dark", "21, 25, 29")])
def test_a_page_can_be_always_light_or_always_dark(embed: Embed, theme: str, paper: str) -> None:
    """Whatever the person's device prefers; without the attribute it decides."""
    page = embed(theme=theme)
    started(page)
    for device in ("light", "dark"):
        page.emulate_media(color_scheme=device)
        expect(page.locator(".guide")).to_have_css("background-color", f"rgb({paper})")
    page.evaluate("document.querySelector('escalation-guide').removeAttribute('theme')")
    expect(page.locator(".guide")).to_have_css("background-color", "rgb(21, 25, 29)")


def test_events_hold_no_word_of_the_conversation(embed: Embed, server: StandIn) -> None:
    """Not what was typed, not what was answered, not the token."""
    page = embed()
    started(page)
    say(page, "the secret words")
    expect(log(page).get_by_text("You wrote: the secret words")).to_be_visible()
    say(page, "secret: he has a knife")
    expect(page.locator(".alert")).to_contain_text("Call 999 now")
    server.refusals.append((503, "failed", "The guide is busy."))
    say(page, "more of the secret")
    expect(page.locator(".problem")).to_contain_text("The guide is busy.")
    told = page.evaluate("window.heard")
    assert told == [
        ["ready", None],
        ["urgent", {"kind": "emergency"}],
        ["problem", {"code": "failed", "message": "The guide is busy."}],
    ]
    assert "secret" not in json.dumps(told)


def test_a_guide_moved_within_the_page_goes_on(embed: Embed, server: StandIn) -> None:
    """Its conversation stays, and it is listened to once and not twice."""
    page = embed()
    started(page)
    page.evaluate("document.body.append(document.querySelector('escalation-guide'))")
    say(page, "still here")
    expect(log(page).get_by_text("You wrote: still here")).to_be_visible()
    assert server.sent == ["still here"]
    assert len(server.begun) == 1


def test_each_attribute_is_shown_on_the_page_for_editors(embed: Embed, server: StandIn) -> None:
    """A choice changes the guide and the lines for the template; an event is listed."""
    page = embed("widget/attributes.html")
    started(page)
    page.get_by_label("Heading").fill('Raise a "concern" & more')
    page.get_by_label("Partnership it begins with").select_option("kent")
    page.get_by_label("Colour of buttons and marks").select_option("#7a1f5c")
    page.get_by_label("Light or dark").select_option("light")
    expect(page.locator("#heading").last).to_have_text('Raise a "concern" & more')
    lines = page.get_by_label("Lines for your template")
    expect(lines).to_contain_text('heading="Raise a &quot;concern&quot; &amp; more"')
    expect(lines).to_contain_text('partnership="kent"')
    expect(page.locator(".send")).to_have_css("background-color", "rgb(122, 31, 92)")
    started(page)
    assert server.begun[-1] == {"partnership": "kent"}
    expect(page.locator("#events li").first).to_have_text("guide-ready")
    page.get_by_label("Open or closed").select_option("closed")
    expect(page.locator("#events li").first).to_have_text("guide-close")
    page.get_by_label("Where it stands").select_option("floating")
    expect(page.locator(".launcher")).to_be_in_viewport()
