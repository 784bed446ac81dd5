"""Where they stand on the ladder and what can happen next.

The rules, in the order they are tried:

1. Nothing done yet: discuss, at the first stage.
2. Awaiting an answer: wait while a limit runs or where there is none; once one has passed, go on.
3. No response: wait only while a limit that binds the receiver runs; else go on.
4. Unresolved: go on.

Going on means the lowest earlier stage that the policy requires and that is missing; else, where
such a stage is still waiting in time, wait for it; else the next rung; else, after the last,
record.
A stage that is waiting but lacks a required earlier one is not waited for either.
"""

from datetime import date
from enum import Enum

import msgspec

from bot.core.deadlines import Anchors, Deadline, deadlines
from bot.core.facts import Facts, Step
from bot.core.policy import MustFollow, Party, Policy, Stage
from bot.core.standing import Phrases
from bot.core.triage import in_order
from bot.core.vocabulary import Action, Outcome


class Clock(Enum):
    """What the limits of a waiting stage say today."""

    none = "none"
    running = "running"
    running_for_receiver = "running_for_receiver"
    passed = "passed"
    unknown = "unknown"


class Go(Enum):
    """What a rule answers."""

    wait = "wait"
    on = "on"


RULES: dict[tuple[Outcome, Clock], Go] = {
    (Outcome.awaiting, Clock.none): Go.wait,
    (Outcome.awaiting, Clock.running): Go.wait,
    (Outcome.awaiting, Clock.running_for_receiver): Go.wait,
    (Outcome.awaiting, Clock.passed): Go.on,
    (Outcome.awaiting, Clock.unknown): Go.on,
    (Outcome.no_response, Clock.none): Go.on,
    (Outcome.no_response, Clock.running): Go.on,
    (Outcome.no_response, Clock.running_for_receiver): Go.wait,
    (Outcome.no_response, Clock.passed): Go.on,
    (Outcome.no_response, Clock.unknown): Go.on,
}
"""Waiting outcomes only; `unresolved` always goes on."""


class Position(msgspec.Struct, frozen=True):
    """Where they stand. `outcome` and `latest` are None when nothing was done yet.

    `steps` are those since the last settlement, or all of them when nothing came after it; `done`
    holds the numbers of all stages that any step reached.
    """

    stage: Stage
    outcome: Outcome | None
    latest: Step | None
    steps: tuple[Step, ...]
    anchors: Anchors
    done: frozenset[int] = frozenset()
    reopened_from: Stage | None = None

    def at(self, policy: Policy, stage: Stage) -> Step | None:
        """Return the latest step at a stage, or None."""
        there = [step for step in self.steps if policy.stage_for(step.level) is stage]
        return there[-1] if there else None


class Move(msgspec.Struct, frozen=True):
    """What to do next. `stage` is the stage it starts from, `to` the rung to go to, if any."""

    action: Action
    stage: Stage
    to: Stage | None = None
    running: tuple[Deadline, ...] = ()
    passed: tuple[Deadline, ...] = ()
    missing: MustFollow | None = None
    unknown_date: bool = False


def position(facts: Facts, policy: Policy, today: date) -> Position:
    """Work out where they stand from the steps."""
    ordered = in_order(facts.steps)
    settled = [index for index, step in enumerate(ordered) if step.outcome is Outcome.resolved]
    live = ordered[settled[-1] + 1 :] if settled else ordered
    reopened_from = None
    if settled and live:
        reopened_from = policy.stage_for(ordered[settled[-1]].level)
    live = live or ordered
    anchors = Anchors(_concern(facts, today), today, _started(live, policy))
    if not ordered:
        return Position(policy.stages[0], None, None, (), anchors)
    reached = max((policy.stage_for(step.level) for step in ordered), key=lambda s: s.number)
    there = [step for step in live if policy.stage_for(step.level) is reached]
    latest = there[-1] if there else live[-1]
    done = frozenset(policy.stage_for(step.level).number for step in ordered)
    return Position(reached, latest.outcome, latest, tuple(live), anchors, done, reopened_from)


