"""What changes for practitioners between two policies, found by trying every situation in both.

A situation is how far somebody has got (a level and its outcome). With it go the facts about the
case that a condition in either policy asks about; every combination of those is tried.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import product
from typing import TypeVar

import msgspec

from bot.core.handbook.handbook import Handbook
from bot.core.policy.model import Applies, Party, Policy
from bot.core.rules.advice import advise
from bot.core.rules.deadlines import Deadline, show_day
from bot.core.rules.facts import Facts, Step
from bot.core.rules.narrowing import narrowed
from bot.core.rules.results import Advice
from bot.core.vocabulary import (
    Action,
    Agency,
    ChildStatus,
    Disagreement,
    Exit,
    Level,
    Outcome,
    Risk,
    Route,
    Word,
)

Choice = TypeVar("Choice", bound=Word)
RAISED = date(2026, 11, 2)
"""Every comparison begins on this Monday; no bank holiday is near."""
LONGEST = 45
"""How many days to follow an unanswered stage."""
DIMENSIONS = ("my_agency", "their_agency", "child_status", "disagreement", "area", "priority")


class Circumstances(msgspec.Struct, frozen=True):
    """The facts that a condition may ask about."""

    my_agency: Agency
    their_agency: Agency
    child_status: ChildStatus | None
    disagreement: Disagreement
    area: str | None
    priority: str | None


class Situation(msgspec.Struct, frozen=True):
    """How far a disagreement has got. Without a level nothing has been tried yet.

    `straight`: lower levels were left out. `exit`: the practitioner named another procedure.
    """

    level: Level | None
    outcome: Outcome | None
    risk: Risk = Risk.concern
    straight: bool = False
    exit: Exit | None = None


class AdviceStatement(msgspec.Struct, frozen=True):
    """A statement in advice: its kind, its subject and its words."""

    kind: str
    about: str
    text: str


class AdviceChange(msgspec.Struct, frozen=True):
    """A statement that only one of the policies makes, the situation, and for whom.

    A statement that changed has both `before` and `after`.
    """

    situation: Situation
    kind: str
    about: str
    before: str | None
    after: str | None
    who: tuple[Circumstances, ...]


class LeavingDay(msgspec.Struct, frozen=True):
    """The first day to leave an unanswered stage, under the old and the new policy."""

    level: Level
    before: date | None
    after: date | None
    who: tuple[Circumstances, ...]


class Comparison(msgspec.Struct, frozen=True):
    """Every change of advice, the days to leave unanswered stages, and what was tried.

    `others` are values, each with its fact, that stand for all values no condition names.
    """

    changes: tuple[AdviceChange, ...]
    turns: tuple[LeavingDay, ...]
    people: tuple[Circumstances, ...]
    staged: tuple[Situation, ...]
    others: frozenset[tuple[str, object]]


def compare(old: Policy, new: Policy, handbook: Handbook) -> Comparison:
    """Return how the advice of two policies differs, without the dates of the versions."""
    old, new = _undated(old), _undated(new)
    people = tuple(_people(old, new))
    changes: dict[tuple[Situation, str, str, str | None, str | None], list[Circumstances]] = {}
    for situation in _situations(old, new):
        for who in people:
            before = _said(old, situation, who, handbook)
            after = _said(new, situation, who, handbook)
            for change in _differences(before, after):
                changes.setdefault((situation, *change), []).append(who)
    found = tuple(AdviceChange(*key, who=tuple(whom)) for key, whom in changes.items())
    staged = tuple(
        situation
        for situation in _situations(old, new)
        if situation.risk is Risk.concern and not situation.exit and not situation.straight
    )
    turns = tuple(_turns(old, new, people, handbook))
    return Comparison(found, turns, people, staged, frozenset(_others(old, new, people)))


def _undated(policy: Policy) -> Policy:
    document = msgspec.structs.replace(policy.document, effective_from=None, next_review=None)
    return msgspec.structs.replace(policy, document=document, replaces=None)


def _situations(old: Policy, new: Policy) -> Iterator[Situation]:
    """Yield danger, nothing tried yet, and each outcome at each level of either policy."""
    yield Situation(None, None, Risk.immediate_danger)
    yield Situation(None, None, Risk.immediate_harm)
    yield Situation(None, None)
    held = {stage.level for policy in (old, new) for stage in policy.stages}
    lowest = min(level.rank for level in held)
    for level in (level for level in Level if level in held):
        for outcome in (Outcome.awaiting, Outcome.unresolved, Outcome.resolved):
            yield Situation(level, outcome)
        if level.rank > lowest:
            yield Situation(level, Outcome.unresolved, straight=True)
    for way in dict.fromkeys(
        procedure.exit for each in (old, new) for procedure in each.other_procedures
    ):
        if way:
            yield Situation(None, None, exit=way)


def _people(old: Policy, new: Policy) -> Iterator[Circumstances]:
    """Yield every combination of the facts that conditions in either policy ask about."""
    conditions = [condition for policy in (old, new) for condition in _conditions(policy)]
    mine = _values(conditions, "my_agency", Agency)
    # Two agencies that no condition names must differ: equal agencies add a warning.
    theirs = _values(conditions, "their_agency", Agency, other=-2)
    asked = _asked(conditions, "child_status")
    statuses = [None, *(status for status in ChildStatus if status in asked)]
    kinds = _values(conditions, "disagreement", Disagreement)
    excluded = sorted(old.excluded_kinds() | new.excluded_kinds(), key=str)
    kinds = list(dict.fromkeys([*kinds, *excluded]))
    shared = {area.id for area in old.areas} & {area.id for area in new.areas}
    areas: list[str | None] = [None, *sorted(shared)]
    own = [{priority.id for priority in policy.priorities} for policy in (old, new)]
    priorities: list[str | None] = [None, *sorted(own[0] & own[1])]
    for values in product(mine, theirs, statuses, kinds, areas, priorities):
        yield Circumstances(*values)


def _values(
    conditions: list[Applies], name: str, kind: type[Choice], other: int = -1
) -> list[Choice]:
    """Return each value that a condition names, and a value that no condition names."""
    asked = [*_asked(conditions, name), *_asked(conditions, f"not_{name}")]
    named = [choice for choice in kind if choice in asked]
    others = [choice for choice in kind if choice not in asked]
    return [*named, *others[max(other, -len(others)) :][:1]]


def _asked(conditions: list[Applies], name: str) -> list[object]:
    return list(
        dict.fromkeys(value for condition in conditions for value in getattr(condition, name, ()))
    )


def _others(
    old: Policy, new: Policy, people: Iterable[Circumstances]
) -> Iterator[tuple[str, object]]:
    conditions = [condition for policy in (old, new) for condition in _conditions(policy)]
    excluded = old.excluded_kinds() | new.excluded_kinds()
    for name in ("my_agency", "their_agency", "disagreement"):
        asked = [*_asked(conditions, name), *_asked(conditions, f"not_{name}"), *excluded]
        yield from ((name, value) for who in people if (value := getattr(who, name)) not in asked)


def _conditions(policy: Policy) -> Iterator[Applies]:
    """Yield every condition of a policy; a role for some agencies is a condition on both sides."""
    parts: list[object] = [*policy.every_stage, *policy.when_resolved]
    parts += [note for rule in policy.urgent for note in rule.notify]
    for stage in policy.stages:
        for role in stage.roles:
            yield Applies(my_agency=role.agencies, their_agency=role.agencies)
        parts += [
            *stage.roles, *stage.to_begin, *stage.to_answer, *stage.to_close, *stage.conditions,
            *stage.guidance, *stage.notify, *stage.records, *stage.forms, *stage.not_stated,
            stage.must_follow, stage.may_skip,
        ]  # fmt: skip
    for part in parts:
        if part is not None:
            yield part.applies  # type: ignore[attr-defined]  # each of these has a condition


def _facts(situation: Situation, who: Circumstances, on: date = RAISED) -> Facts:
    steps: tuple[Step, ...] = ()
    if situation.level and situation.outcome:
        before = (
            Step(level, on - timedelta(days=7 * (situation.level.rank - level.rank)), FAILED)
            for level in Level
            if level.rank < situation.level.rank and not situation.straight
        )
        steps = (*before, Step(situation.level, on, situation.outcome))
    return Facts(
        risk=situation.risk,
        exit=situation.exit,
        disagreement=who.disagreement,
        my_agency=who.my_agency,
        their_agency=who.their_agency,
        child_status=(who.child_status,) if who.child_status else (),
        area=who.area,
        priority=who.priority,
        steps=tuple(steps),
    )


FAILED = Outcome.unresolved


def _said(
    policy: Policy, situation: Situation, who: Circumstances, handbook: Handbook
) -> list[AdviceStatement]:
    """Return the policy's statements in the advice, without the summaries around them."""
    facts = _facts(situation, who)
    facts = msgspec.structs.replace(facts, steps=_climbed(facts.steps, policy))
    advice = advise(facts, narrowed(policy, facts), RAISED, handbook)
    said = [*_next(advice, policy), *_lists(advice, handbook.safety_guidance.document)]
    if situation.exit:
        # If the policy's stages handle it after all, other situations cover the rest.
        kinds = {"next", "guidance"} if advice.route is Route.exit else {"next"}
    elif facts.risk is not Risk.concern:
        kinds = {"next", "deadline", "notify", "warnings"}
    elif situation.straight:
        kinds = {"next", "warnings"}
    else:
        return said
    return [statement for statement in said if statement.kind in kinds]


