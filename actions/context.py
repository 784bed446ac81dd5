"""What every Rasa action needs: the policies, the handbook, and the conversation's slots.

This is the only place that reads slots.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
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
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import options, question_gaps, question_response
from bot.core.conversation.row import escalation_row
from bot.core.conversation.saving import Saved, case_to_save
from bot.core.conversation.slots import from_slots, to_slots, without_lapsed_policy
from bot.core.conversation.state import State
from bot.core.conversation.wishes import doubts_oneself
from bot.core.handbook.handbook import Handbook, load_handbook
from bot.core.handbook.topics import Enquiry
from bot.core.policy.model import Policy
from bot.core.rules.results import Advice
from bot.core.rules.working_days import is_bank_holiday
from bot.core.vocabulary import ABOUT_RAISING
from bot.paths import ROOT
from bot.privacy.cases.saved import new_reference

FORM = "escalation_form"


class NamedAction(Action, ABC):
    """An action that Rasa calls by its class's name: ActionSaveCase is `action_save_case`."""

    def name(self) -> str:
        """Return the name Rasa calls it by."""
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self).__name__).lower()

    @abstractmethod
    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say the action's responses, and return its events."""


def offered_policies() -> dict[str, Policy]:
    """Return the policies on offer, each in the version in force today."""
    return offered.offered_policies()


@cache
def handbook() -> Handbook:
    """Return the handbook, which is read only once."""
    return load_handbook(ROOT)


def prepare() -> None:
    """Read now what would otherwise be read in somebody's first turn, which takes half a second."""
    handbook()
    for policy in offered_policies().values():
        is_bank_holiday(today(), policy.nation)


def state_of(tracker: Tracker) -> State:
    """Return the conversation's state."""
    return without_lapsed_policy(from_slots(tracker.slots), offered_policies())


def slot_events(before: State, after: State) -> list[dict[str, Any]]:
    """Return an event for each slot that changed."""
    old, new = to_slots(before), to_slots(after)
    return [SlotSet(name, value) for name, value in new.items() if value != old[name]]


def intent_of(tracker: Tracker) -> str:
    """Return the intent of the latest message; for a button, the intent set by the channel."""
    return str((tracker.latest_message.get("intent") or {}).get("name") or "")


def open_question(tracker: Tracker) -> Question | None:
    """Return the open question, or None. What was put away in this turn is open no more."""
    name = tracker.slots.get("requested_slot")
    put_away = name == Question.review and tracker.slots.get("review") is None
    return Question(name) if name and not put_away else None


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
    """Return the value of the pressed button, or the value the channel added to typed text."""
    return _carried(tracker).get("value")


def requested(tracker: Tracker) -> str | None:
    """Return what a button or the words of the latest message ask for by name, or None."""
    return named_value(tracker, "request")


def named_value(tracker: Tracker, kind: str) -> str | None:
    """Return the "worry" or "pushback" that a button or the latest message names."""
    reading = tracker.latest_message.get("reading") or {}
    return carried_value(tracker) or reading.get(kind)


def wonders(tracker: Tracker) -> bool:
    """Say whether the latest message asks whether this is for them to raise at all."""
    return (tracker.latest_message.get("reading") or {}).get("worry") in ABOUT_RAISING


def doubts(tracker: Tracker) -> bool:
    """Say whether the latest message asks if they make too much of it: "am I overreacting?"."""
    return doubts_oneself(str(tracker.latest_message.get("text") or ""))


def wishes(tracker: Tracker) -> bool:
    """Say whether the latest message wishes for a rung, which has an answer of its own."""
    wish = (tracker.latest_message.get("reading") or {}).get("wish")
    return bool(wish and not wish["asked"])


def tells_of_own_side(tracker: Tracker) -> bool:
    """Say whether the latest message is about a manager who says no, or cannot be asked."""
    return bool((tracker.latest_message.get("reading") or {}).get("own_side"))


def talks_of_cases(tracker: Tracker) -> bool:
    """Say whether the latest message is about another child or dispute, or one's own cases."""
    return bool((tracker.latest_message.get("reading") or {}).get("cases"))


def is_bare_reply(tracker: Tracker) -> bool:
    """Say whether the latest message is a "yes" or an "ok" and nothing else."""
    return bool((tracker.latest_message.get("reading") or {}).get("is_bare_reply"))


def is_typed(tracker: Tracker) -> bool:
    """Say whether the latest message was typed and not a pressed button."""
    return "reading" in tracker.latest_message


def _carried(tracker: Tracker) -> dict[str, str]:
    """Return the payload of a pressed button."""
    entities = tracker.latest_message.get("entities") or []
    return {entity["entity"]: entity["value"] for entity in entities}


def last_draft_shown(tracker: Tracker) -> str | None:
    """Return the request of the newest draft in the conversation, or None."""
    for event in reversed(tracker.events):
        card = ((event.get("data") or {}).get("custom") or {}).get("card") or {}
        if event["event"] == "bot" and card.get("about"):
            return str(card["about"])
    return None


def has_just_drafted(tracker: Tracker) -> bool:
    """Say whether the latest message was answered with a draft."""
    for event in reversed(tracker.events):
        if event["event"] == "user":
            return False
        card = ((event.get("data") or {}).get("custom") or {}).get("card") or {}
        if event["event"] == "bot" and card.get("about"):
            return True
    return False


