"""Every policy gives the advice that its cases state, and its cases leave no rung out."""

from collections.abc import Iterable
from typing import Any

import msgspec
import pytest

from bot.core.advice import advise
from bot.core.deadlines import Deadline
from bot.core.duties import applies
from bot.core.facts import Facts
from bot.core.loader import load_policies
from bot.core.policy import ALWAYS, Applies, Party, Policy, Role, Stage
from bot.core.results import Advice
from bot.core.standing import load_handbook
from bot.core.vocabulary import Action, Outcome, Route
from bot.paths import POLICIES, ROOT
from tests.policies.case_files import Case, CaseFile, Expected, ExpectedDeadline, load_case_files

FILES = {file.partnership: file for file in load_case_files()}
LOADED = load_policies(POLICIES)
HANDBOOK = load_handbook(ROOT)
CASES = [
    pytest.param(file, case, id=f"{file.partnership}: {case.case}")
    for file in FILES.values()
    for case in file.cases
]
STAGES = [
    pytest.param(policy, stage, id=f"{policy.id} {stage.label}")
    for policy in LOADED.values()
    for stage in policy.stages
]
LISTS = (
    "contacts", "notify", "records", "forms", "guidance", "grounds", "support", "warnings",
    "not_stated",
)  # fmt: skip


@pytest.mark.parametrize(("file", "case"), CASES)
def test_advice_is_what_the_case_states(file: CaseFile, case: Case) -> None:
    """The advice for a case's facts holds everything that the case expects, and nothing it bars."""
    policy = LOADED[file.partnership]
    advice = advise(file.facts(case, LOADED), policy, file.today(case), HANDBOOK)
    assert list(differences(case.expect, advice)) == []


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
    }
    for name, got in stands.items():
        wanted = getattr(expect, name)
        if wanted is not msgspec.UNSET and wanted != got:
            yield f"{name}: expected {wanted}, got {got}"
    for part in expect.summary:
        if part not in advice.next.summary:
            yield f"summary: no {part!r} in {advice.next.summary!r}"


def _list_differences(expect: Expected, advice: Advice) -> Iterable[str]:
    for name in LISTS:
        texts = [_text(item) for item in getattr(advice, name)]
        for part in getattr(expect, name):
            if not any(part in text for text in texts):
                yield f"{name}: no {part!r} in {texts}"
        for part in getattr(expect, f"no_{name}", ()):
            if any(part in text for text in texts):
                yield f"{name}: {part!r} should not be in {texts}"


def _deadline_differences(expect: Expected, advice: Advice) -> Iterable[str]:
    shown = [_show(one) for one in advice.deadlines]
    left = list(advice.deadlines)
    for wanted in expect.deadlines:
        found = [one for one in left if _matches(wanted, one)]
        if found:
            left.remove(found[0])
        else:
            yield f"deadlines: none is {wanted} in {shown}"
    if expect.only_deadlines and left:
        yield f"deadlines: not expected: {[_show(one) for one in left]}"
    if expect.only_due and {one.due for one in advice.deadlines} != {expect.only_due}:
        yield f"deadlines: only {expect.only_due} may be a due day, got {shown}"


def _matches(wanted: ExpectedDeadline, one: Deadline) -> bool:
    return (
        (wanted.who, wanted.due) == (one.who, one.due)
        and wanted.overdue in {None, one.overdue}
        and wanted.strength in {None, one.strength}
        and wanted.what in one.what
        and wanted.rule in one.rule
        and wanted.source in one.source.section
        and wanted.document in one.source.document
    )


def _show(one: Deadline) -> str:
    late = " overdue" if one.overdue else ""
    return f"{one.who.value} {one.due} {one.rule} {one.strength.value}{late} ({one.source.section})"


def _text(item: Any) -> str:
    values = msgspec.to_builtins(item)
    return " | ".join(text for text in values.values() if isinstance(text, str))


def _cited(advice: Advice) -> list[Any]:
    return [*advice.deadlines, *(item for name in LISTS for item in getattr(advice, name))]


@pytest.mark.parametrize("policy", LOADED.values(), ids=LOADED.keys())
def test_every_policy_has_cases_enough(policy: Policy) -> None:
    """A policy comes with at least 15 cases, no two of them with the same sentence."""
    sentences = [case.case for case in FILES[policy.id].cases]
    assert len(sentences) >= 15
    assert len(sentences) == len(set(sentences))


