"""Cases: sentences about a situation that a safeguarding lead can sign, and whether they hold.

They stand in `<id>.cases.yml`. A case that does not hold says what was expected and what came.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from bot.core.handbook.handbook import Handbook
from bot.core.policy.checks import Problem, shape_problems
from bot.core.policy.library import Library
from bot.core.policy.loader import PolicyError, located, read_plain
from bot.core.policy.model import Party, Policy, PolicyPart, Strength
from bot.core.rules.advice import advise
from bot.core.rules.deadlines import Deadline
from bot.core.rules.facts import Facts
from bot.core.rules.narrowing import narrowed
from bot.core.rules.read_facts import FactsError, parse_facts
from bot.core.rules.results import Advice
from bot.core.vocabulary import Action, Exit, Route

LISTS = (
    "contacts", "notify", "records", "forms", "guidance", "grounds", "support", "warnings",
    "not_stated",
)  # fmt: skip


class ExpectedDeadline(PolicyPart, frozen=True, kw_only=True):
    """A deadline as a case states it. What is left out is not compared.

    `rule`, `source`, `document` and `what` are parts of the text; `source` is the section.
    """

    who: Party
    due: date
    what: str = ""
    rule: str = ""
    source: str = ""
    document: str = ""
    overdue: bool | None = None
    strength: Strength | None = None


class Expected(PolicyPart, frozen=True, kw_only=True):
    """What the advice must hold. What is left out is not compared; texts are parts of texts.

    A text in `contacts` must be found in one contact; one in `no_contacts` in none. `only_due` is
    the one day on which anything may be due.
    """

    route: Route | UnsetType = UNSET
    exit: Exit | UnsetType | None = UNSET
    stage: int | UnsetType | None = UNSET
    action: Action | UnsetType = UNSET
    to_stage: int | UnsetType | None = UNSET
    summary: tuple[str, ...] = ()
    headline: tuple[str, ...] = ()
    by: date | UnsetType | None = UNSET
    in_scope: bool | UnsetType | None = UNSET
    deadlines: tuple[ExpectedDeadline, ...] = ()
    only_deadlines: bool = False
    only_due: date | None = None
    contacts: tuple[str, ...] = ()
    no_contacts: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    no_notify: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    no_records: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    no_forms: tuple[str, ...] = ()
    guidance: tuple[str, ...] = ()
    no_guidance: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    no_warnings: tuple[str, ...] = ()
    not_stated: tuple[str, ...] = ()
    no_not_stated: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Case(PolicyPart, frozen=True, kw_only=True):
    """One sentence that a safeguarding lead can sign, what is given and what must come out."""

    case: str
    expect: Expected
    facts: dict[str, Any] = msgspec.field(default_factory=dict)


class CaseFile(PolicyPart, frozen=True, kw_only=True):
    """All cases of a partnership. `given` holds for each case that does not say otherwise."""

    partnership: str
    given: dict[str, Any]
    cases: tuple[Case, ...]

    def today(self, case: Case) -> date:
        """Return the day on which the case takes place."""
        return date.fromisoformat({**self.given, **case.facts}["today"])

    def facts(self, case: Case, policies: Mapping[str, Policy]) -> Facts:
        """Return the case's facts, read as those of `advise` are."""
        told = {"partnership": self.partnership, **self.given, **case.facts}
        return parse_facts(told, policies, self.today(case))


def load_case_files(folder: Path) -> list[CaseFile]:
    """Return every `*.cases.yml` of a folder, by name."""
    return [load_case_file(path) for path in sorted(folder.glob("*.cases.yml"))]


def load_case_file(path: Path) -> CaseFile:
    """Read one file. Raises PolicyError with all of its problems."""
    plain, problems = read_plain(path, anchors=True)
    try:
        return msgspec.convert(plain, CaseFile)
    except msgspec.ValidationError as error:
        problems += shape_problems(path.name, plain, str(error), CaseFile)
        raise PolicyError(located(problems, path)) from error


def case_problems(path: Path, library: Library, handbook: Handbook) -> Iterator[Problem]:
    """Yield what is wrong with a case file: its shape, its facts, and each case that fails.

    Each case is tried with the version that is in force on its own day.
    """
    try:
        file = load_case_file(path)
    except PolicyError as error:
        yield from error.problems
        return
    yield from located([*_failing(path.name, file, library, handbook)], path)


