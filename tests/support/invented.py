"""The invented partnerships, and somebody at any stage of one."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from bot.core.policy.loader import load_library
from bot.core.policy.model import Policy, Stage, Statement
from bot.core.rules.facts import Facts, Person, Step
from bot.core.rules.read_facts import on_their_stages
from bot.core.vocabulary import Agency, Disagreement, Outcome, Risk, Side
from bot.keepers.check import CASES

FOLDER = CASES / "shapes"
TODAY = date(2026, 11, 24)
INVENTED = load_library(FOLDER).on(TODAY)
NAMES = sorted(INVENTED)
EVERY_ONE = pytest.mark.parametrize("name", NAMES)


def facts_at(policy: Policy, stage: Stage, outcome: Outcome, on: date, side: Side) -> Facts:
    """Return the facts of somebody at a stage, with every stage before it tried in vain."""
    below = [other for other in policy.stages if other.number < stage.number]
    before = [
        Step(other.level, on - timedelta(days=10 * (len(below) - at)), Outcome.unresolved)
        for at, other in enumerate(below)
    ]
    steps = [*before, Step(stage.level, on, outcome)]
    return Facts(
        partnership=policy.id,
        risk=Risk.concern,
        disagreement=Disagreement.threshold,
        my_agency=Agency.education,
        their_agency=Agency.childrens_social_care,
        me=Person(side),
        steps=on_their_stages(steps, policy),
    )


def unread(policy: Policy) -> Policy:
    """Return a policy of which nobody has read a time limit yet."""
    passage = Statement(what="Read it: a time limit for the answer.", source="1")
    stages = tuple(
        replace(stage, to_begin=(), to_answer=(), not_stated=(), not_read=(passage,))
        for stage in policy.stages
    )
    return replace(policy, stages=stages, caps=())