def test_every_case_file_belongs_to_a_policy() -> None:
    """No case file outlives its policy."""
    assert set(FILES) <= set(LOADED)


@pytest.mark.parametrize(("policy", "stage"), STAGES)
def test_every_stage_has_a_case_that_waits_on_it(policy: Policy, stage: Stage) -> None:
    """A stage is waited for, and where it has no limit, nothing is due meanwhile."""
    waiting = [case for case in _at(policy, stage) if case.expect.action is Action.wait]
    assert waiting
    if not stage.to_answer:
        assert any(case.expect.only_deadlines and not case.expect.deadlines for case in waiting)


@pytest.mark.parametrize(("policy", "stage"), STAGES)
def test_every_stage_with_a_limit_has_a_case_past_it(policy: Policy, stage: Stage) -> None:
    """A limit that runs while a stage waits is tried on a day when it has passed."""
    late = any(one.overdue for case in _at(policy, stage) for one in case.expect.deadlines)
    assert late == bool(stage.to_answer)


@pytest.mark.parametrize(("policy", "stage"), STAGES)
def test_every_stage_has_a_case_that_leaves_it_unresolved(policy: Policy, stage: Stage) -> None:
    """Leaving a stage unresolved leads to the next rung, or to the record after the last one."""
    last = policy.following(stage) is None
    action = Action.record if last else Action.escalate
    assert any(
        case.expect.action is action
        for case in _at(policy, stage)
        if _outcome(policy, case) is Outcome.unresolved
    )


@pytest.mark.parametrize(("policy", "stage"), STAGES)
def test_every_stage_has_a_case_that_resolves_it(policy: Policy, stage: Stage) -> None:
    """A stage that settles the matter leads to the record."""
    assert any(case.expect.route is Route.resolved for case in _at(policy, stage))


ROLES = [
    pytest.param(policy, stage, role, id=f"{policy.id} {stage.label}: {role.role[:50]}")
    for policy in LOADED.values()
    for stage in policy.stages
    for role in stage.roles
    if role.agencies or role.applies != ALWAYS
]


@pytest.mark.parametrize(("policy", "stage", "role"), ROLES)
def test_every_role_that_depends_on_the_facts_has_a_case(
    policy: Policy, stage: Stage, role: Role
) -> None:
    """For each agency that has a contact of its own at a stage, a case expects that contact."""
    cases = [
        (case, facts)
        for case, facts in _with_facts(policy)
        if stage.number in {case.expect.to_stage, case.expect.stage}
        and applies(role.applies, facts)
        and any(part in _text(role) for part in case.expect.contacts)
    ]
    assert cases
    for agency in role.agencies:
        sides = {
            side
            for _, facts in cases
            for side, one in ((Party.raiser, facts.my_agency), (Party.receiver, facts.their_agency))
            if one is agency
        }
        assert sides & set(role.party), f"no case for {agency}"


NOTICES = [
    pytest.param(policy, who, applied, id=f"{policy.id}: {who}")
    for policy in LOADED.values()
    for who, applied in dict.fromkeys(
        (notice.who, notice.applies)
        for stage in policy.stages
        for notice in stage.notify
        if notice.applies != ALWAYS
    )
]


@pytest.mark.parametrize(("policy", "who", "condition"), NOTICES)
def test_every_conditional_notification_has_a_case_for_each_side(
    policy: Policy, who: str, condition: Applies
) -> None:
    """Somebody told only under a condition is expected where it holds and barred where not."""
    cases = [(case.expect, applies(condition, facts)) for case, facts in _with_facts(policy)]
    assert any(part in who for one, holds in cases if holds for part in one.notify)
    assert any(part in who for one, holds in cases if not holds for part in one.no_notify)


def _at(policy: Policy, stage: Stage) -> list[Case]:
    return [case for case in FILES[policy.id].cases if case.expect.stage == stage.number]


def _with_facts(policy: Policy) -> list[tuple[Case, Facts]]:
    file = FILES[policy.id]
    return [(case, file.facts(case, LOADED)) for case in file.cases]


def _outcome(policy: Policy, case: Case) -> Outcome | None:
    steps = FILES[policy.id].facts(case, LOADED).steps
    return steps[-1].outcome if steps else None
