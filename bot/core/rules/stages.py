"""The stage that a disagreement has reached and what can happen next.

The rules, in the order they are tried:

1. Nothing done yet: discuss, at the first stage.
2. Awaiting an answer: wait while a limit runs or if there is none; after it has passed, go on.
3. No response: wait only while a limit that binds the receiver runs; else go on.
   Where the limit depends on a priority that nobody has named, both wait until it has passed
   whatever the priority.
4. Unresolved: go on.

Going on means: go to the lowest required earlier stage that is missing; else, if such a stage is
still waiting in time, wait for it; else go to the next stage; else, after the last, record once it
has ended, and chase the answer while it is open. Nobody waits for a stage that lacks a required
earlier stage.

With several limits at a stage, the last one that binds the other side decides. A limit over several
stages decides only where a stage has none of its own, and never once it had passed before the stage
began.
"""

from datetime import date
from enum import Enum

import msgspec

from bot.core.handbook.wording import Phrases
from bot.core.policy.model import TOGETHER, Anchor, Cap, Limit, MustFollow, Party, Stage
from bot.core.rules.deadlines import Anchors, Deadline, deadline_for, stage_deadlines
from bot.core.rules.facts import Facts, Step
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.triage import steps_by_date
from bot.core.rules.waiting import Clock, Waiting, waiting_at
from bot.core.vocabulary import Action, Outcome


class Go(Enum):
    """What a rule decides."""

    wait = "wait"
    on = "on"


RULES: dict[tuple[Outcome, Clock], Go] = {
    (Outcome.awaiting, Clock.none): Go.wait,
    (Outcome.awaiting, Clock.running): Go.wait,
    (Outcome.awaiting, Clock.running_for_receiver): Go.wait,
    (Outcome.awaiting, Clock.passed): Go.on,
    (Outcome.awaiting, Clock.unknown): Go.on,
    (Outcome.awaiting, Clock.undecided): Go.wait,
    (Outcome.no_response, Clock.none): Go.on,
    (Outcome.no_response, Clock.running): Go.on,
    (Outcome.no_response, Clock.running_for_receiver): Go.wait,
    (Outcome.no_response, Clock.passed): Go.on,
    (Outcome.no_response, Clock.unknown): Go.on,
    (Outcome.no_response, Clock.undecided): Go.wait,
}
"""For waiting outcomes only; `unresolved` always goes on."""


class Position(msgspec.Struct, frozen=True):
    """How far the disagreement has got. `outcome` and `latest` are None before the first step.

    `stage` is the highest stage of any step. `latest` is the step that settled it, if no step came
    later; else the latest step at the highest stage since the last settlement. `steps` are the
    steps since that settlement, or all if none followed it; `done` holds the numbers of all stages
    with a step.
    """

    stage: Stage
    outcome: Outcome | None
    latest: Step | None
    steps: tuple[Step, ...]
    anchors: Anchors
    done: frozenset[int] = frozenset()
    reopened_from: Stage | None = None

    @property
    def waits(self) -> bool:
        """Whether the latest step still waits for an answer."""
        return self.outcome in {Outcome.awaiting, Outcome.no_response}


class StageMove(msgspec.Struct, frozen=True):
    """What to do next. `stage` is the stage it starts from, `to` the stage to go to, if any.

    `at` is the stage of the latest step: below `stage` only if a settled disagreement came up
    again lower down. `passed` limits are the reason to go on; `late` limits are not, but must be
    made up for today. `until` is the limit that a wait depends on; `acted`: what it asks of the
    person was done by beginning. `early` limits of the other side and `spent` limits over several
    stages have passed without making the stage late. `late_whatever`: the limit has passed whatever
    the priority, which gives a reason and no date.
    """

    action: Action
    stage: Stage
    at: Stage
    to: Stage | None = None
    running: tuple[Deadline, ...] = ()
    passed: tuple[Deadline, ...] = ()
    late: tuple[Deadline, ...] = ()
    early: tuple[Deadline, ...] = ()
    spent: tuple[Deadline, ...] = ()
    until: Deadline | None = None
    missing: MustFollow | None = None
    unknown_date: bool = False
    late_whatever: bool = False
    acted: bool = False


