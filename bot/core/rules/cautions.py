"""Warnings to go with the advice, each with its source."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from bot.core.handbook.handbook import Handbook
from bot.core.handbook.safety_guidance import SafetyGuidance
from bot.core.policy.model import (
    Anchor,
    OpenCases,
    OwnArea,
    Party,
    Policy,
    Source,
    Stage,
    Statement,
    Strength,
)
from bot.core.policy.sense import FILL_IN
from bot.core.rules.deadlines import Deadline, show_ago, show_day
from bot.core.rules.facts import Facts
from bot.core.rules.narrowing import NarrowedPolicy
from bot.core.rules.stages import Position, StageMove, required_before
from bot.core.rules.triage import explanation_lines, named_by_policy, procedure_for
from bot.core.vocabulary import Exit, Risk, Side

Cited = tuple[Statement, Source]
WHOLE_DOCUMENT = "whole document"
"""The section cited for what a policy nowhere says, or says of itself as a whole."""


def safety_warnings(facts: Facts, safety_guidance: SafetyGuidance) -> Iterator[Cited]:
    """Yield the guide's own warnings on the urgent routes."""
    if facts.risk is Risk.unsure:
        yield safety_guidance.unsure, safety_guidance.cite(safety_guidance.unsure.source)
    if facts.exit is Exit.allegation:
        # Danger outranks the exit, but nobody may be told what is about them.
        for what, source in explanation_lines(Exit.allegation, None, safety_guidance):
            yield Statement(what=what, source=source.section), source


def staged_warnings(
    facts: Facts,
    policy: NarrowedPolicy,
    where: Position,
    move: StageMove | None,
    handbook: Handbook,
) -> Iterator[Cited]:
    """Yield the warnings for an open or settled disagreement, the most urgent first."""
    if policy.fallback:
        yield policy.fallback, policy.cite(policy.fallback.source)
    yield from may_not_hold(policy, where.anchors.decision, handbook)
    yield from if_it_gets_worse(facts, policy, handbook)
    yield from _about_the_version(policy, where, handbook)
    procedure = procedure_for(facts, policy, handbook.safety_guidance)
    if procedure:
        own = named_by_policy(procedure, policy)
        statement = Statement(what=procedure.what, source=procedure.source)
        yield statement, (policy if own else handbook.safety_guidance).cite(procedure.source)
    if move:
        yield from _about_the_move(policy, where, move, handbook)
    told = move.missing.stages if move and move.missing else ()
    # A settled disagreement has no running limits.
    needed = _dates_needed(policy, where) if move else set()
    if facts.me.side is Side.raiser:
        yield from _about_the_steps(policy, where, told, needed, handbook)
    if policy.areas and facts.area is None:
        no_area = handbook.safety_guidance.no_area
        what = handbook.phrases.say(
            "warning_areas",
            what=no_area.what,
            areas=", ".join(area.name for area in policy.member_areas()),
        )
        yield Statement(what=what, source=no_area.source), policy.cite(policy.areas[0].source)
    if policy.priorities and facts.priority is None:
        yield _priorities(policy, handbook)
    at = (move.to if move else None) or where.stage
    for part in (*_passages_left(policy), *at.not_read):
        what = handbook.phrases.say("warning_not_read", policy=policy.short_name, what=part.what)
        yield Statement(what=what, source=part.source), policy.cite(part.source)
    yield from _older_editions(facts, policy, handbook)
    if facts.my_agency is not None and facts.my_agency is facts.their_agency:
        same = handbook.safety_guidance.same_organisation
        yield same, handbook.safety_guidance.cite(same.source)


def _passages_left(policy: Policy) -> Iterator[Statement]:
    """Yield the unread passages of a policy; a draft's list of gaps is for whoever fills it in."""
    return (part for part in policy.not_read if FILL_IN not in part.what)


def _older_editions(facts: Facts, policy: NarrowedPolicy, handbook: Handbook) -> Iterator[Cited]:
    """Yield that the policy's own words for this disagreement name an edition since replaced."""
    for area in policy.own_areas:
        note = older_edition(area, policy, handbook)
        if note and facts.disagreement in area.all_kinds:
            yield note, handbook.sources.cite(note.source)


