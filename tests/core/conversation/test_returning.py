"""A saved case and its return: what is kept, and how what happened since moves it on."""

import random
from datetime import date, timedelta
from itertools import product
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from bot.core.cards.card import card_text
from bot.core.cards.case import case_card, case_text, welcome_back
from bot.core.conversation.answers import TurnResult, choose
from bot.core.conversation.earlier import stage_counted_from
from bot.core.conversation.interpret import apply_message
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import next_question, options
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
from bot.core.conversation.saving import NOT_KEPT, Saved, case_to_save, restore, worth_saving
from bot.core.conversation.slots import SLOTS, from_slots, to_slots
from bot.core.conversation.state import LEFT_OUT, NOTHING, UNKNOWN, FollowUp, State, facts_of
from bot.core.policy.model import Policy, Stage
from bot.core.rules.advice import advise
from bot.core.rules.results import Advice
from bot.core.vocabulary import URGENT_RISKS, Action, Exit, Outcome, Risk, Route
from tests.support.core import IDS, handbook, policies

SAVED_ON = date(2026, 11, 20)
TODAY = date(2026, 12, 2)
RAISED = date(2026, 11, 24)
NAME = "Zebedee Qwzxv"
NEXT_WEEK = TODAY + timedelta(days=7)


def advice_on(state: State, today: date) -> Advice:
    """Return the advice for a state."""
    policy = state.policy(policies())
    return advise(facts_of(state, policies()), policy, today, handbook())


def answered(partnership: str, reached: str, outcome: str | None, on: str | None) -> State:
    """Return a state in which every question is answered, at a stage with an outcome."""
    state = State(
        risk=Risk.no_harm,
        partnership=partnership,
        reached=reached,
        step_on=on,
        step_outcome=outcome,
    )
    while question := next_question(state, policies()):
        menu = Menu(state, policies(), SAVED_ON, handbook().phrases)
        offered = [option.value for option in options(question, menu)]
        if question in {Question.earlier_on, Question.concern_on}:
            offered = ["2026-11-02"]
        state = choose(state, str(question), offered[0], policies()).state
    return state


def situations() -> list[Any]:
    """Return every policy with every stage and outcome, nothing done and no date known too."""
    found = []
    for partnership in IDS:
        found.append(pytest.param(partnership, NOTHING, None, None, id=f"{partnership}-nothing"))
        for stage, outcome, on in product(
            policies()[partnership].stages, Outcome, ("2026-11-16", UNKNOWN)
        ):
            name = f"{partnership}-{stage.number}-{outcome}-{on}"
            found.append(pytest.param(partnership, str(stage.level), str(outcome), on, id=name))
    return found


EVERYWHERE = pytest.mark.parametrize(("partnership", "reached", "outcome", "on"), situations())


def saved_and_back(state: State) -> State:
    """Save a case, bring it back in a new conversation, and say that the risk is as it was."""
    return as_before(just_back(state), state)


def as_before(back: State, state: State) -> State:
    """Answer the question about danger as it was answered before."""
    assert next_question(back, policies()) is Question.risk
    return choose(back, "risk", str(state.risk), policies()).state


def just_back(state: State) -> State:
    """Save a case and bring it back in a new conversation."""
    saved = case_to_save(state, advice_on(state, SAVED_ON), policies(), SAVED_ON)
    read = msgspec.json.decode(msgspec.json.encode(saved), type=Saved)
    return restore(State(), read, "one", policies())


def stage_after(policy: Policy, here: Stage, told: str, since: FollowUp) -> Stage:
    """Return the stage after a report: the advised stage, or the present one."""
    if told == NOT_DONE or since.action not in {Action.discuss, Action.escalate}:
        return here
    return here if since.to_stage is None else policy.stage(since.to_stage)


# What is kept.


