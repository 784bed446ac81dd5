"""Rasa action of the form at every turn: apply the message and name the next question."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec.structs import replace
from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecutionRejected, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from actions.advice import advice_for, asked_in_a_crisis, say_answer, who_is_next
from actions.cases import put_aside, return_case
from actions.confidence import after_own_side, say_confidence
from bot.clock import today
from bot.core.cards.review import understood_card
from bot.core.conversation.answers import (
    Note,
    TurnResult,
    begin_practice,
    end_practice,
    open_review,
    press,
    take_page_partnership,
)
from bot.core.conversation.correction_listener import A_REMARK
from bot.core.conversation.interpret import apply_message, reopen
from bot.core.conversation.own_side import worry_told
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import next_question
from bot.core.conversation.recap import SHOWN, UNDERSTOOD, given_lines, recap, reopened_note
from bot.core.conversation.slots import unfit_answers
from bot.core.conversation.state import State
from bot.core.conversation.wishes import answered, names_stage, whether_to_raise
from bot.core.enquiry.answer import due_now
from bot.core.enquiry.scope import of_the_worry, passed_over
from bot.core.handbook.topics import Enquiry, Topic
from bot.core.vocabulary import Side

FORM = context.FORM
INTERRUPTIONS = frozenset(
    {
        "enquiry",
        "help",
        "stages",
        "ask_wording",
        "ask_draft",
        "ask_files",
        "ask_confidence",
        "ask_pushback",
        "other_language",
        "stop",
        "thank",
        "frustrated",
        "save_case",
        "return_case",
        "feedback",
        "practise",
        "show_advice",
    }
)
"""Intents that data/rules/interruptions.yml answers before the form goes on."""


PRACTICE, BEGIN = "set_practice", "begin"
"""The intent of the buttons that begin and end a practice, and the value that begins one."""


class ValidateEscalationForm(context.NamedAction):
    """Fill the slots from the latest message and set `requested_slot` to the next question."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Apply the message once; say what was understood or wrong; name the next question."""
        before = context.state_of(tracker)
        unfit = unfit_answers(tracker.slots)
        asked = context.open_question(tracker)
        intent = context.intent_of(tracker)
        taken = context.already_taken_in(tracker, FORM)
        result = _begun(before, tracker) if taken else _take(dispatcher, before, asked, tracker)
        result = replace(result, state=put_aside(dispatcher, before, result.state))
        interrupts = not taken and intent in INTERRUPTIONS and asked is not None
        # A stage may be named and another case begun in words that could be a question as well.
        interrupts &= not (intent == "stages" and names_stage(before, result.state))
        interrupts &= not context.talks_of_cases(tracker)
        # "Ta" is a teaching assistant where one's agency is asked for.
        interrupts &= not (intent == "thank" and bool(result.filled))
        # "Somebody has raised one with me" is no question whether to raise one.
        interrupts &= not (intent == "ask_confidence" and Question.side in result.filled)
        # "I already said Norwich" is answered with what the guide has.
        interrupts &= not (intent == "frustrated" and (result.notes or result.filled))
        rehearsing = asked is Question.rehearsal and context.is_typed(tracker)
        # Danger comes first, and text typed in a rehearsal is for the other side.
        interrupts &= not rehearsing and not (result.state.urgent and not before.urgent)
        interrupts &= not _only_objects(tracker)
        # Who is next answers it better.
        interrupts &= not (asked is Question.calls_made and _about_the_calls(tracker))
        state, wish = answered(
            before, _turned(result.state), context.offered_policies(), context.handbook(), today()
        )
        result = replace(result, state=state)
        if interrupts:
            kept = replace(result.state, misses=before.misses)
            result = replace(result, state=kept, missed=False)
        # If a turn sets no slot, Rasa assumes that the form could not use it, and says nothing.
        events = [
            SlotSet("misses", result.state.misses),
            *(SlotSet(name, None) for name in unfit),
            *context.slot_events(before, result.state),
        ]
        if result.missed and result.state.urgent:
            # Whatever is asked meanwhile, nothing is "not followed" while somebody must act.
            result = replace(result, missed=False)
            context.say_note(dispatcher, who_is_next(tracker, result.state))
        if wish:
            context.say_note(dispatcher, wish)
        elif not interrupts and not taken and _answers_own_side(tracker, before, result):
            say_confidence(dispatcher, worry_told(state), state, after_own_side(asked))
        elif not (interrupts or taken or state.urgent) and _wonders(tracker, state):
            told = whether_to_raise(
                state,
                context.offered_policies(),
                context.handbook(),
                doubts=context.doubts(tracker),
            )
            context.say_note(dispatcher, told)
            result = replace(result, missed=False)
        asked_of = None if interrupts or taken else _asked_of(tracker, before, result)
        if asked_of:
            say_answer(dispatcher, asked_of, state, [])
            result = replace(result, missed=False)
        for note in _notes(before, result, asked, unfit):
            _say(dispatcher, note, result)
        if interrupts:
            return [*events, ActionExecutionRejected(FORM)]
        asked_before = due_now(result.state, context.offered_policies())
        if asked_before:
            say_answer(dispatcher, asked_before, result.state, [])
            events.append(SlotSet("later", None))
        question = next_question(result.state, context.offered_policies(), result.reopened)
        return [*events, SlotSet("requested_slot", str(question) if question else None)]


