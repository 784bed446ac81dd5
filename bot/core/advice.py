"""Advice: worked out from facts, policy and today's date. A pure function's result."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

import msgspec

from bot.core.cautions import Cited, staged_warnings, standing_warnings
from bot.core.deadlines import Deadline, deadlines, show_day
from bot.core.facts import Facts
from bot.core.policy import (
    Applies,
    Duty,
    Form,
    Moment,
    Notification,
    Party,
    Policy,
    Role,
    Source,
    Stage,
    Strength,
)
from bot.core.stages import Move, Position, next_move, position, starting
from bot.core.standing import Handbook
from bot.core.triage import procedure_for, route
from bot.core.urgent import urgent_parts
from bot.core.vocabulary import Action, Agency, Exit, Level, Outcome, Route


class StageRef(msgspec.Struct, frozen=True):
    """A rung by the policy's own number and label."""

    number: int
    label: str
    title: str
    level: Level


class Next(msgspec.Struct, frozen=True):
    """What to do next. `to_stage` is the number of the rung to go to, or None."""

    action: Action
    to_stage: int | None
    summary: str


class Contact(msgspec.Struct, frozen=True):
    """Who to speak to. `address` is one that a policy gives, else None."""

    role: str
    party: Party
    agency: Agency | None
    address: str | None
    source: Source


class Told(msgspec.Struct, frozen=True):
    """Somebody to tell."""

    who: str
    what: str
    address: str | None
    source: Source


class Item(msgspec.Struct, frozen=True):
    """A statement with its source."""

    what: str
    source: Source


class FormRef(msgspec.Struct, frozen=True):
    """A form or set message to fill in."""

    id: str
    name: str
    what: str
    send_to: str
    address: str | None
    source: Source


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """The answer. Every item of every list carries its source (design, section 4)."""

    route: Route
    exit: Exit | None
    stage: StageRef | None
    next: Next
    deadlines: tuple[Deadline, ...] = ()
    contacts: tuple[Contact, ...] = ()
    notify: tuple[Told, ...] = ()
    records: tuple[Item, ...] = ()
    forms: tuple[FormRef, ...] = ()
    guidance: tuple[Item, ...] = ()
    grounds: tuple[Item, ...] = ()
    support: tuple[Item, ...] = ()
    warnings: tuple[Item, ...] = ()
    not_stated: tuple[Item, ...] = ()


def advise(facts: Facts, policy: Policy | None, today: date, handbook: Handbook) -> Advice:
    """Work out what to do now. Never raises for facts that `parse_facts` accepts.

    `policy` may be None while the partnership is not known: then the urgent routes and an exit
    are answered from the standing guidance alone, and every other route raises ValueError. The
    agencies and the disagreement narrow the answer and may be missing.
    """
    way = route(facts, policy, handbook.standing)
    if way in {Route.emergency, Route.same_day}:
        return _urgent(facts, policy, today, handbook)
    if way is Route.exit:
        return _signpost(facts, policy, handbook)
    if policy is None:
        msg = "advice by stages needs a policy"
        raise ValueError(msg)
    where = position(facts, policy, today)
    if way is Route.resolved:
        return _resolved(facts, policy, where, handbook)
    return _staged(facts, policy, where, handbook)


def stage_ref(stage: Stage) -> StageRef:
    """Return the rung's number, label, title and level."""
    return StageRef(stage.number, stage.label, stage.title, stage.level)


def stage_name(stage: Stage) -> str:
    """Return a stage as it is named in a sentence: "Stage 1 (Team manager)"."""
    return f"{stage.label} ({stage.title[0].lower()}{stage.title[1:]})"


def _urgent(facts: Facts, policy: Policy | None, today: date, handbook: Handbook) -> Advice:
    standing = handbook.standing
    way = route(facts, policy, standing)
    parts = urgent_parts(way, policy, today, handbook)
    told = standing_warnings(facts, standing)
    return Advice(
        route=way,
        exit=None,
        stage=stage_ref(position(facts, policy, today).stage) if policy else None,
        next=Next(Action.act_now, None, handbook.phrases.say(f"advice_{way}")),
        deadlines=parts.deadlines,
        contacts=tuple(
            Contact(one.role, Party.receiver, None, one.address, standing.cite(one.source))
            for one in parts.contacts
        ),
        notify=_told(parts.notify, facts, policy) if policy else (),
        records=tuple(Item(one.what, standing.cite(one.source)) for one in standing.urgent_records),
        warnings=_items(told),
        not_stated=_not_stated(facts, policy, None) if policy and not parts.own_rule else (),
    )


