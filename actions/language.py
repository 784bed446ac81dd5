"""Rasa action for messages in another language: answer in that language, danger first."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from actions.advice import offer_buttons


class ActionOtherLanguage(context.NamedAction):
    """Say that the guide reads only English. The reading names the language."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say it in their language if there is wording for it, then in English."""
        for code in tracker.get_latest_entity_values("language"):
            if context.handbook().phrases.has(f"utter_language_{code}"):
                dispatcher.utter_message(response=f"utter_language_{code}")
        asking = context.open_question(tracker) is not None
        dispatcher.utter_message(
            response="utter_only_english",
            buttons=[] if asking else offer_buttons(practice=context.state_of(tracker).practice),
        )
        return []