def _answers_own_side(tracker: Tracker, before: State, result: TurnResult) -> bool:
    """Say whether what was just told of one's own side is to be answered."""
    if result.state.urgent or worry_told(result.state) is None or result.missed:
        return False
    return context.tells_of_own_side(tracker) or result.state.own_side != before.own_side


def _only_objects(tracker: Tracker) -> bool:
    """Say whether a short message says that something was misread: no fear, and no reply to one."""
    message = context.typed_message(tracker) if context.is_typed(tracker) else None
    short = message is not None and message.words <= A_REMARK
    named = context.intent_of(tracker) in {"ask_confidence", "ask_pushback"}
    return named and short and bool(message and message.reading.get("objects"))


def _asked_of(tracker: Tracker, before: State, result: TurnResult) -> Enquiry | None:
    """Return the question that a message stands for, which no word of it puts.

    Whoever was only told of an escalation asks for their part: "what do I do about it".
    """
    about_whom = _about_whom(tracker, result.state) or _of_an_allegation(before, result)
    of_their_part = result.missed and result.state.told_as and not result.state.urgent
    part = Enquiry(topic=Topic.told, words=result.state.told_as) if of_their_part else None
    return about_whom or part


def _about_whom(tracker: Tracker, state: State) -> Enquiry | None:
    """Return the question whom to tell, where a message adds whom a told worry is about.

    Or that somebody where they work cannot be asked or says no: whom else, then.
    """
    if not state.alleged or state.urgent or not context.is_typed(tracker):
        return None
    reading = context.typed_message(tracker).reading
    case, own_side = reading.get("about_whom"), reading.get("own_side")
    if own_side and not case:
        case = passed_over(own_side.get("who"))
    return of_the_worry(state, case) if case else None


def _of_an_allegation(before: State, result: TurnResult) -> Enquiry | None:
    """Return the question whom to tell of an allegation as soon as it is told, or not followed.

    It waits for no answer to the question about risk. After that one, whether it fits is asked.
    """
    state = result.state
    if not state.alleged or state.urgent or state.practice:
        return None
    is_new = not before.alleged and state.risk is None
    return of_the_worry(state) if is_new or result.missed else None


def _wonders(tracker: Tracker, state: State) -> bool:
    """Say whether somebody asks if this is for them to raise, and nobody raised it with them.

    Where another procedure may fit, that is asked first.
    """
    elsewhere = state.exit is not None and state.exit_check != "no"
    return context.wonders(tracker) and state.on_side is Side.raiser and not elsewhere


def _about_the_calls(tracker: Tracker) -> bool:
    """Say whether a message is about the calls to make, whatever else it could be about."""
    told = context.typed_message(tracker).reading.get("calls")
    return bool(told) or asked_in_a_crisis(tracker).about_the_calls


def _turned(state: State) -> State:
    """Return the state with whom to turn to now, which a call to "them" is about."""
    if not state.urgent:
        return state
    return replace(state, turning_to=str(advice_for(state).turn_to[0].to))


def _notes(
    before: State, result: TurnResult, asked: Question | None, unfit: Sequence[str]
) -> Iterator[Note]:
    policies, phrases = context.offered_policies(), context.handbook().phrases
    named = [phrases.say(f"name_{name}") for name in unfit if phrases.has(f"utter_name_{name}")]
    if named and not result.state.urgent:
        yield Note("note_unfit", {"what": "; ".join(named)})
    if result.reopened:
        yield reopened_note(before, result.reopened, policies, phrases)
    yield from recap(result, asked, policies, phrases)


def _say(dispatcher: CollectingDispatcher, note: Note, result: TurnResult) -> None:
    """Say a note. Much that was understood is a card, which folds it."""
    phrases = context.handbook().phrases
    given = given_lines(result.state, context.offered_policies(), phrases)
    told = {name: line for name, line in given.items() if name in result.filled}
    card = understood_card(told, phrases) if note.name == UNDERSTOOD else None
    if card is None:
        context.say_note(dispatcher, note)
        return
    text = phrases.say(note.name, **note.gaps)
    dispatcher.utter_message(text=text, json_message={"card": msgspec.to_builtins(card)})


def _begun(state: State, tracker: Tracker) -> TurnResult:
    return take_page_partnership(
        state, context.page_partnership(tracker), context.offered_policies()
    )


def _take(
    dispatcher: CollectingDispatcher, state: State, asked: Question | None, tracker: Tracker
) -> TurnResult:
    if context.intent_of(tracker) == PRACTICE:
        begins = context.carried_value(tracker) == BEGIN
        return begin_practice(state) if begins else end_practice(state)
    back = return_case(dispatcher, state, tracker)
    if back:
        return back
    chosen = context.chosen_option(tracker)
    if chosen:
        return press(state, asked, *chosen, context.offered_policies())
    pressed = context.pressed_to_change(tracker)
    if pressed:
        return reopen(state, pressed) if pressed in SHOWN else TurnResult(open_review(state))
    return apply_message(
        state, asked, context.typed_message(tracker), context.offered_policies(), today()
    )
