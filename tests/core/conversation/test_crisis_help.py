"""While somebody must act today: help on its way, and a lead who says that it is less."""

from typing import Any

import pytest

from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import next_question
from bot.core.conversation.state import State
from bot.core.rules.facts import Call, Facts
from bot.core.rules.turn_to import (
    is_help_sent,
)
from bot.core.vocabulary import Agency, CallOutcome, CallTo, Risk
from tests.support.core import policies
from tests.support.crisis import URGENT, advice, call, said

LEAD = "safeguarding_lead"
GRAVE: dict[str, Any] = {
    "urgent": True,
    "flags": [{"family": "grave", "heard": "ambulance", "when": "now"}],
}
AMBULANCE = {**call("other", "coming"), "by_999": True}


@pytest.mark.parametrize("risk", URGENT)
@pytest.mark.parametrize("only", [True, False])
def test_help_on_its_way_is_a_call_and_no_new_danger(risk: Risk, *, only: bool) -> None:
    """With more beside it, what is told is looked at as ever."""
    heard = said(
        State(risk=risk), "ambulance now coming", calls=[AMBULANCE], only_help=only, **GRAVE
    ).state
    assert heard.calls[-1].startswith("other.coming")
    assert (heard.red_flag is None) is (only or risk is Risk.immediate_danger)


def test_an_ambulance_on_its_way_was_sent_for_through_999() -> None:
    """Then 999 is behind us, until it does not come."""
    state = State(risk=Risk.immediate_danger)
    told = said(state, "ambulance on its way", calls=[AMBULANCE], only_help=True).state
    assert "999" not in advice(told).turn_to[0].do
    late = said(told, "it never came", calls=[call(None, "no_answer")]).state
    assert late.calls[-1] == "other.no_answer.by_999"
    assert advice(late).turn_to[0].do.startswith("Call 999 now")
    hospital = said(state, "the hospital is sending someone", calls=[call("other", "coming")]).state
    assert advice(hospital).turn_to[0].do.startswith("Call 999 now")


@pytest.mark.parametrize("agency", [Agency.police, Agency.health])
def test_officers_at_the_scene_are_no_help_that_officers_called(agency: Agency) -> None:
    """To everybody else they are."""
    here = (Call(CallTo.police, CallOutcome.coming, here=True),)
    facts = Facts(risk=Risk.immediate_danger, my_agency=agency, calls=here)
    assert is_help_sent(facts) is (agency is not Agency.police)


@pytest.mark.parametrize("told", ["concern", "no_harm"])
def test_a_lead_who_says_that_it_is_less_does_not_refuse(told: str) -> None:
    """It is what the guide asked for. The risk is asked again, and only their answer changes it."""
    reading: dict[str, Any] = {"calls": [call(LEAD, "refused")], "facts": {"risk": told}}
    after = said(State(risk=Risk.unsure), "dsl says its not immediate", **reading).state
    assert (after.risk, after.calls) == (None, (f"{LEAD}.made",))
    assert next_question(after, policies()) is Question.risk


@pytest.mark.parametrize("risk", [Risk.immediate_harm, Risk.immediate_danger])
def test_a_lead_who_says_that_it_is_less_refuses_somebody_who_is_sure(risk: Risk) -> None:
    """Whoever stated the risk is not talked out of it."""
    reading: dict[str, Any] = {"calls": [call(LEAD, "refused")], "facts": {"risk": "concern"}}
    after = said(State(risk=risk), "dsl says its not immediate", **reading).state
    assert (after.risk, after.calls[-1]) == (risk, f"{LEAD}.refused")


def test_nobody_who_is_unsure_is_given_a_grade_of_risk_to_say() -> None:
    """What they are to say on the phone says that they are not sure."""
    unsure = advice(State(risk=Risk.unsure)).turn_to
    assert not any("is at immediate risk" in who.say for who in unsure)
    assert "I am not sure how great the risk" in unsure[0].say
    assert "is at immediate risk" in advice(State(risk=Risk.immediate_harm)).turn_to[0].say
