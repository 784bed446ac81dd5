"""A message in another language: say so in it, danger first."""

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from actions.advice import offer_buttons


class ActionOtherLanguage(context.NamedAction):
    """Say that only English is read. The language is the one that the channel told."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say it in their language where there is wording for it, then in English."""
        for code in tracker.get_latest_entity_values("language"):
            if context.handbook().phrases.has(f"utter_language_{code}"):
                dispatcher.utter_message(response=f"utter_language_{code}")
        asking = context.open_question(tracker) is not None
        dispatcher.utter_message(
            response="utter_only_english", buttons=[] if asking else offer_buttons()
        )
        return []
