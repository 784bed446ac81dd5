"""Drafts that say only what is so: who is asked what, what was due, what was heard."""

from itertools import product

import msgspec
import pytest

from bot.core.letters.drafting import DraftRequest, Kind, Purpose, write_draft
from bot.core.policy.model import Strength
from bot.core.rules.deadlines import in_full
from bot.core.rules.facts import Call, Person
from bot.core.vocabulary import (
    CallOutcome,
    CallTo,
    Disagreement,
    Level,
    Outcome,
    Risk,
    Side,
)
from bot.letters.files import letters
from tests.support.core import IDS, policies
from tests.support.drafts import (
    LONG_AGO,
    RAISED,
    case_for,
    danger_case,
    draft_for,
    up_to,
)

RECEIVER = Person(Side.receiver, Level.line_manager)
QUESTIONS = {letters().terms[kind].question for kind in letters().terms}


@pytest.mark.parametrize("policy_id", IDS)
def test_whoever_cannot_answer_it_is_asked_no_question(policy_id: str) -> None:
    """Own managers, partnerships and those who only arrange or note get no question of the case."""
    policy = policies()[policy_id]
    asked = set()
    for stage in policy.stages:
        case = case_for(policy_id, *up_to(policy, stage, Outcome.unresolved))
        for purpose in (Purpose.counterpart, Purpose.manager):
            made = write_draft(DraftRequest(Kind.email, purpose, longer=True), case, letters())
            if made.longer and any(one in made.body for one in QUESTIONS):
                asked.add(made.name)
    assert asked <= {
        f"email/{level}" for level in ("practitioner", "line_manager", "senior_manager", "director")
    } | {"email/remaining"}


@pytest.mark.parametrize("policy_id", IDS)
def test_no_answer_was_due_by_a_guide(policy_id: str) -> None:
    """Only a stage's own limit that binds the receiver makes their answer late."""
    policy = policies()[policy_id]
    for stage, purpose in product(policy.stages, (Purpose.more, Purpose.acknowledge)):
        steps = up_to(policy, stage, Outcome.awaiting, LONG_AGO)
        case = case_for(policy_id, *steps, me=RECEIVER)
        draft = draft_for(case, purpose)
        own = {limit.what for limit in stage.to_answer} - {cap.what for cap in policy.caps}
        binding = [
            limit
            for limit in case.advice.deadlines
            if limit.what in own and limit.strength is Strength.must and not limit.shared
        ]
        assert ("was due" in draft.body) <= bool(binding)


@pytest.mark.parametrize("policy_id", IDS)
def test_a_date_beside_a_draft_stands_in_it(policy_id: str) -> None:
    """Where a date comes from is told only of a date that is there to be read."""
    policy = policies()[policy_id]
    for stage, purpose in product(policy.stages, Purpose):
        case = case_for(policy_id, *up_to(policy, stage, Outcome.awaiting), me=RECEIVER)
        draft = draft_for(case, purpose)
        for limit in case.advice.deadlines:
            day = in_full(limit.due)
            noted = any(note.startswith(f"{day} comes from") for note in draft.notes)
            assert noted <= (day in draft.body)


def test_an_answer_that_holds_names_no_decision_where_there_was_none() -> None:
    """A worry about sharing or attendance is no decision that could stand.

    Where nobody named the disagreement, whoever asks for this answer says that there was one.
    """
    terms = letters().terms
    for kind in (None, *Disagreement):
        step = up_to(policies()["kent"], policies()["kent"].stages[1], Outcome.awaiting)
        draft = draft_for(case_for("kent", *step, disagreement=kind, me=RECEIVER), Purpose.hold)
        decided = kind is None or terms[kind].by_decision
        assert ("The decision stands" in draft.body) is decided
        assert ("the decision stands" in (draft.subject or "")) is decided


@pytest.mark.parametrize("policy_id", IDS)
def test_a_talk_that_settled_it_was_not_raised(policy_id: str) -> None:
    """On the practitioners' own rung nobody says that it was raised; above it they do."""
    policy = policies()[policy_id]
    for stage in policy.stages:
        draft = draft_for(case_for(policy_id, *up_to(policy, stage, Outcome.resolved)))
        assert ("It was raised" in draft.body) is (stage.level is not Level.practitioner)


def test_a_partnerships_answer_is_called_the_partnerships() -> None:
    """To one's own manager "their recommendation" would be the other agency's."""
    policy = policies()["pan_bedfordshire"]
    steps = up_to(policy, policy.stage(3), Outcome.unresolved, RAISED)
    body = draft_for(case_for("pan_bedfordshire", *steps, area="luton"), Purpose.manager).body
    assert "the partnership's recommendation" in body
    assert "their recommendation" not in body


@pytest.mark.parametrize("kind", Kind)
def test_a_risk_that_was_only_heard_is_put_as_that(kind: Kind) -> None:
    """Nobody's grade of risk is supposed."""
    stated = danger_case(risk=Risk.immediate_harm)
    heard = msgspec.structs.replace(stated, heard=True)
    told, put = (draft_for(case, kind=kind) for case in (stated, heard))
    assert "I believe that a child is at immediate risk" in told.body
    assert "I believe" not in put.body
    assert "may be at immediate risk" in put.body


def test_each_refusal_is_told_once_and_a_manager_as_that() -> None:
    """Whoever is coming without a name is a gap, and no "somebody else"."""
    refused = Call(CallTo.childrens_social_care, CallOutcome.refused)
    manager = msgspec.structs.replace(refused, level=Level.line_manager)
    coming = Call(CallTo.other, CallOutcome.coming)
    calls = (refused, refused, manager, coming)
    body = draft_for(danger_case(*calls, risk=Risk.immediate_harm)).body
    assert body.count("children's social care (refused)") == 2
    assert "a manager at children's social care (refused)" in body
    assert "somebody else" not in body
