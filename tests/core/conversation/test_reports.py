"""What somebody who comes back types of what has happened since."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from bot.core.conversation.answers import TurnResult
from bot.core.conversation.interpret import apply_message
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import next_question
from bot.core.conversation.state import State
from bot.core.vocabulary import Route
from tests.core.conversation.returned import NEXT_WEEK, TODAY, advice_on, answered, saved_and_back
from tests.support.core import policies


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
