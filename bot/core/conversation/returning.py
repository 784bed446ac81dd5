"""Moves a saved case on by what has happened since.

If the advice was to go to a stage, a report means that they went to it, on the day and with the
outcome reported. If the advice was to wait, or the case was at its end, the outcome of the present
stage changes. If nothing was done, today's advice applies.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec.structs import replace

from bot.core.conversation.held import FollowUp
from bot.core.conversation.replies import SILENCE, HowFar, Replies
from bot.core.conversation.state import (
    CHECKED_BY_POLICY,
    UNKNOWN,
    Policies,
    State,
    with_answer,
)
from bot.core.policy.model import Stage, height_of, level_of
from bot.core.text import parse_day
from bot.core.vocabulary import Action, Level, Outcome

NOT_DONE = "not_done"
"""The practitioner has not followed the advice yet."""
STEPS = {Action.discuss, Action.escalate}
"""Advice to go to a stage."""
SETTLED = "settled"
"""The follow-up kind of a case that was already settled when saved."""


class ProgressReport(msgspec.Struct, frozen=True):
    """What has happened since: an outcome or NOT_DONE, and the day and level if reported.

    `before` maps reported lower levels to their day (an ISO text). `at_once`: it was settled
    with no word of a further step, so at the stage reached before.
    """

    outcome: str | None
    on: date | None = None
    level: Level | None = None
    before: dict[str, str] = {}
    at_once: bool = False


def follow_up_for(
    back: State, on: str, action: Action | None, to_stage: int | None, policies: Policies
) -> FollowUp | None:
    """Return the follow-up to ask for, or None if the advice was not about stages."""
    policy = back.policy(policies)
    elsewhere = back.exit_check == "yes" and back.exit not in CHECKED_BY_POLICY
    if policy is None or action is None or elsewhere or back.reached is None:
        return None
    if action not in {*STEPS, Action.wait, Action.respond, Action.record}:
        return None
    known = {stage.number for stage in policy.stages}
    if action is Action.escalate and to_stage not in known:
        # The policy has changed meanwhile: today's advice says what is next.
        return None
    return FollowUp(on, action, to_stage)


def advised_stage(state: State, policies: Policies) -> Stage | None:
    """Return the stage that the saved advice was to go to, or None if it was to stay."""
    policy, told = state.policy(policies), state.follow_up
    if policy is None or told is None or told.action not in STEPS:
        return None
    return policy.stages[0] if told.to_stage is None else policy.stage(told.to_stage)


def follow_up_kind(state: State) -> str:
    """Return the kind of follow-up: a step, an answer owed, waiting, the end, or "settled"."""
    if state.follow_up is None or state.follow_up.action in STEPS:
        return "step"
    if state.follow_up.action is Action.respond:
        return "respond"
    if state.follow_up.action is Action.wait:
        return "wait"
    return SETTLED if state.step_outcome == Outcome.resolved else "last"


OUTCOMES: Mapping[str, tuple[str, ...]] = {
    "step": (
        Outcome.awaiting,
        Outcome.no_response,
        Outcome.unresolved,
        Outcome.resolved,
        NOT_DONE,
    ),
    "wait": (Outcome.awaiting, Outcome.no_response, Outcome.unresolved, Outcome.resolved),
    "respond": (Outcome.awaiting, Outcome.unresolved, Outcome.resolved),
    "last": (Outcome.no_response, Outcome.unresolved, Outcome.resolved),
    SETTLED: (Outcome.resolved, Outcome.unresolved),
}
"""The possible reports, by kind of follow-up."""


def apply_report(state: State, told: ProgressReport, policies: Policies) -> State:
    """Return the state after a report. Without a day the guide asks only for the day."""
    if told.outcome in {NOT_DONE, UNKNOWN}:
        return replace(state, follow_up=None)
    target = _reported_stage(state, told, policies)
    if target is None:
        moved = replace(state, follow_up=None, step_outcome=told.outcome)
        return with_answer_day(moved, told.on) if answer_day_open(moved) else moved
    stage, rung = target
    day = told.on.isoformat() if told.on else None
    reached = state.stage(policies)
    if reached is not None and stage.number < reached.number:
        return _made_up_for(state, stage, told.outcome, day, policies)
    return replace(
        state,
        reached=rung,
        step_on=day,
        step_outcome=told.outcome,
        settled_on=day if told.outcome == Outcome.resolved else None,
        earlier={
            **_told_before(told, stage, policies, state),
            **_done_before(state, stage, policies),
        },
        follow_up=None,
    )


def answer_day_open(state: State) -> bool:
    """Say whether they had an answer on a day that was not told."""
    if state.tried is None or state.step_on is None:
        return False
    if state.step_outcome == Outcome.resolved:
        return state.settled_on is None
    return state.step_outcome == Outcome.unresolved and str(state.tried) not in state.answered


def with_answer_day(state: State, day: date | None) -> State:
    """Return the state with the day of the answer at the stage they are at, if it can be that."""
    raised = parse_day(state.step_on)
    if state.tried is None or day is None or (raised and day < raised):
        return state
    return with_answer(state, day.isoformat())


def _done_before(state: State, stage: Stage, policies: Policies) -> dict[str, str]:
    """Return the days of the lower stages, including the stage reached so far."""
    policy, reached = state.policy(policies), state.stage(policies)
    if policy is None or reached is None or reached.number >= stage.number:
        return state.earlier
    return {**state.earlier, policy.rung(reached): state.step_on or UNKNOWN}


def _told_before(
    told: ProgressReport, stage: Stage, policies: Policies, state: State
) -> dict[str, str]:
    policy = state.policy(policies)
    if policy is None:
        return {}
    stages = ((policy.stage_for(Level(level)), on) for level, on in told.before.items())
    return {policy.rung(lower): on for lower, on in stages if lower.number < stage.number}


def _reported_stage(
    state: State, told: ProgressReport, policies: Policies
) -> tuple[Stage, str] | None:
    """Return the stage that was reached and its rung; None if the present one's outcome changed."""
    policy, advised = state.policy(policies), advised_stage(state, policies)
    reached = state.stage(policies)
    if policy is None or (told.at_once and reached is not None):
        return None
    highest = max((stage.number for stage in (reached, advised) if stage), default=-1)
    named = policy.stage_for(told.level) if told.level else None
    if told.level and named and named.number > highest:
        return named, policy.rung(named) if named.level is told.level else str(told.level)
    return (advised, policy.rung(advised)) if advised else None


