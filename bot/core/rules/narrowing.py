"""A policy as it holds for some facts: limits, conditions and rules of order that depend on them.

Duties and posts are narrowed where they are listed; these are narrowed first, since where somebody
stands depends on them. A policy without any is handed back as it is.
"""

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from bot.core.policy.model import ALWAYS, Condition, Limit, MustFollow, Policy, Stage
from bot.core.rules.duties import applies
from bot.core.rules.facts import Facts

Part = TypeVar("Part", Limit, Condition, MustFollow)


def narrowed(policy: Policy, facts: Facts) -> Policy:
    """Return the policy with only the limits, conditions and rules of order that hold."""
    if not any(map(_varies, policy.stages)):
        return policy
    stages = tuple(_narrowed_stage(stage, facts) for stage in policy.stages)
    return msgspec.structs.replace(policy, stages=stages)


def _varies(stage: Stage) -> bool:
    for limits in (stage.to_begin, stage.to_answer, stage.to_close):
        for limit in limits:
            if limit.applies is not ALWAYS:
                return True
    for condition in stage.conditions:
        if condition.applies is not ALWAYS:
            return True
    rules = (stage.must_follow, stage.may_skip)
    return any(rule is not None and rule.applies is not ALWAYS for rule in rules)


def _narrowed_stage(stage: Stage, facts: Facts) -> Stage:
    return msgspec.structs.replace(
        stage,
        to_begin=_holding(stage.to_begin, facts),
        to_answer=_holding(stage.to_answer, facts),
        to_close=_holding(stage.to_close, facts),
        conditions=_holding(stage.conditions, facts),
        must_follow=next(iter(_holding((stage.must_follow,), facts)), None),
        may_skip=next(iter(_holding((stage.may_skip,), facts)), None),
    )


def _holding(parts: Iterable[Part | None], facts: Facts) -> tuple[Part, ...]:
    return tuple(part for part in parts if part is not None and applies(part.applies, facts))
