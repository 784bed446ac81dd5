"""Every statement that the guide makes from a policy, by stage, with its source.

`policies show`, the fact sheet and the moved sections of `policies diff` all take their statements
from here, and so use the same words.
"""

from collections.abc import Iterable, Iterator

import msgspec

from bot.core.handbook.handbook import Handbook
from bot.core.policy.model import (
    Anchor,
    Duty,
    Form,
    Limit,
    LimitReading,
    Moment,
    Notification,
    OtherProcedure,
    Owed,
    Policy,
    Quoted,
    Role,
    Stage,
    Statement,
    Unit,
)
from bot.core.rules.cautions import WHOLE_DOCUMENT
from bot.core.rules.deadlines import Deadline
from bot.core.rules.headline import owed
from bot.core.rules.limit_words import anchor_text, rule_text
from bot.core.rules.scope import silent_on_kinds
from bot.keepers.words import SIDES, approval, condition, day_words, labels, word_text

MOMENTS = {
    Moment.raised: "when raised",
    Moment.unresolved: "when not settled",
    Moment.resolved: "when settled",
}


class StatementText(msgspec.Struct, frozen=True):
    """A statement in words. `source` is its section, `kind` a heading in its group or "".

    `quote` is the passage it comes from, where the file holds it.
    """

    text: str
    source: str
    quote: str | None = None
    kind: str = ""


class StatementGroup(msgspec.Struct, frozen=True):
    """Statements under a heading. `silent`: looked for in the document and not found."""

    title: str
    stated: tuple[StatementText, ...]
    silent: bool = False


def file_details(policy: Policy) -> list[tuple[str, str]]:
    """Return details of the file and its document, as pairs of name and value."""
    document = policy.document
    unsaid = "not read" if policy.not_read else "not stated"
    days = {
        "In force from": document.effective_from,
        "Reviewed": document.reviewed,
        "Next review": document.next_review,
    }
    found = [
        ("Id", policy.id),
        ("Short name", policy.short_name),
        ("Partnership", policy.partnership),
        ("Status", approval(policy)),
        ("Written from", document.title),
        ("Taken from the page", document.address or ""),
        ("Page last looked at", day_words(document.looked_at) if document.looked_at else ""),
        *(
            (f"Sources that begin with '{word}:' are from", title)
            for word, title in policy.documents.items()
        ),
        ("Adds to the policy", policy.extends or ""),
        ("Document dated", document.dated or unsaid),
        *((name, day_words(day) if day else unsaid) for name, day in days.items()),
        ("Bank holidays of", word_text(policy.nation).title()),
        ("Known by the names", "; ".join(policy.names)),
        ("Known by the places", "; ".join(policy.places) or "none"),
    ]
    return [(name, value) for name, value in found if value]


def statement_groups(policy: Policy, handbook: Handbook) -> list[StatementGroup]:
    """Return all statements of a policy under their headings, without empty headings."""
    found = [
        _group("The policy and its partnership", _head(policy)),
        _group("When a child may be at immediate risk", _urgent(policy, handbook)),
        _group("Where something else goes", map(_other_procedure, policy.other_procedures)),
        _group("Principles", _principles(policy)),
        _group("Confidence and support", map(_stated, policy.support)),
        _group("When your own manager will not take it up", map(_stated, policy.own_manager)),
        _group("Where it points to for more help", map(_stated, policy.more_help)),
        _group("What people disagree about", _own_areas(policy, handbook)),
        _group("Priorities that its limits depend on", _priorities(policy)),
    ]
    for stage in policy.stages:
        found += [
            _group(f"{stage.label}: {stage.title}", _stage(stage, policy, handbook)),
            _group(
                f"{stage.label}: what the policy does not state",
                (_duty(one, policy) for one in stage.not_stated),
                silent=True,
            ),
            _group(f"{stage.label}: not read yet", map(_stated, stage.not_read)),
        ]
    found += [
        _group("At every stage", (_duty(one, policy) for one in policy.every_stage)),
        _group("Once it is settled", (_duty(one, policy) for one in policy.when_resolved)),
        _group("If it is not settled after the last stage", map(_stated, policy.remaining)),
        _group("What is learned from it", map(_stated, policy.learning)),
        _group("What the policy does not state", map(_stated, policy.not_stated), silent=True),
        _group("Not read yet", map(_stated, policy.not_read)),
    ]
    return [group for group in found if group.stated]


def _group(title: str, stated: Iterable[StatementText], *, silent: bool = False) -> StatementGroup:
    return StatementGroup(title, tuple(stated), silent)


def _kind(kind: str, stated: Iterable[StatementText]) -> Iterator[StatementText]:
    return (msgspec.structs.replace(statement, kind=kind) for statement in stated)


