"""The questions about danger: how great the risk is, and what came of the calls."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import context
from actions.advice import advice_for, offer_buttons, say_card, who_is_next
from bot.core.cards.urgent import danger_card
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.saving import worth_saving
from bot.core.conversation.state import State

FIRST_WORDS = ("ask_confidence:scope", "return_case")
"""Offered at the start, beside both sides of a disagreement."""


def ask_risk(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Ask about danger first; until something is told, also offer what people come for."""
    state = context.state_of(tracker)
    context.ask_question(
        dispatcher, Question.risk, state, *([] if worth_saving(state) else first_words(state))
    )
    return []


def first_words(state: State) -> list[dict[str, str]]:
    """Return the buttons of somebody who has told nothing yet."""
    return [*context.buttons_for(Question.side, state), *offer_buttons(FIRST_WORDS)]


def ask_calls_made(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Say the urgent card; if it was said before, who is next."""
    state = context.state_of(tracker)
    phrases = context.handbook().phrases
    buttons = context.buttons_for(Question.calls_made, state)
    say = {"title": phrases.say("option_offer_ask_wording"), "payload": "do:ask_wording"}
    buttons = [*buttons[:-1], say, buttons[-1]]
    changed, advice = context.changed_now(tracker), advice_for(state)
    if changed & {"risk", "red_flag", "danger_now"}:
        say_card(dispatcher, danger_card(advice, state, phrases), buttons)
        return context.log_row(dispatcher, state, advice)
    if not context.has_just_drafted(tracker):  # Then whoever is next stands above the draft.
        context.say_note(dispatcher, who_is_next(tracker, state))
    asks = "whose" if state.unplaced else "made"
    dispatcher.utter_message(response=f"utter_ask_calls_{asks}", buttons=buttons)
    return []
