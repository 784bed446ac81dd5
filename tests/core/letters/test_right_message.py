"""The message that fits: its level, its time and what went before."""

from datetime import date
from itertools import product

import msgspec
import pytest

from bot.core.cards.advice import advice_card
from bot.core.letters.drafting import (
    DraftRequest,
    Kind,
    Purpose,
    Tone,
    write_draft,
)
from bot.core.rules.facts import Step
from bot.core.vocabulary import (
    Action,
    ChildStatus,
    Disagreement,
    Level,
    Outcome,
)
from bot.letters.files import letters
from tests.support.core import IDS, handbook, policies
from tests.support.drafts import (
    LONG_AGO,
    RAISED,
    ahead,
    case_for,
    cases,
    draft_for,
    drafts,
    guided_case,
    up_to,
)

pytestmark = pytest.mark.xdist_group("drafts")
"""They go through the same drafts, which each process writes once."""


@pytest.mark.parametrize("partnership", IDS)
def test_the_stage_ahead_has_a_message_of_its_own_level(partnership: str) -> None:
    """Where it goes on, the message is for the stage's level, or for whoever acts there."""
    for case in cases(partnership, Disagreement.threshold):
        if case.advice.next.action in {Action.discuss, Action.escalate}:
            held = any(condition.first for condition in ahead(case).conditions)
            if held:
                assert draft_for(case).name == "email/own_manager"
                continue
            acts = any(role.asked_to for role in ahead(case).roles if not role.when)
            assert draft_for(case).name == f"email/{'referral' if acts else ahead(case).level}"


@pytest.mark.parametrize("partnership", IDS)
def test_an_answer_that_is_owed_can_be_chased(partnership: str) -> None:
    """While it waits the chase is the message; once it is late the chase is offered beside it."""
    policy = policies()[partnership]
    owing = [stage for stage in policy.stages if not stage.ends]
    for stage, on in product(owing, (RAISED, LONG_AGO)):
        case = case_for(partnership, *up_to(policy, stage, Outcome.awaiting, on))
        chase = draft_for(case, Purpose.chase)
        assert chase.name == "email/chase"
        assert chase.instead is None
        waits = case.advice.next.action is Action.wait
        assert (draft_for(case).name == "email/chase") is waits
        assert (Purpose.chase in draft_for(case).others) is not waits
        after = policy.following(stage)
        said = after.label if after else "last stage of the policy"
        assert said in chase.body


def test_an_overdue_chase_says_since_when_and_what_follows() -> None:
    """The day it was due, the working days since, and the next stage."""
    policy = policies()["kent"]
    steps = up_to(policy, policy.stage(1), Outcome.awaiting, date(2026, 11, 10))
    for tone in Tone:
        body = draft_for(case_for("kent", *steps), Purpose.chase, tone).body
        said = "The policy's time for the written answer ran until Tuesday 17 November 2026."
        assert f"{said} That was 3 working days ago." in body
        assert "Stage 2" in body
    at_a_weekend = case_for("kent", *steps, today=date(2026, 11, 18))
    assert "That was 1 working day ago." in draft_for(at_a_weekend, Purpose.chase).body


def test_a_limit_that_is_a_guide_is_called_one() -> None:
    """Neither a coming nor a passed guide limit is said to be what the other agency must keep."""
    for on, said in (
        (RAISED, "The policy's guide time is"),
        (LONG_AGO, "As a guide, the"),
    ):
        case = guided_case(on)
        for tone in Tone:
            assert said in draft_for(case, Purpose.chase, tone).body
    policy = policies()["pan_dorset"]
    shared = case_for("pan_dorset", *up_to(policy, policy.stage(2), Outcome.awaiting))
    assert "The policy's guide time is 4 working days" in draft_for(shared).body
    hackney = case_for("city_and_hackney")
    assert "The policy's guide time is 1 working week" in draft_for(hackney).body


def test_a_message_out_of_place_is_replaced_by_the_fitting_one() -> None:
    """A chase, an outcome or a partnership's message out of place gives the fitting message."""
    policy = policies()["kent"]
    case = case_for("kent", *up_to(policy, policy.stage(0), Outcome.unresolved))
    for purpose in (Purpose.chase, Purpose.outcome, Purpose.partnership):
        made = draft_for(case, purpose)
        assert made.instead == purpose
        assert made.name == "email/line_manager"
        assert handbook().phrases.has(f"utter_draft_instead_{purpose}")


