"""One action for each thing that an action can do to the server."""

import time
from pathlib import Path
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from typing_extensions import override


class Echo(Action):
    """Say back what was said, with a card."""

    @override
    def name(self) -> str:
        return "action_echo"

    @override
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Any:
        said = tracker.latest_message.get("text", "")
        dispatcher.utter_message(
            text=f"You said: {said}\n\nRisk: {tracker.get_slot('risk')}",
            buttons=[
                {"title": "Draft the e-mail", "payload": "answer:offer:draft"},
                {"title": "Start again", "payload": "do:greet"},
            ],
            json_message={"card": {"kind": "advice", "title": "A card"}},
        )
        # As the fallback it would be chosen again and again.
        return [FollowupAction("action_listen")]


class Answer(Action):
    """Keep the answer to the question about risk."""

    @override
    def name(self) -> str:
        return "action_answer"

    @override
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Any:
        value = next(tracker.get_latest_entity_values("value"), None)
        dispatcher.utter_message(text=f"Answered {value}. Sections: {len(domain)}")
        return [SlotSet("risk", value)]


class Raise(Action):
    """Fail, with what the person typed in the error's text."""

    @override
    def name(self) -> str:
        return "action_raise"

    @override
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Any:
        dispatcher.utter_message(text="Half an answer.")
        raise RuntimeError(tracker.latest_message["text"])


class Hang(Action):
    """Take longer than anybody waits; the file `hanging` says that it began."""

    @override
    def name(self) -> str:
        return "action_hang"

    @override
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Any:
        Path("hanging").touch()
        time.sleep(30)
        return []


class Nonsense(Action):
    """Return what cannot be sent."""

    @override
    def name(self) -> str:
        return "action_nonsense"

    @override
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Any:
        dispatcher.utter_message(text="An object.", json_message={"card": object()})
        return [SlotSet("risk", object())]


class Silent(Action):
    """Say nothing."""

    @override
    def name(self) -> str:
        return "action_silent"

    @override
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Any:
        return []


class EchoAgain(Action):
    """Ask for itself again, for ever."""

    @override
    def name(self) -> str:
        return "action_echo_again"

    @override
    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Any:
        return [FollowupAction("action_echo_again")]
