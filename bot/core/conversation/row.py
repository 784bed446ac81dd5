"""Works out the row of an escalation from a conversation and its advice."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeVar

from msgspec.structs import replace

from bot.core.conversation.figures import AnswerTiming, Helped, Learned, Row, Taken
from bot.core.conversation.state import SKIPPED, State, facts_of
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Limit, Party, Policy, Stage
from bot.core.rules.deadlines import Anchors, stage_deadlines
from bot.core.rules.facts import Facts, Step
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.results import Advice
from bot.core.rules.stages import position
from bot.core.rules.working_days import working_days_between
from bot.core.vocabulary import Level, Outcome, Route, Word

W = TypeVar("W", bound=Word)


def escalation_row(
    state: State, advice: Advice, policies: Mapping[str, Policy], phrases: Phrases, today: date
) -> Row:
    """Return the row of an escalation as it is now. Unknown answers are None."""
    facts, policy = facts_of(state, policies).as_raised, state.policy(policies)
    begins = policy.document.effective_from if policy else None
    settled = _settled(facts, policy, advice)
    # Another procedure does not have these stages.
    staged = None if advice.route is Route.exit else policy
    here = state.stage(policies) if staged else None
    return Row(
        month=f"{today:%Y-%m}",
        policy=policy.id if policy else "",
        version=begins.isoformat() if begins else "",
        area=facts.area,
        route=advice.route,
        exit=advice.exit,
        disagreement=facts.disagreement,
        raiser=facts.my_agency,
        receiver=facts.their_agency,
        stage=here.number if here else None,
        level=here.level if here else None,
        days=dict(_days(facts, staged, settled, today)) if staged else {},
        answered=_answered(facts, staged, phrases, today) if staged else AnswerTiming.not_known,
        settled=settled,
        helped=_told(Helped, state.helped) if settled else None,
        learned=_told(Learned, state.learned) if settled else None,
        wording=Taken.wording in state.taken,
        draft=Taken.draft in state.taken,
        form=Taken.form in state.taken,
        understood=not state.missed,
    )


def merge_row(before: Row, now: Row) -> Row:
    """Return the new row of an escalation, given the row kept so far, `before`.

    The month stays the first one, and what was taken stays taken. An answer is late if an earlier
    row saw the limit pass. The days of a settled escalation no longer change.
    """
    late = (
        before.answered in {AnswerTiming.overdue, AnswerTiming.late} and before.level is now.level
    )
    answered = (
        AnswerTiming.late if late and now.answered is AnswerTiming.not_known else now.answered
    )
    same = before.settled is not None and before.settled is now.settled
    return replace(
        now,
        month=before.month,
        days=before.days if same else now.days,
        answered=before.answered if same else answered,
        helped=now.helped or (before.helped if same else None),
        learned=now.learned or (before.learned if same else None),
        wording=before.wording or now.wording,
        draft=before.draft or now.draft,
        form=before.form or now.form,
        understood=before.understood and now.understood,
    )


def limits_on_answers(stage: Stage) -> list[Limit]:
    """Return the limits within which the other agency has to answer at a stage."""
    return [limit for limit in stage.to_answer if limit.who is Party.receiver]


def _told(kind: type[W], value: str | None) -> W | None:
    return None if value in {None, SKIPPED} else kind(value)


def _settled(facts: Facts, policy: NarrowedPolicy | None, advice: Advice) -> Level | None:
    if policy is None or advice.route is not Route.resolved:
        return None
    return policy.stage_for(facts.steps[-1].level, facts.steps[-1].stage).level


def _days(
    facts: Facts, policy: NarrowedPolicy, settled: Level | None, today: date
) -> Iterator[tuple[Level, int]]:
    """Yield the working days from each stage to the next; for the last, only once settled."""
    ends = [*(step.on for step in facts.steps[1:]), today if settled else None]
    for step, end in zip(facts.steps, ends, strict=False):
        if step.on is not None and end is not None and step.on <= end:
            level = policy.stage_for(step.level, step.stage).level
            yield level, working_days_between(step.on, end, policy.nation)


def _answered(facts: Facts, policy: NarrowedPolicy, phrases: Phrases, today: date) -> AnswerTiming:
    """Compare the answer at the highest stage with the limits on the other agency."""
    if not facts.steps:
        return AnswerTiming.not_known
    step = facts.steps[-1]
    stage = policy.stage_for(step.level, step.stage)
    limits = limits_on_answers(stage)
    if not limits:
        return AnswerTiming.no_limit
    anchors: Anchors = position(facts, policy, today).anchors
    due = stage_deadlines(limits, stage, policy, anchors, phrases)
    return _against(step, bool(due), any(deadline.overdue for deadline in due))


def _against(step: Step, known: bool, passed: bool) -> AnswerTiming:  # noqa: FBT001 - two of a kind
    if not known:
        return AnswerTiming.not_known
    if step.outcome in {Outcome.awaiting, Outcome.no_response}:
        return AnswerTiming.overdue if passed else AnswerTiming.waiting
    # The day of the answer is not asked: if reported before the limit, it came in time.
    return AnswerTiming.not_known if passed else AnswerTiming.in_time
