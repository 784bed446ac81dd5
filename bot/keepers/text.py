"""A whole policy as plain text that reads like the policy, for the person who signs it off."""

from collections.abc import Iterable, Iterator
from textwrap import fill

from bot.core.policy.model import (
    Area,
    Duty,
    Form,
    Limit,
    Notification,
    OtherProcedure,
    Policy,
    Role,
    Stage,
    Statement,
)
from bot.keepers.words import (
    MOMENTS,
    SIDES,
    amount,
    approval,
    condition,
    day_words,
    plain,
    reading_words,
)

WIDTH = 96


def policy_text(policy: Policy) -> str:
    """Return everything the policy file says, each statement with its section in brackets."""
    return "\n".join(
        [
            *_head(policy),
            *_section("Principles", _principles(policy)),
            *_section("Confidence and support", _statements(policy.support)),
            *_section("When your own manager will not take it up", _statements(policy.own_manager)),
            *_section("Where it points to for more help", _statements(policy.more_help)),
            *_section("What people disagree about", _own_areas(policy)),
            *_section("Priorities that its limits depend on", _priorities(policy)),
            *_section("When a child may be at immediate risk", _urgent(policy)),
            *_section("Where something else goes", _other_procedures(policy)),
            *(line for stage in policy.stages for line in _stage(stage, policy)),
            *_section("At every stage", _duties(policy.every_stage)),
            *_section("Once it is settled", _duties(policy.when_resolved)),
            *_section("If it is not settled after the last stage", _statements(policy.remaining)),
            *_section("What is learned from it", _statements(policy.learning)),
            *_section("What the policy does not state", _statements(policy.not_stated)),
        ]
    )


def _head(policy: Policy) -> Iterator[str]:
    document = policy.document
    yield policy.name
    yield "=" * len(policy.name)
    yield from _field("Id", policy.id)
    yield from _field("Short name", policy.short_name)
    yield from _field("Partnership", policy.partnership)
    yield from _field("Status", approval(policy))
    yield from _field("Written from", document.title)
    for word, title in policy.documents.items():
        yield from _field(f"Sources that begin with '{word}:' are from", title)
    if policy.extends:
        yield from _field("Adds to the policy", policy.extends)
    if policy.replaces:
        yield from _field("Changed against the version before", _cited(policy.replaces))
    yield from _field("Document dated", document.dated or "not stated")
    yield from _field("In force from", day_words(document.effective_from))
    yield from _field("Reviewed", day_words(document.reviewed))
    yield from _field("Next review", day_words(document.next_review))
    yield from _field("Bank holidays of", plain(policy.nation).title())
    if policy.contact:
        yield from _field("Contact", f"{policy.contact} [{policy.contact_source}]")
    if policy.fallback:
        yield from _field("Gives way", _cited(policy.fallback))
    for area in policy.areas:
        yield from _area(area)
    yield from _field("Known by the names", "; ".join(policy.names))
    yield from _field("Known by the places", "; ".join(policy.places) or "none")


def _area(area: Area) -> Iterator[str]:
    yield from _field("Member partnership", f"{area.name} ({area.id}) [{area.source}]")
    if area.excluded:
        yield from _item(f"The policy is not for it: {_cited(area.excluded)}")
    yield from _item(f"Known by the places: {'; '.join(area.places)}")


def _principles(policy: Policy) -> Iterator[str]:
    for one in policy.principles:
        shown = " (shown to somebody who hesitates to challenge)" if one.challenge else ""
        yield from _item(f"{_cited(one)}{shown}")


def _own_areas(policy: Policy) -> Iterator[str]:
    for area in policy.own_areas:
        kinds = ", ".join(map(plain, area.kinds))
        yield from _item(f"{area.what} (in the guide: {kinds}) [{area.source}]")
    if not policy.own_areas:
        yield from _item("The policy lists no kinds of disagreement of its own.")


def _priorities(policy: Policy) -> Iterator[str]:
    for one in policy.priorities:
        yield from _item(f"{one.name.capitalize()} ({one.id}): {_cited(one)}")


def _urgent(policy: Policy) -> Iterator[str]:
    for rule in policy.urgent:
        routes = ", ".join(map(plain, rule.routes))
        yield from _item(f"{rule.what} Due: {rule.rule} (for {routes}). [{rule.source}]")
        yield from _notify(rule.notify)
    for trigger in policy.triggers:
        yield from _item(f"{trigger.what} The guide asks: {trigger.question} [{trigger.source}]")
    if not policy.urgent:
        yield from _item("No rule of its own: the guide's standing safety rule is used.")


def _other_procedures(policy: Policy) -> Iterator[str]:
    for other in policy.other_procedures:
        covered = " (the stages below take it)" if other.covered else ""
        kinds = "disagreement about " + " or ".join(map(plain, other.kinds))
        named = plain(other.exit) if other.exit else kinds
        yield from _item(f"{named.capitalize()}{covered}: {_cited(other)}")


