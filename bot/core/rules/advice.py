"""Advice, worked out by a pure function from facts, policy and today's date."""

from collections.abc import Iterator
from datetime import date

import msgspec

from bot.core.handbook.handbook import Handbook
from bot.core.policy.model import Moment, Stage
from bot.core.rules.cautions import (
    WHOLE_DOCUMENT,
    if_it_gets_worse,
    may_not_hold,
    safety_warnings,
    staged_warnings,
)
from bot.core.rules.deadlines import Deadline, stage_deadlines
from bot.core.rules.duties import (
    cited_items,
    contacts_at,
    not_stated_by,
    people_to_notify,
    with_duties,
)
from bot.core.rules.facts import Facts
from bot.core.rules.headline import Scene, exit_headline, raiser_headline, who_acts
from bot.core.rules.limit_words import rule_text
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.own_side import own_side_items
from bot.core.rules.receiving import limits_on_receiver, received
from bot.core.rules.results import Advice, Item, Next, StageRef
from bot.core.rules.scope import scope
from bot.core.rules.stages import Position, StageMove, deadlines_if_raised, next_move, position
from bot.core.rules.summary import stage_name, summary
from bot.core.rules.triage import (
    destination_lines,
    destination_words,
    named_by_policy,
    procedure_for,
    route,
)
from bot.core.rules.urgent import urgent_parts
from bot.core.vocabulary import URGENT_ROUTES, Action, Route, Side


def advise(facts: Facts, policy: NarrowedPolicy | None, today: date, handbook: Handbook) -> Advice:
    """Work out what to do now. Never raises for facts that `parse_facts` accepts.

    `policy` may be None until the partnership is known: then the safety guidance alone answers
    the urgent routes and an exit, and every other route raises ValueError. The agencies and the
    disagreement narrow the answer and may be missing.
    """
    told = _routed(facts, policy, today, handbook)
    silent: tuple[Item, ...] = ()
    first: tuple[Item, ...] = ()
    if policy is not None and told.route in BY_STAGES:
        first = cited_items(may_not_hold(policy, today, handbook))
    if policy is not None:
        silent = (
            *_without_end(told, policy, handbook),
            *_level_not_stated(facts, policy, handbook),
            *_nothing_after(told, policy, handbook),
        )
    return msgspec.structs.replace(
        told,
        scope=scope(facts, policy, handbook),
        first=first,
        not_stated=(*told.not_stated, *silent) if told.route in BY_STAGES else told.not_stated,
    )


def _without_end(told: Advice, policy: NarrowedPolicy, handbook: Handbook) -> Iterator[Item]:
    """Yield the limits of the stage ahead, and of the one they are at, that give no time."""
    numbers = {told.next.to_stage, told.stage.number if told.stage else None}
    for stage in policy.stages:
        for limit in (*stage.to_begin, *stage.to_answer, *stage.to_close):
            if stage.number in numbers and not limit.has_end:
                said = handbook.phrases.say(
                    "limit_not_stated",
                    policy=policy.short_name,
                    what=limit.what.rstrip("."),
                    rule=rule_text(limit, handbook.phrases),
                )
                yield Item(said, policy.cite(limit.source))


def _nothing_after(told: Advice, policy: NarrowedPolicy, handbook: Handbook) -> Iterator[Item]:
    """Yield that the policy does not say what follows its last stage, where that is reached."""
    at_the_end = told.route is Route.staged and told.next.action is Action.record
    if at_the_end and not policy.remaining:
        what = handbook.phrases.say("remaining_not_stated", policy=policy.short_name)
        yield Item(what, policy.cite(WHOLE_DOCUMENT))


BY_STAGES = (Route.resolved, Route.staged)


def _routed(facts: Facts, policy: NarrowedPolicy | None, today: date, handbook: Handbook) -> Advice:
    way = route(facts, policy, handbook.safety_guidance)
    if way in URGENT_ROUTES:
        return _urgent(way, facts, policy, today, handbook)
    if way is Route.exit:
        return _signpost(facts, policy, today, handbook)
    if policy is None:
        msg = "advice by stages needs a policy"
        raise ValueError(msg)
    where = position(facts, policy, today)
    if way is Route.resolved:
        return _resolved(facts, policy, where, handbook)
    if facts.me.side is Side.receiver:
        return received(facts, policy, where, handbook)
    return _staged(facts, policy, where, handbook)


def _level_not_stated(facts: Facts, policy: NarrowedPolicy, handbook: Handbook) -> tuple[Item, ...]:
    """Say that the policy has no stage for the person's rung, where it has none."""
    level = facts.me.level
    if level is None or any(stage.level is level for stage in policy.stages):
        return ()
    told = handbook.phrases.say(
        "rung_not_stated",
        policy=policy.short_name,
        level=handbook.phrases.say(f"rung_{level}"),
        stage=stage_name(policy.stage_for(level)),
    )
    return (Item(told, policy.cite(WHOLE_DOCUMENT)),)


def stage_ref(stage: Stage) -> StageRef:
    """Return the stage's number, label, title and level."""
    return StageRef(stage.number, stage.label, stage.title, stage.level)


def _urgent(
    way: Route, facts: Facts, policy: NarrowedPolicy | None, today: date, handbook: Handbook
) -> Advice:
    safety_guidance = handbook.safety_guidance
    parts = urgent_parts(way, facts, policy, today, handbook)
    told = safety_warnings(facts, safety_guidance)
    return Advice(
        route=way,
        exit=None,
        stage=stage_ref(position(facts, policy, today).stage) if policy else None,
        next=Next(Action.act_now, None, parts.summary),
        headline=parts.headline,
        turn_to=parts.turn_to,
        deadlines=parts.deadlines,
        contacts=parts.contacts,
        notify=people_to_notify(parts.notify, facts, policy) if policy else (),
        records=tuple(
            Item(statement.what, safety_guidance.cite(statement.source))
            for statement in safety_guidance.urgent_records
        ),
        warnings=cited_items(told),
        not_stated=not_stated_by(facts, policy, None) if policy and not parts.own_rule else (),
    )