def _signpost(facts: Facts, policy: Policy | None, handbook: Handbook) -> Advice:
    procedure = procedure_for(facts, policy, handbook.standing)
    if procedure is None:
        msg = "the exit route needs an exit"
        raise ValueError(msg)
    named = policy if policy and procedure in policy.other_procedures else handbook.standing
    source = named.cite(procedure.source)
    return Advice(
        route=Route.exit,
        exit=facts.exit,
        stage=None,
        next=Next(Action.signpost, None, handbook.phrases.say("advice_exit", what=procedure.what)),
        guidance=(Item(procedure.what, source),),
        warnings=_items(
            (statement, handbook.standing.cite(statement.source))
            for statement in (handbook.standing.becomes_urgent,)
        ),
    )


def _resolved(facts: Facts, policy: Policy, where: Position, handbook: Handbook) -> Advice:
    phrases = handbook.phrases
    at = policy.stage_for(where.latest.level) if where.latest else where.stage
    due = deadlines(at.to_close, at, policy, where.anchors, phrases)
    summary = phrases.say("advice_record_resolved", stage=stage_name(at))
    duties = [(at, {Moment.resolved})]
    return _with_duties(
        Advice(
            route=Route.resolved,
            exit=None,
            stage=stage_ref(where.stage),
            next=Next(Action.record, None, summary),
            deadlines=tuple(due),
            contacts=_contacts(at, facts, policy),
            warnings=_items(staged_warnings(facts, policy, where, None, handbook)),
        ),
        duties,
        facts,
        policy,
        handbook,
    )


def _staged(facts: Facts, policy: Policy, where: Position, handbook: Handbook) -> Advice:
    move = next_move(policy, where, handbook.phrases)
    at = move.to or move.stage
    due = [*move.passed, *move.running]
    if move.to:
        due += starting(policy, move.to, where.anchors, handbook.phrases)
    if move.action is Action.record:
        due += deadlines(at.to_close, at, policy, where.anchors, handbook.phrases)
    return _with_duties(
        Advice(
            route=Route.staged,
            exit=None,
            stage=stage_ref(where.stage),
            next=Next(
                move.action,
                move.to.number if move.to else None,
                _summary(move, where, policy, handbook),
            ),
            deadlines=tuple(due),
            contacts=() if move.action is Action.record else _contacts(at, facts, policy),
            warnings=_items(staged_warnings(facts, policy, where, move, handbook)),
        ),
        _moments(move),
        facts,
        policy,
        handbook,
    )


def _moments(move: Move) -> list[tuple[Stage, set[Moment]]]:
    """Say which stages' duties the move needs, and at which moment of them."""
    if move.action is Action.record:
        return [(move.stage, {Moment.unresolved})]
    if move.to is None:
        return [(move.stage, {Moment.raised})]
    if move.missing:
        return [(move.to, {Moment.raised})]
    return [(move.to, {Moment.raised}), (move.stage, {Moment.unresolved})]


def _with_duties(
    advice: Advice,
    duties: list[tuple[Stage, set[Moment]]],
    facts: Facts,
    policy: Policy,
    handbook: Handbook,
) -> Advice:
    moments = set().union(*(when for _, when in duties))

    def due(name: str) -> Iterable[Duty]:
        for stage, when in duties:
            yield from (duty for duty in getattr(stage, name) if when & set(duty.when))

    everywhere = [duty for duty in policy.every_stage if moments & set(duty.when)]
    if Moment.resolved in moments:
        everywhere += policy.when_resolved
    return msgspec.structs.replace(
        advice,
        notify=_told(due("notify"), facts, policy),
        records=_duties([*due("records"), *everywhere], facts, policy),
        forms=tuple(
            FormRef(
                form.id, form.name, form.what, form.send_to, form.address, policy.cite(form.source)
            )
            for form in _applying(due("forms"), facts)
            if isinstance(form, Form)
        ),
        guidance=_duties(due("guidance"), facts, policy),
        grounds=_grounds(facts, policy, handbook),
        support=tuple(Item(one.what, policy.cite(one.source)) for one in policy.support),
        not_stated=_not_stated(facts, policy, due("not_stated")),
    )


Applicable = TypeVar("Applicable", Duty, Role)


