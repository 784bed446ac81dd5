"""The lists of advice: contacts, notifications, records, and what a policy does not state."""

from collections.abc import Iterable
from typing import TypeVar

import msgspec

from bot.core.handbook.handbook import Handbook
from bot.core.policy.model import (
    Duty,
    Form,
    Moment,
    Notification,
    OwnArea,
    Party,
    Role,
    Stage,
    Statement,
)
from bot.core.rules.cautions import WHOLE_DOCUMENT, Cited
from bot.core.rules.facts import Facts, Person
from bot.core.rules.narrowing import NarrowedPolicy, applies
from bot.core.rules.results import Advice, Contact, FormRef, Item, Notify
from bot.core.rules.scope import silent_on_kinds
from bot.core.vocabulary import Action, Agency, Disagreement, Level, Side

Applicable = TypeVar("Applicable", Duty, Role)
Asked = TypeVar("Asked", bound=Duty)
Shown = TypeVar("Shown")
Sent = TypeVar("Sent", Notify, FormRef)


def with_duties(
    advice: Advice,
    duties: list[tuple[Stage, set[Moment]]],
    facts: Facts,
    policy: NarrowedPolicy,
    handbook: Handbook,
    done: frozenset[int] = frozenset(),
) -> Advice:
    """Return the advice with the duties of the given stages at the given moments.

    `done` are the stages with a step. Who was to be told before, until it is done, is named still.
    """
    moments = set().union(*(when for _, when in duties))

    def due(name: str) -> Iterable[Duty]:
        for stage, when in duties:
            listed = (duty for duty in getattr(stage, name) if when & set(duty.when))
            yield from _own(listed, facts.me)

    everywhere = [duty for duty in policy.every_stage if moments & set(duty.when)]
    if Moment.resolved in moments:
        everywhere += policy.when_resolved
    everywhere = [*_own(everywhere, facts.me)]
    now = people_to_notify(due("notify"), facts, policy)
    waits = advice.next.action is Action.wait and facts.me.side is Side.raiser
    before = _told_before(now, duties, done, facts, policy, handbook)
    asked = (*(notice for notice in before if not notice.carried), *now)
    forms = _forms(
        (
            (stage.number, form)
            for stage, when in duties
            for form in _own(stage.forms, facts.me)
            if when & set(form.when)
        ),
        facts,
        policy,
    )
    if waits:
        asked, forms = _sent_already(asked, handbook), _sent_already(forms, handbook)
    return msgspec.structs.replace(
        advice,
        notify=(*asked, *(notice for notice in before if notice.carried)),
        records=_duties([*due("records"), *everywhere], facts, policy),
        forms=forms,
        guidance=_once(
            (
                *_duties(due("guidance"), facts, policy),
                *(_item(duty, policy) for duty in policy.principles if duty.duty),
            )
        ),
        grounds=_grounds(facts, policy, handbook),
        support=tuple(
            _item(statement, policy) for statement in (*policy.support, *policy.more_help)
        ),
        not_stated=not_stated_by(facts, policy, due("not_stated")),
    )


def _sent_already(items: tuple[Sent, ...], handbook: Handbook) -> tuple[Sent, ...]:
    """Return what was to be sent when the stage was raised, not asked for once more."""
    say = handbook.phrases.say
    return tuple(
        msgspec.structs.replace(item, what=say("advice_sent_already", what=item.what))
        for item in items
    )


def _told_before(
    now: tuple[Notify, ...],
    duties: list[tuple[Stage, set[Moment]]],
    done: frozenset[int],
    facts: Facts,
    policy: NarrowedPolicy,
    handbook: Handbook,
) -> tuple[Notify, ...]:
    """Return whom an earlier stage had to have told: whoever comes late may not have heard of it.

    Nobody who is told now, or whom a later stage has told since. What a stage that was left out
    asks for is due still; the rest is marked as carried on.
    """
    told = {notice.who for notice in now}
    found: list[Notify] = []
    for stage, note in _until_done(policy, duties):
        since = {later.who for later in _raised_since(policy, stage, done)}
        for notice in people_to_notify(_own([note], facts.me), facts, policy):
            if notice.who in told | since:
                continue
            told.add(notice.who)
            if stage.number in done:
                what = handbook.phrases.say("advice_told_already", what=notice.what)
                found.append(msgspec.structs.replace(notice, what=what, carried=True))
            else:
                found.append(notice)
    return tuple(found)


