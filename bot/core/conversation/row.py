"""Works out the row of an escalation from a conversation and its advice."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeVar

from msgspec.structs import replace

from bot.core.conversation.figures import AnswerTiming, Decision, Helped, Learned, Row, Taken
from bot.core.conversation.returning import answer_day_open
from bot.core.conversation.state import SKIPPED, State, facts_of
from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Limit, Party, Policy, Stage
from bot.core.rules.deadlines import stage_deadlines
from bot.core.rules.facts import Facts, Step
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.results import Advice
from bot.core.rules.stages import position
from bot.core.rules.working_days import working_days_between
from bot.core.text import parse_day
from bot.core.vocabulary import URGENT_ROUTES, Level, Outcome, Route, Word

W = TypeVar("W", bound=Word)
LATE = {AnswerTiming.overdue, AnswerTiming.late}
AWAITED = {Outcome.awaiting, Outcome.no_response}


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
        side=state.on_side,
        urgent=advice.route in URGENT_ROUTES,
        disagreement=facts.disagreement,
        raiser=facts.my_agency,
        receiver=facts.their_agency,
        stage=here.number if here else None,
        level=here.level if here else None,
        days=dict(_days(state, facts, staged, settled, today)) if staged else {},
        answered=answer_timings(state, facts, staged, phrases, today) if staged else {},
        settled=settled,
        decision=_told(Decision, state.decision) if settled else None,
        helped=_told(Helped, state.helped) if settled else None,
        learned=_told(Learned, state.learned) if settled else None,
        wording=Taken.wording in state.taken,
        draft=Taken.draft in state.taken,
        files=Taken.files in state.taken,
        understood=not state.missed,
    )


def merge_row(before: Row, now: Row) -> Row:
    """Return the new row of an escalation, given the row kept so far, `before`.

    The month stays the first one; what was taken stays taken, and what became urgent stays so. A
    limit that an earlier row saw pass stays missed.
    """
    staged = now if now.level or now.route not in URGENT_ROUTES else before
    same = before.settled is not None and before.settled is staged.settled
    return replace(
        now,
        month=before.month,
        urgent=before.urgent or now.urgent,
        stage=staged.stage,
        level=staged.level,
        settled=staged.settled,
        days={**before.days, **staged.days} if same else staged.days,
        answered={
            level: _still(before.answered.get(level), timing, here=level is staged.level)
            for level, timing in staged.answered.items()
        },
        decision=now.decision or (before.decision if same else None),
        helped=now.helped or (before.helped if same else None),
        learned=now.learned or (before.learned if same else None),
        wording=before.wording or now.wording,
        draft=before.draft or now.draft,
        files=before.files or now.files,
        understood=before.understood and now.understood,
    )


def limits_on_answers(stage: Stage) -> list[Limit]:
    """Return the limits on what comes of a stage, but those that bind the raiser alone."""
    return [
        limit
        for limit in stage.to_answer
        if limit.has_end and (limit.who is not Party.raiser or limit.shared)
    ]


def answer_day_asked(
    state: State, policies: Mapping[str, Policy], phrases: Phrases, today: date
) -> bool:
    """Say whether only the day of the answer, or of the settlement, tells how long it took."""
    facts, policy = facts_of(state, policies).as_raised, state.policy(policies)
    step = facts.steps[-1] if facts.steps else None
    if policy is None or step is None or state.urgent or not answer_day_open(state):
        return False
    if step.on is None or step.on >= today:
        return False
    if step.outcome is Outcome.resolved:
        return True
    timing = answer_timings(state, facts, policy, phrases, today)
    return timing.get(policy.stage_for(step.level, step.stage).level) is AnswerTiming.not_known


def _still(before: AnswerTiming | None, now: AnswerTiming, *, here: bool) -> AnswerTiming:
    """Return how an answer stands, given how it stood: only a limit seen to pass outlasts."""
    if now is not AnswerTiming.not_known or before not in LATE:
        return now
    # At the stage they are at an answer has come since; at one they left nobody said so.
    return AnswerTiming.late if here else before


def _told(kind: type[W], value: str | None) -> W | None:
    return None if value in {None, SKIPPED} else kind(value)


def _settled(facts: Facts, policy: NarrowedPolicy | None, advice: Advice) -> Level | None:
    # Danger outranks a settlement in advice. It does not undo it.
    over = {Route.resolved, *URGENT_ROUTES}
    ended = facts.steps and facts.steps[-1].outcome is Outcome.resolved
    if policy is None or advice.route not in over or not ended:
        return None
    return policy.stage_for(facts.steps[-1].level, facts.steps[-1].stage).level


def _answer_day(state: State, step: Step, today: date) -> date | None:
    """Return the day of a stage's answer, if it was told and can be."""
    day = step.settled_on or parse_day(state.answered.get(step.level))
    possible = day is not None and step.on is not None and step.on <= day <= today
    return day if possible else None


def _days(
    state: State, facts: Facts, policy: NarrowedPolicy, settled: Level | None, today: date
) -> Iterator[tuple[Level, int]]:
    """Yield the working days from each stage to the next; for the last, to its settlement.

    The day on which somebody tells of a settlement is not the day of it.
    """
    last = None
    if settled:
        at = facts.steps[-1]
        last = _answer_day(state, at, today) or (today if at.on == today else None)
    ends = [*(step.on for step in facts.steps[1:]), last]
    for step, end in zip(facts.steps, ends, strict=False):
        if step.on is not None and end is not None and step.on <= end:
            level = policy.stage_for(step.level, step.stage).level
            yield level, working_days_between(step.on, end, policy.nation)


def answer_timings(
    state: State, facts: Facts, policy: NarrowedPolicy, phrases: Phrases, today: date
) -> dict[Level, AnswerTiming]:
    """Compare the answer at each stage tried with its limit, where it has one.

    Where a limit depends on a priority that nobody has named, what differs by it is not known.
    """
    found: dict[Level, set[AnswerTiming]] = {}
    for one in [track.policy for track in policy.tracks] or [policy]:
        for level, timing in _timings(state, facts, one, phrases, today):
            found.setdefault(level, set()).add(timing)
    return {
        level: timings.pop() if len(timings) == 1 else AnswerTiming.not_known
        for level, timings in found.items()
    }


def _timings(
    state: State, facts: Facts, policy: NarrowedPolicy, phrases: Phrases, today: date
) -> Iterator[tuple[Level, AnswerTiming]]:
    anchors = position(facts, policy, today).anchors
    following = [*(step.on for step in facts.steps[1:]), None]
    for step, next_on in zip(facts.steps, following, strict=False):
        stage = policy.stage_for(step.level, step.stage)
        limits = limits_on_answers(stage)
        if not limits:
            continue
        running = stage_deadlines(limits, stage, policy, anchors, phrases)
        due = max((deadline.due for deadline in running), default=None)
        answer = _answer_day(state, step, today)
        yield stage.level, _against(step, due, answer or next_on, today, told=bool(answer))


def _against(
    step: Step, due: date | None, ended: date | None, today: date, *, told: bool
) -> AnswerTiming:
    """Compare an answer with the day it was due. `ended`: its day, or that of the next stage.

    Of a stage without a day nothing is known, though a limit may run from something else.
    """
    if due is None or step.on is None:
        return AnswerTiming.not_known
    if step.outcome in AWAITED:
        return AnswerTiming.overdue if today > due else AnswerTiming.waiting
    if today <= due or (ended is not None and ended <= due):
        return AnswerTiming.in_time
    return AnswerTiming.late if told else AnswerTiming.not_known