def older_edition(
    area: OwnArea, policy: Policy | NarrowedPolicy, handbook: Handbook
) -> Statement | None:
    """Return the note that a policy's words for a disagreement name an edition since replaced."""
    newer = handbook.sources.replacing(area.what)
    if newer is None:
        return None
    what = handbook.phrases.say("warning_edition", policy=policy.short_name, title=newer.title)
    return Statement(what=what, source=newer.title)


def received_warnings(
    facts: Facts, policy: NarrowedPolicy, where: Position, at: Stage, handbook: Handbook
) -> Iterator[Cited]:
    """Yield the warnings for the receiving side: stages that had to come before are named too."""
    yield from staged_warnings(facts, policy, where, None, handbook)
    for required, rule in required_before(policy, at, where.stage):
        if required.number not in where.done:
            yield Statement(what=rule.what, source=rule.source), policy.cite(rule.source)


def if_it_gets_worse(
    facts: Facts, policy: NarrowedPolicy | None, handbook: Handbook
) -> Iterator[Cited]:
    """Yield, for a concern, what would make it urgent and what to do then."""
    if facts.risk is not Risk.concern:
        return
    if policy:
        for trigger in policy.triggers:
            yield trigger, policy.cite(trigger.source)
        said = {trigger.source for trigger in policy.triggers}
        for rule in policy.urgent:
            if rule.source in said:
                continue
            what = handbook.phrases.say("warning_if_immediate", what=rule.what)
            yield Statement(what=what, source=rule.source), policy.cite(rule.source)
    safety_guidance = handbook.safety_guidance
    yield (
        safety_guidance.becomes_urgent,
        safety_guidance.cite(safety_guidance.becomes_urgent.source),
    )


NOTICE = timedelta(weeks=4)
"""How long before a new version begins practitioners are told of it."""


def may_not_hold(policy: NarrowedPolicy, today: date, handbook: Handbook) -> Iterator[Cited]:
    """Yield that something else may hold: nobody should act on the rest without this."""
    document = policy.document
    if policy.fallback:
        said = handbook.phrases.say("first_fallback")
        yield (
            Statement(what=said, source=policy.fallback.source),
            policy.cite(policy.fallback.source),
        )
    found = [("warning_unsigned", policy.unsigned_since)] if policy.unsigned_since else []
    if document.retired and document.retired <= today:
        found.append(("warning_retired", document.retired))
    for phrase, day in found:
        said = handbook.phrases.say(
            phrase, due=show_day(day), policy=policy.short_name, partnership=policy.partnership
        )
        yield Statement(what=said, source=WHOLE_DOCUMENT), policy.cite(WHOLE_DOCUMENT)


def handed_over(named: object, used: str, policies: Mapping[str, Policy]) -> Iterator[Cited]:
    """Yield that an area's own policy is `used` in place of the region's.

    `named` are the facts as they were told.
    """
    told = named if isinstance(named, Mapping) else {}
    region = policies.get(told.get("partnership", ""))
    if region is None:
        return
    for own in region.areas:
        if own.excluded and own.id == told.get("area") and own.excluded.policy == used:
            yield own.excluded, region.cite(own.excluded.source)


def _about_the_version(
    policy: NarrowedPolicy, where: Position, handbook: Handbook
) -> Iterator[Cited]:
    """Yield that a new version is to come, and what else stands between policy and case.

    A case begins on the earliest known day.
    """
    document, today, began = policy.document, where.anchors.decision, where.anchors.concern
    found: list[tuple[str, date, Statement | None]] = []
    if policy.coming_on and policy.coming_on - today <= NOTICE and not policy.replaced_on:
        told = policy.coming.open_cases if policy.coming else None
        name = f"warning_coming_{told.value}" if told else "warning_coming"
        found.append((name, policy.coming_on, policy.coming))
    if policy.replaced_on:
        found.append(("warning_older_version", policy.replaced_on, None))
    if document.effective_from and document.effective_from > today:
        found.append(("warning_not_yet", document.effective_from, None))
    elif document.effective_from and policy.replaces and began and began < document.effective_from:
        told = policy.replaces.open_cases
        name = "warning_changed_for_all" if told is OpenCases.new else "warning_changed"
        found.append((name, document.effective_from, policy.replaces))
    if document.next_review and document.next_review < today:
        found.append(("warning_review", document.next_review, None))
    for phrase, day, changed in found:
        what = changed.what if changed else ""
        source = changed.source if changed else WHOLE_DOCUMENT
        said = handbook.phrases.say(phrase, due=show_day(day), what=what)
        yield Statement(what=said, source=source), policy.cite(source)


