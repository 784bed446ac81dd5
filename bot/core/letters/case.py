"""The case that a letter is about, and the stage that it is written at."""

from datetime import date

import msgspec

from bot.core.policy.model import Stage
from bot.core.rules.facts import Facts
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.results import Advice
from bot.core.rules.stages import Position, position
from bot.core.vocabulary import Action, Outcome, Route, Side

WAITING = {Outcome.awaiting, Outcome.no_response}


class LetterCase(msgspec.Struct, frozen=True):
    """The case that a letter is about. Without a policy only the urgent message is possible.

    `heard`: how great the risk is was heard in their words, and stated by nobody.
    """

    facts: Facts
    policy: NarrowedPolicy | None
    advice: Advice
    today: date
    heard: bool = False


class StagedCase(msgspec.Struct, frozen=True):
    """A case whose policy is known, and the stage that a letter is about."""

    facts: Facts
    policy: NarrowedPolicy
    advice: Advice
    today: date
    where: Position
    at: Stage


def staged_case(case: LetterCase, *, owed: bool = False) -> StagedCase | None:
    """Return the case with the stage ahead, or with `owed` the stage that owes an answer.

    None without a policy, or if no answer is owed.
    """
    if case.policy is None or case.advice.stage is None:
        return None
    where = position(case.facts, case.policy, case.today)
    if case.facts.me.side is Side.receiver:
        raised = (
            case.policy.stage_for(where.latest.level, where.latest.stage)
            if where.latest
            else where.stage
        )
        return StagedCase(case.facts, case.policy, case.advice, case.today, where, raised)
    waits = case.advice.next.action is Action.wait
    at = (
        stage_owing_answer(where, case.policy, case.advice)
        if owed or waits
        else _ahead(where, case)
    )
    if at is None:
        return None
    return StagedCase(case.facts, case.policy, case.advice, case.today, where, at)


def _ahead(where: Position, case: LetterCase) -> Stage | None:
    policy, advice = case.policy, case.advice
    if policy is None or advice.stage is None:
        return None
    if advice.route is Route.resolved and where.latest:
        return policy.stage_for(where.latest.level, where.latest.stage)
    ahead = advice.next.to_stage
    return policy.stage(advice.stage.number if ahead is None else ahead)


def stage_owing_answer(where: Position, policy: NarrowedPolicy, advice: Advice) -> Stage | None:
    """Return the stage whose answer has not come, or None."""
    if advice.route is not Route.staged:
        return None
    if where.latest and where.outcome in WAITING:
        at = policy.stage_for(where.latest.level, where.latest.stage)
        return None if at.ends else at
    if advice.next.action is not Action.wait:
        return None
    open_steps = [step for step in where.steps if step.outcome in WAITING]
    return policy.stage_for(open_steps[0].level, open_steps[0].stage) if open_steps else None
