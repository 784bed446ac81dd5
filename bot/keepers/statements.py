"""Every statement that the guide makes from a policy, by stage, each with its source."""

from collections.abc import Iterable, Iterator

import msgspec

from bot.core.policy.model import (
    Duty,
    Form,
    Limit,
    Notification,
    Policy,
    Role,
    Source,
    Stage,
    Statement,
)
from bot.keepers.words import (
    MOMENTS,
    SIDES,
    amount,
    condition,
    plain,
    reading_words,
)


class Stated(msgspec.Struct, frozen=True):
    """One statement as the guide makes it, and where the document has it."""

    text: str
    source: Source


class Group(msgspec.Struct, frozen=True):
    """Statements under one heading. `silent`: what was looked for and not found."""

    title: str
    stated: tuple[Stated, ...]
    silent: bool = False


def groups(policy: Policy) -> list[Group]:
    """Return every statement of a policy under its heading; headings without any are left out."""
    found = [
        Group("The policy and its partnership", tuple(_head(policy))),
        Group("When a child may be at immediate risk", tuple(_urgent(policy))),
        Group("Where something else goes", tuple(_other(policy))),
        Group("Principles and confidence", tuple(_said(policy, _principles(policy)))),
        Group("What people disagree about", tuple(_own_areas(policy))),
        Group("Priorities that limits depend on", tuple(_priorities(policy))),
    ]
    for stage in policy.stages:
        title = f"{stage.label}: {stage.title}"
        found.append(Group(title, tuple(_stage(stage, policy))))
        silent = tuple(_duties(stage.not_stated, policy))
        found.append(Group(f"{stage.label}: what the policy does not state", silent, silent=True))
    at_any_stage = (*policy.every_stage, *policy.when_resolved)
    found.append(
        Group("At every stage, and once it is settled", tuple(_duties(at_any_stage, policy)))
    )
    after = (*policy.remaining, *policy.learning)
    found.append(Group("After the last stage, and what is learned", tuple(_said(policy, after))))
    silent = tuple(_said(policy, policy.not_stated))
    found.append(Group("What the policy does not state at all", silent, silent=True))
    return [group for group in found if group.stated]


def _head(policy: Policy) -> Iterator[Stated]:
    if policy.contact and policy.contact_source:
        yield Stated(
            f"The partnership's address is {policy.contact}.", policy.cite(policy.contact_source)
        )
    if policy.fallback:
        yield _one(policy.fallback, policy)
    if policy.replaces:
        yield Stated(
            f"Changed against the version before: {policy.replaces.what}",
            policy.cite(policy.replaces.source),
        )
    for area in policy.areas:
        if area.excluded:
            yield Stated(
                f"Not for {area.name}: {area.excluded.what}", policy.cite(area.excluded.source)
            )
        else:
            yield Stated(f"{area.name} is a member partnership.", policy.cite(area.source))


def _urgent(policy: Policy) -> Iterator[Stated]:
    for rule in policy.urgent:
        routes = " or ".join(map(plain, rule.routes))
        yield Stated(f"{rule.what} ({rule.rule}; {routes})", policy.cite(rule.source))
        yield from _told(rule.notify, policy)
    for trigger in policy.triggers:
        text = f"{trigger.what} The guide asks: {trigger.question}"
        yield Stated(text, policy.cite(trigger.source))


def _other(policy: Policy) -> Iterator[Stated]:
    for one in policy.other_procedures:
        kinds = "Disagreement about " + " or ".join(map(plain, one.kinds))
        named = plain(one.exit).capitalize() if one.exit else kinds
        covered = " (the stages take it)" if one.covered else ""
        yield Stated(f"{named}{covered}: {one.what}", policy.cite(one.source))


def _principles(policy: Policy) -> Iterable[Statement]:
    return (*policy.principles, *policy.support, *policy.own_manager, *policy.more_help)


