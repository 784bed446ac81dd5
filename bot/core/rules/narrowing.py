"""Narrows a policy to the limits, conditions and rules of order that hold for some facts.

This happens once, where policy and facts first meet. Whatever needs both takes a `NarrowedPolicy`,
so that the type checker refuses a whole policy. Duties and roles depend on facts as well: they are
selected where they are listed.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeVar

import msgspec

from bot.core.policy.model import (
    ALWAYS,
    Applies,
    Condition,
    Limit,
    MustFollow,
    OfferedPolicy,
    Policy,
    Priority,
    Stage,
)
from bot.core.policy.remembered import once_per_policy
from bot.core.rules.facts import Facts

Part = TypeVar("Part", Limit, Condition, MustFollow)


class NarrowedPolicy(OfferedPolicy, frozen=True, kw_only=True):
    """A policy with only the limits, conditions and rules of order that hold for some facts.

    `undecided` are the stages with limits that depend on a priority nobody has named yet. Those
    limits are left out: a date that may be another track's must stand nowhere. `tracks` then hold
    the policy as it is for each priority. `replaced_on` is the day on which another version began,
    where this one holds because the case is older.
    """

    undecided: frozenset[int] = frozenset()
    tracks: "tuple[Track, ...]" = ()
    replaced_on: date | None = None


class Track(msgspec.Struct, frozen=True):
    """A priority, and the policy as it is if that is the one."""

    priority: Priority
    policy: NarrowedPolicy


def narrowed(policy: Policy, facts: Facts) -> NarrowedPolicy:
    """Return the policy with only what holds for the facts, whichever side tells them."""
    facts = facts.as_raised
    older = _version_for(policy, facts)
    if older is not policy:
        since = policy.document.effective_from
        return msgspec.structs.replace(narrowed(older, facts), replaced_on=since)
    alike = for_everybody(policy)
    if alike is not None:
        return alike
    undecided = frozenset(
        stage.number for stage in policy.stages if facts.priority is None and _by_priority(stage)
    )
    if isinstance(policy, NarrowedPolicy) and facts.priority is None:
        undecided |= policy.undecided
    stages = (_narrowed_stage(stage, facts) for stage in policy.stages)
    tracks = tuple(_tracks(policy, facts)) if undecided else ()
    return msgspec.structs.replace(_with(policy, stages), undecided=undecided, tracks=tracks)


def _tracks(policy: Policy, facts: Facts) -> Iterator[Track]:
    known = {track.priority.id: track.policy for track in getattr(policy, "tracks", ())}
    for priority in policy.priorities:
        agreed = msgspec.structs.replace(facts, priority=priority.id)
        yield Track(priority, narrowed(known.get(priority.id, policy), agreed))


def _version_for(policy: Policy, facts: Facts) -> Policy:
    """Return the version that a case goes by: the one before, if it began under it and may end so.

    The day is the earliest that is known, as for the limits that are counted from the concern.
    """
    before = policy.before if isinstance(policy, OfferedPolicy) else None
    begins = policy.document.effective_from
    if before is None or begins is None or facts.began is None or facts.began >= begins:
        return policy
    return before


def for_everybody(policy: Policy) -> NarrowedPolicy | None:
    """Return a policy in which nothing depends on facts; None for any other.

    Remembered, since it is asked many times a turn and nearly always of the same few policies.
    """
    return _for_everybody(policy)


def applies(condition: Applies, facts: Facts) -> bool:
    """Say whether a condition holds for the facts.

    A fact that is not given (None) never satisfies a list, except that without an area the
    statements of every area hold, and without a priority those of every priority. Limits that
    depend on a priority wait until it is named.
    """
    return (
        _in(facts.my_agency, condition.my_agency)
        and _in(facts.their_agency, condition.their_agency)
        and facts.my_agency not in condition.not_my_agency
        and facts.their_agency not in condition.not_their_agency
        and (
            not condition.child_status
            or bool(set(condition.child_status) & set(facts.child_status))
        )
        and (facts.area is None or _in(facts.area, condition.area))
        and _in(facts.disagreement, condition.disagreement)
        and (facts.priority is None or _in(facts.priority, condition.priority))
    )


def _in(value: object, allowed: tuple[object, ...]) -> bool:
    return not allowed or value in allowed


@once_per_policy
def _for_everybody(policy: Policy) -> NarrowedPolicy | None:
    if isinstance(policy, OfferedPolicy) and policy.before:
        return None
    depends = any(
        part is not None and part.applies is not ALWAYS
        for stage in policy.stages
        for part in (
            *stage.to_begin,
            *stage.to_answer,
            *stage.to_close,
            *stage.conditions,
            stage.must_follow,
            stage.may_skip,
        )
    )
    return None if depends else _with(policy, policy.stages)


def _with(policy: Policy, stages: Iterable[Stage]) -> NarrowedPolicy:
    fields = {name: getattr(policy, name) for name in policy.__struct_fields__}
    return NarrowedPolicy(**{**fields, "stages": tuple(stages)})


def _narrowed_stage(stage: Stage, facts: Facts) -> Stage:
    return msgspec.structs.replace(
        stage,
        to_begin=_limits(stage.to_begin, facts),
        to_answer=_limits(stage.to_answer, facts),
        to_close=_limits(stage.to_close, facts),
        conditions=_holding(stage.conditions, facts),
        must_follow=next(iter(_holding((stage.must_follow,), facts)), None),
        may_skip=next(iter(_holding((stage.may_skip,), facts)), None),
    )


def _by_priority(stage: Stage) -> bool:
    return any(limit.applies.priority for limit in (*stage.to_begin, *stage.to_answer))


def _limits(limits: Iterable[Limit], facts: Facts) -> tuple[Limit, ...]:
    held = _holding(limits, facts)
    if facts.priority is not None:
        return held
    return tuple(limit for limit in held if not limit.applies.priority)


def _holding(parts: Iterable[Part | None], facts: Facts) -> tuple[Part, ...]:
    return tuple(part for part in parts if part is not None and applies(part.applies, facts))