@EVERYWHERE
def test_every_answer_comes_back(
    partnership: str, reached: str, outcome: str | None, on: str | None
) -> None:
    """And with the same answers the advice for the day it was saved is the same."""
    state = answered(partnership, reached, outcome, on)
    back = just_back(state)
    back = as_before(back, state)
    assert replace(back, case=None, follow_up=None) == state
    assert next_question(back, policies()) is Question.follow_up
    assert advice_on(back, SAVED_ON) == advice_on(state, SAVED_ON)


def test_every_field_of_a_state_is_saved_or_left_out_on_purpose() -> None:
    """A new field must be put on either list before anything can be saved."""
    full = State(
        risk=Risk.concern,
        calls_made="made",
        exit=Exit.complaint,
        exit_check="no",
        partnership="pan_bedfordshire",
        area="luton",
        trigger_check="no",
        disagreement="threshold",
        my_agency="health",
        their_agency="police",
        child_status=("early_help",),
        reached="line_manager",
        step_on="2026-11-16",
        step_outcome="awaiting",
        settled_on="2026-11-20",
        priority="unknown",
        earlier={"practitioner": LEFT_OUT},
        concern_on="2026-11-02",
        decision="changed",
        helped="talking",
        learned="capacity",
        side="receiver",
        same_agency="apart",
        level="director",
        own_side="own_manager.matron.2026-11-12",
    )
    kept = set(case_to_save(full, None, policies(), SAVED_ON).answers)
    assert kept | set(NOT_KEPT) == set(SLOTS)
    assert not kept & set(NOT_KEPT)


def test_no_typed_text_is_saved() -> None:
    """A text or a name in any field of a state is neither saved nor brought back."""
    texts: dict[str, Any] = {
        name: NAME
        for name, kind in State.__annotations__.items()
        if "str" in str(kind) and "dict" not in str(kind) and "tuple" not in str(kind)
    }
    assert {"red_flag", "partnership", "disagreement", "step_on"} <= set(texts)
    lists: dict[str, Any] = {"guesses": (NAME,), "child_status": (NAME,)}
    earlier = {"practitioner": NAME, NAME: "2026-11-16"}
    state = State(**{**texts, **lists, "risk": Risk.concern, "earlier": earlier})
    saved = case_to_save(state, None, policies(), SAVED_ON)
    assert NAME not in msgspec.json.encode(saved).decode()
    forged = Saved("2026-11-20", {**to_slots(state), "partnership": "kent"})
    assert NAME not in str(replace(restore(State(), forged, "one", policies()), case=None))


def test_danger_that_was_heard_is_kept_as_the_risk_it_stands_for() -> None:
    """The words are not kept, and the risk is not lowered by that."""
    state = State(risk=Risk.concern, red_flag="a weapon", danger_now=True)
    saved = case_to_save(state, None, policies(), SAVED_ON)
    assert saved.answers == {"risk": "immediate_danger", "earlier": {}, "answered": {}}


def test_nothing_answered_is_not_worth_saving() -> None:
    """One answer is."""
    assert not worth_saving(State(misses=3, guesses=("threshold",)))
    assert worth_saving(State(risk=Risk.no_harm))


# Coming back.


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


def test_saving_again_without_a_report_keeps_the_old_advice() -> None:
    """The follow-up is still about the advice given then."""
    state = answered("kent", "line_manager", "unresolved", "2026-11-16")
    back = saved_and_back(state)
    again = case_to_save(back, advice_on(back, TODAY), policies(), TODAY)
    assert (again.action, again.to_stage) == (Action.escalate, 2)


# What has happened since.


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


# In typed words.


def told_since(back: State, text: str = "a few words", **reading: Any) -> TurnResult:
    """Apply a message with this reading while the follow-up question is open."""
    typed = TypedMessage("communication", reading, text)
    return apply_message(back, Question.follow_up, typed, policies(), TODAY)


@pytest.fixture
def to_stage_1() -> State:
    """A case in Kent that was to go to Stage 1, back on a later day."""
    return saved_and_back(answered("kent", "practitioner", "unresolved", "2026-11-19"))