def applies(condition: Applies, facts: Facts) -> bool:
    """Say whether a statement's condition holds for the facts.

    What the practitioner has not told (None) never satisfies a list, except that no area given
    keeps the statements of every area.
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
    )


def _in(value: object, allowed: tuple[object, ...]) -> bool:
    return not allowed or value in allowed


def _applying(duties: Iterable[Applicable], facts: Facts) -> Iterable[Applicable]:
    seen: set[int] = set()
    for duty in duties:
        if id(duty) not in seen and applies(duty.applies, facts):
            seen.add(id(duty))
            yield duty


def _contacts(stage: Stage, facts: Facts, policy: Policy) -> tuple[Contact, ...]:
    """Return the roles of a stage: ours, theirs and the partnership's."""
    found: list[Contact] = []
    sides = ((Party.raiser, facts.my_agency), (Party.receiver, facts.their_agency))
    for party, agency in sides:
        found += [
            Contact(role.role, party, agency, role.address, policy.cite(role.source))
            for role in _roles(stage, party, agency, facts)
        ]
    found += [
        Contact(role.role, Party.partnership, None, role.address, policy.cite(role.source))
        for role in _roles(stage, Party.partnership, None, facts)
    ]
    return tuple(found)


def _roles(stage: Stage, party: Party, agency: Agency | None, facts: Facts) -> list[Role]:
    roles = [role for role in _applying(stage.roles, facts) if party in role.party]
    named = [role for role in roles if agency is not None and agency in role.agencies]
    return named or [role for role in roles if not role.agencies]


def _told(duties: Iterable[Duty], facts: Facts, policy: Policy) -> tuple[Told, ...]:
    return tuple(
        Told(duty.who, duty.what, duty.address, policy.cite(duty.source))
        for duty in _applying(duties, facts)
        if isinstance(duty, Notification)
    )


def _duties(duties: Iterable[Duty], facts: Facts, policy: Policy) -> tuple[Item, ...]:
    return tuple(Item(duty.what, policy.cite(duty.source)) for duty in _applying(duties, facts))


def _grounds(facts: Facts, policy: Policy, handbook: Handbook) -> tuple[Item, ...]:
    """Return the policy's own areas that the disagreement answers to, or that it lists none."""
    own = [area for area in policy.own_areas if facts.disagreement in area.kinds]
    if own:
        return tuple(Item(area.what, policy.cite(area.source)) for area in own)
    name = "no_own_area" if policy.own_areas else "no_own_areas"
    section = policy.own_areas[0].source if policy.own_areas else "whole document"
    return (Item(handbook.phrases.say(name, policy=policy.short_name), policy.cite(section)),)


def _not_stated(facts: Facts, policy: Policy, duties: Iterable[Duty] | None) -> tuple[Item, ...]:
    general = tuple(Item(one.what, policy.cite(one.source)) for one in policy.not_stated)
    return _duties(duties or (), facts, policy) + general


def _items(statements: Iterable[Cited]) -> tuple[Item, ...]:
    return tuple(Item(statement.what, source) for statement, source in statements)


def _summary(move: Move, where: Position, policy: Policy, handbook: Handbook) -> str:
    phrases = handbook.phrases
    stage = stage_name(move.stage)
    if move.action is Action.discuss:
        return phrases.say("advice_discuss", stage=stage)
    if move.action is Action.wait:
        return _waiting(move, where, handbook)
    passed = move.passed[0] if move.passed else None
    if move.to is None:
        remaining = " ".join(one.what for one in policy.remaining)
        name = "advice_record_last_overdue" if passed else "advice_record_last"
        due = show_day(passed.due) if passed else ""
        return phrases.say(name, stage=stage, due=due, remaining=remaining).strip()
    to = stage_name(move.to)
    if move.missing:
        return phrases.say("advice_escalate_missing", next=to)
    if passed:
        guide = "_guide" if passed.strength is Strength.guide else ""
        return phrases.say(
            f"advice_escalate_overdue{guide}", next=to, stage=stage, due=show_day(passed.due)
        )
    if move.unknown_date:
        return phrases.say("advice_escalate_unknown_date", next=to, stage=stage)
    if where.outcome is Outcome.no_response:
        return phrases.say("advice_escalate_no_response", next=to, stage=stage)
    return phrases.say("advice_escalate", next=to, stage=stage)


def _waiting(move: Move, where: Position, handbook: Handbook) -> str:
    phrases = handbook.phrases
    stage = stage_name(move.stage)
    if not move.running:
        return phrases.say("advice_wait_no_limit", stage=stage)
    first = min(move.running, key=lambda one: one.due)
    due = show_day(first.due)
    if move.stage.number < where.stage.number:
        return phrases.say("advice_wait_earlier", stage=stage, due=due)
    guide = "_guide" if first.strength is Strength.guide else ""
    return phrases.say(f"advice_wait{guide}", stage=stage, due=due)
