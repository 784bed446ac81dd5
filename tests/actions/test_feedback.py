"""The feedback's three presses, and practice, as the actions answer them."""

import asyncio
from typing import Any, cast

import msgspec
import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.context import NamedAction, log_row
from actions.feedback import ActionFeedback
from actions.practice import ActionPractise
from bot.core.cards.advice import advice_card
from bot.core.cards.feedback import with_feedback
from bot.core.cards.lines import stages_card
from bot.core.conversation.slots import to_slots
from bot.core.conversation.state import State
from tests.support.core import advised, handbook, policies
from tests.support.documents import case

KENT = policies()["kent"]
CARD = with_feedback(stages_card(KENT, handbook().phrases), handbook().phrases)
PRESSED = str(CARD.sections[-1].items[0].change)


@pytest.fixture(autouse=True)
def drafts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offer the shipped policies, which nobody has signed."""
    monkeypatch.setattr("actions.context.offered_policies", policies)


def bot(custom: dict[str, Any]) -> dict[str, Any]:
    """Return an event of the guide's."""
    return {"event": "bot", "text": "", "data": {"custom": custom}}


def pressed(
    action: NamedAction, payload: str, state: State, *events: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return what the action says when a button is pressed in a conversation."""
    value = payload.partition("feedback:")[2]
    entities = [{"entity": "value", "value": value}] if value else []
    message = {"intent": {"name": "feedback"}, "entities": entities, "text": ""}
    tracker = Tracker("web-1", to_slots(state), message, list(events), False, None, {}, "x")  # noqa: FBT003 - rasa's
    dispatcher = CollectingDispatcher()
    asyncio.run(action.run(dispatcher, tracker, cast("DomainDict", {})))
    said: list[dict[str, Any]] = dispatcher.messages
    return said


def test_three_presses_count_a_statement_once() -> None:
    """What is wrong, where, thanks; the same again is known; an unknown card is gone."""
    shown = bot({"card": msgspec.to_builtins(CARD)})
    state = State(partnership="kent")
    (which,) = pressed(ActionFeedback(), PRESSED, state, shown)
    assert which["response"] == "utter_feedback_which_fault"
    unclear = next(b for b in which["buttons"] if "what it means" in b["title"])
    (where,) = pressed(ActionFeedback(), unclear["payload"], state, shown)
    title, line = where["buttons"][:2]
    assert title["title"] == CARD.title
    assert line["title"].startswith(CARD.sections[0].items[0].text[:20])
    thanks, effect = pressed(ActionFeedback(), line["payload"], state, shown)
    assert thanks["response"] == "utter_feedback_noted"
    report = effect["custom"]["effect"]
    assert report["what"] == "feedback"
    assert report["answers"] == {
        "policy": "kent", "version": KENT.fingerprint, "statement": "stages[0]",
        "section": KENT.stages[0].source, "kind": "advice", "fault": "unclear",
    }  # fmt: skip
    again = bot({"effect": report})
    (known,) = pressed(ActionFeedback(), line["payload"], state, shown, again)
    assert known["response"] == "utter_feedback_known"
    (gone,) = pressed(ActionFeedback(), "do:feedback:0123456789", state, shown)
    assert gone["response"] == "utter_feedback_gone"


def test_of_many_lines_the_part_is_asked_first() -> None:
    """Then its lines; the report is that of the line."""
    facts = case("kent").facts
    card = with_feedback(
        advice_card(advised(facts, KENT), KENT, handbook().phrases), handbook().phrases
    )
    shown, state = bot({"card": msgspec.to_builtins(card)}), State(partnership="kent")
    asked = str(card.sections[-1].items[0].change)
    (where,) = pressed(ActionFeedback(), f"{asked}.unclear", state, shown)
    part = next(one for one in where["buttons"] if one["title"] == card.sections[-2].heading)
    (which,) = pressed(ActionFeedback(), part["payload"], state, shown)
    assert which["response"] == "utter_feedback_which_line"
    line = which["buttons"][0]
    assert line["title"][:20] == card.sections[-2].items[0].text[:20]
    thanks, effect = pressed(ActionFeedback(), line["payload"], state, shown)
    assert thanks["response"] == "utter_feedback_noted"
    assert effect["custom"]["effect"]["answers"]["policy"] == "kent"


def test_a_practice_is_offered_by_a_button_and_has_no_row() -> None:
    """Words alone begin none, and the log is never asked to keep an invented case."""
    (offer,) = pressed(ActionPractise(), "do:practise", State(partnership="kent"))
    begin, report = (one["payload"] for one in offer["buttons"])
    assert (begin, report) == ("do:set_practice:begin", "do:feedback:practice")
    (within,) = pressed(ActionPractise(), "do:practise", State(practice=True))
    assert "do:set_practice:end" in [one["payload"] for one in within["buttons"]]
    facts = case("kent").facts
    advice = advised(facts, KENT)
    for practice in (True, False):
        dispatcher = CollectingDispatcher()
        state = State(partnership="kent", risk=facts.risk, practice=practice)
        events = log_row(dispatcher, state, advice)
        assert bool(dispatcher.messages) is bool(events) is not practice