@pytest.fixture
def at_stage_1() -> State:
    """A case in Kent that was to wait at Stage 1, back on a later day."""
    return saved_and_back(answered("kent", "line_manager", "awaiting", "2026-11-19"))


def test_still_no_reply_since_tuesday_asks_nothing(to_stage_1: State) -> None:
    """The stage was taken on that day, its limit has passed, and the next one is due."""
    heard = told_since(to_stage_1, outcomes=["no_response"], dates=["2026-11-24"])
    assert (heard.state.reached, heard.state.step_on) == ("line_manager", "2026-11-24")
    assert next_question(heard.state, policies()) is None
    advice = advice_on(heard.state, TODAY)
    assert "passed on Tue 1 Dec 2026, 1 working day ago" in advice.next.summary
    assert advice.next.to_stage == 2


def test_they_answered_but_it_is_no_changes_the_outcome(at_stage_1: State) -> None:
    """While waiting, the day of the stage stays."""
    heard = told_since(at_stage_1, outcomes=["unresolved"], dates=["2026-11-30"])
    assert heard.state.step_on == "2026-11-19"
    assert heard.state.step_outcome == "unresolved"
    assert advice_on(heard.state, TODAY).next.to_stage == 2


def test_sorted_settles_it_without_a_question(to_stage_1: State, at_stage_1: State) -> None:
    """At the stage reached before: nobody said that the one to be taken was taken."""
    for back, number in ((to_stage_1, 0), (at_stage_1, 1)):
        heard = told_since(back, outcomes=["resolved"])
        assert next_question(heard.state, policies()) is None
        advice = advice_on(heard.state, TODAY)
        assert advice.route is Route.resolved
        assert advice.stage is not None
        assert advice.stage.number == number


@pytest.mark.parametrize("intent", ["deny", "dont_know", "plan_progress"])
def test_not_done_yet_gives_the_advice_for_today(to_stage_1: State, intent: str) -> None:
    """Said as "no", as "not known" or in words; limits are counted from today."""
    typed = TypedMessage(intent, {"not_done": intent == "plan_progress"}, "not yet")
    heard = apply_message(to_stage_1, Question.follow_up, typed, policies(), TODAY)
    assert replace(heard.state, follow_up=to_stage_1.follow_up) == to_stage_1
    due = [deadline.due for deadline in advice_on(heard.state, TODAY).deadlines]
    assert due == [date(2026, 12, 9)]


def test_no_reply_is_not_taken_for_no(to_stage_1: State) -> None:
    """A message with an outcome is a report, however it begins."""
    typed = TypedMessage(
        "deny", {"outcomes": ["no_response"], "dates": ["2026-11-24"]}, "no, no reply"
    )
    heard = apply_message(to_stage_1, Question.follow_up, typed, policies(), TODAY)
    assert heard.state.step_outcome == "no_response"


@pytest.mark.parametrize(
    ("day", "note"),
    [(NEXT_WEEK.isoformat(), "note_future_date"), ("2026-11-18", "note_before_the_last_step")],
)
def test_an_impossible_day_is_asked_for_again(to_stage_1: State, day: str, note: str) -> None:
    """The outcome is kept; the guide asks only for the day, again after another wrong day."""
    heard = told_since(to_stage_1, outcomes=["no_response"], dates=[day])
    assert [note.name for note in heard.notes] == [note]
    assert heard.state.step_outcome == "no_response"
    assert next_question(heard.state, policies()) is Question.step_on
    again = apply_message(
        heard.state,
        Question.step_on,
        TypedMessage("inform", {"dates": [day]}, day),
        policies(),
        TODAY,
    )
    assert [note.name for note in again.notes] == [note]
    assert again.state.step_on is None


def test_a_day_before_the_waiting_stage_began_is_asked_for_again(at_stage_1: State) -> None:
    """A day before the stage was raised is refused; a future day is only a promise."""
    heard = told_since(at_stage_1, outcomes=["no_response"], dates=["2026-11-17"])
    assert [note.name for note in heard.notes] == ["note_before_the_last_step"]
    assert next_question(heard.state, policies()) is Question.step_on
    promised = told_since(at_stage_1, outcomes=["awaiting"], dates=[NEXT_WEEK.isoformat()])
    assert promised.notes == ()
    assert promised.state.step_on == "2026-11-19"


