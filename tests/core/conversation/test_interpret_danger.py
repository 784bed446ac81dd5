"""What typed text does to the risk: danger first, and no text lowers it."""

from typing import Any

import msgspec
import pytest

from bot.core.conversation.answers import TurnResult, choose
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import next_question
from bot.core.conversation.state import State, facts_of
from bot.core.rules.advice import advise
from bot.core.vocabulary import URGENT_RISKS, Risk, Route
from tests.core.conversation.typed import AT_STAGE_1, TODAY, said, told
from tests.support.core import IDS, handbook, policies


def test_danger_in_an_answer_is_kept_apart_from_the_answers() -> None:
    """The red flag comes first; the date in the same message is taken too."""
    heard = told(
        AT_STAGE_1,
        Question.step_on,
        "danger",
        urgent=True,
        urgent_because="a weapon",
        flags=[{"family": "weapons", "heard": "knife", "when": "now"}],
        dates=["2026-11-19"],
        child_status=["looked_after"],
    )
    assert heard.state.red_flag == "a weapon"
    assert heard.state.danger_now
    assert heard.state.step_on == "2026-11-19"
    assert heard.state.child_status == ("looked_after",)
    assert heard.state.risk is Risk.concern
    assert next_question(heard.state, policies()) is Question.calls_made
    assert said(heard, Question.step_on) == {}


@pytest.mark.parametrize("told_risk", ["concern", "no_harm"])
def test_text_never_lowers_a_stated_risk(told_risk: str) -> None:
    """A calmer remark later does not undo a stated risk."""
    state = State(risk=Risk.immediate_harm, calls_made="made")
    assert told(state, Question.partnership, facts={"risk": told_risk}).state.risk is (
        Risk.immediate_harm
    )


def test_text_raises_a_stated_risk() -> None:
    """A graver statement later on does."""
    heard = told(AT_STAGE_1, Question.step_on, facts={"risk": "immediate_harm"})
    assert heard.state.risk is Risk.immediate_harm
    assert next_question(heard.state, policies()) is Question.calls_made


@pytest.mark.parametrize("policy", [None, *IDS])
@pytest.mark.parametrize("risk", sorted(URGENT_RISKS))
@pytest.mark.parametrize(
    ("intent", "text"),
    [
        ("deny", "no"),
        ("deny", "not yet"),
        ("inform", "no i can't get through"),
        ("inform", "n"),
        ("inform", "yes but nobody answers"),
        ("dont_know", "not sure"),
        ("inform", "hang on"),
    ],
)
def test_calls_that_were_not_made_never_lower_the_risk(
    policy: str | None, risk: Risk, intent: str, text: str
) -> None:
    """In every policy: only having called, or that it isn't happening now, ends the question."""
    stated = State(risk=risk, partnership=policy)
    for state in (stated, State(risk=Risk.concern, red_flag="a knife", danger_now=True)):
        heard = told(state, Question.calls_made, intent, text)
        assert heard.state.risk is state.risk
        assert heard.state.red_flag == state.red_flag
        assert heard.state.calls_made is None
        assert next_question(heard.state, policies()) is Question.calls_made
        if intent in {"deny", "dont_know"}:
            assert {"note_calls_not_made", "note_calls_unknown"} & set(
                said(heard, Question.calls_made)
            )


def test_anger_at_the_guide_fills_nothing_and_a_red_flag_in_it_comes_first() -> None:
    """Nothing is filled or lost by "you asked me that already"; a red flag in it comes first."""
    angry = told(AT_STAGE_1, Question.reached, "frustrated", levels=["practitioner"])
    assert angry.state == AT_STAGE_1
    assert not angry.missed
    assert not told(AT_STAGE_1, Question.reached, "greet", "hi").missed
    flagged = told(AT_STAGE_1, Question.reached, "frustrated", urgent=True, urgent_because="knife")
    assert next_question(flagged.state, policies()) is Question.calls_made


def test_a_bare_yes_or_no_to_the_risk_question_is_read_as_the_graver_meaning() -> None:
    """A "yes" means immediate harm, a "no" still a concern."""
    assert told(State(), Question.risk, "affirm", "yes").state.risk is Risk.immediate_harm
    assert told(State(), Question.risk, "deny", "no").state.risk is Risk.concern


