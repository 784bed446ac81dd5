"""Cases are made from the policy itself, and a person confirms or corrects each."""

from datetime import date, timedelta
from itertools import product
from typing import Any

import msgspec
import pytest

from bot.core.policy.model import Limit, Policy
from bot.keepers.cases import CaseFile, differences
from bot.keepers.desk.cases import MadeCase, answer_of, case_file, made_cases, standings
from bot.keepers.desk.left import Left
from bot.keepers.desk.loading import Loaded
from bot.keepers.desk.trying import advice_of
from bot.keepers.desk.work import CaseAnswer, Work
from tests.support.core import advised, handbook, policies, shapes

EVERY = {**policies(), **shapes()}


@pytest.fixture(scope="module", name="made")
def fixture_made() -> dict[str, list[MadeCase]]:
    """The cases of every policy."""
    return {name: made_cases(policy, handbook()) for name, policy in EVERY.items()}


def confirmed(case: MadeCase) -> CaseAnswer:
    """A case that a keeper said is right."""
    return CaseAnswer(case=case.id, answer=case.answer, confirmed=True)


@pytest.mark.long
@pytest.mark.parametrize("name", EVERY)
def test_every_stage_is_seen_waiting_settled_and_not(
    made: dict[str, list[MadeCase]], name: str
) -> None:
    """And the last day and the day after, where the guide waits for a day; and danger."""
    policy = EVERY[name]
    for stage in policy.stages:
        here = [case for case in made[name] if case.group == stage.label]
        outcomes = {case.facts["steps"][-1]["outcome"] for case in here if case.facts.get("steps")}
        assert outcomes >= {"unresolved", "resolved"}
        assert stage.ends or "awaiting" in outcomes
        assert stage.ends or any("me" in case.facts for case in here)
        waits = [case for case in here if case.answer["action"] == "wait"]
        over = [case for case in here if "awaiting" in outcomes and case not in waits]
        assert not waits or over
    assert any(case.answer["route"] == "same_day" for case in made[name])


@pytest.mark.parametrize("name", EVERY)
def test_the_day_after_the_last_is_the_day_the_answer_turns(
    made: dict[str, list[MadeCase]], name: str
) -> None:
    """On the last day it is still waiting: whoever confirms both has checked the limit."""
    policy = EVERY[name]
    waits = [case for case in made[name] if case.answer["action"] == "wait"]
    for case in waits:
        later = [
            other
            for other in made[name]
            if {**other.facts, "today": ""} == {**case.facts, "today": ""}
            and other.facts["today"] > case.facts["today"]
        ]
        for other in later:
            if other.answer["action"] != "wait":
                day = date.fromisoformat(other.facts["today"]) - timedelta(days=1)
                facts = {**usual(), **case.facts, "today": day.isoformat()}
                before = advice_of(policy, facts, day, handbook())
                assert answer_of(before)["action"] == "wait"


def usual() -> dict[str, Any]:
    """The facts that a case does not name."""
    return case_file(Work(title=""), [], EVERY["kent"])["given"]  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", EVERY)
def test_each_limit_that_a_wait_depends_on_is_seen_on_its_last_day_and_the_day_after(
    made: dict[str, list[MadeCase]], name: str
) -> None:
    """On each track, and at the last stage: what runs on the one day has passed on the next."""
    policy = EVERY[name]
    for stage, priority in product(policy.stages, (None, *(one.id for one in policy.priorities))):
        limits = [limit for limit in stage.to_answer if priority in limit.applies.priority]
        if not limits:
            continue
        here = [
            case
            for case in made[name]
            if case.group == stage.label and case.facts.get("priority") == priority
        ]
        late = [any(due["overdue"] for due in case.answer["deadlines"]) for case in here]
        days = [date.fromisoformat(case.facts["today"]) for case in here]
        (first,) = (day for day, passed in zip(days, late, strict=True) if passed)
        assert first - timedelta(days=1) in days
        assert len(here) == 3


@pytest.mark.parametrize("name", EVERY)
def test_whoever_is_told_only_sometimes_is_told_in_a_case(
    made: dict[str, list[MadeCase]], name: str
) -> None:
    """Each condition of a notification or a post has a case in which it holds."""
    policy = EVERY[name]
    told = {who for case in made[name] for who in case.answer["notify"]}
    contacts = {who for case in made[name] for who in case.answer["contacts"]}
    for stage in policy.stages[1:]:
        for note in stage.notify:
            if note.applies.child_status and not note.applies.area:
                assert note.who in told
        for role in stage.roles:
            if role.agencies and not role.when and not role.applies.area:
                assert role.role in contacts