def _as(text: str, part: Quoted) -> StatementText:
    return StatementText(text, part.source, part.quote)


def _stated(statement: Statement) -> StatementText:
    return StatementText(statement.what, statement.source, statement.quote)


def _head(policy: Policy) -> Iterator[StatementText]:
    if policy.contact and policy.contact_source:
        yield StatementText(f"The partnership's address: {policy.contact}", policy.contact_source)
    if policy.fallback:
        yield _as(f"Gives way: {policy.fallback.what}", policy.fallback)
    if policy.replaces:
        kept = policy.replaces.open_cases
        goes_by = f"by the {kept.value} version" if kept else "not stated by which version"
        text = (
            f"Changed against the version before: {policy.replaces.what} Open cases go {goes_by}."
        )
        yield _as(text, policy.replaces)
    for area in policy.areas:
        places = "; ".join(area.places)
        named = "Not a member partnership" if area.excluded else "Member partnership"
        text = f"{named}: {area.name} ({area.id}). Known by the places: {places}"
        yield _as(text, area)
        if area.excluded:
            to = f" (in the guide: {area.excluded.policy})" if area.excluded.policy else ""
            yield _as(f"Not for {area.name}: {area.excluded.what}{to}", area.excluded)


def _urgent(policy: Policy, handbook: Handbook) -> Iterator[StatementText]:
    for rule in policy.urgent:
        routes = ", ".join(map(word_text, rule.routes))
        yield _as(f"{rule.what} Due: {rule.rule} (for {routes}).", rule)
        yield from (_notification(one, policy) for one in rule.notify)
    if not policy.urgent:
        own = handbook.safety_guidance.same_day.what
        yield StatementText(
            f"The policy has no rule of its own. The guide's standing rule: {own}", WHOLE_DOCUMENT
        )
    for trigger in policy.triggers:
        yield _as(f"{trigger.what} The guide asks: {trigger.question}", trigger)


def _other_procedure(other: OtherProcedure) -> StatementText:
    kinds = "disagreement about " + " or ".join(map(word_text, other.kinds))
    named = word_text(other.exit) if other.exit else kinds
    covered = " (the stages take it)" if other.covered else ""
    return _as(f"{named.capitalize()}{covered}: {other.what}", other)


def _principles(policy: Policy) -> Iterator[StatementText]:
    for principle in policy.principles:
        shown = " (shown to somebody who hesitates to challenge)" if principle.challenge else ""
        shown += " (in all advice by stages)" if principle.duty else ""
        yield _as(f"{principle.what}{shown}", principle)


def _own_areas(policy: Policy, handbook: Handbook) -> Iterator[StatementText]:
    for area in policy.own_areas:
        kinds = ", ".join(map(word_text, area.kinds)) or "none of its own"
        read_as = ", ".join(map(word_text, area.read_as))
        ours = f"; only the guide counts under it: {read_as}" if read_as else ""
        yield _as(f"{area.what} (in the guide: {kinds}{ours})", area)
    if not policy.own_areas:
        yield StatementText(silent_on_kinds(policy, handbook), WHOLE_DOCUMENT)


def _priorities(policy: Policy) -> Iterator[StatementText]:
    for priority in policy.priorities:
        yield _as(f"{priority.name.capitalize()} ({priority.id}): {priority.what}", priority)


def _stage(stage: Stage, policy: Policy, handbook: Handbook) -> Iterator[StatementText]:
    place = f"number {stage.number}; level: {word_text(stage.level)}"
    ends = "; it ends with a record, and nobody owes an answer" if stage.ends else ""
    yield _as(f"{stage.what} ({place}{ends})", stage)
    yield from _kind("Before it can begin", _before(stage, policy))
    yield from _kind("Who acts", (_role(one, policy) for one in stage.roles))
    yield from _kind("Who decides", (_as(one.what, one) for one in stage.decides))
    yield from _kind("Time limits", _limits(stage, policy, handbook))
    yield from _kind("Who to tell", (_notification(one, policy) for one in stage.notify))
    yield from _kind("Forms", (_form(one, policy) for one in stage.forms))
    yield from _kind("What to record", (_duty(one, policy) for one in stage.records))
    yield from _kind("How to go about it", (_duty(one, policy) for one in stage.guidance))


def _before(stage: Stage, policy: Policy) -> Iterator[StatementText]:
    rule, skip = stage.must_follow, stage.may_skip
    if rule:
        needed = f"{labels(rule.stages, policy)}{condition(rule.applies, policy)}"
        yield _as(f"{rule.what} Needed first: {needed}.", rule)
    for entry in stage.conditions:
        said = entry.only_if or (entry.first and f"first {entry.first}")
        words = f" In the first sentence of advice: {said}." if said else ""
        yield _as(f"{entry.what}{condition(entry.applies, policy)}{words}", entry)
    if skip:
        yield _as(f"May be left out{condition(skip.applies, policy)}: {skip.what}", skip)