def _until_done(
    policy: NarrowedPolicy, duties: list[tuple[Stage, set[Moment]]]
) -> Iterable[tuple[Stage, Notification]]:
    """Yield whom to tell, until it is done, at the stages up to these, each with its stage."""
    reached = max(stage.number for stage, _ in duties)
    for stage in policy.stages:
        for note in stage.notify:
            passed = stage.number < reached or Moment.raised in note.when
            if note.until_done and stage.number <= reached and passed:
                yield stage, note


def _raised_since(
    policy: NarrowedPolicy, stage: Stage, done: frozenset[int]
) -> Iterable[Notification]:
    """Yield whom the stages after this one told when they began."""
    for later in policy.stages:
        if later.number > stage.number and later.number in done:
            yield from (note for note in later.notify if Moment.raised in note.when)


def _item(statement: Statement, policy: NarrowedPolicy) -> Item:
    return Item(statement.what, policy.cite(statement.source))


def _applying(duties: Iterable[Applicable], facts: Facts) -> Iterable[Applicable]:
    return (duty for duty in duties if applies(duty.applies, facts))


def contacts_at(
    stage: Stage, facts: Facts, policy: NarrowedPolicy, moment: Moment | None = None
) -> tuple[Contact, ...]:
    """Return a stage's contacts: the raiser's, the receiver's and the partnership's.

    At a `moment` for which the policy names somebody of their own, those are the contacts. Whoever
    stands on that stage themselves, or above it, is told of nobody on their own side.
    """
    raised = facts.as_raised
    sides = (
        (Party.raiser, raised.my_agency),
        (Party.receiver, raised.their_agency),
        (Party.partnership, None),
    )
    shown = {*Party}
    if stands_on(stage, facts.me.level):
        shown -= {OWN_PARTY[facts.me.side]}
    if facts.me.side is Side.receiver and stage.level is Level.practitioner:
        # Who helps the raiser with the talk is nobody for the other side to turn to.
        shown -= {Party.raiser}
    return tuple(
        Contact(
            _name(role, facts.me),
            party,
            agency,
            role.address,
            policy.cite(role.source),
            role.post or role.role,
        )
        for party, agency in sides
        if party in shown
        for role in roles_at(stage, party, agency, raised, moment)
    )


LEAD = "safeguarding lead"
"""A policy's rung of line managers may name the lead."""
OWN_PARTY = {Side.raiser: Party.raiser, Side.receiver: Party.receiver}


def seen_from(side: Side, party: Party) -> Party:
    """Return a party as the reader sees it: their own side as the raiser's, the other's as theirs.

    The guide's words for the raiser ("you", "on your side") are then right for either side.
    """
    if party is Party.partnership:
        return party
    return Party.raiser if OWN_PARTY[side] is party else Party.receiver


def stands_on(stage: Stage, level: Level | None) -> bool:
    """Say whether somebody stands on a stage's rung, or above it. Without a level nobody does."""
    return level is not None and level.rank >= stage.level.rank


def _name(role: Role, me: Person) -> str:
    """Return a role as the person calls it: policies name roles as a raising practitioner would."""
    as_written = me.side is Side.raiser and me.level in {None, Level.practitioner}
    return role.role if as_written else role.post or role.role


def _own(duties: Iterable[Asked], me: Person) -> Iterable[Asked]:
    """Yield the duties of the person's side, and not to tell themselves."""
    for duty in duties:
        told = duty.level if isinstance(duty, Notification) else None
        themselves = told and me.level and me.level.rank >= told.rank
        if OWN_PARTY[me.side] in duty.party and not themselves:
            yield duty


