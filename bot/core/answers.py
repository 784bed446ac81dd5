"""What a chosen option changes, and what an answer takes with it when it is given anew.

A question or value that is on no list changes nothing, so that a made-up button is only text.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from bot.core.facts import parse_day
from bot.core.policy import Policy
from bot.core.questions import Policies, Question, unconfirmed, undated
from bot.core.rehearsal import closing_note, moved_on
from bot.core.state import LEFT_OUT, NOTHING, OPEN, UNKNOWN, URGENT, State
from bot.core.vocabulary import Agency, ChildStatus, Disagreement, Level, Outcome, Risk

DATES = (Question.step_on, Question.earlier_on, Question.concern_on)


class Note(msgspec.Struct, frozen=True):
    """Something to tell the practitioner before the next question: a response and its gaps."""

    name: str
    gaps: dict[str, str] = {}


class Heard(msgspec.Struct, frozen=True):
    """The state after a message, the slots it filled, and what to say about it.

    `missed` says that the message was not understood.
    """

    state: State
    filled: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    missed: bool = False


def choose(state: State, name: str, value: str, policies: Policies) -> Heard:
    """Take a chosen option. A question or value that is not on any list changes nothing."""
    if name not in set(map(str, Question)):
        return Heard(state)
    question = Question(name)
    changed = _chosen(state, question, value, policies)
    if changed is None:
        return Heard(state)
    fallback = question is Question.partnership and value in {"elsewhere", UNKNOWN}
    notes = (Note("note_fallback"),) if fallback else _rehearsal_notes(question, state, value)
    return Heard(msgspec.structs.replace(changed, misses=0), (name,), notes)


def _rehearsal_notes(question: Question, before: State, value: str) -> tuple[Note, ...]:
    """Say that a rehearsal ended, or goes on, since what was heard in it is not happening."""
    if before.rehearsal is not None and question is Question.calls_made and value == "not_now":
        return (Note("note_rehearsal_goes_on"),)
    after = moved_on(before, value) if question is Question.rehearsal else before
    ended = before.rehearsal is not None and after is not None and after.rehearsal is None
    return (Note(closing_note(before, value)),) if ended else ()


FORGOTTEN_WITH = {
    "risk": ("calls_made", "trigger_check"),
    "partnership": ("area", "trigger_check"),
    "disagreement": ("guesses",),
    "reached": ("step_on", "step_outcome", "earlier", "concern_on"),
}
"""What an answer takes with it when it is to be given anew, since it was said about it."""


def forget(state: State, name: str) -> State:
    """Clear one answer, so that its question is asked again; the others are kept."""
    if name not in set(map(str, Question)):
        return state
    blank = State()
    names = [name, *FORGOTTEN_WITH.get(name, ())]
    cleared = {one: getattr(blank, one) for one in names if one in State.__struct_fields__}
    return msgspec.structs.replace(state, review=None, **cleared)


def offer_to_start_again(state: State) -> State:
    """Ask whether to clear every answer."""
    return msgspec.structs.replace(state, start_again=OPEN)


def look_through(state: State) -> State:
    """Open the answers for changing."""
    return msgspec.structs.replace(state, review=OPEN)


def _chosen(state: State, question: Question, value: str, policies: Policies) -> State | None:
    """Return the state with a choice in it, or None when the value is not on the list."""
    special = TAKING.get(question)
    if special is not None:
        return special(state, value, policies)
    is_day = question in DATES and parse_day(value) is not None
    if value in _allowed(question, state, policies) or is_day:
        return msgspec.structs.replace(state, **{str(question): value})
    return None


def _take_risk(state: State, value: str, _: Policies) -> State | None:
    risk = member(Risk, value)
    return msgspec.structs.replace(state, risk=risk, calls_made=None) if risk else None


def _take_start_again(state: State, value: str, _: Policies) -> State | None:
    return State() if value == "yes" else msgspec.structs.replace(state, start_again=None)


def _take_review(state: State, _: str, __: Policies) -> State | None:
    return msgspec.structs.replace(state, review=None)


def _take_trigger(state: State, value: str, _: Policies) -> State | None:
    if value not in {"yes", "no", UNKNOWN}:
        return None
    told = msgspec.structs.replace(state, trigger_check=value)
    if value == "no":
        return told
    # In doubt it is treated as urgent: the answer raises the risk.
    return msgspec.structs.replace(told, risk=Risk.immediate_harm, calls_made=None)


def _take_partnership(state: State, value: str, policies: Policies) -> State | None:
    policy = _policy(value, policies)
    return moved(state, policy.id, None) if policy else None


def _take_disagreement(state: State, value: str, _: Policies) -> State | None:
    if value == "another":
        return msgspec.structs.replace(state, guesses=())
    known = value == UNKNOWN or member(Disagreement, value) is not None
    return msgspec.structs.replace(state, disagreement=value) if known else None


def _take_status(state: State, value: str, _: Policies) -> State | None:
    statuses = () if value == "none" else tuple(value.split("."))
    known = set(statuses) <= {*map(str, ChildStatus), UNKNOWN}
    return msgspec.structs.replace(state, child_status=statuses) if known else None


def _take_reached(state: State, value: str, _: Policies) -> State | None:
    if value not in {NOTHING, *map(str, Level)}:
        return None
    return msgspec.structs.replace(
        state, reached=value, step_on=None, step_outcome=None, earlier={}
    )


def _allowed(question: Question, state: State, policies: Policies) -> set[str]:
    policy = state.policy(policies)
    lists: dict[Question, set[str]] = {
        Question.my_agency: set(map(str, Agency)),
        Question.their_agency: set(map(str, Agency)),
        Question.step_outcome: set(map(str, Outcome)),
        Question.area: {area.id for area in policy.areas} if policy else set(),
        Question.exit_check: {"yes", "no"},
    }
    return lists.get(question, set()) | {UNKNOWN}


def _take_calls(state: State, value: str, _: Policies) -> State | None:
    replace = msgspec.structs.replace
    if value == "made":
        # Having made the calls confirms what was heard: the risk is raised to it.
        risk = state.with_heard_risk().risk
        # It was real: what is left of a rehearsal is not in the way of what to do now.
        told = replace(state, calls_made=value, risk=risk, heard=None, heard_now=False)
        return replace(told, rehearsal=None)
    if value == "not_now":
        # What they stated before stands; an urgent risk is asked about again, never lowered here.
        risk = None if state.risk in URGENT else state.risk
        return replace(state, calls_made=None, risk=risk, heard=None, heard_now=False)
    return None


def _take_rehearsal(state: State, value: str, _: Policies) -> State | None:
    return moved_on(state, value)


def _policy(value: str, policies: Policies) -> Policy | None:
    if value in {"elsewhere", UNKNOWN}:
        return next((policy for policy in policies.values() if policy.fallback), None)
    return policies.get(value)


def moved(state: State, partnership: str, area: str | None) -> State:
    """Change the partnership, and drop what was said in the terms of another policy."""
    if state.partnership in {None, partnership}:
        kept = state.area if area is None else area
        return msgspec.structs.replace(state, partnership=partnership, area=kept)
    return msgspec.structs.replace(state, partnership=partnership, area=area, trigger_check=None)


def _take_followed(state: State, value: str, policies: Policies) -> State | None:
    stages = unconfirmed(state, policies)
    left_out = set() if value in {"all", UNKNOWN} else set(value.split("."))
    if not left_out <= {str(stage.level) for stage in stages}:
        return None
    told = {str(stage.level): LEFT_OUT if stage.level in left_out else UNKNOWN for stage in stages}
    return msgspec.structs.replace(state, earlier={**state.earlier, **told})


def _take_earlier_on(state: State, value: str, policies: Policies) -> State | None:
    stage = undated(state, policies)
    if stage is None or not (value in {LEFT_OUT, UNKNOWN} or parse_day(value)):
        return None
    return msgspec.structs.replace(state, earlier={**state.earlier, str(stage.level): value})


TAKING: Mapping[Question, Callable[[State, str, Policies], State | None]] = {
    Question.calls_made: _take_calls,
    Question.start_again: _take_start_again,
    Question.review: _take_review,
    Question.risk: _take_risk,
    Question.rehearsal: _take_rehearsal,
    Question.partnership: _take_partnership,
    Question.trigger_check: _take_trigger,
    Question.disagreement: _take_disagreement,
    Question.child_status: _take_status,
    Question.reached: _take_reached,
    Question.earlier_followed: _take_followed,
    Question.earlier_on: _take_earlier_on,
}
"""Questions whose answer changes more than its own slot, or has a list of its own."""


def member(kind: Any, value: object) -> Any:
    """Return the member of a closed list that has this value, or None."""
    return kind(value) if value in set(map(str, kind)) else None