def position(facts: Facts, policy: NarrowedPolicy, today: date) -> Position:
    """Work out from the steps how far the disagreement has got."""
    ordered = steps_by_date(facts.steps)
    settled = [index for index, step in enumerate(ordered) if step.outcome is Outcome.resolved]
    live = ordered[settled[-1] + 1 :] if settled else ordered
    reopened_from = None
    if settled and live:
        reopened_from = _stage_of(ordered[settled[-1]], policy)
    live = live or ordered
    last = ordered[-1] if ordered else None
    anchors = Anchors(
        _concern(facts, today),
        today,
        _started(live, policy),
        last.settled_on if last else None,
        is_settled=last is not None and last.outcome is Outcome.resolved,
    )
    if not ordered:
        return Position(policy.stages[0], None, None, (), anchors)
    reached = _highest(ordered, policy)
    open_at = _highest(live, policy)
    latest = [step for step in live if _stage_of(step, policy) is open_at][-1]
    if ordered[-1].outcome is Outcome.resolved:
        latest = ordered[-1]
    done = frozenset(_stage_of(step, policy).number for step in ordered)
    return Position(reached, latest.outcome, latest, tuple(live), anchors, done, reopened_from)


def _stage_of(step: Step, policy: NarrowedPolicy) -> Stage:
    return policy.stage_for(step.level, step.stage)


def _highest(steps: list[Step], policy: NarrowedPolicy) -> Stage:
    return max((_stage_of(step, policy) for step in steps), key=lambda stage: stage.number)


def next_move(policy: NarrowedPolicy, where: Position, phrases: Phrases) -> StageMove:
    """Apply the rules to an open disagreement."""
    if where.latest is None:
        return _discuss(policy, where, phrases)
    at = _stage_of(where.latest, policy)
    limits = waiting_at(policy, at, where.anchors, phrases)
    waits = (
        where.outcome is not None
        and RULES.get((where.outcome, limits.clock)) is Go.wait
        and not at.ends
    )
    target = where.stage if waits else policy.following(where.stage)
    waiting = where.waits
    lasting = [] if waiting else _lasting(policy, at, where, phrases)
    acted = waiting and limits.decides is not None and _kept(limits.decides, at, where)
    kept = StageMove(
        Action.escalate,
        where.stage,
        at,
        running=limits.running
        if waiting
        else tuple(deadline for deadline in lasting if not deadline.overdue),
        passed=(limits.decides,)
        if waiting and limits.decides and limits.decides.overdue and not acted
        else (),
        late=tuple(limit for limit in lasting if limit.overdue and not _kept(limit, at, where)),
        early=limits.early if waiting else (),
        spent=limits.spent if waiting else (),
        until=limits.decides if waits else None,
        unknown_date=waiting and limits.clock is Clock.unknown,
        late_whatever=waiting and limits.clock is Clock.passed and limits.decides is None,
        acted=acted,
    )
    missing = _missing(policy, where, target or where.stage)
    if missing:
        late = (*kept.late, *_late_to_begin(policy, missing[0], where, phrases))
        return msgspec.structs.replace(kept, to=missing[0], missing=missing[1], late=late)
    if waits:
        return msgspec.structs.replace(kept, action=Action.wait, stage=at)
    earlier = _still_waiting(policy, where, target or where.stage, phrases)
    if earlier:
        stage, theirs = earlier
        return StageMove(
            Action.wait,
            stage,
            stage,
            running=theirs.running,
            early=theirs.early,
            spent=theirs.spent,
            until=theirs.decides,
        )
    if target is None:
        still_open = waiting and not at.ends
        action = Action.wait if still_open else Action.record
        return msgspec.structs.replace(kept, action=action, stage=at if still_open else kept.stage)
    spent = kept.spent or _spent(policy, target, where, phrases)
    reason = tuple(limit for limit in spent if limit not in kept.passed)
    late = (*kept.late, *_late_to_begin(policy, target, where, phrases))
    return msgspec.structs.replace(kept, to=target, spent=reason, late=late)


def _late_to_begin(
    policy: NarrowedPolicy, stage: Stage, where: Position, phrases: Phrases
) -> list[Deadline]:
    """Return the limits for beginning a stage that have passed before it is begun."""
    due = stage_deadlines(stage.to_begin, stage, policy, where.anchors, phrases)
    return [deadline for deadline in due if deadline.overdue]


def _discuss(policy: NarrowedPolicy, where: Position, phrases: Phrases) -> StageMove:
    stage = where.stage
    anchors = _starting_today(where.anchors, stage)
    limits = (*stage.to_begin, *stage.to_answer)
    due = stage_deadlines(limits, stage, policy, anchors, phrases)
    return StageMove(
        Action.discuss,
        stage,
        stage,
        running=tuple(deadline for deadline in due if not deadline.overdue),
        passed=tuple(deadline for deadline in due if deadline.overdue),
    )


def _starting_today(anchors: Anchors, stage: Stage) -> Anchors:
    started = {**anchors.started, stage.number: anchors.decision}
    return msgspec.structs.replace(anchors, started=started)