KNIFE = "mum just rang, he is in the house and he has got a knife"


def flagged(state: State, when: str, **reading: Any) -> TurnResult:
    """Apply a message that names a weapon while no question is open."""
    flags = [{"family": "weapons", "heard": "knife", "when": when}]
    return told(
        state, None, "danger", KNIFE, urgent=True, urgent_because="a weapon", flags=flags, **reading
    )


@pytest.mark.parametrize("stated", [Risk.immediate_harm, Risk.unsure])
def test_danger_now_makes_a_same_day_risk_an_emergency(stated: Risk) -> None:
    """Calls made for a same-day risk do not prevent 999 when it is happening now."""
    state = msgspec.structs.replace(AT_STAGE_1, risk=stated, calls_made="made")
    heard = flagged(state, "now").state
    assert next_question(heard, policies()) is Question.calls_made
    acted_on = heard.with_heard_risk()
    facts = facts_of(acted_on, policies())
    advice = advise(facts, acted_on.policy(policies()), TODAY, handbook())
    assert advice.route is Route.emergency
    assert choose(heard, "calls_made", "made", policies()).state.risk is Risk.immediate_danger


@pytest.mark.parametrize("stated", [Risk.immediate_harm, Risk.unsure])
def test_danger_that_is_not_said_to_be_now_leaves_a_same_day_risk(stated: Risk) -> None:
    """The stated risk is as grave as the red flag's, and stays as stated."""
    state = msgspec.structs.replace(AT_STAGE_1, risk=stated, calls_made="made")
    heard = flagged(state, "unknown").state
    assert next_question(heard, policies()) is Question.calls_made
    assert heard.with_heard_risk().risk is stated


@pytest.mark.parametrize("read", ["immediate_danger", "immediate_harm", "unsure"])
def test_danger_in_a_text_does_not_change_the_stated_risk_unasked(read: str) -> None:
    """It is asked about first, and only the risk once more after "it is not happening now"."""
    heard = flagged(AT_STAGE_1, "now", facts={"risk": read}).state
    assert heard.risk is Risk.concern
    calmed = choose(heard, "calls_made", "not_now", policies()).state
    assert calmed == msgspec.structs.replace(AT_STAGE_1, risk=None)
    assert choose(calmed, "risk", "concern", policies()).state == AT_STAGE_1


@pytest.mark.parametrize("calls", [None, "made"])
def test_a_risk_taken_back_has_the_policys_own_danger_asked_again(calls: str | None) -> None:
    """Kent: "it is only a concern" asks the risk again, and then the injury question too."""
    kent = State(risk=Risk.concern, partnership="kent")
    raised = choose(kent, "trigger_check", "yes", policies()).state
    assert raised.risk is Risk.immediate_harm
    raised = msgspec.structs.replace(raised, calls_made=calls)
    asked = next_question(raised, policies())
    back = told(
        raised,
        asked,
        "risk",
        "sorry, it is only a concern",
        corrects=True,
        facts={"risk": "concern"},
    )
    assert next_question(back.state, policies()) is Question.risk
    again = choose(back.state, "risk", "concern", policies()).state
    assert next_question(again, policies()) is Question.trigger_check


def test_in_an_emergency_only_a_stated_job_changes_ones_own_agency() -> None:
    """That the police are here tells who has come, and makes nobody the police."""
    urgent = msgspec.structs.replace(AT_STAGE_1, risk=Risk.immediate_danger)
    facts = {"my_agency": "police"}
    news = told(urgent, None, "inform", "police here now", agencies=["police"], facts=facts)
    assert news.state.my_agency == AT_STAGE_1.my_agency
    said = told(
        urgent, None, "inform", "I'm a police officer", introduces=True, level="practitioner",
        agencies=["police"], facts=facts,
    )  # fmt: skip
    assert said.state.my_agency == "police"


@pytest.mark.parametrize("text", ["got it", "that's right", "understood", "I see", "ok, will do"])
def test_having_read_it_is_no_call(text: str) -> None:
    """Whoever says that they have read what to do has not said that they did it."""
    urgent = msgspec.structs.replace(AT_STAGE_1, risk=Risk.immediate_harm)
    after = told(urgent, Question.calls_made, "affirm", text, is_bare_reply=True).state
    assert after.calls_made is None
    assert after.calls == urgent.calls