def next_move(policy: Policy, where: Position, phrases: Phrases) -> Move:
    """Apply the rules to an open disagreement."""
    if where.latest is None:
        return _discuss(policy, where, phrases)
    at = policy.stage_for(where.latest.level)
    clock, due = _clock(policy, at, where, phrases)
    passed = tuple(one for one in due if one.overdue)
    running = tuple(one for one in due if not one.overdue)
    waits = where.outcome is not None and RULES.get((where.outcome, clock)) is Go.wait
    target = where.stage if waits else policy.following(where.stage)
    waiting = where.outcome in {Outcome.awaiting, Outcome.no_response}
    kept = Move(
        Action.escalate,
        where.stage,
        running=running if waiting else (),
        passed=passed if waiting else (),
        unknown_date=waiting and clock is Clock.unknown,
    )
    missing = _missing(policy, where, target or where.stage)
    if missing:
        return msgspec.structs.replace(kept, to=missing[0], missing=missing[1])
    if waits:
        return msgspec.structs.replace(kept, action=Action.wait, stage=at)
    earlier = _still_waiting(policy, where, target or where.stage, phrases)
    if earlier:
        return Move(Action.wait, earlier[0], running=earlier[1])
    if target is None:
        return msgspec.structs.replace(kept, action=Action.record)
    return msgspec.structs.replace(kept, to=target)


def _discuss(policy: Policy, where: Position, phrases: Phrases) -> Move:
    anchors = _starting_today(where.anchors, where.stage)
    due = deadlines(where.stage.to_answer, where.stage, policy, anchors, phrases)
    return Move(
        Action.discuss,
        where.stage,
        running=tuple(one for one in due if not one.overdue),
        passed=tuple(one for one in due if one.overdue),
    )


def _starting_today(anchors: Anchors, stage: Stage) -> Anchors:
    started = {**anchors.started, stage.number: anchors.decision}
    return msgspec.structs.replace(anchors, started=started)


def starting(policy: Policy, stage: Stage, anchors: Anchors, phrases: Phrases) -> list[Deadline]:
    """Return the deadlines that begin when a stage is raised today."""
    today = _starting_today(anchors, stage)
    return deadlines((*stage.to_begin, *stage.to_answer), stage, policy, today, phrases)


def _clock(
    policy: Policy, stage: Stage, where: Position, phrases: Phrases
) -> tuple[Clock, list[Deadline]]:
    due = deadlines(stage.to_answer, stage, policy, where.anchors, phrases)
    if any(one.overdue for one in due):
        return Clock.passed, due
    if len(due) < len(stage.to_answer):
        return Clock.unknown, due
    if any(one.who is not Party.raiser for one in due):
        return Clock.running_for_receiver, due
    return (Clock.running if due else Clock.none), due


def _missing(policy: Policy, where: Position, target: Stage) -> tuple[Stage, MustFollow] | None:
    for required, rule in _required(policy, target):
        if required.number not in where.done:
            return required, rule
    return None


def _still_waiting(
    policy: Policy, where: Position, target: Stage, phrases: Phrases
) -> tuple[Stage, tuple[Deadline, ...]] | None:
    for required, _ in _required(policy, target):
        step = where.at(policy, required)
        if required is where.stage or step is None or step.outcome is not Outcome.awaiting:
            continue
        clock, due = _clock(policy, required, where, phrases)
        later = [one for one in where.steps if one.level.rank > step.level.rank]
        went_on = any(
            one.on is not None and step.on is not None and one.on > step.on for one in later
        )
        if clock in {Clock.running, Clock.running_for_receiver} and not went_on:
            return required, tuple(due)
    return None


def _required(policy: Policy, target: Stage) -> list[tuple[Stage, MustFollow]]:
    """Return the stages that must come before `target`, lowest first, each with its rule."""
    found: dict[int, tuple[Stage, MustFollow]] = {}
    for stage in policy.stages:
        if stage.must_follow and stage.number <= target.number:
            for number in stage.must_follow.stages:
                found.setdefault(number, (policy.stage(number), stage.must_follow))
    return [found[number] for number in sorted(found)]


def _concern(facts: Facts, today: date) -> date:
    """Day 0 of "the concern": the earliest day that is known, so that no limit is stretched."""
    known = [step.on for step in facts.steps if step.on is not None]
    return min([*known, facts.concern_on or today, today])


def _started(steps: list[Step], policy: Policy) -> dict[int, date | None]:
    started: dict[int, date | None] = {}
    for step in steps:
        number = policy.stage_for(step.level).number
        known = [day for day in (started.get(number), step.on) if day is not None]
        started[number] = min(known) if known else None
    return started
