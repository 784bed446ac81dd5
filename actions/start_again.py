"""Begin again with no answers."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import desk
from bot.core.state import State


class ActionStartAgain(Action):
    """Clear every answer."""

    def name(self) -> str:
        """Return the name Rasa calls it by."""
        return "action_start_again"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Return the events that empty the slots."""
        return desk.slot_events(desk.state_of(tracker), State())
