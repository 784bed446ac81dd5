"""Every policy gives the advice that its cases state, and its cases leave no stage out."""

import pytest

from bot.core.handbook.handbook import load_handbook
from bot.core.policy.loader import load_policies
from bot.core.policy.model import ALWAYS, Applies, Party, Policy, Role, Stage
from bot.core.rules.facts import Facts
from bot.core.rules.narrowing import applies
from bot.core.vocabulary import Action, Outcome, Route
from bot.paths import POLICIES, ROOT
from tests.policies.case_files import Case, CaseFile, load_case_files
from tests.policies.differences import differences, text_of
from tests.support.core import advised

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


@pytest.mark.parametrize(("file", "case"), CASES)
def test_advice_is_what_the_case_states(file: CaseFile, case: Case) -> None:
    """The advice for a case's facts holds everything that the case expects, and nothing it bars."""
    policy = LOADED[file.partnership]
    advice = advised(file.facts(case, LOADED), policy, file.today(case))
    assert list(differences(case.expect, advice)) == []


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
    """A stage is waited for, and where it has no limit, nothing is due meanwhile.

    Where the policy ends with a record, nobody owes an answer.
    """
    waiting = [case for case in _at(policy, stage) if case.expect.action is Action.wait]
    assert bool(waiting) is not stage.ends
    if stage.ends:
        return
    if not stage.to_answer:
        assert any(case.expect.only_deadlines and not case.expect.deadlines for case in waiting)


@pytest.mark.parametrize(("policy", "stage"), STAGES)
def test_every_stage_with_a_limit_has_a_case_past_it(policy: Policy, stage: Stage) -> None:
    """A limit that runs while a stage waits is tried on a day when it has passed."""
    late = any(
        deadline.overdue for case in _at(policy, stage) for deadline in case.expect.deadlines
    )
    assert late == bool(stage.to_answer)


@pytest.mark.parametrize(("policy", "stage"), STAGES)
def test_every_stage_has_a_case_that_leaves_it_unresolved(policy: Policy, stage: Stage) -> None:
    """Leaving a stage unresolved leads to the next stage, or to the record after the last."""
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
        and any(part in text_of(role) for part in case.expect.contacts)
    ]
    assert cases
    for agency in role.agencies:
        sides = {
            side
            for _, facts in cases
            for side, own in ((Party.raiser, facts.my_agency), (Party.receiver, facts.their_agency))
            if own is agency
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
    """Cases expect a conditional notification where its condition holds and bar it elsewhere."""
    cases = [(case.expect, applies(condition, facts)) for case, facts in _with_facts(policy)]
    assert any(part in who for case, holds in cases if holds for part in case.notify)
    assert any(part in who for case, holds in cases if not holds for part in case.no_notify)


def _at(policy: Policy, stage: Stage) -> list[Case]:
    return [case for case in FILES[policy.id].cases if case.expect.stage == stage.number]


def _with_facts(policy: Policy) -> list[tuple[Case, Facts]]:
    file = FILES[policy.id]
    return [(case, file.facts(case, LOADED)) for case in file.cases]


def _outcome(policy: Policy, case: Case) -> Outcome | None:
    steps = FILES[policy.id].facts(case, LOADED).steps
    return steps[-1].outcome if steps else None