def _climbed(steps: tuple[Step, ...], policy: Policy) -> tuple[Step, ...]:
    """Drop steps at levels without a stage in the policy, except for the last step."""
    held = {stage.level for stage in policy.stages}
    return tuple(
        step for at, step in enumerate(steps) if step.level in held or at == len(steps) - 1
    )


def _next(advice: Advice, policy: Policy) -> Iterator[AdviceStatement]:
    to = advice.next.to_stage
    where = "" if to is None else f" {policy.stage(to).label} ({policy.stage(to).title})"
    if advice.next.action in {Action.escalate, Action.discuss}:
        yield AdviceStatement("next", "", f"{advice.next.action}{where}")
    else:
        yield AdviceStatement("next", "", str(advice.next.action))


def _lists(advice: Advice, guide: str) -> Iterator[AdviceStatement]:
    """Yield the items of the lists, without the guide's own statements."""
    for due in (deadline for deadline in advice.deadlines if deadline.source.document != guide):
        yield AdviceStatement("deadline", f"{due.what}|{due.who.value}", _due(due))
    for contact in advice.contacts:
        side = contact.party.value
        yield AdviceStatement("contact", side, _addressed(contact.role, contact.address))
    for told in advice.notify:
        yield AdviceStatement(
            "notify", told.who, _addressed(f"{told.who}: {told.what}", told.address)
        )
    for form in advice.forms:
        goes = _addressed(f"{form.name}: {form.what} To: {form.send_to}", form.address)
        yield AdviceStatement("form", form.id, goes)
    for name in ("records", "guidance", "warnings", "support", "not_stated"):
        for item in getattr(advice, name):
            if item.source.document != guide:
                yield AdviceStatement(name, "", item.what)