def test_a_vague_day_is_answered_by_asking_for_a_day(to_stage_1: State) -> None:
    """A vague day such as "about a week ago" is not taken."""
    spans = [{"heard": "about a week ago", "earliest": "2026-11-23", "latest": "2026-11-27"}]
    heard = told_since(to_stage_1, outcomes=["awaiting"], date_ranges=spans)
    assert [note.name for note in heard.notes] == ["note_settle_on_a_day"]
    assert next_question(heard.state, policies()) is Question.step_on


def test_a_day_alone_asks_what_came_of_it(to_stage_1: State) -> None:
    """I raised it on Tuesday: the outcome is the one thing missing."""
    heard = told_since(to_stage_1, dates=["2026-11-24"])
    assert (heard.state.reached, heard.state.step_on) == ("line_manager", "2026-11-24")
    assert next_question(heard.state, policies()) is Question.step_outcome


def test_words_that_report_nothing_leave_the_question_open(
    to_stage_1: State, at_stage_1: State
) -> None:
    """Nothing is guessed, and it is said that it was not followed."""
    for heard in (told_since(to_stage_1), told_since(at_stage_1, dates=["2026-11-24"])):
        assert heard.missed
        assert next_question(heard.state, policies()) is Question.follow_up


def test_two_stages_in_a_message_are_both_taken(to_stage_1: State) -> None:
    """The higher stage is the present one, the other an earlier stage with its day."""
    steps = [
        {"level": "line_manager", "on": "2026-11-23", "outcome": "unresolved"},
        {"level": "senior_manager", "on": "2026-11-26", "outcome": "no_response"},
    ]
    heard = told_since(to_stage_1, facts={"steps": steps}, levels=["senior_manager"])
    assert (heard.state.reached, heard.state.step_on) == ("senior_manager", "2026-11-26")
    assert heard.state.earlier["line_manager"] == "2026-11-23"
    assert heard.state.earlier["practitioner"] == "2026-11-19"
    assert next_question(heard.state, policies()) is None


def test_a_stage_named_by_its_number_is_taken(at_stage_1: State) -> None:
    """They did not wait: Stage 2 was raised."""
    typed = "raised stage 2 on tuesday, no reply"
    heard = told_since(at_stage_1, typed, outcomes=["no_response"], dates=["2026-11-24"])
    assert (heard.state.reached, heard.state.step_on) == ("senior_manager", "2026-11-24")
    assert heard.state.earlier["line_manager"] == "2026-11-19"


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


def test_random_walks_come_back_whole() -> None:
    """Whatever was answered, in whatever order, saving and coming back asks no more than before."""
    chooser = random.Random("return")  # noqa: S311 - a repeatable walk, no secret
    for _ in range(300):
        state = State(partnership=chooser.choice(IDS))
        for _ in range(chooser.randint(0, 9)):
            question = next_question(state, policies())
            if question is None:
                break
            menu = Menu(state, policies(), SAVED_ON, handbook().phrases)
            offered = [option.value for option in options(question, menu)]
            state = choose(state, str(question), chooser.choice(offered), policies()).state
        done = next_question(state, policies()) is None
        advice = advice_on(state, SAVED_ON) if done else None
        back = restore(
            State(), case_to_save(state, advice, policies(), SAVED_ON), "one", policies()
        )
        assert from_slots(to_slots(back)) == back
        # Calls are today's: on another day they are made again.
        same = replace(
            back,
            case=None,
            follow_up=None,
            risk=back.risk or state.risk,
            calls_made=state.calls_made,
            calls=state.calls,
        )
        assert same == replace(state, guesses=(), listed=None)


# What is said.


