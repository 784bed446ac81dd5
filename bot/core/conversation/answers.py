"""What a chosen option changes, and what an answer takes with it when it is given anew.

A question or value that is on no list changes nothing, so that a made-up button is only text.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from bot.core.conversation.closing import take_helped, take_learned, take_settled
from bot.core.conversation.questions import (
    GAP,
    Policies,
    Question,
    expected_before,
    unconfirmed,
    undated,
)
from bot.core.conversation.rehearsal import closing_note, moved_on
from bot.core.conversation.returning import OUTCOMES, ProgressReport, follow_up_kind, move_on
from bot.core.conversation.state import (
    FOLLOWED,
    IN_DOUBT,
    LEFT_OUT,
    NOTHING,
    OPEN,
    UNKNOWN,
    State,
)
from bot.core.policy.model import Policy
from bot.core.text import parse_day
from bot.core.vocabulary import (
    URGENT_RISKS,
    Agency,
    ChildStatus,
    Disagreement,
    Level,
    Outcome,
    Risk,
)

DATES = (Question.step_on, Question.earlier_on, Question.concern_on)


class Note(msgspec.Struct, frozen=True):
    """Something to tell the practitioner before the next question: a response and its gaps."""

    name: str
    gaps: dict[str, str] = {}


class TurnResult(msgspec.Struct, frozen=True):
    """The state after a message, the slots it filled, and what to say about it.

    `dropped` are answers that no longer apply because another one changed. `reopened` is the
    answer that is asked again. `missed` says that the message was not understood.
    """

    state: State
    filled: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    dropped: tuple[str, ...] = ()
    missed: bool = False
    reopened: str | None = None


def choose(state: State, name: str, value: str, policies: Policies) -> TurnResult:
    """Take a chosen option. A question or value that is not on any list changes nothing."""
    if name not in set(map(str, Question)):
        return TurnResult(state)
    question = Question(name)
    changed = _chosen(state, question, value, policies)
    if changed is None:
        nowhere = question is Question.partnership and value in {"elsewhere", UNKNOWN}
        return TurnResult(state, notes=(Note("note_no_fallback"),) if nowhere else ())
    fallback = question is Question.partnership and value in {"elsewhere", UNKNOWN}
    notes = [Note("note_fallback")] if fallback else []
    if question is Question.reached and value == UNKNOWN:
        notes.append(Note("note_reached_unknown"))
    notes += _rehearsal_notes(question, state, value)
    after = msgspec.structs.replace(changed, misses=0)
    gone = () if question in ASIDE else dropped(state, after)
    return TurnResult(after, (name,), tuple(notes), gone)


def begin_with(state: State, partnership: str | None, policies: Policies) -> TurnResult:
    """Take the partnership that a page is set up for, say which it is and that it can be changed.

    It is an answer like any other. Where the conversation has one already, nothing changes.
    """
    policy = policies.get(partnership or "")
    if policy is None or state.partnership is not None:
        return TurnResult(state)
    set_up = moved(state, policy.id, None, policies)
    return TurnResult(set_up, notes=(Note("note_begins_with", {"where": policy.short_name}),))


ASIDE = {
    Question.calls_made,
    Question.start_again,
    Question.delete_case,
    Question.settled,
    Question.review,
    Question.follow_up,
    Question.rehearsal,
    Question.helped,
    Question.learned,
}
"""Questions about the conversation itself: what their answers clear is not named."""
NAMED = (
    "area",
    "trigger_check",
    "child_status",
    "earlier",
    "step_on",
    "step_outcome",
)
"""Answers that another answer can make void, each with a response `utter_name_<answer>`."""


def dropped(before: State, after: State) -> tuple[str, ...]:
    """Return the answers that were there before and are not any more."""
    return tuple(
        name for name in NAMED if _told(before, name) and getattr(after, name) in (None, {})
    )


def _told(state: State, name: str) -> bool:
    """Say whether an answer was given by the practitioner, and not taken for granted."""
    value = getattr(state, name)
    return (
        bool(set(value.values()) - {FOLLOWED, IN_DOUBT}) if name == "earlier" else value is not None
    )


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
    "reached": ("step_on", "step_outcome", "earlier"),
}
"""What an answer takes with it when it is to be given anew, since it was said about it."""


def forget(state: State, name: str) -> State:
    """Clear one answer, so that its question is asked again; the others are kept."""
    blank = State()
    names = [name, *FORGOTTEN_WITH.get(name, ())]
    cleared = {one: getattr(blank, one) for one in names if one in State.__struct_fields__}
    if name == "trigger_check" and _raised_by_trigger(state):
        state = _risk_again(state)
    return msgspec.structs.replace(state, review=None, **cleared)


def go_back(state: State, asked: Question | None) -> str | None:
    """Return the name of the last answer before the open question, or None at the beginning.

    While the calls are waited for it is the risk that was stated, never anything later.
    """
    if asked is Question.calls_made:
        return "risk" if state.red_flag is None else None
    order = list(map(str, Question))
    upto = len(order) if asked is None else order.index(asked)
    given = [name for name in order[:upto] if name in CHANGEABLE and _given(state, name)]
    return FIELD_OF.get(given[-1], given[-1]) if given else None


FIELD_OF = {"earlier_followed": "earlier", "earlier_on": "earlier"}
"""Questions whose answer is kept in a field of another name."""
CHANGEABLE = set(map(str, Question)) - set(map(str, ASIDE))


def _given(state: State, name: str) -> bool:
    return _told(state, FIELD_OF.get(name, name))


def offer_to_start_again(state: State) -> State:
    """Ask whether to clear every answer."""
    return msgspec.structs.replace(state, start_again=OPEN)


def offer_to_delete(state: State) -> State:
    """Ask whether to delete the case and the conversation."""
    return msgspec.structs.replace(state, delete_case=OPEN)


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
    if risk is None:
        return None
    # What the policy treats as urgent was asked about the risk stated before.
    checked = state.trigger_check if state.risk in {None, risk} else None
    return msgspec.structs.replace(state, risk=risk, calls_made=None, trigger_check=checked)


def _take_start_again(state: State, value: str, _: Policies) -> State | None:
    return State() if value == "yes" else msgspec.structs.replace(state, start_again=None)


def _take_delete(state: State, value: str, _: Policies) -> State | None:
    if value not in {"yes", "no"}:
        return None
    return msgspec.structs.replace(state, delete_case="yes" if value == "yes" else None)


def _take_follow_up(state: State, value: str, policies: Policies) -> State | None:
    known = {*map(str, OUTCOMES[follow_up_kind(state)]), UNKNOWN}
    if state.follow_up is None or value not in known:
        return None
    return move_on(state, ProgressReport(value), policies)


def _take_review(state: State, _: str, __: Policies) -> State | None:
    return msgspec.structs.replace(state, review=None)


def _take_trigger(state: State, value: str, _: Policies) -> State | None:
    if value not in {"yes", "no", UNKNOWN}:
        return None
    told = msgspec.structs.replace(state, trigger_check=value)
    if value == "no":
        # The risk that a "yes" had raised is asked about again.
        return _risk_again(told) if _raised_by_trigger(state) else told
    # In doubt it is treated as urgent: the answer raises the risk.
    return msgspec.structs.replace(told, risk=Risk.immediate_harm, calls_made=None)


def _raised_by_trigger(state: State) -> bool:
    return state.trigger_check in {"yes", UNKNOWN}


def _risk_again(state: State) -> State:
    return msgspec.structs.replace(state, risk=None, calls_made=None)


def _take_step_on(state: State, value: str, _: Policies) -> State | None:
    day = parse_day(value)
    if day is None and value != UNKNOWN:
        return None
    earlier = {
        level: told
        for level, told in state.earlier.items()
        if not (day and (parse_day(told) or day) > day)
    }
    return msgspec.structs.replace(state, step_on=value, earlier=earlier)


def _take_partnership(state: State, value: str, policies: Policies) -> State | None:
    policy = _policy(value, policies)
    return moved(state, policy.id, None, policies) if policy else None


def _take_disagreement(state: State, value: str, _: Policies) -> State | None:
    if value == "another":
        return msgspec.structs.replace(state, guesses=())
    known = value == UNKNOWN or member(Disagreement, value) is not None
    return msgspec.structs.replace(state, disagreement=value) if known else None


def _take_status(state: State, value: str, _: Policies) -> State | None:
    statuses = () if value == "none" else tuple(value.split("."))
    known = set(statuses) <= {*map(str, ChildStatus), UNKNOWN}
    return msgspec.structs.replace(state, child_status=statuses) if known else None


def _take_reached(state: State, value: str, policies: Policies) -> State | None:
    level, _, gap = value.partition(".")
    if level not in {NOTHING, UNKNOWN, *map(str, Level)} or gap not in {"", GAP}:
        return None
    reached = msgspec.structs.replace(
        state, reached=level, step_on=None, step_outcome=None, earlier={}
    )
    before = expected_before(reached, policies)
    if not gap:
        return msgspec.structs.replace(
            reached, earlier={str(one.level): FOLLOWED for one in before}
        )
    # With several that may have been left out, it is asked which.
    told = LEFT_OUT if len(before) == 1 else IN_DOUBT
    return msgspec.structs.replace(reached, earlier={str(one.level): told for one in before})


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
        told = replace(state, calls_made=value, risk=risk, red_flag=None, danger_now=False)
        return replace(told, rehearsal=None)
    if value == "not_now":
        # What they stated before stands; an urgent risk is asked about again, never lowered here.
        stands = state.risk not in URGENT_RISKS
        return replace(
            state,
            calls_made=None,
            risk=state.risk if stands else None,
            trigger_check=state.trigger_check if stands else None,
            red_flag=None,
            danger_now=False,
        )
    return None


def _take_rehearsal(state: State, value: str, _: Policies) -> State | None:
    return moved_on(state, value)


def _policy(value: str, policies: Policies) -> Policy | None:
    if value in {"elsewhere", UNKNOWN}:
        return next((policy for policy in policies.values() if policy.fallback), None)
    return policies.get(value)


def moved(state: State, partnership: str, area: str | None, policies: Policies) -> State:
    """Change the partnership, and drop what was said in the terms of another policy.

    A level and its days stay true: each policy has a stage for it.
    """
    if state.partnership == partnership:
        kept = state.area if area is None else area
        return msgspec.structs.replace(state, area=kept)
    changed = msgspec.structs.replace(state, partnership=partnership, area=area)
    if state.partnership is None:
        return changed
    return msgspec.structs.replace(
        changed,
        trigger_check=None,
        earlier={level: told for level, told in state.earlier.items() if told != IN_DOUBT},
        child_status=_statuses_after(state, policies[partnership], policies),
    )


def _statuses_after(state: State, policy: Policy, policies: Policies) -> tuple[str, ...] | None:
    """Return the child's statuses as told, or None where the other policy asks about more."""
    before = state.whole_policy(policies)
    asked = set(before.child_statuses()) if before else set()
    more = set(policy.child_statuses()) - asked
    named = bool(state.child_status) and UNKNOWN not in (state.child_status or ())
    return state.child_status if named or not more else None


