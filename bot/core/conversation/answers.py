"""Applies a chosen option, and clears the answers that depend on a changed one.

An unknown question or value changes nothing, so that a made-up button has no effect.
"""

import msgspec

from bot.core.conversation.questions.place import change_partnership
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import BY_FIELD, OWNERS, SPEC_OF, SPECS
from bot.core.conversation.rehearsal import after_move, closing_note
from bot.core.conversation.saving import change_case
from bot.core.conversation.several import BEGIN, OF_THE_PERSON
from bot.core.conversation.state import (
    FOLLOWED,
    IN_DOUBT,
    OPEN,
    UNKNOWN,
    Policies,
    State,
    raised_by_trigger,
    reask_risk,
)
from bot.core.vocabulary import URGENT_RISKS, Risk

SAFETY = (Question.calls_made, Question.risk, Question.trigger_check)
"""The questions that only a button still open, or the person's own words, can answer."""
DATES = tuple(spec.name for spec in SPECS if spec.day)
"""The questions that a typed date answers."""


class Note(msgspec.Struct, frozen=True):
    """A response to say before the next question, and the values of its gaps."""

    name: str
    gaps: dict[str, str] = {}


class TurnResult(msgspec.Struct, frozen=True):
    """The state after a message, the slots it filled, and what to say about it.

    `dropped` are answers that no longer apply because another answer changed. `reopened` is the
    answer to ask for again. `missed`: the guide did not understand the message.
    """

    state: State
    filled: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    dropped: tuple[str, ...] = ()
    missed: bool = False
    reopened: str | None = None


def choose(state: State, name: str, value: str, policies: Policies) -> TurnResult:
    """Apply a chosen option. An unknown question or value changes nothing."""
    if name not in set(map(str, Question)):
        return TurnResult(state)
    question = Question(name)
    changed = _chosen(state, question, value, policies)
    if changed is None and question is Question.calls_made:
        return TurnResult(state, notes=(Note("note_old_button"),))
    if changed is None:
        nowhere = question is Question.partnership and value in {"elsewhere", UNKNOWN}
        return TurnResult(state, notes=(Note("note_no_fallback"),) if nowhere else ())
    fallback = question is Question.partnership and value in {"elsewhere", UNKNOWN}
    notes = [Note("note_fallback")] if fallback else []
    if question is Question.reached and value == UNKNOWN:
        notes.append(Note("note_reached_unknown"))
    notes += _rehearsal_notes(question, state, value)
    if question is Question.calls_made and state.risk is not None and changed.risk is None:
        notes.append(Note("note_risk_after_alarm"))
    if state.red_flag and changed.red_flag is None and changed.risk is None:
        notes.append(Note("note_still_for_today", {"what": state.red_flag}))
    notes += calls_told_notes(state, changed)
    after = msgspec.structs.replace(changed, misses=0)
    gone = () if SPEC_OF[question].aside else dropped_answers(state, after)
    # Who somebody is and where goes with them into another case, and is said back.
    kept = OF_THE_PERSON if question is Question.other_cases and value == BEGIN else ()
    return TurnResult(after, (name, *kept), tuple(notes), gone)


def press(
    state: State, asked: Question | None, name: str, value: str, policies: Policies
) -> TurnResult:
    """Apply a pressed option. A button of an earlier question answers no question about safety.

    Nor does it answer anything while such a question is open. It may raise the risk. The side is
    offered beside the first question, about danger, and leaves it open.
    """
    beside = name == Question.side and asked is Question.risk
    old = name != asked and not beside and (name in SAFETY or asked in SAFETY)
    # What came of the last call may be told beside any other question.
    about_a_call = state.urgent and value.endswith(f".{len(state.calls)}")
    if old and not about_a_call and not _raises(state, name, value):
        return TurnResult(state, notes=(Note("note_old_button"),))
    return choose(state, name, value, policies)


def _raises(state: State, name: str, value: str) -> bool:
    """Say whether a button tells of a graver risk than the one known."""
    if name != Question.risk or value not in set(map(str, URGENT_RISKS)):
        return False
    known = state.with_heard_risk().risk
    return known is None or list(Risk).index(Risk(value)) < list(Risk).index(known)


