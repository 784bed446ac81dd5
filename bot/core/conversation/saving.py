"""Saves a case and restores it. Only values from closed lists, ids and dates are kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from bot.core.conversation.held import OtherCase
from bot.core.conversation.questions.spec import Values
from bot.core.conversation.questions.table import OWNERS
from bot.core.conversation.returning import follow_up_for
from bot.core.conversation.several import (
    BEGIN,
    GO,
    OF_THE_PERSON,
    STAY,
    child_left,
    of_the_person,
)
from bot.core.conversation.slots import from_slots, to_slots
from bot.core.conversation.state import Policies, State
from bot.core.policy.model import AND_NUMBER, Policy
from bot.core.rules.results import Advice
from bot.core.vocabulary import URGENT_RISKS, Action, Level, Risk

OF_THE_TALK = {
    "red_flag": "holds words that were typed",
    "danger_now": "goes with them",
    "head_accused": "says for today to whom an allegation does not go",
    "conflict": "says for today to whom an allegation does not go",
    "harms": "says for today who is told",
    "kept_out": "says for today who is not told",
    "not_lead": "says for today who is told",
    "turning_to": "is worked out anew at every turn",
    "unplaced": "of a question that is open for a moment",
    "later": "is answered as soon as the area is known",
    "told_as": "of whoever has no case of their own",
    "place": "is words that were typed, and asked again",
    "raised_stage": "is a stage of the policy as soon as that is known",
    "wish": "is answered as soon as the policy is known",
    "guesses": "of a question that is open for a moment",
    "listed": "of a question that is open for a moment",
    "figure": "is the case's reference from then on",
    "accounts": "refers to rows of the figures",
    "taken": "is kept with the figures",
    "lapsed": "is found again when the case is opened",
    "missed": "is kept with the figures",
    "misses": "counts messages",
    "case": "is the case's own reference",
    "practice": "an invented case is never saved",
    "others": "are cases of their own",
    "child": "tells the cases of one conversation apart",
    "children": "tell the cases of one conversation apart",
}
"""The fields of State that belong to no question, each with the reason not to save it."""
NOT_KEPT = {**OF_THE_TALK, **{spec.fills: spec.not_kept for spec in OWNERS if spec.not_kept}}
KEPT: Mapping[str, Values] = {
    name: values
    for spec in OWNERS
    for name, values in {spec.fills: spec.values, **spec.beside}.items()
    if values is not None and not spec.not_kept
}
"""The fields of State that are saved, and the values they may hold."""


class Saved(msgspec.Struct, frozen=True):
    """A saved case: the answers, from closed lists only, the day, and the advice."""

    on: str
    answers: dict[str, Any]
    action: Action | None = None
    to_stage: int | None = None


def answers_to_save(state: State, policies: Policies) -> dict[str, Any]:
    """Return the answers that a case holds: from closed lists only."""
    return _closed(to_slots(state.with_heard_risk()), policies)


def case_to_save(state: State, advice: Advice | None, policies: Policies, today: date) -> Saved:
    """Return the case to save. `advice` is None while too little is known for any."""
    answers = answers_to_save(state, policies)
    if state.follow_up is not None:
        return Saved(today.isoformat(), answers, state.follow_up.action, state.follow_up.to_stage)
    if advice is None:
        return Saved(today.isoformat(), answers)
    return Saved(today.isoformat(), answers, advice.next.action, advice.next.to_stage)


def worth_saving(state: State) -> bool:
    """Say whether there is any answer yet."""
    blank = State()
    return any(getattr(state, name) != getattr(blank, name) for name in KEPT)


def restore(before: State, saved: Saved, case: str, policies: Policies) -> State:
    """Return the state of a conversation after it opens a saved case.

    The case's answers replace earlier ones, but a graver risk and a red flag stay, unless they were
    those of a practice. An urgent risk is acted on again: the guide asks whether the calls were
    made. Any other was of the day it was told: danger is asked about anew, unless it was told to be
    as great in this conversation.
    """
    before = State() if before.practice else before
    named = saved.answers.get("partnership")
    back = replace(
        from_slots(_closed(saved.answers, policies)),
        lapsed=str(named) if named is not None and named not in policies else None,
    )
    risks = [risk for risk in (back.risk, before.risk) if risk is not None]
    gravest = min(risks, key=list(Risk).index, default=None)
    back = replace(
        back,
        risk=gravest if gravest in URGENT_RISKS or gravest is before.risk else None,
        red_flag=before.red_flag,
        danger_now=before.danger_now,
        case=case,
        others=tuple(other for other in before.others if other.case != case),
    )
    if back.urgent:
        return replace(back, calls_made=None)
    return replace(
        back, follow_up=follow_up_for(back, saved.on, saved.action, saved.to_stage, policies)
    )


def change_case(state: State, value: str, policies: Policies) -> State | None:
    """Return the state with another case open, or None for a case that is not there."""
    if value == STAY:
        return replace(state, other_cases=None)
    kept = (*state.others, *present_case(state, policies))
    if value == BEGIN:
        begun = State(others=kept, children=state.children, child=child_left(state))
        return replace(begun, **of_the_person(state))
    number = value.removeprefix(GO)
    if not number.isdigit() or int(number) >= len(state.others):
        return None
    chosen = state.others[int(number)]
    back = restore(State(), Saved("", chosen.answers), chosen.case, policies)
    return replace(
        back,
        others=tuple(other for other in kept if other is not chosen),
        children=state.children,
        child=chosen.child,
        case=chosen.case or None,
        figure=None if chosen.case else chosen.figure,
    )


def present_case(state: State, policies: Policies) -> tuple[OtherCase, ...]:
    """Return the conversation's present case as it is put aside; none if nothing is told of it."""
    if not worth_saving(replace(state, **dict.fromkeys(OF_THE_PERSON))):
        return ()
    answers = answers_to_save(state, policies)
    return (OtherCase(state.case or "", answers, child=state.child, figure=state.figure),)


def _closed(answers: Mapping[str, Any], policies: Policies) -> dict[str, Any]:
    """Return the answers whose values are all allowed."""
    policy = policies.get(str(answers.get("partnership")))
    return {
        name: answers[name]
        for name, values in KEPT.items()
        if answers.get(name) is not None and _fits(answers[name], values, policies, policy)
    }


def _fits(value: object, values: Values, policies: Policies, policy: Policy | None) -> bool:
    if isinstance(value, dict):
        known = set(map(str, Level))
        return all(
            key.partition(AND_NUMBER)[0] in known and values(told, policies, policy)
            for key, told in value.items()
        )
    parts = value if isinstance(value, list | tuple) else [value]
    return all(values(str(part), policies, policy) for part in parts)
