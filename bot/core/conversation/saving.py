"""A case as it is saved and as it comes back: what is kept of it, from closed lists only."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from bot.core.conversation.questions.spec import Values
from bot.core.conversation.questions.table import OWNERS
from bot.core.conversation.returning import follow_up_to
from bot.core.conversation.state import Policies, State, from_slots, to_slots
from bot.core.policy.model import Policy
from bot.core.rules.results import Advice
from bot.core.vocabulary import Action, Level, Risk

OF_THE_TALK = {
    "red_flag": "holds words that were typed",
    "danger_now": "goes with them",
    "guesses": "of a question that is open for a moment",
    "figure": "is the case's reference from then on",
    "taken": "is kept with the figures",
    "missed": "is kept with the figures",
    "misses": "counts messages",
    "case": "is the case's own reference",
}
"""The parts of a State that belong to no question, each with the reason why it is not saved."""
NOT_KEPT = {**OF_THE_TALK, **{spec.fills: spec.not_kept for spec in OWNERS if spec.not_kept}}
KEPT: Mapping[str, Values] = {
    name: values
    for spec in OWNERS
    for name, values in {spec.fills: spec.values, **spec.beside}.items()
    if values is not None and not spec.not_kept
}
"""What is saved of a State, and what it may hold: words of closed lists, ids and dates."""


class Saved(msgspec.Struct, frozen=True):
    """A case as it is saved: the answers, from closed lists only, the day, and the advice."""

    on: str
    answers: dict[str, Any]
    action: Action | None = None
    to_stage: int | None = None


def save(state: State, advice: Advice | None, policies: Policies, today: date) -> Saved:
    """Return what is saved of a conversation. `advice` is None while too little is known."""
    heard = state.with_heard_risk()
    answers = _closed(to_slots(heard), policies)
    if state.follow_up is not None:
        return Saved(today.isoformat(), answers, state.follow_up.action, state.follow_up.to_stage)
    if advice is None:
        return Saved(today.isoformat(), answers)
    return Saved(today.isoformat(), answers, advice.next.action, advice.next.to_stage)


def worth_saving(state: State) -> bool:
    """Say whether anything was answered yet."""
    blank = State()
    return any(getattr(state, name) != getattr(blank, name) for name in KEPT)


def restore(before: State, saved: Saved, case: str, policies: Policies) -> State:
    """Return the state of a conversation in which a saved case is opened.

    The case's answers take the place of those given before, but a graver risk stays, and so does
    danger that was heard. An urgent risk is acted on again: whether the calls were made is asked.
    """
    back = from_slots(_closed(saved.answers, policies))
    risks = [risk for risk in (back.risk, before.risk) if risk is not None]
    back = replace(
        back,
        risk=min(risks, key=list(Risk).index, default=None),
        red_flag=before.red_flag,
        danger_now=before.danger_now,
        case=case,
    )
    if back.urgent:
        return replace(back, calls_made=None)
    return replace(
        back, follow_up=follow_up_to(back, saved.on, saved.action, saved.to_stage, policies)
    )


def _closed(answers: Mapping[str, Any], policies: Policies) -> dict[str, Any]:
    """Return the answers that hold nothing but what is on a list."""
    policy = policies.get(str(answers.get("partnership")))
    return {
        name: answers[name]
        for name, values in KEPT.items()
        if answers.get(name) is not None and _fits(answers[name], values, policies, policy)
    }


def _fits(value: object, values: Values, policies: Policies, policy: Policy | None) -> bool:
    if isinstance(value, dict):
        known = set(map(str, Level))
        return all(key in known and values(told, policies, policy) for key, told in value.items())
    parts = value if isinstance(value, list | tuple) else [value]
    return all(values(str(part), policies, policy) for part in parts)
