"""On a phone the action and the two buttons that go with it stand on the first screen."""

from collections.abc import Iterator
from itertools import product

import msgspec
import pytest
from playwright.sync_api import FloatRect, Locator, Page

from bot.core.cards.advice import advice_card
from bot.core.cards.card import Card, card_text
from bot.core.rules.facts import Facts
from bot.core.vocabulary import Side
from tests.support.core import IDS, advised, handbook, policies, step, told
from tests.widget.answers import message
from tests.widget.hands import say, started
from tests.widget.stand_in import StandIn

pytestmark = pytest.mark.browser

BUTTONS = {
    Side.raiser: ("What do I say?", "Draft the e-mail"),
    Side.receiver: ("Draft the e-mail", "What do I say?"),
}
EDGE = 14
"""Pixels below the words of a button."""
FURTHER = ("Add the date to my calendar", "Files to keep or send", "Show all the stages")


def cards(partnership: str) -> Iterator[tuple[str, Card, Side]]:
    """Yield the advice at each stage of a policy, waited for and not settled, on both sides."""
    policy = policies()[partnership]
    for stage, outcome, side in product(policy.stages, ("awaiting", "unresolved"), Side):
        steps = [step(str(stage.level), "2026-11-16", outcome)]
        given = told(partnership, steps=steps, me={"side": str(side), "level": None})
        given.pop("today", None)
        advice = advised(msgspec.convert(given, Facts), policy)
        name = f"{partnership} {stage.number} {outcome} {side}"
        yield name, advice_card(advice, policy, handbook().phrases, side), side


@pytest.mark.parametrize("partnership", IDS)
def test_the_action_and_its_buttons_are_on_a_phones_first_screen(
    page: Page, server: StandIn, partnership: str
) -> None:
    """At every stage: nobody has to scroll to what to do, nor to the words for it."""
    page.set_viewport_size({"width": 360, "height": 640})
    below: dict[str, list[float]] = {}
    for name, card, side in cards(partnership):
        buttons = [(f"do:{title}", title) for title in (*BUTTONS[side], *FURTHER)]
        text = card_text(card, handbook().phrases)
        server.answers[name] = [message(text, *buttons, card=msgspec.to_builtins(card))]
        say(page, name)
        last = page.locator(".message").last
        last.get_by_role("button", name=FURTHER[-1]).wait_for()
        buttons_of = [last.get_by_role("button", name=title) for title in BUTTONS[side]]
        ends = [_end(place) for place in (last.locator("h3"), *buttons_of)]
        # Of the longest action's second button the words are to be seen, and not its lower edge.
        *whole, second = ends
        top = _box(page.locator("form"))["y"]
        if max(whole) > top or second - EDGE > top:
            below[name] = ends
    assert not below, top


@pytest.mark.parametrize("path", ["", "framed"])
def test_the_first_question_is_on_a_phones_first_screen(
    page: Page, server: StandIn, path: str
) -> None:
    """On the guide's own pages its first choice stands above the field before any scrolling."""
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"{server.url}{path}")
    started(page)
    choice = page.locator(".option").first
    assert page.evaluate("scrollY") == 0
    assert _end(choice) <= _box(page.locator("form"))["y"]


@pytest.mark.parametrize(("urgent", "least"), [(False, 0.7), (True, 0.55)])
def test_most_of_the_guide_is_for_reading(page: Page, urgent: bool, least: float) -> None:  # noqa: FBT001
    """On a small laptop: 70 of 100 at the welcome, and more than half while the alarm stands."""
    page.set_viewport_size({"width": 1366, "height": 768})
    if urgent:
        say(page, "mum just rang, he has a knife")
        page.locator(".alert .alert-title").wait_for()
    read, whole = (_box(page.locator(name))["height"] for name in (".scroller", ".guide"))
    assert read / whole >= least


def _end(place: Locator) -> float:
    box = _box(place)
    return box["y"] + box["height"]


def _box(place: Locator) -> FloatRect:
    box = place.bounding_box()
    assert box is not None
    return box
