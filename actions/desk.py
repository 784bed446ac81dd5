"""What every action works with: the policies, the sentences, and the conversation's slots.

Slots are read here and nowhere else.
"""

from functools import cache
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from bot.core.hearing import Typed
from bot.core.loader import load_policies
from bot.core.policy import Policy
from bot.core.questions import Menu, Question, options
from bot.core.standing import Handbook, load_handbook
from bot.core.state import State, from_slots, to_slots
from bot.paths import POLICIES, ROOT


@cache
def policies() -> dict[str, Policy]:
    """Return the policies, read once."""
    return load_policies(POLICIES)


@cache
def handbook() -> Handbook:
    """Return the standing guidance and the sentences, read once."""
    return load_handbook(ROOT)


def state_of(tracker: Tracker) -> State:
    """Return what the conversation holds so far."""
    return from_slots(tracker.slots)


def slot_events(before: State, after: State) -> list[dict[str, Any]]:
    """Return an event for each slot that changed."""
    old, new = to_slots(before), to_slots(after)
    return [SlotSet(name, value) for name, value in new.items() if value != old[name]]


def intent_of(tracker: Tracker) -> str:
    """Return the intent of the latest message; of a pressed button, the one the channel set."""
    return str((tracker.latest_message.get("intent") or {}).get("name") or "")


def open_question(tracker: Tracker) -> Question | None:
    """Return the question that was asked last and is still open."""
    name = tracker.slots.get("requested_slot")
    return Question(name) if name else None


def chosen_option(tracker: Tracker) -> tuple[str, str] | None:
    """Return the question and value of the button that was pressed, or None for typed text."""
    if intent_of(tracker) != "answer":
        return None
    carried = _carried(tracker)
    return carried["question"], carried["value"]


def pressed_to_change(tracker: Tracker) -> str | None:
    """Return the answer whose "change" button was pressed, "all" for any of them, or None."""
    return _carried(tracker).get("value") if intent_of(tracker) == "change_answer" else None


def named(tracker: Tracker, kind: str) -> str | None:
    """Return what a button or the words of the latest message name: a "worry", a "pushback"."""
    reading = tracker.latest_message.get("reading") or {}
    return _carried(tracker).get("value") or reading.get(kind)


def is_typed(tracker: Tracker) -> bool:
    """Say whether the latest message was typed: what was pressed is not read."""
    return "reading" in tracker.latest_message


def _carried(tracker: Tracker) -> dict[str, str]:
    """Return what the channel put on a pressed button."""
    entities = tracker.latest_message.get("entities") or []
    return {entity["entity"]: entity["value"] for entity in entities}


def already_taken_in(tracker: Tracker, form: str) -> bool:
    """Say whether an action has already answered the latest message, so that it is not read twice.

    Rasa runs the form again after a rule that interrupted it, with the same latest message.
    """
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        if event["event"] == "action_execution_rejected":
            return True
        if event["event"] == "action" and event["name"] != form:
            return True
    return True


def changed_now(tracker: Tracker) -> set[str]:
    """Return the slots that this turn has set so far."""
    changed: set[str] = set()
    for event in reversed(tracker.events):
        if event["event"] == "user":
            break
        if event["event"] == "slot":
            changed.add(event["name"])
    return changed


def typed_message(tracker: Tracker) -> Typed:
    """Return the latest typed message with its reading."""
    message = tracker.latest_message
    return Typed(
        intent=intent_of(tracker),
        reading=message.get("reading") or {},
        text=message.get("text") or "",
    )


def buttons_for(question: Question, menu: Menu) -> list[dict[str, str]]:
    """Return a question's options as buttons."""
    return [
        {"title": one.title, "payload": f"answer:{question}:{one.value}"}
        for one in options(question, menu)
    ]