def test_the_card_of_a_case_says_what_the_code_is_and_holds_none() -> None:
    """It says what the code opens, what is not kept, until when, who can use it, how it ends."""
    card = case_card(SAVED_ON, 30, handbook().phrases, again=False)
    text = case_text(card, handbook().phrases)
    for said in (
        "shown to you once",
        "I can't show it again",
        "It brings back your answers",
        "no names and nothing that you wrote",
        "until Sun 20 Dec 2026",
        "Anyone who has the code",
        "delete my case",
    ):
        assert said in text
    again = case_text(case_card(SAVED_ON, 30, handbook().phrases, again=True), handbook().phrases)
    assert "still opens it" in again
    assert "The old one then stops working" in again


@EVERYWHERE
def test_the_welcome_says_when_where_and_what_was_next(
    partnership: str, reached: str, outcome: str | None, on: str | None
) -> None:
    """In the terms of every policy, with no gap left open and 999 in it."""
    state = answered(partnership, reached, outcome, on)
    saved = case_to_save(state, advice_on(state, SAVED_ON), policies(), SAVED_ON)
    back = restore(State(), saved, "one", policies())
    card = welcome_back(State(), back, saved, policies(), handbook().phrases)
    text = card_text(card, handbook().phrases)
    told = [section for section in card.sections if section.folded]
    assert [section.heading for section in told] == ["What you told me then"]
    assert "Risk: No" in [item.text for item in told[0].items]
    assert "Fri 20 Nov 2026" in text
    policy = policies()[partnership]
    elsewhere = handbook().phrases.say("option_partnership_elsewhere")
    assert f"Where: {elsewhere if policy.fallback else policy.short_name}" in text
    assert "999" in text
    target = advised_stage(back, policies())
    assert target is None or f"{target.label} (" in text
    assert not set("{}") & set(text)


@EVERYWHERE
def test_a_case_that_somebody_else_changed_is_shown_beside_what_was_said_here(
    partnership: str, reached: str, outcome: str | None, on: str | None
) -> None:
    """Both accounts and the question which is right; nothing of it where nothing differs."""
    theirs = answered(partnership, reached, outcome, on)
    mine = replace(theirs, case="one", my_agency="housing", their_agency="police")
    saved = case_to_save(theirs, advice_on(theirs, SAVED_ON), policies(), SAVED_ON)
    phrases = handbook().phrases

    def welcome(before: State) -> str:
        back = restore(before, saved, "one", policies())
        card = welcome_back(before, back, saved, policies(), phrases)
        opened = (section for section in card.sections if not section.folded)
        return "\n".join(item.text for section in opened for item in section.items)

    text = welcome(mine)
    changed, _, said = text.partition("Here you had told me something else")
    assert "This was changed while you had it open" in changed
    assert "You: Housing" not in changed
    assert "You: Housing" in said
    assert phrases.say("back_which_is_right") in said
    assert "This was changed" not in welcome(replace(theirs, case="one"))
    assert "This was changed" not in welcome(replace(mine, case=None))


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


@pytest.mark.parametrize("key", ["Jane Smith", "practitioner2", ""])
def test_a_saved_case_holds_no_word_that_is_not_on_a_list_even_as_a_key(key: str) -> None:
    """Days are kept by levels only: a name in their place is neither saved nor read back."""
    forged = {"line_manager": "2026-11-16", key: "2026-11-16"}
    state = State(risk=Risk.concern, partnership="kent", reached="senior_manager", earlier=forged)
    saved = case_to_save(state, None, policies(), SAVED_ON)
    assert "earlier" not in saved.answers
    answers = {**saved.answers, "earlier": forged}
    back = restore(State(), Saved(saved.on, answers), "ref", policies())
    assert back.earlier == {}
    honest = msgspec.structs.replace(state, earlier={"line_manager": "2026-11-16"})
    kept = case_to_save(honest, None, policies(), SAVED_ON)
    assert restore(State(), kept, "ref", policies()).earlier == {"line_manager": "2026-11-16"}