def _about_the_move(
    policy: NarrowedPolicy, where: Position, move: StageMove, handbook: Handbook
) -> Iterator[Cited]:
    if move.missing:
        rule = move.missing
        yield Statement(what=rule.what, source=rule.source), policy.cite(rule.source)
    for late in move.late:
        yield _about_a_limit(late, "warning_late", handbook)
    for early in move.early:
        name = "warning_late" if early.who is Party.raiser else "warning_early"
        yield _about_a_limit(early, name, handbook)
    for spent in move.spent:
        guide = "_guide" if spent.strength is Strength.guide else ""
        yield _about_a_limit(spent, f"warning_spent{guide}", handbook)
    if move.to and move.to.may_skip:
        skip = move.to.may_skip
        yield skip, policy.cite(skip.source)
    for condition in (move.to or move.stage).conditions:
        yield condition, policy.cite(condition.source)
    if where.reopened_from:
        yield _about(where.reopened_from, "warning_reopened", policy, handbook)


def _about_a_limit(limit: Deadline, phrase: str, handbook: Handbook) -> Cited:
    ago = show_ago(limit, handbook.phrases)
    gaps = {"what": limit.what, "rule": limit.rule, "due": show_day(limit.due), "ago": ago}
    what = handbook.phrases.say(phrase, **gaps)
    return Statement(what=what, source=limit.source.section), limit.source


def _about_the_steps(
    policy: NarrowedPolicy,
    where: Position,
    told: tuple[int, ...],
    needed: set[int],
    handbook: Handbook,
) -> Iterator[Cited]:
    highest: int | None = None
    for step in sorted((s for s in where.steps if s.on is not None), key=lambda s: str(s.on)):
        number = policy.stage_for(step.level, step.stage).number
        if highest is not None and number < highest:
            yield _about(policy.stage(number), "warning_order", policy, handbook)
        highest = max(number, highest or 0)
    for stage in policy.stages:
        gap = stage.number < where.stage.number and stage.number not in where.done
        # They are sent back to a required stage, so they need not explain why they left it out.
        if gap and stage.number not in told and not stage.may_skip:
            name = "warning_gap" if stage.number else "warning_gap_talk"
            yield _about(stage, name, policy, handbook)
        if stage.number in needed:
            yield _about(stage, "warning_unknown_date", policy, handbook)


def _dates_needed(policy: NarrowedPolicy, where: Position) -> set[int]:
    """Return the stages whose unknown start leaves a limit of this or the next stage open."""
    needed = {Anchor.stage_start, Anchor.earlier_stage_start, Anchor.escalation_start}
    if where.anchors.concern is None:
        needed.add(Anchor.concern)
    stages = [stage for stage in (where.stage, policy.following(where.stage)) if stage]
    anchors = {
        stage.number if reading.stage is None else reading.stage
        for stage in stages
        for limit in stage.to_answer
        if limit.has_end
        for reading in limit.readings
        if reading.counted_from in needed
    }
    unknown = {number for number, day in where.anchors.started.items() if day is None}
    return anchors & unknown


def _priorities(policy: NarrowedPolicy, handbook: Handbook) -> Cited:
    """Say that limits depend on the agreed priority, and that the shortest counts until then."""
    names = "; ".join(priority.name for priority in policy.priorities)
    first = policy.priorities[0]
    what = handbook.phrases.say("warning_priority", names=names)
    return Statement(what=what, source=first.source), policy.cite(first.source)


def _about(stage: Stage, phrase: str, policy: NarrowedPolicy, handbook: Handbook) -> Cited:
    what = handbook.phrases.say(phrase, stage=f"{stage.label} ({stage.title})")
    return Statement(what=what, source=stage.source), policy.cite(stage.source)
