"""Every policy gives the advice that its cases state, and its cases leave no stage out."""

import pytest

from bot.core.handbook.handbook import load_handbook
from bot.core.policy.loader import load_library
from bot.core.policy.model import ALWAYS, Party, Policy, Role, Stage
from bot.core.rules.facts import Facts
from bot.core.rules.narrowing import applies
from bot.core.vocabulary import Action, Outcome, Side
from bot.keepers.cases import Case, CaseFile, differences, load_case_files, text_of
from bot.keepers.check import missing_cases
from bot.paths import POLICIES, ROOT
from tests.support.core import advised, policies

FILES = {file.partnership: file for file in load_case_files(ROOT / "tests/policies")}
LOADED = policies()
LIBRARY = load_library(POLICIES)
STILL_OPEN = {Outcome.awaiting, Outcome.no_response}
HANDBOOK = load_handbook(ROOT)
CASES = [
    pytest.param(file, case, id=f"{file.partnership}: {case.case}")
    for file in FILES.values()
    if file.partnership in LOADED
    for case in file.cases
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


def test_every_one_of_the_five_has_its_cases() -> None:
    """Whatever other policies and cases lie beside them."""
    assert set(FILES) >= set(LOADED)


@pytest.mark.parametrize("policy", LOADED.values(), ids=LOADED.keys())
def test_the_cases_leave_no_situation_out(policy: Policy) -> None:
    """Each stage waiting, past its limit, failed and settled; each notification told and not."""
    assert list(missing_cases(policy, FILES[policy.id], LIBRARY)) == []


@pytest.mark.parametrize("policy", LOADED.values(), ids=LOADED.keys())
def test_where_there_is_no_limit_a_case_says_that_nothing_is_due(policy: Policy) -> None:
    """And where the policy ends with a record, nobody waits."""
    for stage in policy.stages:
        here = [case for case in FILES[policy.id].cases if case.expect.stage == stage.number]
        waiting = [case for case in here if case.expect.action is Action.wait]
        assert bool(waiting) is not stage.ends
        if not stage.ends and not stage.to_answer:
            assert any(case.expect.only_deadlines and not case.expect.deadlines for case in waiting)


@pytest.mark.parametrize("policy", LOADED.values(), ids=LOADED.keys())
def test_the_receiving_side_has_its_cases_at_every_rung(policy: Policy) -> None:
    """Each stage that was raised with somebody: still open, and answered without agreement."""
    has = {
        (stage_reached(facts, policy), facts.steps[-1].outcome in STILL_OPEN)
        for _, facts in _with_facts(policy)
        if facts.me.side is Side.receiver and facts.steps
    }
    missing = [
        f"{stage.label}, {'open' if still_open else 'answered'}"
        for stage in policy.stages
        for still_open in (True, False)
        if (stage.number, still_open) not in has
    ]
    assert missing == []


def stage_reached(facts: Facts, policy: Policy) -> int:
    """Return the number of the stage that the last step was on."""
    return policy.stage_for(facts.steps[-1].level).number


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


def _with_facts(policy: Policy) -> list[tuple[Case, Facts]]:
    file = FILES[policy.id]
    return [(case, file.facts(case, LOADED)) for case in file.cases]