def take_page_partnership(state: State, partnership: str | None, policies: Policies) -> TurnResult:
    """Take the partnership that a page is set up for, and say that it can be changed.

    It is an answer like any other. It changes nothing if the conversation has a partnership.
    """
    policy = policies.get(partnership or "")
    if policy is None or state.partnership is not None:
        return TurnResult(state)
    set_up = change_partnership(state, policy.id, None, policies)
    return TurnResult(set_up, notes=(Note("note_begins_with", {"where": policy.short_name}),))


def begin_practice(state: State) -> TurnResult:
    """Begin an invented case. Nothing told before goes with it, and nothing of it counts.

    It cannot begin while somebody must act today for a child who is not invented.
    """
    if state.urgent and not state.practice:
        return TurnResult(state, notes=(Note("note_practice_not_now"),))
    return TurnResult(State(practice=True), notes=(Note("note_practice_begun"),))


def end_practice(state: State) -> TurnResult:
    """Forget an invented case; outside a practice nothing changes."""
    if not state.practice:
        return TurnResult(state, notes=(Note("note_no_practice"),))
    return TurnResult(State(), notes=(Note("note_practice_ended"),))


def dropped_answers(before: State, after: State) -> tuple[str, ...]:
    """Return the answers that a change has cleared."""
    lapsing = (spec.fills for spec in OWNERS if spec.lapses)
    return tuple(
        name for name in lapsing if _told(before, name) and getattr(after, name) in (None, {})
    )


def _told(state: State, name: str) -> bool:
    """Say whether the practitioner gave an answer, and the guide did not just assume it."""
    value = getattr(state, name)
    if isinstance(value, dict):
        return bool(set(value.values()) - {FOLLOWED, IN_DOUBT})
    return value is not None


def calls_told_notes(before: State, after: State) -> tuple[Note, ...]:
    """Say what to write down once everybody was told, if another question comes first."""
    told = after.calls_made is not None and before.calls_made is None
    return (Note("note_calls_told"),) if told and after.partnership is None else ()


def _rehearsal_notes(question: Question, before: State, value: str) -> tuple[Note, ...]:
    """Say that a rehearsal ended, or that it goes on after a false alarm."""
    if before.rehearsal is not None and question is Question.calls_made and value == "not_now":
        return (Note("note_rehearsal_goes_on"),)
    after = after_move(before, value) if question is Question.rehearsal else before
    ended = before.rehearsal is not None and after is not None and after.rehearsal is None
    return (Note(closing_note(before, value)),) if ended else ()


def clear_answer(state: State, name: str) -> State:
    """Clear an answer, so that its question is asked again; keep the others."""
    blank = State()
    names = [name, *(BY_FIELD[name].forgets if name in BY_FIELD else ())]
    cleared = {field: getattr(blank, field) for field in names if field in State.__struct_fields__}
    if name in BY_FIELD and BY_FIELD[name].asked_again is not None:
        cleared[name] = BY_FIELD[name].asked_again
    if name == "trigger_check" and raised_by_trigger(state):
        state = reask_risk(state)
    return msgspec.structs.replace(state, review=None, **cleared)


def last_answer_before(state: State, asked: Question | None) -> str | None:
    """Return the name of the last answer before the open question, or None at the beginning.

    While the urgent calls are open it is the stated risk, never a later answer.
    """
    if asked is Question.calls_made:
        return "risk" if state.red_flag is None else None
    order = list(Question)
    above = SPECS[: len(order) if asked is None else order.index(asked)]
    given = [spec.fills for spec in above if not spec.aside and _told(state, spec.fills)]
    return given[-1] if given else None


def offer_to_start_again(state: State) -> State:
    """Ask whether to clear every answer."""
    return msgspec.structs.replace(state, start_again=OPEN)


def offer_to_delete(state: State) -> State:
    """Ask whether to delete the case and the conversation."""
    return msgspec.structs.replace(state, delete_case=OPEN)


def open_review(state: State) -> State:
    """Show the answers so that they can be changed."""
    return msgspec.structs.replace(state, review=OPEN)


def _chosen(state: State, question: Question, value: str, policies: Policies) -> State | None:
    """Return the state after a choice, or None if the value is not on offer."""
    spec = SPEC_OF[question]
    if question is Question.other_cases:
        # It saves one case and restores another, for which all records are needed.
        return change_case(state, value, policies)
    if spec.take is not None:
        return spec.take(state, value, policies)
    if spec.values is None or not spec.values(value, policies, state.policy(policies)):
        return None
    return msgspec.structs.replace(state, **{spec.fills: value})