def _due(due: Deadline) -> str:
    guide = ", as a guide" if due.strength.value == "guide" else ""
    return f"{due.rule}{guide}, due on {show_day(due.due)}"


def _addressed(text: str, address: str | None) -> str:
    return f"{text} ({address})" if address else text


def _differences(
    before: Sequence[AdviceStatement], after: Sequence[AdviceStatement]
) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Yield what only one side says; a changed limit or address counts as a single change."""
    gone = [statement for statement in dict.fromkeys(before) if statement not in after]
    come = [statement for statement in dict.fromkeys(after) if statement not in before]
    for statement in gone:
        match = next(
            (
                other
                for other in come
                if (statement.kind, statement.about) == (other.kind, other.about)
                and statement.kind in {"next", "deadline", "notify", "form"}
            ),
            None,
        )
        if match:
            come.remove(match)
        yield statement.kind, statement.about, statement.text, match.text if match else None
    for statement in come:
        yield statement.kind, statement.about, None, statement.text


def _turns(
    old: Policy, new: Policy, people: Iterable[Circumstances], handbook: Handbook
) -> Iterator[LeavingDay]:
    """Yield the stages that are left on a different day if nobody answers."""
    held = {stage.level for stage in old.stages} & {stage.level for stage in new.stages}
    found: dict[tuple[Level, date | None, date | None], list[Circumstances]] = {}
    for level in (level for level in Level if level in held):
        for who in _alike_in_limits(people, old, new, level):
            before, after = (_left_on(policy, level, who, handbook) for policy in (old, new))
            if before != after:
                found.setdefault((level, before, after), []).append(who)
    for (level, before, after), whom in found.items():
        yield LeavingDay(level, before, after, tuple(whom))


def _alike_in_limits(
    people: Iterable[Circumstances], old: Policy, new: Policy, level: Level
) -> Iterator[Circumstances]:
    """Yield a single example if everybody has the same limits at a level, else everybody."""
    limits = [limit for policy in (old, new) for limit in policy.stage_for(level).to_answer]
    if any(limit.applies != Applies() for limit in limits) or old.excluded_kinds():
        yield from people
    else:
        yield next(iter(people))


def _left_on(policy: Policy, level: Level, who: Circumstances, handbook: Handbook) -> date | None:
    facts = _facts(Situation(level, Outcome.awaiting), who)
    facts = msgspec.structs.replace(facts, steps=_climbed(facts.steps, policy))
    own = narrowed(policy, facts)
    for days in range(LONGEST):
        today = RAISED + timedelta(days=days)
        if advise(facts, own, today, handbook).next.action is not Action.wait:
            return today
    return None


def limit_and_party(about: str) -> tuple[str, Party]:
    """Return a limit's subject and the party it binds."""
    what, _, who = about.rpartition("|")
    return what, Party(who)
