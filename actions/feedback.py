"""Rasa action for "something here is wrong or unclear": ask what and where, have it counted."""

from typing import Any

import msgspec
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from bot.core.cards.card import Card
from bot.core.cards.feedback import (
    INTENT,
    PART,
    Chosen,
    Fault,
    Report,
    card_key,
    choices,
    parse_chosen,
    report_on,
    report_on_document,
)
from bot.core.handbook.sources import Document


class ActionFeedback(context.NamedAction):
    """Ask what is wrong, then which line, then have the report counted."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say the next question of the three, or thanks."""
        chosen = parse_chosen(context.carried_value(tracker) or "")
        cards = (card for card in _cards(tracker) if card_key(card) == chosen.card)
        what = chosen.document or next(cards, None)
        if what is None:
            dispatcher.utter_message(response="utter_feedback_gone")
        elif chosen.fault is None:
            dispatcher.utter_message(response="utter_feedback_which_fault", buttons=_faults(chosen))
        elif isinstance(what, Card) and (chosen.line is None or chosen.line.startswith(PART)):
            dispatcher.utter_message(
                response="utter_feedback_which_line", buttons=_lines(chosen, what)
            )
        else:
            report = _report(tracker, what, Fault(chosen.fault), chosen.line or "")
            _have_counted(dispatcher, tracker, report)
        return []


def _faults(chosen: Chosen) -> list[dict[str, str]]:
    say = context.handbook().phrases.say
    return [
        _button(say(f"option_fault_{fault}"), Chosen(chosen.card, str(fault))) for fault in Fault
    ]


def _lines(chosen: Chosen, card: Card) -> list[dict[str, str]]:
    found = choices(card, chosen.line, context.handbook().phrases)
    return [_button(title, Chosen(chosen.card, chosen.fault, line)) for line, title in found]


def _button(title: str, chosen: Chosen) -> dict[str, str]:
    return {"title": title, "payload": f"do:{INTENT}:{chosen}"}


def feedback_button(document: Document) -> dict[str, str]:
    """Return the button that says that something is wrong with what was written or made."""
    say = context.handbook().phrases.say
    return _button(say(f"option_feedback_{document}"), Chosen(str(document)))


def _report(tracker: Tracker, what: Card | Document, fault: Fault, line: str) -> Report | None:
    policies, of = context.offered_policies(), context.state_of(tracker).partnership or ""
    if not isinstance(what, Card):
        return report_on_document(what, fault, policies, of)
    return report_on(what, line, fault, policies, context.handbook(), of)


def _have_counted(
    dispatcher: CollectingDispatcher, tracker: Tracker, report: Report | None
) -> None:
    """Have a report counted, once in a conversation."""
    if report is None:
        dispatcher.utter_message(response="utter_feedback_gone")
        return
    answers = msgspec.to_builtins(report)
    if any(effect.get("answers") == answers for effect in context.effects_had(tracker)):
        dispatcher.utter_message(response="utter_feedback_known")
        return
    effect = {"effect": {"what": INTENT, "answers": answers}}
    dispatcher.utter_message(response="utter_feedback_noted")
    dispatcher.utter_message(json_message=effect)


def _cards(tracker: Tracker) -> list[Card]:
    """Return the cards with statements that the conversation was shown, newest first."""
    return [msgspec.convert(card, Card) for card in context.cards_shown(tracker)]