def cards_shown(tracker: Tracker) -> Iterator[dict[str, Any]]:
    """Yield the cards with sections that the conversation was shown, newest first."""
    for custom in _said(tracker):
        card = custom.get("card") or {}
        if card.get("sections"):
            yield dict(card)


def effects_had(tracker: Tracker) -> Iterator[dict[str, Any]]:
    """Yield the effects that the conversation had, newest first."""
    for custom in _said(tracker):
        if custom.get("effect"):
            yield dict(custom["effect"])


def _said(tracker: Tracker) -> Iterator[dict[str, Any]]:
    for event in reversed(tracker.events):
        if event["event"] == "bot":
            yield (event.get("data") or {}).get("custom") or {}


def advice_shown(tracker: Tracker) -> dict[str, Any] | None:
    """Return the card of the latest advice by stages, or None since the answers were cleared."""
    for event in reversed(tracker.events):
        if event["event"] == "slot" and event["name"] == "risk" and event["value"] is None:
            return None
        card = ((event.get("data") or {}).get("custom") or {}).get("card") or {}
        if event["event"] == "bot" and card.get("stages"):
            return dict(card)
    return None


def already_taken_in(tracker: Tracker, form: str) -> bool:
    """Say whether an action has already handled the latest message, to avoid reading it twice.

    After a rule interrupts the form, Rasa runs the form again with the same latest message.
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
    """Return the slots set so far in this turn."""
    changed: set[str] = set()
    for event in reversed(tracker.events):
        if event["event"] == "user":
            break
        if event["event"] == "slot":
            changed.add(event["name"])
    return changed


def typed_message(tracker: Tracker) -> TypedMessage:
    """Return the latest typed message with its reading.

    For an enquiry, return only the part beside the enquiry: an enquiry is not an answer.
    """
    message = tracker.latest_message
    reading = message.get("reading") or {}
    asked = enquiry_of(tracker)
    text = asked.rest if asked else message.get("text") or ""
    return TypedMessage(intent=intent_of(tracker), reading=reading, text=text)


def enquiry_of(tracker: Tracker) -> Enquiry | None:
    """Return the enquiry in the latest message, or None."""
    asked = (tracker.latest_message.get("reading") or {}).get("enquiry")
    return msgspec.convert(asked, Enquiry) if asked else None


def opened_case(tracker: Tracker) -> tuple[Saved, str] | None:
    """Return the case opened by a code in the latest message, with its reference, or None."""
    opened = tracker.latest_message.get("case")
    return (msgspec.convert(opened["saved"], Saved), opened["reference"]) if opened else None


def page_partnership(tracker: Tracker) -> str | None:
    """Return the partnership that the page is set up for; None after the first message."""
    begins = tracker.latest_message.get("begins_with") or {}
    return begins.get("partnership")


def case_effect(what: str, state: State, reference: str, advice: Advice | None) -> dict[str, Any]:
    """Return the effect on the case for the channel to carry out once the turn is stored."""
    saved = case_to_save(state, advice, offered_policies(), today())
    answers = msgspec.to_builtins(saved)
    # The case's next revision. The conversation keeps it, and so knows its own changes again.
    revision = new_reference()
    return {
        "effect": {"what": what, "reference": reference, "answers": answers, "revision": revision}
    }


def log_row(
    dispatcher: CollectingDispatcher, state: State, advice: Advice, *taken: Taken
) -> list[dict[str, Any]]:
    """Have the row of this escalation updated; return the events for its slots.

    `taken` is what the practitioner has just taken from the guide. A practice has no row.
    """
    if state.practice:
        return []
    named = tuple(dict.fromkeys([*state.taken, *map(str, taken)]))
    known = state.case or state.figure or state.told_before
    now = replace(state, figure=known or new_reference(), taken=named)
    row = msgspec.to_builtins(
        escalation_row(now, advice, offered_policies(), handbook().phrases, today())
    )
    what = "log_saved" if state.case else "log"
    effect = {"what": what, "reference": now.figure, "answers": row}
    dispatcher.utter_message(json_message={"effect": effect})
    return slot_events(state, now)


def menu_for(state: State) -> Menu:
    """Return the menu for a question's options."""
    return Menu(state, offered_policies(), today(), handbook().phrases)


def buttons_for(question: Question, state: State) -> list[dict[str, str]]:
    """Return a question's options as buttons."""
    return [
        {"title": option.title, "payload": f"answer:{question}:{option.value}"}
        for option in options(question, menu_for(state))
    ]


def ask_question(
    dispatcher: CollectingDispatcher,
    question: Question,
    state: State,
    *further: dict[str, str],
) -> None:
    """Say a question with its options as buttons, followed by further buttons."""
    menu = menu_for(state)
    note = Note(
        question_response(question, menu),
        question_gaps(question, menu, handbook().safety_guidance),
    )
    say_note(dispatcher, note, [*buttons_for(question, state), *further])


def say_note(
    dispatcher: CollectingDispatcher, note: Note, buttons: list[dict[str, str]] | None = None
) -> None:
    """Say the response named in a note, with its gaps filled."""
    gaps: dict[str, Any] = {**note.gaps}
    dispatcher.utter_message(response=f"utter_{note.name}", buttons=buttons, **gaps)
