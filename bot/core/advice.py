"""Advice: worked out from facts, policy and today's date. A pure function's result."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

import msgspec

from bot.core.cautions import Cited, if_it_gets_worse, staged_warnings, standing_warnings
from bot.core.deadlines import Deadline, deadlines
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
)
from bot.core.stages import Move, Position, next_move, position, starting
from bot.core.standing import Handbook
from bot.core.summary import stage_name, summary
from bot.core.triage import procedure_for, route
from bot.core.urgent import urgent_parts
from bot.core.vocabulary import Action, Agency, Exit, Level, Route

__all__ = [
    "Advice",
    "Contact",
    "FormRef",
    "Item",
    "Next",
    "StageRef",
    "Told",
    "advise",
    "applies",
    "stage_name",
    "stage_ref",
]

WHOLE = "whole document"
"""The section named for what a policy does not say anywhere."""


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
        return _signpost(facts, policy, today, handbook)
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
            Contact(one.role, one.party, None, one.address, standing.cite(one.source))
            for one in parts.contacts
        ),
        notify=_told(parts.notify, facts, policy) if policy else (),
        records=tuple(Item(one.what, standing.cite(one.source)) for one in standing.urgent_records),
        warnings=_items(told),
        not_stated=_not_stated(facts, policy, None) if policy and not parts.own_rule else (),
    )


def _signpost(facts: Facts, policy: Policy | None, today: date, handbook: Handbook) -> Advice:
    procedure = procedure_for(facts, policy, handbook.standing)
    if procedure is None:
        msg = "the exit route needs an exit"
        raise ValueError(msg)
    own = policy is not None and procedure in policy.other_procedures
    named = policy if policy and own else handbook.standing
    warnings = [*if_it_gets_worse(facts, policy, handbook)]
    if policy and policy.fallback:
        warnings.append((policy.fallback, policy.cite(policy.fallback.source)))
    silent = handbook.phrases.say("no_own_procedure", policy=policy.short_name) if policy else ""
    return Advice(
        route=Route.exit,
        exit=facts.exit,
        stage=stage_ref(position(facts, policy, today).stage) if policy else None,
        next=Next(Action.signpost, None, handbook.phrases.say("advice_exit", what=procedure.what)),
        guidance=(Item(procedure.what, named.cite(procedure.source)),),
        warnings=_items(warnings),
        not_stated=(Item(silent, policy.cite(WHOLE)),) if policy and not own else (),
    )


def _resolved(facts: Facts, policy: Policy, where: Position, handbook: Handbook) -> Advice:
    settled = policy.stage_for(where.latest.level) if where.latest else where.stage
    # Settled below the stage it had reached: what that stage asks for at the end is due as well.
    stages = dict.fromkeys([settled.number, where.stage.number])
    ended = [policy.stage(number) for number in stages]
    due = [
        one
        for stage in ended
        for one in deadlines(stage.to_close, stage, policy, where.anchors, handbook.phrases)
    ]
    told = handbook.phrases.say("advice_record_resolved", stage=stage_name(settled))
    return _with_duties(
        Advice(
            route=Route.resolved,
            exit=None,
            stage=stage_ref(where.stage),
            next=Next(Action.record, None, told),
            deadlines=tuple(dict.fromkeys(due)),
            contacts=_contacts(settled, facts, policy),
            warnings=_items(staged_warnings(facts, policy, where, None, handbook)),
        ),
        [(stage, {Moment.resolved}) for stage in ended],
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
                summary(move, where, policy, handbook.phrases),
            ),
            deadlines=tuple(due),
            contacts=_contacts(at, facts, policy),
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
        forms=_forms(due("forms"), facts, policy),
        guidance=_duties(due("guidance"), facts, policy),
        grounds=_grounds(facts, policy, handbook),
        support=tuple(Item(one.what, policy.cite(one.source)) for one in policy.support),
        not_stated=_not_stated(facts, policy, due("not_stated")),
    )


Applicable = TypeVar("Applicable", Duty, Role)
Shown = TypeVar("Shown")


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
    return (duty for duty in duties if applies(duty.applies, facts))


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
    return _once(
        Told(duty.who, duty.what, duty.address, policy.cite(duty.source))
        for duty in _applying(duties, facts)
        if isinstance(duty, Notification)
    )


def _duties(duties: Iterable[Duty], facts: Facts, policy: Policy) -> tuple[Item, ...]:
    return _once(Item(duty.what, policy.cite(duty.source)) for duty in _applying(duties, facts))


def _forms(duties: Iterable[Duty], facts: Facts, policy: Policy) -> tuple[FormRef, ...]:
    """Return the forms to fill in; of two with the same id, that of the later stage."""
    forms = [form for form in _applying(duties, facts) if isinstance(form, Form)]
    last = {form.id: form for form in forms}
    return tuple(
        FormRef(form.id, form.name, form.what, form.send_to, form.address, policy.cite(form.source))
        for form in last.values()
    )


def _once(items: Iterable[Shown]) -> tuple[Shown, ...]:
    """Return items without repeats: two stages may ask for the same thing in the same words."""
    return tuple(dict.fromkeys(items))


def _grounds(facts: Facts, policy: Policy, handbook: Handbook) -> tuple[Item, ...]:
    """Return the policy's own areas that the disagreement answers to, or that it lists none."""
    if facts.disagreement is None:
        return ()
    own = [area for area in policy.own_areas if facts.disagreement in area.kinds]
    if own:
        return tuple(Item(area.what, policy.cite(area.source)) for area in own)
    name = "no_own_area" if policy.own_areas else "no_own_areas"
    section = policy.own_areas[0].source if policy.own_areas else WHOLE
    return (Item(handbook.phrases.say(name, policy=policy.short_name), policy.cite(section)),)


def _not_stated(facts: Facts, policy: Policy, duties: Iterable[Duty] | None) -> tuple[Item, ...]:
    general = tuple(Item(one.what, policy.cite(one.source)) for one in policy.not_stated)
    return _duties(duties or (), facts, policy) + general


def _items(statements: Iterable[Cited]) -> tuple[Item, ...]:
    return _once(Item(statement.what, source) for statement, source in statements)