@pytest.mark.parametrize("partnership", IDS)
def test_an_outcome_keeps_ones_own_duties_beside_it(partnership: str) -> None:
    """What was agreed and what is open are gaps; own duties are told to the person alone."""
    policy = policies()[partnership]
    for stage in policy.stages:
        case = case_for(partnership, *up_to(policy, stage, Outcome.resolved))
        made = draft_for(case, Purpose.outcome)
        assert made.name == "email/outcome"
        assert {"what was agreed", "who will do what, and by when"} <= set(made.gaps)
        assert case.advice.records
        for record in case.advice.records:
            assert record.what not in made.body
            assert any(record.what in note for note in made.notes)
        for form in case.advice.forms:
            assert form.name not in made.body
            assert any(form.name in note for note in made.notes)
        assert draft_for(case) == msgspec.structs.replace(made, purpose=Purpose.counterpart)


def test_ones_own_manager_is_asked_to_take_it_up() -> None:
    """What was tried, the next stage, what to ask for and by when; also before and after that."""
    policy = policies()["kent"]
    tried = case_for("kent", *up_to(policy, policy.stage(1), Outcome.unresolved))
    for tone in Tone:
        made = draft_for(tried, Purpose.manager, tone)
        assert made.name == "email/own_manager"
        assert [who.role for who in made.to] == ["Your own manager"]
        assert "The next step is Stage 2" in made.body
        assert "19 November 2026: Stage 1, not settled" in made.body
        assert "Raise it today (without delay)." in made.body
        assert (
            "Raised today, the time for their written answer runs until Friday 27 November 2026."
            in made.body
        )
        assert any(letters().terms["threshold"].ask in note for note in made.notes)
    assert draft_for(case_for("kent"), Purpose.manager).name == "email/own_manager_ready"
    last = case_for("kent", *up_to(policy, policy.stages[-1], Outcome.unresolved))
    assert draft_for(last, Purpose.manager).name == "email/own_manager_end"


def test_a_stage_that_was_left_out_comes_first_and_says_so() -> None:
    """Kent's Stage 1 after Stage 2: the letter says why it comes now, and names no next stage."""
    case = case_for("kent", Step(Level.senior_manager, RAISED, Outcome.unresolved))
    body = draft_for(case).body
    assert "The policy asks for this stage before the later ones" in body
    assert "the next stage is" not in body


def test_a_day_that_is_not_known_is_a_gap() -> None:
    """A step without its date shows where the date goes."""
    case = case_for("kent", Step(Level.practitioner, None, Outcome.unresolved))
    assert "- [the date of this step]: discussed between practitioners" in draft_for(case).body
    assert "the date of this step" in draft_for(case).gaps


@pytest.mark.parametrize("partnership", IDS)
def test_a_stage_that_nobody_told_of_is_never_said_to_have_been_tried(partnership: str) -> None:
    """Below the stage that was told every other one is a gap, in every policy."""
    policy = policies()[partnership]
    for stage in policy.stages[1:-1]:
        supposed = [
            Step(lower.level, None, Outcome.unresolved)
            for lower in policy.stages
            if lower.number < stage.number
        ]
        case = case_for(partnership, *supposed, Step(stage.level, RAISED, Outcome.unresolved))
        body = draft_for(case).body
        (gap,) = [line for line in body.splitlines() if "[when it was tried, what came" in line]
        lower = [policy.stage_for(step.level) for step in supposed]
        assert all(one.label in gap for one in lower if one.number)
        wanted = DraftRequest(Kind.email, longer=True)
        assert write_draft(wanted, case, letters()).body.count("[when it was tried") == len(
            supposed
        )
        told = [line for line in body.splitlines() if line.startswith("- ") and "settled" in line]
        assert len(told) == 1
        assert "[" not in told[0]


def test_guidance_that_gives_way_names_the_local_procedure() -> None:
    """The trust's guidance is not called the local policy, and leaves room for the one that is."""
    for made in drafts("trust_guidance"):
        assert "our local escalation policy" not in made.text
        if made.draft.kind is Kind.email and "own_manager" not in made.draft.name:
            assert "the local procedure's name" in made.draft.gaps


def test_beside_what_comes_first_the_form_is_for_afterwards() -> None:
    """Hackney's Stage Four e-mail waits until both agencies' members are involved."""
    hackney = policies()["city_and_hackney"]
    steps = up_to(hackney, hackney.stage(3), Outcome.unresolved)
    plan = (ChildStatus.child_protection_plan,)
    case = case_for("city_and_hackney", *steps, child_status=plan)
    card = advice_card(case.advice, case.policy, handbook().phrases)
    now = [item.text for item in card.sections[0].items]
    assert "Once that is done, send the Stage Four e-mail to the CHSCP." in now
    assert "Make sure that the Child Protection Chair has been told." in now