def _take_followed(state: State, value: str, policies: Policies) -> State | None:
    stages = unconfirmed(state, policies)
    doubted = IN_DOUBT in state.earlier.values()
    if value == UNKNOWN and doubted and stages:
        # One was left out and nobody knows which: the first has to be made sure of.
        value = str(stages[0].level)
    if doubted and value == "all":
        return None
    left_out = set() if value in {"all", UNKNOWN} else set(value.split("."))
    if not left_out <= {str(stage.level) for stage in stages}:
        return None
    followed = UNKNOWN if value == UNKNOWN else FOLLOWED
    told = {str(stage.level): LEFT_OUT if stage.level in left_out else followed for stage in stages}
    return msgspec.structs.replace(state, earlier={**state.earlier, **told})


def _take_earlier_on(state: State, value: str, policies: Policies) -> State | None:
    stage = undated(state, policies)
    if stage is None or not (value in {LEFT_OUT, UNKNOWN} or parse_day(value)):
        return None
    return msgspec.structs.replace(state, earlier={**state.earlier, str(stage.level): value})


TAKING: Mapping[Question, Callable[[State, str, Policies], State | None]] = {
    Question.calls_made: _take_calls,
    Question.start_again: _take_start_again,
    Question.delete_case: _take_delete,
    Question.settled: take_settled,
    Question.helped: take_helped,
    Question.learned: take_learned,
    Question.review: _take_review,
    Question.follow_up: _take_follow_up,
    Question.risk: _take_risk,
    Question.rehearsal: _take_rehearsal,
    Question.partnership: _take_partnership,
    Question.step_on: _take_step_on,
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
