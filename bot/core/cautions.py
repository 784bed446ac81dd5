"""What the practitioner should know beside the advice, each with its source."""

from collections.abc import Iterator

from bot.core.facts import Facts
from bot.core.policy import Anchor, Policy, Source, Stage, Statement
from bot.core.stages import Move, Position
from bot.core.standing import Handbook, Standing
from bot.core.triage import procedure_for
from bot.core.vocabulary import Risk

Cited = tuple[Statement, Source]


def standing_warnings(facts: Facts, standing: Standing) -> Iterator[Cited]:
    """Yield what the guide adds on the urgent routes."""
    if facts.risk is Risk.unsure:
        yield standing.unsure, standing.cite(standing.unsure.source)


def staged_warnings(
    facts: Facts, policy: Policy, where: Position, move: Move | None, handbook: Handbook
) -> Iterator[Cited]:
    """Yield the warnings for an open or settled disagreement, the most urgent first."""
    yield from _if_it_gets_worse(facts, policy, handbook.standing)
    if policy.fallback:
        yield policy.fallback, policy.cite(policy.fallback.source)
    procedure = procedure_for(facts, policy, handbook.standing)
    if procedure:
        own = procedure in policy.other_procedures
        statement = Statement(what=procedure.what, source=procedure.source)
        yield statement, (policy if own else handbook.standing).cite(procedure.source)
    if move:
        yield from _about_the_move(policy, where, move, handbook)
    yield from _about_the_steps(policy, where, handbook)
    if policy.areas and facts.area is None:
        no_area = handbook.standing.no_area
        what = handbook.phrases.say(
            "warning_areas", what=no_area.what, areas=", ".join(area.name for area in policy.areas)
        )
        yield Statement(what=what, source=no_area.source), policy.cite(policy.areas[0].source)
    if facts.my_agency is not None and facts.my_agency is facts.their_agency:
        same = handbook.standing.same_organisation
        yield same, handbook.standing.cite(same.source)


def _if_it_gets_worse(facts: Facts, policy: Policy, standing: Standing) -> Iterator[Cited]:
    if facts.risk is not Risk.concern:
        return
    for trigger in policy.triggers:
        yield trigger, policy.cite(trigger.source)
    told = {trigger.source for trigger in policy.triggers}
    for rule in (rule for rule in policy.urgent if rule.source not in told):
        yield Statement(what=rule.what, source=rule.source), policy.cite(rule.source)
    yield standing.becomes_urgent, standing.cite(standing.becomes_urgent.source)


def _about_the_move(
    policy: Policy, where: Position, move: Move, handbook: Handbook
) -> Iterator[Cited]:
    if move.missing:
        rule = move.missing
        yield Statement(what=rule.what, source=rule.source), policy.cite(rule.source)
    for condition in (move.to or move.stage).conditions:
        yield condition, policy.cite(condition.source)
    if where.reopened_from:
        yield _about(where.reopened_from, "warning_reopened", policy, handbook)


def _about_the_steps(policy: Policy, where: Position, handbook: Handbook) -> Iterator[Cited]:
    highest: int | None = None
    for step in sorted((s for s in where.steps if s.on is not None), key=lambda s: str(s.on)):
        number = policy.stage_for(step.level).number
        if highest is not None and number < highest:
            yield _about(policy.stage(number), "warning_order", policy, handbook)
        highest = max(number, highest or 0)
    for stage in policy.stages:
        if stage.number < where.stage.number and stage.number not in where.done:
            yield _about(stage, "warning_gap", policy, handbook)
        if stage.number in _dates_needed(policy, where):
            yield _about(stage, "warning_unknown_date", policy, handbook)


def _dates_needed(policy: Policy, where: Position) -> set[int]:
    """Return the stages whose unknown start keeps a limit of the present or next stage open."""
    rungs = [rung for rung in (where.stage, policy.following(where.stage)) if rung]
    anchors = {
        rung.number if reading.stage is None else reading.stage
        for rung in rungs
        for limit in rung.to_answer
        for reading in limit.readings
        if reading.counted_from in {Anchor.stage_start, Anchor.earlier_stage_start}
    }
    unknown = {number for number, day in where.anchors.started.items() if day is None}
    return anchors & unknown


def _about(stage: Stage, phrase: str, policy: Policy, handbook: Handbook) -> Cited:
    what = handbook.phrases.say(phrase, stage=f"{stage.label} ({stage.title})")
    return Statement(what=what, source=stage.source), policy.cite(stage.source)
