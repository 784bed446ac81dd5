"""Rasa actions for somebody who hesitates, needs an answer to a reply, or rehearses."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from actions.advice import (
    ADVICE_AGAIN,
    WHAT_NEXT,
    back_from_exit,
    known_advice,
    offer_buttons,
    say_answer,
    say_card,
)
from actions.wording import draft_button
from bot.clock import today
from bot.core.cards.confidence import confidence_card, reply_card
from bot.core.cards.rehearsal import rehearsal_note
from bot.core.conversation.own_side import worry_told
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.rehearsal import REPLIES
from bot.core.conversation.state import State, facts_of
from bot.core.enquiry.scope import of_the_worry
from bot.core.letters.confidence import Scene, replies_to_practise
from bot.core.letters.drafting import DraftRequest, Kind, Purpose
from bot.core.vocabulary import ABOUT_RAISING, Route, Side, Worry
from bot.letters.files import confidence, letters

AFTER_CONFIDENCE = ("ask_confidence:own_manager", "ask_pushback", "rehearse", "ask_draft")
AFTER_REPLY = ("ask_pushback", "rehearse", "ask_confidence", "ask_draft")
UNNAMED = "refused"
"""The reply to answer if the message names none and there is no time to choose."""


class ActionConfidence(context.NamedAction):
    """Answer somebody who hesitates to challenge."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say what the policy says, who backs them and how to begin."""
        state = context.state_of(tracker)
        told = worry_told(state)
        # "Is he allowed to do that?" is about whoever said no.
        worry = context.named_value(tracker, "worry") or told
        if worry in ABOUT_RAISING and state.on_side is Side.receiver:
            # What comes of it if they do nothing is what they owe, and by when.
            say_answer(dispatcher, WHAT_NEXT, state, [])
            return []
        if state.alleged:
            # Whoever backs somebody else may be the one it is about.
            say_answer(dispatcher, of_the_worry(state), state, [])
            return []
        asking = context.open_question(tracker) is not None
        buttons = [] if asking else offer_buttons(AFTER_CONFIDENCE)
        if worry in set(Worry):
            buttons = after_own_side(context.open_question(tracker))
        doubts = context.doubts(tracker)
        say_confidence(dispatcher, worry, state, buttons, doubts=doubts)
        return []


def after_own_side(asked: Question | None) -> list[dict[str, str]]:
    """Return the buttons after an answer about one's own side; none while a question is open."""
    if asked is not None:
        return []
    to_manager = DraftRequest(Kind.email, Purpose.manager)
    return [draft_button("message_manager", to_manager), *offer_buttons((ADVICE_AGAIN,))]


def say_confidence(
    dispatcher: CollectingDispatcher,
    worry: str | None,
    state: State,
    buttons: list[dict[str, str]],
    *,
    doubts: bool = False,
) -> None:
    """Say the answer to a worry as a card. `doubts`: they fear to make too much of it."""
    card = confidence_card(
        worry, scene_of(state), confidence(), letters(), context.handbook(), doubts=doubts
    )
    say_card(dispatcher, card, buttons)


class ActionPushback(context.NamedAction):
    """Suggest an answer when the other side says no."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Answer the named reply; without a name, offer them all."""
        state = context.state_of(tracker)
        scene = scene_of(state)
        if scene.advice is not None and scene.advice.route is Route.exit:
            dispatcher.utter_message(
                response="utter_pushback_elsewhere", buttons=back_from_exit(state)
            )
            return []
        asked = context.open_question(tracker)
        name = context.named_value(tracker, "pushback")
        replies = confidence().replies
        if name not in replies and asked is not Question.calls_made:
            buttons = [
                {"title": reply.title, "payload": f"do:ask_pushback:{key}"}
                for key, reply in replies.items()
            ]
            dispatcher.utter_message(response="utter_which_reply", buttons=buttons)
            return []
        reply = replies.get(name or UNNAMED, replies[UNNAMED])
        card = reply_card(reply, scene, confidence(), letters(), context.handbook())
        say_card(dispatcher, card, [] if asked else offer_buttons(AFTER_REPLY))
        return []


def ask_rehearsal(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Say the reply, or a suggested answer, marked as practice."""
    state = context.state_of(tracker)
    scene = scene_of(state)
    replies = replies_to_practise(scene, confidence(), REPLIES)
    turn = rehearsal_note(state, replies, scene, confidence(), letters(), context.handbook())
    context.say_note(dispatcher, turn, context.buttons_for(Question.rehearsal, state))
    return []


def scene_of(state: State) -> Scene:
    """Return the scene for the conversation's state."""
    policies = context.offered_policies()
    return Scene(facts_of(state, policies), state.policy(policies), known_advice(state), today())
