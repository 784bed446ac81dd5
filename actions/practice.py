"""Rasa action for somebody who wants to try the guide with an invented case."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from actions.advice import offer_buttons
from actions.feedback import feedback_button
from bot.core.handbook.sources import Document

BEGIN = ("set_practice:begin",)
GO_ON = ("start_again", "set_practice:end")


class ActionPractise(context.NamedAction):
    """Explain a practice and offer to begin one; within one, offer to end it."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say what a practice is. Only the button begins it, since it clears the answers."""
        practising = context.state_of(tracker).practice
        response = "utter_practice_goes_on" if practising else "utter_practice_explained"
        buttons = offer_buttons(GO_ON if practising else BEGIN)
        buttons.append(feedback_button(Document.practice))
        dispatcher.utter_message(response=response, buttons=buttons)
        return []
