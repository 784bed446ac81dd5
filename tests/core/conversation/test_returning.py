"""The return of a saved case: what happened since moves it on."""

from datetime import date

import pytest
from msgspec.structs import replace

from bot.core.conversation.answers import choose
from bot.core.conversation.earlier import stage_counted_from
from bot.core.conversation.interpret import apply_message
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import next_question
from bot.core.conversation.replies import Replies
from bot.core.conversation.returning import (
    NOT_DONE,
    OUTCOMES,
    ProgressReport,
    advised_stage,
    apply_report,
    follow_up_kind,
    read_report,
)
from bot.core.conversation.saving import Saved, case_to_save, restore
from bot.core.conversation.state import LEFT_OUT, State, facts_of
from bot.core.vocabulary import URGENT_RISKS, Action, Exit, Outcome, Risk, Route
from tests.core.conversation.returned import (
    EVERYWHERE,
    RAISED,
    SAVED_ON,
    TODAY,
    advice_on,
    answered,
    as_before,
    saved_and_back,
    stage_after,
)
from tests.support.core import handbook, policies


@pytest.mark.parametrize("saved_risk", list(Risk))
@pytest.mark.parametrize("risk_now", [None, *Risk])
def test_coming_back_never_lowers_a_risk(saved_risk: Risk, risk_now: Risk | None) -> None:
    """An urgent one is acted on before anything else; any other is asked about anew."""
    saved = Saved("2026-11-20", {"risk": str(saved_risk), "calls_made": "made"}, Action.act_now)
    back = restore(State(risk=risk_now), saved, "one", policies())
    order = list(Risk)
    if back.risk is None:
        assert saved_risk not in URGENT_RISKS
        assert next_question(back, policies()) is Question.risk
        return
    assert order.index(back.risk) <= order.index(saved_risk)
    assert risk_now is None or order.index(back.risk) <= order.index(risk_now)
    if back.urgent:
        assert next_question(back, policies()) is Question.calls_made
        assert back.follow_up is None


def test_danger_heard_before_or_with_the_code_stays() -> None:
    """The red flag is asked about first, and only then what has happened since."""
    state = answered("kent", "line_manager", "awaiting", "2026-11-16")
    saved = case_to_save(state, advice_on(state, SAVED_ON), policies(), SAVED_ON)
    before = State(red_flag="a weapon", danger_now=True)
    assert restore(before, saved, "one", policies()).red_flag == "a weapon"
    back = restore(State(), saved, "one", policies())
    reading = {"urgent": True, "urgent_because": "a weapon", "flags": [{"when": "now"}]}
    heard = apply_message(
        back, None, TypedMessage("danger", reading, "he has a knife"), policies(), TODAY
    ).state
    assert next_question(heard, policies()) is Question.calls_made
    calm = choose(heard, "calls_made", "not_now", policies()).state
    assert next_question(as_before(calm, state), policies()) is Question.follow_up
    made = choose(heard, "calls_made", "made", policies()).state
    assert next_question(made, policies()) is None
    assert advice_on(made, TODAY).route is Route.emergency


def test_a_case_saved_before_the_advice_goes_on_with_its_next_question() -> None:
    """Nothing is asked again and nothing is asked about since."""
    state = State(risk=Risk.no_harm, partnership="kent")
    back = restore(State(), case_to_save(state, None, policies(), SAVED_ON), "one", policies())
    back = as_before(back, state)
    assert back == replace(state, case="one")
    assert next_question(back, policies()) is Question.disagreement


def test_a_case_for_another_procedure_comes_back_to_it() -> None:
    """Its advice is given again."""
    state = State(risk=Risk.concern, exit=Exit.allegation, exit_check="yes")
    saved = case_to_save(state, advice_on(state, SAVED_ON), policies(), SAVED_ON)
    assert saved.action is Action.signpost
    back = as_before(restore(State(), saved, "one", policies()), state)
    assert next_question(back, policies()) is None
    assert advice_on(back, TODAY).route is Route.exit


def test_a_policy_that_has_gone_or_changed_meanwhile_is_asked_about_anew() -> None:
    """An unknown partnership is dropped; for a stage that is gone today's advice applies."""
    state = answered("kent", "line_manager", "unresolved", "2026-11-16")
    saved = case_to_save(state, advice_on(state, SAVED_ON), policies(), SAVED_ON)
    others = {name: policy for name, policy in policies().items() if name != "kent"}
    gone = restore(State(), saved, "one", others)
    assert gone.partnership is None
    assert next_question(as_before(gone, state), others) is Question.partnership
    changed = restore(State(), replace(saved, to_stage=9), "one", policies())
    assert changed.follow_up is None
    assert next_question(as_before(changed, state), policies()) is None


@EVERYWHERE
def test_what_happened_since_moves_the_case_on(
    partnership: str, reached: str, outcome: str | None, on: str | None
) -> None:
    """The advised stage was taken on the day named, or the outcome changed where they stood."""
    policy = policies()[partnership]
    state = answered(partnership, reached, outcome, on)
    back = saved_and_back(state)
    assert back.follow_up is not None
    here = back.stage(policies()) or policy.stages[0]
    for told in OUTCOMES[follow_up_kind(back)]:
        after = apply_report(back, ProgressReport(told, RAISED), policies())
        assert after.follow_up is None
        assert next_question(after, policies()) is None, "something was asked again"
        stage = stage_after(policy, here, told, back.follow_up)
        assert stage.number >= here.number, "nothing was left out, so nothing is made up for"
        if told == NOT_DONE:
            assert replace(after, follow_up=back.follow_up) == back
            continue
        assert after.stage(policies()) is stage
        assert after.step_outcome == told
        taken = advised_stage(back, policies()) is not None
        assert after.step_on == (RAISED.isoformat() if taken else back.step_on)
        advice = advice_on(after, TODAY)
        assert advice.stage is not None
        assert advice.stage.number == stage.number
        assert (advice.route is Route.resolved) == (told == Outcome.resolved)