def _acting(roles: tuple[Role, ...], moment: Moment | None) -> tuple[Role, ...]:
    named = tuple(role for role in roles if moment in role.when)
    return named or tuple(role for role in roles if not role.when)


def roles_at(
    stage: Stage,
    party: Party,
    agency: Agency | None,
    facts: Facts,
    moment: Moment | None = None,
) -> list[Role]:
    """Return a party's roles at a stage: those for its agency, else those for everybody."""
    acting = _applying(_acting(stage.roles, moment), facts)
    roles = [role for role in acting if party in role.party]
    named = [role for role in roles if agency is not None and agency in role.agencies]
    return named or [role for role in roles if not role.agencies]


def people_to_notify(
    duties: Iterable[Duty], facts: Facts, policy: NarrowedPolicy
) -> tuple[Notify, ...]:
    """Return the people to notify."""
    return _once(
        Notify(duty.who, duty.what, duty.address, policy.cite(duty.source))
        for duty in _applying(duties, facts)
        if isinstance(duty, Notification)
    )


def _duties(duties: Iterable[Duty], facts: Facts, policy: NarrowedPolicy) -> tuple[Item, ...]:
    return _once(Item(duty.what, policy.cite(duty.source)) for duty in _applying(duties, facts))


def _forms(
    asked: Iterable[tuple[int, Form]], facts: Facts, policy: NarrowedPolicy
) -> tuple[FormRef, ...]:
    """Return the forms to fill in; of two with the same id, the later stage's.

    `asked` are the forms due, each with the number of its stage.
    """
    latest: dict[str, tuple[int, Form]] = {}
    for number, form in asked:
        if applies(form.applies, facts) and number >= latest.get(form.id, (number, form))[0]:
            latest[form.id] = (number, form)
    return tuple(
        FormRef(form.id, form.name, form.what, form.send_to, form.address, policy.cite(form.source))
        for _, form in latest.values()
    )


def _once(items: Iterable[Shown]) -> tuple[Shown, ...]:
    """Return items without repeats: two stages may ask for the same in the same words."""
    return tuple(dict.fromkeys(items))


def _grounds(facts: Facts, policy: NarrowedPolicy, handbook: Handbook) -> tuple[Item, ...]:
    """Return the policy's own areas that match the disagreement, or say that it lists none."""
    if facts.disagreement is None:
        return ()
    own = [area for area in policy.own_areas if facts.disagreement in area.all_kinds]
    if own:
        return tuple(_ground(area, facts.disagreement, policy, handbook) for area in own)
    if not policy.own_areas:
        return (Item(silent_on_kinds(policy, handbook), policy.cite(WHOLE_DOCUMENT)),)
    text = handbook.phrases.say("no_own_area", policy=policy.short_name)
    return (Item(text, policy.cite(policy.own_areas[0].source)),)


def _ground(area: OwnArea, kind: Disagreement, policy: NarrowedPolicy, handbook: Handbook) -> Item:
    """Return an area of the policy's list; one that only the guide counts it under says so."""
    if kind in area.kinds:
        return _item(area, policy)
    what = handbook.phrases.say("own_area_read_as", what=area.what, policy=policy.short_name)
    return Item(what, policy.cite(area.source))


def not_stated_by(
    facts: Facts, policy: NarrowedPolicy, duties: Iterable[Duty] | None
) -> tuple[Item, ...]:
    """Return what the stages, and then the whole policy, do not state."""
    general = tuple(
        Item(silence.what, policy.cite(silence.source)) for silence in policy.not_stated
    )
    return _duties(duties or (), facts, policy) + general


def cited_items(statements: Iterable[Cited]) -> tuple[Item, ...]:
    """Return statements as items with their sources."""
    return _once(Item(statement.what, source) for statement, source in statements)