def _failing(name: str, file: CaseFile, library: Library, handbook: Handbook) -> Iterator[Problem]:
    for at, case in enumerate(file.cases):
        try:
            today = file.today(case)
            policies = library.on(today)
            facts = file.facts(case, policies)
        except (FactsError, KeyError, TypeError, ValueError) as error:
            told = " ".join(str(error).split())
            yield Problem(name, f"cases[{at}].facts", "facts as for `advise`, with today", told)
            continue
        policy = policies[str(facts.partnership)]
        advice = advise(facts, narrowed(policy, facts), today, handbook)
        for told in differences(case.expect, advice):
            yield Problem(name, f"cases[{at}].expect", f"the advice: {case.case}", told)


def differences(expect: Expected, advice: Advice) -> Iterable[str]:
    """Yield in words each way in which the advice is not what was expected."""
    yield from _standing_differences(expect, advice)
    yield from _deadline_differences(expect, advice)
    yield from _list_differences(expect, advice)
    cited = sorted({f"{item.source.document}, {item.source.section}" for item in _cited(advice)})
    for part in expect.sources:
        if not any(part in source for source in cited):
            yield f"sources: no {part!r} in {cited}"


def _standing_differences(expect: Expected, advice: Advice) -> Iterable[str]:
    stands = {
        "route": advice.route,
        "exit": advice.exit,
        "stage": advice.stage.number if advice.stage else None,
        "action": advice.next.action,
        "to_stage": advice.next.to_stage,
        "by": advice.headline.by if advice.headline else None,
        "in_scope": advice.scope.in_scope if advice.scope else None,
    }
    for name, got in stands.items():
        wanted = getattr(expect, name)
        if wanted is not msgspec.UNSET and wanted != got:
            yield f"{name}: expected {wanted}, got {got}"
    for part in expect.summary:
        if part not in advice.next.summary:
            yield f"summary: no {part!r} in {advice.next.summary!r}"

    headline = advice.headline.do if advice.headline else ""
    for part in expect.headline:
        if part not in headline:
            yield f"headline: no {part!r} in {headline!r}"


def _list_differences(expect: Expected, advice: Advice) -> Iterable[str]:
    for name in LISTS:
        texts = [text_of(item) for item in getattr(advice, name)]
        for part in getattr(expect, name):
            if not any(part in text for text in texts):
                yield f"{name}: no {part!r} in {texts}"
        for part in getattr(expect, f"no_{name}", ()):
            if any(part in text for text in texts):
                yield f"{name}: {part!r} should not be in {texts}"


def _deadline_differences(expect: Expected, advice: Advice) -> Iterable[str]:
    shown = [_show(deadline) for deadline in advice.deadlines]
    left = list(advice.deadlines)
    for wanted in expect.deadlines:
        found = [deadline for deadline in left if _matches(wanted, deadline)]
        if found:
            left.remove(found[0])
        else:
            yield f"deadlines: none is {_wanted(wanted)}; there are {shown}"
    if expect.only_deadlines and left:
        yield f"deadlines: not expected: {[_show(deadline) for deadline in left]}"
    if expect.only_due and {deadline.due for deadline in advice.deadlines} != {expect.only_due}:
        yield f"deadlines: only {expect.only_due} may be a due day, got {shown}"


def _wanted(wanted: ExpectedDeadline) -> str:
    """Return a deadline that was expected, in the words of the case file."""
    given = msgspec.to_builtins(wanted)
    told = [f"{name} {value}" for name, value in given.items() if value not in ("", None)]
    return ", ".join(told)


def _matches(wanted: ExpectedDeadline, deadline: Deadline) -> bool:
    return (
        (wanted.who, wanted.due) == (deadline.who, deadline.due)
        and wanted.overdue in {None, deadline.overdue}
        and wanted.strength in {None, deadline.strength}
        and wanted.what in deadline.what
        and wanted.rule in deadline.rule
        and wanted.source in deadline.source.section
        and wanted.document in deadline.source.document
    )


def _show(deadline: Deadline) -> str:
    late = " overdue" if deadline.overdue else ""
    rule = f"{deadline.rule} {deadline.strength.value}{late}"
    return f"{deadline.who.value} {deadline.due} {rule} ({deadline.source.section})"


def text_of(item: Any) -> str:
    """Return all texts of an item, to look for a part in."""
    values = msgspec.to_builtins(item)
    return " | ".join(text for text in values.values() if isinstance(text, str))


def _cited(advice: Advice) -> list[Any]:
    return [*advice.deadlines, *(item for name in LISTS for item in getattr(advice, name))]
