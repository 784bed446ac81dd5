"""What every action works with: the policies, the sentences, and the conversation's slots.

Slots are read here and nowhere else.
"""

import re
from abc import ABC, abstractmethod
from functools import cache
from typing import Any

import msgspec
from msgspec.structs import replace
from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from bot import offered
from bot.clock import today
from bot.core.conversation.answers import Note
from bot.core.conversation.figures import Taken
from bot.core.conversation.interpret import TypedMessage
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import options, question_gaps, question_response
from bot.core.conversation.row import escalation_row
from bot.core.conversation.saving import Saved, save
from bot.core.conversation.state import State, from_slots, in_terms_of, to_slots
from bot.core.handbook.handbook import Handbook, load_handbook
from bot.core.handbook.topics import Enquiry
from bot.core.policy.model import Policy
from bot.core.rules.results import Advice
from bot.paths import ROOT
from bot.privacy.cases.saved import new_reference


class NamedAction(Action, ABC):
    """An action that Rasa calls by its class's name: ActionSaveCase is `action_save_case`."""

    def name(self) -> str:
        """Return the name Rasa calls it by."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self).__name__).lower()

    @abstractmethod
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say what there is to say, and return the events."""


def policies() -> dict[str, Policy]:
    """Return the policies that are offered, each in the version in force today."""
    return offered.offered_policies()


@cache
def handbook() -> Handbook:
    """Return the standing guidance and the sentences, read once."""
    return load_handbook(ROOT)


def state_of(tracker: Tracker) -> State:
    """Return what the conversation holds so far."""
    return in_terms_of(from_slots(tracker.slots), policies())


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
    return carried_value(tracker) if intent_of(tracker) == "change_answer" else None


def carried_value(tracker: Tracker) -> str | None:
    """Return the value on the button that was pressed, or that the channel put on typed text."""
    return _carried(tracker).get("value")


def named(tracker: Tracker, kind: str) -> str | None:
    """Return what a button or the words of the latest message name: a "worry", a "pushback"."""
    reading = tracker.latest_message.get("reading") or {}
    return carried_value(tracker) or reading.get(kind)


def is_typed(tracker: Tracker) -> bool:
    """Say whether the latest message was typed: what was pressed is not read."""
    return "reading" in tracker.latest_message


def _carried(tracker: Tracker) -> dict[str, str]:
    """Return what the channel put on a pressed button."""
    entities = tracker.latest_message.get("entities") or []
    return {entity["entity"]: entity["value"] for entity in entities}


def draft_shown_last(tracker: Tracker) -> str | None:
    """Return what the newest draft in the conversation is about, or None where there is none."""
    for event in reversed(tracker.events):
        card = ((event.get("data") or {}).get("custom") or {}).get("card") or {}
        if event["event"] == "bot" and card.get("about"):
            return str(card["about"])
    return None


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


def typed_message(tracker: Tracker) -> TypedMessage:
    """Return the latest typed message with its reading.

    Of a question to the guide only what it tells beside the question: a question is no answer.
    """
    message = tracker.latest_message
    reading = message.get("reading") or {}
    asked = enquiry_of(tracker)
    text = asked.rest if asked else message.get("text") or ""
    return TypedMessage(intent=intent_of(tracker), reading=reading, text=text)


def enquiry_of(tracker: Tracker) -> Enquiry | None:
    """Return the question that the latest message puts to the guide, or None."""
    asked = (tracker.latest_message.get("reading") or {}).get("enquiry")
    return msgspec.convert(asked, Enquiry) if asked else None


def opened_case(tracker: Tracker) -> tuple[Saved, str] | None:
    """Return the case that a code in the latest message opened, with its reference, or None."""
    opened = tracker.latest_message.get("case")
    return (msgspec.convert(opened["saved"], Saved), opened["reference"]) if opened else None


def begins_with(tracker: Tracker) -> str | None:
    """Return the partnership that the page is set up for, or None but at the very beginning."""
    begins = tracker.latest_message.get("begins_with") or {}
    return begins.get("partnership")


def effect(what: str, state: State, reference: str, advice: Advice | None) -> dict[str, Any]:
    """Return what the channel is asked to do with the case once the turn is stored."""
    saved = save(state, advice, policies(), today())
    answers = msgspec.to_builtins(saved)
    return {"effect": {"what": what, "reference": reference, "answers": answers}}


def log(
    dispatcher: CollectingDispatcher, state: State, advice: Advice, *taken: Taken
) -> list[dict[str, Any]]:
    """Have the row of this escalation brought up to date; return what is remembered of it.

    `taken` is what was taken of the guide's just now.
    """
    named = tuple(dict.fromkeys([*state.taken, *map(str, taken)]))
    now = replace(state, figure=state.case or state.figure or new_reference(), taken=named)
    row = msgspec.to_builtins(escalation_row(now, advice, policies(), handbook().phrases, today()))
    effect = {"what": "log", "reference": now.figure, "answers": row}
    dispatcher.utter_message(json_message={"effect": effect})
    return slot_events(state, now)


def menu_for(state: State) -> Menu:
    """Return what the options of a question are made from."""
    return Menu(state, policies(), today(), handbook().phrases)


def buttons_for(question: Question, state: State) -> list[dict[str, str]]:
    """Return a question's options as buttons."""
    return [
        {"title": one.title, "payload": f"answer:{question}:{one.value}"}
        for one in options(question, menu_for(state))
    ]


def ask(
    dispatcher: CollectingDispatcher,
    question: Question,
    state: State,
    *further: dict[str, str],
) -> None:
    """Say a question with its options as buttons, and further buttons after them."""
    menu = menu_for(state)
    note = Note(
        question_response(question, menu),
        question_gaps(question, menu, handbook().safety_guidance),
    )
    say_note(dispatcher, note, [*buttons_for(question, state), *further])


def say_note(
    dispatcher: CollectingDispatcher, note: Note, buttons: list[dict[str, str]] | None = None
) -> None:
    """Say a response that the core named, with its gaps filled."""
    gaps: dict[str, Any] = {**note.gaps}
    dispatcher.utter_message(response=f"utter_{note.name}", buttons=buttons, **gaps)