def _stage(stage: Stage, policy: Policy) -> Iterator[str]:
    yield from ("", f"{stage.label}: {stage.title}", "-" * len(f"{stage.label}: {stage.title}"))
    yield from _wrap(f"{stage.what} [{stage.source}]")
    yield from _wrap(f"Number {stage.number}; level: {plain(stage.level)}.")
    yield from _part("Before it can begin", _before(stage, policy))
    yield from _part("Who acts", _roles(stage.roles))
    yield from _part("Time limits", _limits(stage, policy))
    yield from _part("Who to tell", _notify(stage.notify))
    yield from _part("Forms", _forms(stage.forms))
    yield from _part("What to record", _duties(stage.records))
    yield from _part("How to go about it", _duties(stage.guidance))
    yield from _part("What the policy does not state here", _duties(stage.not_stated))


def _before(stage: Stage, policy: Policy) -> Iterator[str]:
    if stage.must_follow:
        labels = ", ".join(policy.stage(number).label for number in stage.must_follow.stages)
        rule = stage.must_follow
        yield from _item(
            f"{rule.what} Needed first: {labels}{condition(rule.applies)}. [{rule.source}]"
        )
    for one in stage.conditions:
        yield from _item(f"{_cited(one)}{condition(one.applies)}")
    if stage.may_skip:
        skipped = _cited(stage.may_skip)
        yield from _item(f"May be left out{condition(stage.may_skip.applies)}: {skipped}")


def _roles(roles: Iterable[Role]) -> Iterator[str]:
    for role in roles:
        sides = " and ".join(SIDES[party] for party in role.party)
        agencies = ", ".join(map(plain, role.agencies))
        named = f"{agencies.capitalize()}: " if agencies else ""
        address = f", {role.address}" if role.address else ""
        yield from _item(
            f"{named}{role.role}{address} (for {sides}{condition(role.applies)}) [{role.source}]"
        )


def _limits(stage: Stage, policy: Policy) -> Iterator[str]:
    parts = (
        ("to begin this stage", stage.to_begin),
        ("while it waits", stage.to_answer),
        ("once it is settled", stage.to_close),
    )
    for moment, limits in parts:
        for limit in limits:
            yield from _item(_limit(moment, limit, policy))
    if not any(limits for _, limits in parts):
        yield from _item("None.")


def _limit(moment: str, limit: Limit, policy: Policy) -> str:
    readings = "; or ".join(reading_words(reading, policy) for reading in limit.readings)
    earliest = "; the earliest date is used" if len(limit.readings) > 1 else ""
    sooner = f" Sooner: {limit.or_sooner}." if limit.or_sooner else ""
    return (
        f"{limit.what}: {amount(limit)}, counted from {readings}{earliest} "
        f"({moment}; binds {SIDES[limit.who]}; a {plain(limit.strength)}"
        f"{condition(limit.applies)}).{sooner} "
        f"[{limit.source}]"
    )


def _notify(notes: Iterable[Notification]) -> Iterator[str]:
    for note in notes:
        address = f", {note.address}" if note.address else ""
        yield from _item(f"{_moments(note)}: {note.who}{address}. {note.what} [{note.source}]")


def _forms(forms: Iterable[Form]) -> Iterator[str]:
    for form in forms:
        address = f", {form.address}" if form.address else ""
        yield from _item(
            f"{_moments(form)}: {form.name}, id {form.id}. {form.what} "
            f"Send to: {form.send_to}{address}. [{form.source}]"
        )


def _duties(duties: Iterable[Duty]) -> Iterator[str]:
    for duty in duties:
        yield from _item(f"{_moments(duty)}: {duty.what} [{duty.source}]")


def _moments(duty: Duty) -> str:
    moments = " and ".join(MOMENTS[moment] for moment in duty.when)
    return (moments + condition(duty.applies)).capitalize()


def _statements(statements: Iterable[Statement]) -> Iterator[str]:
    for statement in statements:
        yield from _item(_cited(statement))


def _cited(statement: Statement | OtherProcedure) -> str:
    return f"{statement.what} [{statement.source}]"


def _section(title: str, lines: Iterable[str]) -> list[str]:
    """Return a section with its heading, or nothing where it has no lines."""
    held = list(lines)
    return ["", title, "-" * len(title), *held] if held else []


def _part(title: str, lines: Iterable[str]) -> list[str]:
    held = list(lines)
    return [f"{title}:", *held] if held else []


def _field(name: str, value: str) -> Iterator[str]:
    yield from _wrap(f"{name}: {value}")


def _item(text: str) -> Iterator[str]:
    yield from _wrap(f"- {text}", first="  ", then="    ")


def _wrap(text: str, first: str = "", then: str = "  ") -> Iterator[str]:
    """Wrap a text; an address stays in one piece, so that it can be copied."""
    yield fill(
        " ".join(text.split()),
        WIDTH,
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=False,
        break_on_hyphens=False,
    )
