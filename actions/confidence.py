"""Somebody hesitates, asks what to say to a reply, or rehearses: ask the core, say it."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import desk
from actions.advice import back_from_exit, known_advice, offers, say_card
from bot.clock import today
from bot.core.confidence import Scene, to_practise
from bot.core.confidence_card import confidence_card, reply_card
from bot.core.questions import Menu, Question
from bot.core.rehearsal import REPLIES
from bot.core.rehearsal_turn import rehearsal_turn
from bot.core.state import State, facts_of
from bot.core.vocabulary import Route
from bot.letters.files import confidence, letters

AFTER_CONFIDENCE = ("ask_confidence:own_manager", "ask_pushback", "rehearse", "ask_draft")
AFTER_REPLY = ("ask_pushback", "rehearse", "ask_confidence", "ask_draft")
UNNAMED = "refused"
"""The reply that is answered when none is named and there is no time to choose one."""


class ActionConfidence(Action):
    """Answer somebody who hesitates to challenge."""

    def name(self) -> str:
        """Return the name Rasa calls it by."""
        return "action_confidence"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say what the policy says, who backs them and how to begin."""
        scene = scene_of(desk.state_of(tracker))
        worry = desk.named(tracker, "worry")
        card = confidence_card(worry, scene, confidence(), letters(), desk.handbook())
        asking = desk.open_question(tracker) is not None
        say_card(dispatcher, card, [] if asking else offers(AFTER_CONFIDENCE))
        return []


class ActionPushback(Action):
    """Say what to answer when the other side says no."""

    def name(self) -> str:
        """Return the name Rasa calls it by."""
        return "action_pushback"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Answer the reply that was named; where none was, offer them all."""
        state = desk.state_of(tracker)
        scene = scene_of(state)
        if scene.advice is not None and scene.advice.route is Route.exit:
            dispatcher.utter_message(
                response="utter_pushback_elsewhere", buttons=back_from_exit(state)
            )
            return []
        asked = desk.open_question(tracker)
        name = desk.named(tracker, "pushback")
        replies = confidence().replies
        if name not in replies and asked is not Question.calls_made:
            buttons = [
                {"title": reply.title, "payload": f"do:ask_pushback:{key}"}
                for key, reply in replies.items()
            ]
            dispatcher.utter_message(response="utter_which_reply", buttons=buttons)
            return []
        reply = replies.get(name or UNNAMED, replies[UNNAMED])
        card = reply_card(reply, scene, confidence(), letters(), desk.handbook())
        say_card(dispatcher, card, [] if asked else offers(AFTER_REPLY))
        return []


class ActionAskRehearsal(Action):
    """Play the other side, or suggest what to say back."""

    def name(self) -> str:
        """Return the name Rasa calls it by."""
        return "action_ask_rehearsal"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say the reply, or what could be said back to it, marked as practice."""
        state = desk.state_of(tracker)
        scene = scene_of(state)
        replies = to_practise(scene, confidence(), REPLIES)
        turn = rehearsal_turn(state, replies, scene, confidence(), letters(), desk.handbook())
        menu = Menu(state, desk.policies(), today(), desk.handbook().phrases)
        gaps: dict[str, Any] = {**turn.gaps}
        dispatcher.utter_message(
            response=f"utter_{turn.name}",
            buttons=desk.buttons_for(Question.rehearsal, menu),
            **gaps,
        )
        return []


def scene_of(state: State) -> Scene:
    """Return where the conversation stands."""
    policies = desk.policies()
    return Scene(facts_of(state, policies), state.policy(policies), known_advice(state), today())