def _signpost(
    facts: Facts, policy: NarrowedPolicy | None, today: date, handbook: Handbook
) -> Advice:
    procedure = procedure_for(facts, policy, handbook.safety_guidance)
    if procedure is None:
        msg = "the exit route needs an exit"
        raise ValueError(msg)
    own = named_by_policy(procedure, policy)
    lines = destination_lines(procedure, policy, handbook.safety_guidance)
    told = " ".join(destination_words(procedure, policy, handbook.safety_guidance))
    warnings = [*if_it_gets_worse(facts, policy, handbook)]
    if policy and policy.fallback:
        warnings.append((policy.fallback, policy.cite(policy.fallback.source)))
    silent = handbook.phrases.say("no_own_procedure", policy=policy.short_name) if policy else ""
    return Advice(
        route=Route.exit,
        exit=facts.exit,
        stage=stage_ref(position(facts, policy, today).stage) if policy else None,
        next=Next(Action.signpost, None, handbook.phrases.say("advice_exit", what=told)),
        headline=exit_headline(procedure.exit, _excluded_area(facts, policy), handbook.phrases),
        guidance=tuple(Item(what, source) for what, source in lines),
        warnings=cited_items(warnings),
        not_stated=(Item(silent, policy.cite(WHOLE_DOCUMENT)),) if policy and not own else (),
    )


def _excluded_area(facts: Facts, policy: NarrowedPolicy | None) -> str | None:
    """Return the name of the area that the facts name and the policy leaves out."""
    areas = policy.areas if policy and not facts.exit else ()
    return next((area.name for area in areas if area.excluded and area.id == facts.area), None)


def _resolved(facts: Facts, policy: NarrowedPolicy, where: Position, handbook: Handbook) -> Advice:
    settled = (
        policy.stage_for(where.latest.level, where.latest.stage) if where.latest else where.stage
    )
    # Settled below the highest stage: the closing duties of that stage are due as well.
    stages = dict.fromkeys([settled.number, where.stage.number])
    ended = [policy.stage(number) for number in stages]
    due = [
        deadline
        for stage in ended
        for deadline in stage_deadlines(
            stage.to_close, stage, policy, where.anchors, handbook.phrases
        )
    ]
    if facts.me.side is Side.receiver:
        due = [*limits_on_receiver(due)]
    told = handbook.phrases.say("advice_record_resolved", stage=stage_name(settled))
    advice = with_duties(
        Advice(
            route=Route.resolved,
            exit=None,
            stage=stage_ref(where.stage),
            next=Next(Action.record, None, told),
            deadlines=tuple(dict.fromkeys(due)),
            contacts=contacts_at(settled, facts, policy),
            warnings=cited_items(staged_warnings(facts, policy, where, None, handbook)),
        ),
        [(stage, {Moment.resolved}) for stage in ended],
        facts,
        policy,
        handbook,
        where.done,
    )
    scene = Scene(
        advice=advice,
        facts=facts,
        policy=policy,
        at=settled,
        today=where.anchors.decision,
        phrases=handbook.phrases,
    )
    return msgspec.structs.replace(advice, headline=raiser_headline(scene))


def _staged(facts: Facts, policy: NarrowedPolicy, where: Position, handbook: Handbook) -> Advice:
    move = next_move(policy, where, handbook.phrases)
    at = move.to or move.stage
    ended = Moment.unresolved if move.action is Action.record else None
    due = [*move.passed, *move.early, *move.spent, *move.running]
    ahead: tuple[Deadline, ...] | None = None
    if move.to:
        starting = deadlines_if_raised(policy, move.to, where.anchors, handbook.phrases)
        due += starting
        ahead = (*(() if where.waits else move.running), *starting)
    if move.action is Action.record:
        due += stage_deadlines(at.to_close, at, policy, where.anchors, handbook.phrases)
    advice = with_duties(
        Advice(
            route=Route.staged,
            exit=None,
            stage=stage_ref(where.stage),
            next=Next(
                move.action,
                move.to.number if move.to else None,
                summary(move, where, policy, handbook.phrases),
            ),
            # A limit over several stages appears at each of them; list it once.
            deadlines=tuple(dict.fromkeys(due)),
            contacts=contacts_at(at, facts, policy, ended),
            warnings=cited_items(staged_warnings(facts, policy, where, move, handbook)),
        ),
        _moments(move),
        facts,
        policy,
        handbook,
        where.done,
    )
    scene = Scene(
        advice=advice,
        facts=facts,
        policy=policy,
        at=at,
        today=where.anchors.decision,
        phrases=handbook.phrases,
        until=move.until,
        acted=move.acted,
        ahead=ahead,
        late_whatever=move.late_whatever,
    )
    support = advice.support
    if facts.own_side:
        support = (*own_side_items(facts.own_side, facts.me.level, policy, handbook), *support)
    headline = raiser_headline(scene)
    return msgspec.structs.replace(
        advice, headline=headline, acting=who_acts(scene, headline), support=support
    )


def _moments(move: StageMove) -> list[tuple[Stage, set[Moment]]]:
    """Return the stages whose duties the move brings, each with the moments that apply."""
    if move.action is Action.record:
        return [(move.stage, {Moment.unresolved})]
    if move.to is None:
        return [(move.stage, {Moment.raised})]
    if move.missing:
        return [(move.to, {Moment.raised})]
    return [(move.to, {Moment.raised}), (move.stage, {Moment.unresolved})]
