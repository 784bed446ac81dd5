"""Finds time limits in a policy file that contradict it or can never apply."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import ceil

from bot.core.policy.model import (
    ALWAYS,
    CLOSING,
    Anchor,
    Applies,
    Cap,
    Limit,
    LimitReading,
    Policy,
    Stage,
    Unit,
)
from bot.core.vocabulary import Agency

PER_UNIT = {Unit.working_day: 1.0, Unit.working_week: 5.0, Unit.calendar_day: 5 / 7}
Found = tuple[str, str, str]
"""The key, what was expected, and what the file holds."""


def priority_problems(key: str, limits: Sequence[Limit], policy: Policy) -> Iterator[Found]:
    """Find a priority without a limit."""
    bound = [limit for limit in limits if limit.applies.priority]
    if not bound or not policy.priorities:
        return
    ids = [priority.id for priority in policy.priorities]
    covered = {name for limit in bound for name in limit.applies.priority}
    for name in ids:
        if name not in covered and len(bound) == len(limits):
            yield key, f"a limit for each priority: {', '.join(ids)}", f"none for {name}"


def overlap_problems(key: str, limits: Sequence[Limit]) -> Iterator[Found]:
    """Find two limits for the same act whose conditions can both hold."""
    bound = [(at, limit) for at, limit in enumerate(limits) if limit.applies is not ALWAYS]
    for (first, limit), (second, other) in combinations(bound, 2):
        same = (limit.what, limit.who) == (other.what, other.who)
        if same and limit != other and _together(limit.applies, other.applies):
            expected = f"conditions that never hold together with those of [{first}]"
            yield f"{key}[{second}].applies", expected, "facts for which both hold"


def _together(first: Applies, second: Applies) -> bool:
    for name in ("my_agency", "their_agency"):
        barred = {*getattr(first, f"not_{name}"), *getattr(second, f"not_{name}")}
        left = set(Agency) - barred
        for condition in (first, second):
            left &= set(getattr(condition, name)) or left
        if not left:
            return False
    for name in ("area", "priority", "disagreement"):
        mine, theirs = set(getattr(first, name)), set(getattr(second, name))
        if mine and theirs and not mine & theirs:
            return False
    return True


def reading_problems(
    key: str, name: str, reading: LimitReading, stage: Stage, policy: Policy
) -> Iterator[Found]:
    """Find a day 0 that never comes, or moves on from day to day."""
    if name == "to_answer" and reading.counted_from is Anchor.decision:
        expected = "a day that stays, such as stage_start: the decision to go on is always today"
        yield f"{key}.counted_from", expected, "decision"
    if name == "to_close" and reading.counted_from is Anchor.decision:
        expected = "settled, the day on which this stage settled it: the decision is always today"
        yield f"{key}.counted_from", expected, "decision"
    if name != "to_close" and reading.counted_from in CLOSING:
        day = reading.counted_from.value
        yield f"{key}.counted_from", f"a day before the stage is over; {day} is for to_close", day
    if reading.counted_from is Anchor.other_limit and reading.limit is not None:
        yield from _after_another(f"{key}.limit", reading, stage, policy)
    if name == "to_begin" and reading.counted_from is Anchor.stage_start:
        expected = "an event before this stage, which has not begun yet"
        yield f"{key}.counted_from", expected, "stage_start"
    if reading.counted_from is Anchor.earlier_stage_start:
        counted = [stage for stage in policy.stages if stage.number == reading.stage]
        alone = all(stage.may_skip for stage in counted) and counted
        if alone and len({r.counted_from for r in _readings_beside(reading, name, stage)}) == 1:
            expected = "another reading beside it, since that stage may be left out"
            yield f"{key}.stage", expected, str(reading.stage)
    if (
        reading.counted_from is Anchor.escalation_start
        and reading.stage is not None
        and reading.stage > stage.number
    ):
        yield f"{key}.stage", f"a stage up to this one, {stage.number}", str(reading.stage)


def _after_another(
    key: str, reading: LimitReading, stage: Stage, policy: Policy
) -> Iterator[Found]:
    """Find a limit that follows one which is not there, or in the end itself."""
    at = stage
    if reading.stage is not None:
        at = next((one for one in policy.stages if one.number == reading.stage), stage)
    limits = {limit.what: limit for limit in (*at.to_begin, *at.to_answer, *at.to_close)}
    if reading.limit not in limits:
        yield key, f"the `what` of a limit of {at.label}, from {list(limits)}", str(reading.limit)
        return
    passed: list[str] = []
    left = [str(reading.limit)]
    while left:
        name = left.pop()
        if name in passed:
            yield key, "a limit that does not follow this one in the end", str(reading.limit)
            return
        passed.append(name)
        followed = limits[name].readings if name in limits else ()
        left += [str(one.limit) for one in followed if one.limit and one.stage is None]


def _readings_beside(reading: LimitReading, name: str, stage: Stage) -> Sequence[LimitReading]:
    limits: Sequence[Limit] = getattr(stage, name)
    return next(limit.readings for limit in limits if reading in limit.readings)


def cap_problems(key: str, cap: Cap, policy: Policy) -> Iterator[Found]:
    """Find a cap over too few stages, counted from a moving day, or smaller than its parts."""
    numbers = [stage.number for stage in policy.stages]
    unknown = [number for number in cap.stages if number not in numbers]
    if unknown or len(set(cap.stages)) < 2:  # noqa: PLR2004 - over one stage it is a limit there
        expected = f"two or more stages of this policy, from {numbers}"
        yield f"{key}.stages", expected, str(list(cap.stages))
        return
    for at, reading in enumerate(cap.readings):
        if reading.counted_from in {Anchor.stage_start, Anchor.decision}:
            expected = "escalation_start or concern: a cap runs on from stage to stage"
            yield f"{key}.readings[{at}].counted_from", expected, reading.counted_from.value
    if any(reading.because for reading in cap.readings):
        return
    parts = [
        max((_working_days(limit) for limit in stage.to_answer), default=0.0)
        for stage in policy.stages
        if stage.number in cap.stages
    ]
    if _working_days(cap) < sum(parts):
        expected = (
            f"at least the {ceil(sum(parts))} working days of its stages together, or a `because` "
            "in its readings that says that the policy itself has it so"
        )
        yield f"{key}.amount", expected, f"{cap.amount} {cap.unit.value}"


def _working_days(limit: Limit) -> float:
    amount = limit.amount or 0
    if limit.unit is Unit.hour:
        return amount / 24
    return amount * PER_UNIT.get(limit.unit, 0.0)