@EVERYWHERE
def test_without_a_day_only_the_day_is_asked(
    partnership: str, reached: str, outcome: str | None, on: str | None
) -> None:
    """And where a day changes nothing, it is not asked either."""
    back = saved_and_back(answered(partnership, reached, outcome, on))
    for told in OUTCOMES[follow_up_kind(back)]:
        after = choose(back, "follow_up", told, policies()).state
        stays = advised_stage(back, policies()) is None or told in {NOT_DONE, Outcome.resolved}
        # A limit that is counted from an earlier stage needs no day of this one.
        known = stage_counted_from(after, policies()) is not None
        expected = None if stays or known else Question.step_on
        assert next_question(after, policies()) is expected
        if expected:
            dated = choose(after, "step_on", RAISED.isoformat(), policies()).state
            assert dated == apply_report(back, ProgressReport(told, RAISED), policies())


@EVERYWHERE
def test_the_stage_before_becomes_an_earlier_one_with_its_day(
    partnership: str, reached: str, outcome: str | None, on: str | None
) -> None:
    """No reported step is lost when the case goes on."""
    back = saved_and_back(answered(partnership, reached, outcome, on))
    after = apply_report(back, ProgressReport(Outcome.awaiting, RAISED), policies())
    steps = facts_of(after, policies()).steps
    for before in facts_of(back, policies()).steps:
        stage = policies()[partnership].stage_for(before.level)
        same = [s for s in steps if policies()[partnership].stage_for(s.level) is stage]
        assert [step.on for step in same] == [before.on]


def test_a_level_that_a_policy_has_no_stage_for_keeps_its_day_too() -> None:
    """A director in Hackney is at Stage 3, whose day is then known."""
    back = saved_and_back(answered("city_and_hackney", "director", "unresolved", "2026-11-16"))
    after = apply_report(back, ProgressReport(Outcome.unresolved, RAISED), policies())
    assert (after.reached, after.step_on) == ("partnership", RAISED.isoformat())
    third = [step for step in facts_of(after, policies()).steps if step.level == "senior_manager"]
    assert [step.on for step in third] == [date(2026, 11, 16)]


def test_a_stage_that_had_been_left_out_is_made_up_for() -> None:
    """Where it settled nothing the highest stage stays; while it waits they are at it."""
    top = State(
        risk=Risk.no_harm,
        partnership="kent",
        disagreement="threshold",
        my_agency="health",
        their_agency="police",
        reached="director",
        step_on="2026-11-16",
        step_outcome="unresolved",
        earlier={"line_manager": LEFT_OUT, "senior_manager": "2026-11-10"},
    )
    advice = advice_on(top, SAVED_ON)
    assert (advice.next.action, advice.next.to_stage) == (Action.escalate, 1)
    back = saved_and_back(top)
    failed = apply_report(back, ProgressReport(Outcome.unresolved, RAISED), policies())
    assert (failed.reached, failed.earlier["line_manager"]) == ("director", RAISED.isoformat())
    assert advice_on(failed, TODAY).next.to_stage == 4
    waiting = apply_report(back, ProgressReport(Outcome.awaiting, RAISED), policies())
    assert (waiting.reached, waiting.step_on) == ("line_manager", RAISED.isoformat())
    assert set(waiting.earlier) <= {"practitioner"}
    assert advice_on(waiting, RAISED).next.action is Action.wait


def test_a_settled_case_comes_up_again() -> None:
    """It is open again where it was settled, and the next stage follows."""
    back = saved_and_back(answered("kent", "line_manager", "resolved", "2026-11-16"))
    assert follow_up_kind(back) == "settled"
    after = choose(back, "follow_up", "unresolved", policies()).state
    assert advice_on(after, TODAY).next.to_stage == 2
    still = choose(back, "follow_up", "resolved", policies()).state
    assert advice_on(still, TODAY).route is Route.resolved


def test_a_made_up_report_changes_nothing() -> None:
    """A value that is not on offer, or one after the question was answered."""
    back = saved_and_back(answered("kent", "line_manager", "resolved", "2026-11-16"))
    assert choose(back, "follow_up", "awaiting", policies()).state == back
    done = replace(back, follow_up=None)
    assert choose(done, "follow_up", "resolved", policies()).state == done


@pytest.mark.parametrize("kind", OUTCOMES)
def test_every_report_on_offer_has_a_title(kind: str) -> None:
    """In the words of somebody who has taken a step, is waiting, or has settled it."""
    for told in OUTCOMES[kind]:
        assert handbook().phrases.say(f"option_follow_up_{kind}_{told}")


def test_a_report_needs_an_outcome_or_a_day() -> None:
    """Nothing else is read into a message."""
    heard = Replies({})
    assert read_report({"dates": []}, [], ["line_manager"], "step", heard) is None
    assert read_report({"not_done": True}, [], [], "wait", heard) is None
    settled = {"not_done": True, "outcomes": ["resolved"]}
    assert read_report(settled, [], [], "step", heard) == ProgressReport("resolved", at_once=True)


@pytest.mark.parametrize("kind", list(OUTCOMES))
def test_no_change_leaves_a_case_as_it_was(kind: str) -> None:
    """That nothing is new is no refusal, though it sounds like one."""
    told = {"nothing_new": True, "outcomes": ["unresolved"]}
    assert read_report(told, [], [], kind, Replies({})) == ProgressReport(NOT_DONE)