def _made_up_for(
    state: State, stage: Stage, outcome: str | None, day: str | None, policies: Policies
) -> State:
    """Return the state after making up for a stage left out below the one reached.

    If it did not settle the disagreement, the highest stage stays; else this stage is the present
    one for now.
    """
    policy = state.policy(policies)
    if policy is None:
        return replace(state, follow_up=None)
    rung = policy.rung(stage)
    if outcome == Outcome.unresolved:
        earlier = {**state.earlier, rung: day or UNKNOWN}
        return replace(state, earlier=earlier, follow_up=None)
    below = {policy.rung(lower) for lower in policy.stages if lower.number < stage.number}
    return replace(
        state,
        reached=rung,
        step_on=day,
        step_outcome=outcome,
        earlier={level: on for level, on in state.earlier.items() if level in below},
        follow_up=None,
    )


def last_step_on(state: State) -> date | None:
    """Return the latest known day of the stages below the highest."""
    below = [parse_day(day) for day in state.earlier.values()]
    return max((day for day in below if day), default=None)


def last_day(state: State) -> date | None:
    """Return the latest known day of any stage, including the highest."""
    days = [parse_day(state.step_on), last_step_on(state)]
    return max((day for day in days if day), default=None)


def impossible_day(
    state: State, told: ProgressReport, policies: Policies, today: date
) -> str | None:
    """Return the note that says why the day of a report is impossible, or None.

    A day reported while waiting may be a promised day: only a day before the stage was raised is
    wrong.
    """
    if told.on is None:
        return None
    if told.on > today and _reported_stage(state, told, policies) is not None:
        return "note_future_date"
    last = last_day(state)
    return "note_before_the_last_step" if last and told.on < last else None


def without_day(state: State, told: ProgressReport, policies: Policies) -> State:
    """Return the state after a report with an impossible day: the guide asks for the day."""
    moved = apply_report(state, replace(told, on=None), policies)
    stays = _reported_stage(state, told, policies) is None
    # Nothing is counted from the day of a settled disagreement.
    asks = stays and told.outcome != Outcome.resolved
    return replace(moved, step_on=None) if asks else moved


def read_report(
    reading: Mapping[str, Any],
    told_of: Sequence[Mapping[str, Any]],
    levels: list[str],
    kind: str,
    replies: Replies,
) -> ProgressReport | None:
    """Return what a typed message reports, or None if it reports nothing.

    `told_of` are the steps and `levels` the levels that its words name. A day alone means that the
    step was taken. The whole message as a reply is believed before single clauses of it.
    """
    if reading.get("nothing_new"):
        return ProgressReport(NOT_DONE)
    steps = sorted(told_of, key=lambda step: height_of(step["level"]))
    told = [step["outcome"] for step in steps[-1:] if step["outcome"]]
    outcomes = told or [*(reading.get("outcomes") or [])]
    days = [step["on"] for step in steps[-1:]] or [*(reading.get("dates") or [])]
    outcome = replies.came_of_it_with(outcomes)
    undone = reading.get("not_done") or replies.how_far is HowFar.nothing
    if kind == "step" and undone and outcome != Outcome.resolved:
        return ProgressReport(NOT_DONE)
    if kind in {SETTLED, "last"} and outcome in SILENCE:
        return ProgressReport(NOT_DONE)
    if kind == "respond" and outcome in SILENCE:
        outcome = Outcome.awaiting
    on = next((day for day in map(parse_day, days) if day), None)
    if outcome is None and not (kind == "step" and on):
        return None
    named = [step["level"] for step in steps] or levels
    level = max(map(level_of, named), key=lambda level: level.rank, default=None)
    earlier = {step["level"]: step["on"] for step in steps[:-1] if step["on"]}
    at_once = outcome == Outcome.resolved and level is None and on is None
    return ProgressReport(outcome, on, level, earlier, at_once)