def deadlines_if_raised(
    policy: NarrowedPolicy, stage: Stage, anchors: Anchors, phrases: Phrases
) -> list[Deadline]:
    """Return the deadlines that would begin if a stage were raised today."""
    today = _starting_today(anchors, stage)
    found: list[Deadline] = []
    for limit in (*stage.to_begin, *stage.to_answer):
        due = deadline_for(limit, stage, policy, today, phrases)
        runs = _runs_already(limit, anchors) or (limit in stage.to_begin and not _from_now(limit))
        if due:
            found.append(msgspec.structs.replace(due, if_raised_today=not runs))
    return found


def _from_now(limit: Limit) -> bool:
    return any(reading.counted_from is Anchor.decision for reading in limit.readings)


def _runs_already(limit: Limit, anchors: Anchors) -> bool:
    """Say whether a limit over several stages has begun at any of them."""
    lowest = [
        reading.stage or 0
        for reading in limit.readings
        if reading.counted_from is Anchor.escalation_start
    ]
    return bool(lowest) and any(number >= min(lowest) for number in anchors.started)


def _spent(
    policy: NarrowedPolicy, stage: Stage, where: Position, phrases: Phrases
) -> tuple[Deadline, ...]:
    """Return the limits over several stages that have passed before a stage is begun today."""
    caps = [limit for limit in stage.to_answer if isinstance(limit, Cap)]
    due = stage_deadlines(caps, stage, policy, _starting_today(where.anchors, stage), phrases)
    return tuple(deadline for deadline in due if deadline.overdue)


def _lasting(
    policy: NarrowedPolicy, stage: Stage, where: Position, phrases: Phrases
) -> list[Deadline]:
    """Work out the limits that still run after a stage failed.

    A limit that binds the raiser and is counted only from the concern is about acting on it: after
    a failed talk it is the time for going on (Bedfordshire's 24 hours). A limit for the talk itself
    was kept or missed by then.
    """
    limits = [limit for limit in stage.to_answer if _is_about_the_concern(limit)]
    return stage_deadlines(limits, stage, policy, where.anchors, phrases)


def _kept(limit: Deadline, stage: Stage, where: Position) -> bool:
    """Say whether a limit for acting on the concern was kept: the stage began in time."""
    about = {one.what for one in stage.to_answer if _is_about_the_concern(one)}
    began = where.anchors.started.get(stage.number)
    return limit.what in about and began is not None and began <= limit.due


def _is_about_the_concern(limit: Limit) -> bool:
    talk = limit.owed in TOGETHER
    return (
        not talk
        and not limit.shared
        and not isinstance(limit, Cap)
        and limit.who is Party.raiser
        and all(reading.counted_from is Anchor.concern for reading in limit.readings)
    )


def _missing(
    policy: NarrowedPolicy, where: Position, target: Stage
) -> tuple[Stage, MustFollow] | None:
    for required, rule in required_before(policy, target, where.stage):
        if required.number not in where.done:
            return required, rule
    return None


def _still_waiting(
    policy: NarrowedPolicy, where: Position, target: Stage, phrases: Phrases
) -> tuple[Stage, Waiting] | None:
    for required, _ in required_before(policy, target, where.stage):
        reached = [_stage_of(step, policy).number for step in where.steps]
        if required is where.stage or required.number not in reached:
            continue
        last = len(reached) - 1 - reached[::-1].index(required.number)
        went_on = any(number > required.number for number in reached[last + 1 :])
        if went_on or where.steps[last].outcome is not Outcome.awaiting:
            continue
        limits = waiting_at(policy, required, where.anchors, phrases)
        if limits.clock in {Clock.running, Clock.running_for_receiver}:
            return required, limits
    return None


def required_before(
    policy: NarrowedPolicy, target: Stage, reached: Stage
) -> list[tuple[Stage, MustFollow]]:
    """Return the stages that must come before `target`, the lowest first, each with its rule.

    A rule binds the stage that it stands at: once a higher one is reached, nobody is sent back.
    """
    found: dict[int, tuple[Stage, MustFollow]] = {}
    for stage in policy.stages:
        if stage.must_follow and reached.number <= stage.number <= target.number:
            for number in stage.must_follow.stages:
                found.setdefault(number, (policy.stage(number), stage.must_follow))
    return [found[number] for number in sorted(found)]


def _concern(facts: Facts, today: date) -> date | None:
    """Return day 0 of "the concern": the earliest known day, so that no limit is stretched.

    None if steps were taken on unknown days: today would be too late.
    """
    known = [step.on for step in facts.steps if step.on is not None]
    if facts.concern_on is not None:
        known.append(facts.concern_on)
    if facts.steps and not known:
        return None
    return min([*known, today])


def _started(steps: list[Step], policy: NarrowedPolicy) -> dict[int, date | None]:
    started: dict[int, date | None] = {}
    for step in steps:
        number = _stage_of(step, policy).number
        known = [day for day in (started.get(number), step.on) if day is not None]
        started[number] = min(known) if known else None
    return started
