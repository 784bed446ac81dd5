"""Rasa action for enquiries: ask the core for the answer, say it."""

from typing import Any

from msgspec.structs import replace
from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from actions.advice import (
    ADVICE_AGAIN,
    WHAT_NEXT,
    asked_in_a_crisis,
    offer_buttons_after,
    say_answer,
    who_is_next,
)
from actions.confidence import say_confidence
from bot.clock import today
from bot.core.conversation.answers import Note
from bot.core.conversation.interpret import apply_message
from bot.core.conversation.questions.table import next_question
from bot.core.conversation.recap import recap
from bot.core.conversation.state import State
from bot.core.conversation.wishes import asked_of_rung
from bot.core.enquiry.answer import kept_for_later
from bot.core.enquiry.scope import as_it_is_meant
from bot.core.handbook.topics import Enquiry, Topic
from bot.core.vocabulary import Worry

NOT_UNDERSTOOD = Enquiry(topic=Topic.unknown)


class ActionEnquiry(context.NamedAction):
    """Answer an enquiry; the open question follows."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say the answer as a card. It changes no answer of the practitioner's."""
        before = state = context.state_of(tracker)
        if context.open_question(tracker) is None and not state.urgent:
            # The form takes what is told beside a question while one of its own is open.
            state = _with_what_is_told(dispatcher, state, tracker)
        wants_advice = context.intent_of(tracker) == ADVICE_AGAIN
        asked = context.enquiry_of(tracker) or (WHAT_NEXT if wants_advice else NOT_UNDERSTOOD)
        in_crisis = replace(asked_in_a_crisis(tracker), topic=asked.topic)
        if state.urgent and in_crisis.about_the_calls:
            further = [] if context.open_question(tracker) else offer_buttons_after(state)
            context.say_note(dispatcher, who_is_next(tracker, state), further)
            return []
        asked = as_it_is_meant(asked, state)
        if asked.topic is Topic.manager_wont and not asked.partnerships:
            # What they can do comes first, and what the policy says or does not say after it.
            asking = context.open_question(tracker) is not None
            say_confidence(
                dispatcher, Worry.own_manager, state, [] if asking else offer_buttons_after(state)
            )
            return []
        further = [] if context.open_question(tracker) else offer_buttons_after(state)
        rung = _rung_asked(asked, state, tracker)
        if rung is not None:
            context.say_note(dispatcher, rung, further)
            return []
        say_answer(
            dispatcher,
            asked,
            state,
            further,
        )
        policies = context.offered_policies()
        reopens = state != before and next_question(state, policies) is not None
        return [
            *context.slot_events(before, kept_for_later(asked, state, policies)),
            # What is told beside the question may open another.
            *([FollowupAction(context.FORM)] if reopens else ()),
        ]


def _rung_asked(asked: Enquiry, state: State, tracker: Tracker) -> Note | None:
    """Return whether they can go to the rung that they want to skip to, if they name one."""
    if asked.topic is not Topic.skip or asked.partnerships:
        return None
    wish = context.typed_message(tracker).reading.get("wish")
    return asked_of_rung(wish, state, context.offered_policies(), context.handbook(), today())


def _with_what_is_told(dispatcher: CollectingDispatcher, state: State, tracker: Tracker) -> State:
    """Return the state with what a message tells beside its question, and say what that is."""
    if not context.is_typed(tracker):
        return state
    policies = context.offered_policies()
    result = apply_message(state, None, context.typed_message(tracker), policies, today())
    for note in recap(result, None, policies, context.handbook().phrases):
        context.say_note(dispatcher, note)
    return result.state
