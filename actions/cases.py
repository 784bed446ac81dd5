"""Rasa actions for cases: save, return, delete. The channel makes and reads the codes."""

from typing import Any

import msgspec
from msgspec.structs import replace
from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from actions.advice import known_advice, offer_buttons, say_card
from bot.clock import today
from bot.core.cards.case import case_card, case_text, welcome_back
from bot.core.conversation.answers import TurnResult
from bot.core.conversation.interpret import apply_message
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.saving import restore, worth_saving
from bot.core.conversation.several import left_open, with_reference
from bot.core.conversation.state import State
from bot.privacy.cases.saved import new_reference
from bot.privacy.retention import days_kept
from bot.privacy.store.tables import CASE_SLOT

AFTER_SAVING = ("delete_case",)
NEW = "new"
"""The value of the button for a new code."""


class ActionSaveCase(context.NamedAction):
    """Have the answers saved under a code, and explain the code."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say the card; the channel puts the code in. Saving again keeps the same code."""
        state = context.state_of(tracker)
        if state.practice:
            dispatcher.utter_message(response="utter_practice_not_saved")
            return []
        if not worth_saving(state):
            dispatcher.utter_message(response="utter_case_nothing")
            return []
        renew = context.carried_value(tracker) == NEW
        return [SlotSet(CASE_SLOT, save(dispatcher, state, renew=renew))]


def save(dispatcher: CollectingDispatcher, state: State, *, renew: bool = False) -> str:
    """Have the answers saved, say the card, and return the case's reference."""
    again = state.case is not None
    reference = state.case or state.figure or new_reference()
    phrases = context.handbook().phrases
    card = case_card(today(), days_kept(), phrases, again=again and not renew)
    new_code = {"title": phrases.say("option_offer_new_code"), "payload": f"do:save_case:{NEW}"}
    effect = context.case_effect(
        "renew" if renew else "save", state, reference, known_advice(state)
    )
    dispatcher.utter_message(
        text=case_text(card, phrases),
        buttons=[*([new_code] if again else []), *offer_buttons(AFTER_SAVING)],
        json_message={"card": msgspec.to_builtins(card), **effect},
    )
    return reference


def put_aside(dispatcher: CollectingDispatcher, before: State, after: State) -> State:
    """Have the case saved that a message has put aside; return the state that knows it."""
    if left_open(before, after) is None:
        return after
    before = replace(before, other_cases=None)
    advice = known_advice(before)
    due = advice.headline.by if advice and advice.headline else None
    # What to do now comes before a code: it is shown once they go on with the first and save it.
    reference = before.case or "" if after.urgent else save(dispatcher, before)
    return with_reference(after, reference, due.isoformat() if due else None)


class ActionReturnCase(context.NamedAction):
    """Ask for the code, or say why it did not open any case."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say what the channel found."""
        why = context.carried_value(tracker) or "ask"
        dispatcher.utter_message(response=f"utter_return_case_{why}")
        return []


def ask_follow_up(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Ask what has happened since the case was saved, and offer to delete it."""
    context.ask_question(
        dispatcher, Question.follow_up, context.state_of(tracker), *offer_buttons(AFTER_SAVING)
    )
    return []


def ask_delete_case(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Ask whether to delete, or have it done: the channel confirms only after the deletion."""
    state = context.state_of(tracker)
    if state.delete_case == "yes":
        dispatcher.utter_message(
            response="utter_case_deleted", json_message={"effect": {"what": "delete"}}
        )
    else:
        context.ask_question(dispatcher, Question.delete_case, state)
    return []


def return_case(
    dispatcher: CollectingDispatcher, before: State, tracker: Tracker
) -> TurnResult | None:
    """Say the welcome of a case that a code opened; return the message's result, or None.

    The rest of the message counts too. Anything urgent is said first.
    """
    opened = context.opened_case(tracker)
    if opened is None:
        return None
    saved, reference = opened
    policies = context.offered_policies()
    back = restore(before, saved, reference, policies)
    result = apply_message(back, None, context.typed_message(tracker), policies, today())
    if not result.state.urgent:
        welcome = welcome_back(before, back, saved, policies, context.handbook().phrases)
        say_card(dispatcher, welcome, [])
    # The code itself was understood, whatever stood beside it.
    understood = replace(result.state, misses=0, missed=back.missed)
    return replace(result, state=understood, missed=False)