def _role(role: Role, policy: Policy) -> StatementText:
    sides = " and ".join(SIDES[party] for party in role.party)
    agencies = ", ".join(map(word_text, role.agencies))
    named = f"{agencies.capitalize()}: " if agencies else ""
    post = f"{named}{role.role}{_address(role)}"
    moments = " and ".join(MOMENTS[moment] for moment in role.when)
    when = f", only {moments}, in place of the others" if moments else ""
    asked = f"; asked to {role.asked_to}" if role.asked_to else ""
    return _as(f"{post} (for {sides}{condition(role.applies, policy)}{when}){asked}", role)


def _limits(stage: Stage, policy: Policy, handbook: Handbook) -> Iterator[StatementText]:
    limits = [
        *(("to begin this stage", limit) for limit in stage.to_begin),
        *(("while it waits", limit) for limit in stage.to_answer),
        *(("once it is settled", limit) for limit in stage.to_close),
    ]
    yield from (_limit(moment, limit, policy, handbook) for moment, limit in limits)
    if not limits:
        name = "answer_limit_not_read" if stage.not_read else "answer_no_limit"
        silence = handbook.phrases.say(name, policy=policy.short_name, stage=stage.label)
        yield StatementText(silence, stage.source)


def _limit(moment: str, limit: Limit, policy: Policy, handbook: Handbook) -> StatementText:
    earliest = "; the earliest date is used" if len(limit.readings) > 1 else ""
    sooner = f", or sooner: {limit.or_sooner}" if limit.or_sooner else ""
    bound = f"{bound_text(limit)}; a {word_text(limit.strength)}{condition(limit.applies, policy)}"
    text = (
        f"{limit.what}: {amount_text(limit, handbook)}, "
        f"counted from {counted_from_text(limit, policy, handbook)}{earliest}{sooner} "
        f"({moment}; {bound}{_brings(limit, handbook)})"
    )
    return _as(text, limit)


def _brings(limit: Limit, handbook: Handbook) -> str:
    """Return what is to have come by a limit's end, where that is no plain answer."""
    if limit.owed is Owed.answer and not limit.written:
        return ""
    return f"; by then there is {owed(limit, handbook.phrases, article=True)}"


def bound_text(limit: Limit | Deadline) -> str:
    """Return whom a limit binds: one side, or neither where both have the time together."""
    if limit.shared:
        return "both sides have it together, and neither owes the other an answer"
    return f"binds {SIDES[limit.who]}"


def amount_text(limit: Limit, handbook: Handbook) -> str:
    """Return the length of a limit. Calendar days are named, since keepers check the unit."""
    named = " (calendar days)" if limit.unit is Unit.calendar_day else ""
    return f"{rule_text(limit, handbook.phrases)}{named}"


def counted_from_text(limit: Limit, policy: Policy, handbook: Handbook) -> str:
    """Return the events that a limit is counted from, one per reading, with the reason."""
    return "; or ".join(_anchor(reading, policy, handbook) for reading in limit.readings)


def _anchor(reading: LimitReading, policy: Policy, handbook: Handbook) -> str:
    lowest = reading.stage if reading.counted_from is Anchor.escalation_start else None
    first = "" if lowest is None else f", beginning with {policy.stage(lowest).label}"
    return f"{anchor_text(reading, policy, handbook.phrases, reason=True)}{first}"


def _notification(note: Notification, policy: Policy) -> StatementText:
    left_out = " Named at the later stages too." if note.until_done else ""
    copied = " Gets a copy of the message to the other agency." if note.copied else ""
    told = f"{note.who}{_address(note)}. {note.what}{left_out}{copied}"
    return _as(f"{_moments(note, policy)}: {told}", note)


def _form(form: Form, policy: Policy) -> StatementText:
    named = f"{_moments(form, policy)}: {form.name}, id {form.id}."
    return _as(f"{named} {form.what} Send to: {form.send_to}{_address(form)}.", form)


def _duty(duty: Duty, policy: Policy) -> StatementText:
    return _as(f"{_moments(duty, policy)}: {duty.what}", duty)


def _moments(duty: Duty, policy: Policy) -> str:
    moments = " and ".join(MOMENTS[moment] for moment in duty.when)
    return (moments + condition(duty.applies, policy)).capitalize()


def _address(part: Role | Notification | Form) -> str:
    return f", {part.address}" if part.address else ""