def test_the_sentence_tells_what_the_facts_hold(made: dict[str, list[MadeCase]]) -> None:
    """A manager can judge the answer by the sentence alone."""
    looked_after = [case for case in made["kent"] if case.facts.get("child_status")]
    sentences = {case.situation for case in made["kent"]}
    assert len(sentences) == len(made["kent"])
    for case in looked_after:
        assert "For the child, this holds" in case.situation
    for case in made["kent"]:
        assert "Today is" in case.situation
        assert "_" not in case.situation


def test_a_confirmed_case_opens_again_when_its_answer_changes() -> None:
    """Whoever changes a limit confirms its dates again, and no others."""
    before, after = policies()["kent"], longer(policies()["kent"])
    cases = made_cases(before, handbook())
    work = Work(title="Kent", cases=tuple(confirmed(case) for case in cases))
    assert {one.standing for one in standings(work, cases, before)} == {"right"}
    changed = standings(work, made_cases(after, handbook()), after)
    again = {one.case.group for one in changed if one.standing != "right"}
    stage = next(stage for stage in before.stages if stage.to_answer)
    assert stage.label in again
    assert any(one.standing == "right" for one in changed)


def longer(policy: Policy) -> Policy:
    """The policy with another limit at its first stage that has one."""
    at = next(at for at, stage in enumerate(policy.stages) if stage.to_answer)
    limits: list[Limit] = list(policy.stages[at].to_answer)
    limits[0] = msgspec.structs.replace(limits[0], amount=9)
    stages = list(policy.stages)
    stages[at] = msgspec.structs.replace(stages[at], to_answer=tuple(limits))
    return msgspec.structs.replace(policy, stages=tuple(stages))


def test_a_correction_is_wrong_until_the_guide_says_the_same() -> None:
    """Nobody publishes against what a keeper said is right."""
    policy = policies()["kent"]
    cases = made_cases(policy, handbook())
    case = next(case for case in cases if case.answer["action"] == "escalate")
    to = case.answer["to_stage"]
    for wanted, standing in (
        ({"action": "wait", "to_stage": None, "due": ""}, "wrong"),
        ({"action": "escalate", "to_stage": to + 1, "due": ""}, "wrong"),
        ({"action": "escalate", "to_stage": to, "due": "2030-01-01"}, "wrong"),
        ({"action": "escalate", "to_stage": to, "due": ""}, "right"),
    ):
        said = CaseAnswer(case=case.id, answer=wanted, confirmed=False, note="See 4.2.")
        work = Work(title="Kent", cases=(said,))
        (one,) = [one for one in standings(work, cases, policy) if one.case.id == case.id]
        assert one.standing == standing
        assert one.expected


@pytest.mark.parametrize("name", EVERY)
def test_confirmed_cases_become_the_policys_case_file(
    made: dict[str, list[MadeCase]], name: str
) -> None:
    """The file has the shape of the others, and holds against the policy."""
    policy = EVERY[name]
    work = Work(title=name, cases=tuple(confirmed(case) for case in made[name]))
    file = msgspec.convert(case_file(work, made[name], policy), CaseFile)
    assert len(file.cases) == len(made[name])
    for case in file.cases:
        facts = file.facts(case, {policy.id: policy})
        assert list(differences(case.expect, advised(facts, policy, file.today(case)))) == []


def test_a_case_in_which_the_guide_is_wrong_has_a_way_out(
    made: dict[str, list[MadeCase]],
) -> None:
    """It holds up no signature, is named to whoever signs, and is no case that the guide passes."""
    policy, cases = EVERY["kent"], made["kent"]
    case = next(case for case in cases if case.answer["action"] == "wait")
    wanted = {"action": "record", "to_stage": None, "due": ""}
    wrong = CaseAnswer(case=case.id, answer=wanted, confirmed=False, note="9.1")
    for answer, left, standing in (
        (wrong, 1, "wrong"),
        (msgspec.structs.replace(wrong, reported=True), 0, "reported"),
    ):
        others = [confirmed(other) for other in cases if other is not case]
        work = Work(title="", cases=(*others, answer))
        stand = standings(work, cases, policy)
        held = Left((), (), Loaded(policy, ()), tuple(stand))
        assert held.cases_left == left
        assert [one.standing for one in stand if one.case is case] == [standing]
        assert [one.case for one in held.reported] == ([] if left else [case])
        assert held.ready is not bool(left)
        told = case_file(work, cases, policy)["cases"]
        assert case.situation not in {one["case"] for one in told}
