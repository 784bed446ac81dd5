"""Script, markup and right-to-left text, typed or in a policy, are text and nothing else."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page, expect

from bot.core.cards.advice import advice_card
from bot.core.cards.card import card_text
from bot.core.policy.model import Policy
from bot.core.rules.facts import Facts
from tests.support.core import advised, handbook, policies, step, told
from tests.widget.answers import message
from tests.widget.hands import log, say
from tests.widget.stand_in import StandIn

pytestmark = pytest.mark.browser

HOSTILE = [
    "<img src=x onerror=\"document.title='broken'\">",
    "</p></div><script>document.title='broken'</script>",
    "<svg/onload=document.title='broken'> &lt;b&gt; &amp;",
    "\u202eevil\u202c \u2066\u05e9\u05dc\u05d5\u05dd\u2069 {{1+1}} ${1+1}",
    "](javascript:document.title='broken') **` \"'",
]
WRITTEN = {"title", "label", "what", "document", "because", "note", "section", "short_name"}
"""Keys of a policy whose values are somebody's own words."""


def spoilt(value: Any, how: Callable[[str], str], key: str = "") -> Any:
    """The same values with everything that somebody wrote in words changed."""
    if isinstance(value, dict):
        return {name: spoilt(one, how, name) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [spoilt(one, how, key) for one in value]
    return how(value) if isinstance(value, str) and key in WRITTEN else value


@pytest.mark.parametrize("evil", HOSTILE)
def test_a_policys_text_is_shown_as_text(page: Page, server: StandIn, evil: str) -> None:
    """Kent's policy with hostile words in it, taken through the core to the card on the page."""
    kent = msgspec.to_builtins(policies()["kent"])
    policy = msgspec.convert(spoilt(kent, lambda words: f"{words} {evil}"), Policy)
    given = told("kent", steps=[step("line_manager", "2026-11-16", "awaiting")])
    given.pop("today", None)
    advice = advised(msgspec.convert(given, Facts), policy)
    card = advice_card(advice, policy, handbook().phrases)
    said = message(
        card_text(card, handbook().phrases),
        ("do:draft", f"Draft {evil}"),
        card=msgspec.to_builtins(card),
    )
    file = {"title": f"Record {evil}", "url": f"/webhooks/web/files/{evil}", "type": evil}
    server.answers["advice"] = [{**said, "files": [file]}]
    title = page.title()
    say(page, "advice")
    shown = log(page).locator(".card")
    expect(shown).to_be_visible()
    # The guide's own light mark is taken out of bold text, and nothing else is.
    marked = evil.replace("**", "")
    for part in (".stage-title", ".items > li > p", ".source"):
        words = [text.replace("**", "") for text in shown.locator(part).all_text_contents()]
        assert any(marked in text for text in words), (part, words)
    expect(log(page).get_by_role("button", name="Draft")).to_contain_text(evil)
    expect(log(page).get_by_role("button", name="Record")).to_contain_text(evil)
    assert page.title() == title
    made = page.locator("escalation-guide :is(img, script, iframe, svg, object, style)")
    assert made.count() == 0
    links = page.locator("escalation-guide .message a").evaluate_all("all => all.map(a => a.href)")
    assert {link for link in links if link != "tel:999"} == set()


def test_a_draft_with_hostile_words_is_text_and_is_copied_as_it_is(
    page: Page, server: StandIn
) -> None:
    """Subject, body, gaps and a case's code too."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    evil = HOSTILE[0]
    draft = {
        "kind": "draft",
        "title": evil,
        "head": [evil],
        "subject": evil,
        "body": f"Dear [{evil}],\n{evil}",
        "gaps": [evil],
        "sections": [],
    }
    server.answers["draft"] = [message("A draft.", card=draft)]
    server.answers["code"] = [message("Code.", card={"kind": "case", "title": "C", "code": evil})]
    say(page, "draft")
    page.get_by_role("button", name="Copy the draft").click()
    expect(page.get_by_text("The draft is copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"Subject: {evil}\n\nDear [{evil}],\n{evil}"
    say(page, "code")
    expect(log(page).get_by_text(f"Your code: {evil}")).to_be_visible()
    assert page.locator("escalation-guide :is(img, script)").count() == 0


@pytest.mark.parametrize("evil", HOSTILE)
def test_what_was_typed_is_text_after_a_reload_too(page: Page, evil: str) -> None:
    """In the history as at first, in its own direction."""
    title = page.title()
    say(page, evil)
    expect(log(page).get_by_text("You wrote:")).to_be_visible()
    page.reload()
    own = page.locator(".past .person .words")
    expect(own).to_have_text(evil)
    assert own.evaluate("e => [e.dir, getComputedStyle(e).unicodeBidi]") == ["auto", "isolate"]
    assert page.title() == title
    assert page.locator("escalation-guide :is(img, script, svg)").count() == 0