def _own_areas(policy: Policy) -> Iterator[Stated]:
    for area in policy.own_areas:
        kinds = ", ".join(map(plain, area.kinds))
        yield Stated(f"{area.what} (in the guide: {kinds})", policy.cite(area.source))


def _priorities(policy: Policy) -> Iterator[Stated]:
    for one in policy.priorities:
        yield Stated(f"{one.name.capitalize()}: {one.what}", policy.cite(one.source))


def _stage(stage: Stage, policy: Policy) -> Iterator[Stated]:
    yield Stated(stage.what, policy.cite(stage.source))
    if stage.must_follow:
        labels = ", ".join(policy.stage(number).label for number in stage.must_follow.stages)
        text = f"{stage.must_follow.what} Needed first: {labels}"
        text += condition(stage.must_follow.applies)
        yield Stated(text, policy.cite(stage.must_follow.source))
    if stage.may_skip:
        text = f"May be left out{condition(stage.may_skip.applies)}: {stage.may_skip.what}"
        yield Stated(text, policy.cite(stage.may_skip.source))
    for one in stage.conditions:
        yield Stated(f"First: {one.what}{condition(one.applies)}", policy.cite(one.source))
    yield from _roles(stage.roles, policy)
    for moment, limits in (
        ("to begin it", stage.to_begin),
        ("while it waits", stage.to_answer),
        ("once settled", stage.to_close),
    ):
        yield from (_limit(moment, limit, policy) for limit in limits)
    yield from _told(stage.notify, policy)
    yield from _forms(stage.forms, policy)
    yield from _duties((*stage.records, *stage.guidance), policy)


def _roles(roles: Iterable[Role], policy: Policy) -> Iterator[Stated]:
    for role in roles:
        sides = " and ".join(SIDES[party] for party in role.party)
        agencies = ", ".join(map(plain, role.agencies))
        at = f" at: {agencies}" if agencies else ""
        address = f", {role.address}" if role.address else ""
        text = f"Go to: {role.role}{address}{at} (for {sides}{condition(role.applies)})"
        yield Stated(text, policy.cite(role.source))


def _limit(moment: str, limit: Limit, policy: Policy) -> Stated:
    counted = " or ".join(reading_words(reading, policy) for reading in limit.readings)
    earliest = "; the earliest date is used" if len(limit.readings) > 1 else ""
    sooner = f", or sooner: {limit.or_sooner}" if limit.or_sooner else ""
    text = (
        f"Time limit {moment}: {limit.what}: {amount(limit)}, counted from {counted}{earliest}"
        f"{sooner} (binds {SIDES[limit.who]}; a {plain(limit.strength)}{condition(limit.applies)})"
    )
    return Stated(text, policy.cite(limit.source))


def _told(notes: Iterable[Notification], policy: Policy) -> Iterator[Stated]:
    for note in notes:
        address = f", {note.address}" if note.address else ""
        text = f"Tell {note.who}{address} ({_moments(note)}): {note.what}"
        yield Stated(text, policy.cite(note.source))


def _forms(forms: Iterable[Form], policy: Policy) -> Iterator[Stated]:
    for form in forms:
        address = f", {form.address}" if form.address else ""
        text = f"Form: {form.name} ({_moments(form)}). {form.what} To: {form.send_to}{address}"
        yield Stated(text, policy.cite(form.source))


def _duties(duties: Iterable[Duty], policy: Policy) -> Iterator[Stated]:
    for duty in duties:
        yield Stated(f"{duty.what} ({_moments(duty)})", policy.cite(duty.source))


def _moments(duty: Duty) -> str:
    return " and ".join(MOMENTS[moment] for moment in duty.when) + condition(duty.applies)


def _said(policy: Policy, statements: Iterable[Statement]) -> Iterator[Stated]:
    return (_one(statement, policy) for statement in statements)


def _one(statement: Statement, policy: Policy) -> Stated:
    return Stated(statement.what, policy.cite(statement.source))
