"""What typed text changes: nothing is lost, and bad input is answered."""

import msgspec
import pytest

from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import next_question, options
from bot.core.conversation.state import State
from bot.core.vocabulary import Disagreement, Exit, Risk
from tests.core.conversation.typed import ACCOUNT, AT_STAGE_1, TODAY, said, told
from tests.support.core import IDS, handbook, policies


def test_a_second_miss_in_a_row_names_a_person_and_the_reason() -> None:
    """The second misunderstanding names a person and the reason; an answer ends the row."""
    first = told(AT_STAGE_1, Question.step_on)
    assert list(said(first, Question.step_on)) == ["not_understood"]
    second = told(first.state, Question.step_on)
    again = said(second, Question.step_on)
    assert list(again) == ["not_understood_again", "help_step_on"]
    assert "KSCMP@kent.gov.uk" in again["not_understood_again"]["who"]
    third = told(second.state, Question.step_on, dates=["2026-11-16"])
    assert third.state.misses == 0


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("no its about the other agency", "no"),
        ("No, it's the health visitor who won't act", "no"),
        ("nope", "no"),
        ("it is about the other agency's decision", "no"),
        ("yes that fits better", "yes"),
        ("yeah", "yes"),
        ("no one has rung me back", None),
        ("no reply yet", None),
    ],
)
def test_a_yes_or_no_at_the_start_of_a_message_is_an_answer(text: str, answer: str | None) -> None:
    """A yes or no counts with its reason behind it; "no one" and "no reply" are neither."""
    state = State(risk=Risk.concern, partnership="kent", trigger_check="no", exit=Exit.allegation)
    assert told(state, Question.exit_check, "inform", text).state.exit_check == answer


def test_another_procedure_can_be_refused_after_its_advice_too() -> None:
    """The advice has a button for it; the button's words typed do the same."""
    state = msgspec.structs.replace(AT_STAGE_1, exit=Exit.complaint, exit_check="yes")
    refused = told(state, None, "inform", "no it is about the other agency")
    assert refused.state.exit_check == "no"
    assert told(state, None, "inform", "no it is about the mum").state.exit_check == "yes"


def test_a_whole_account_fills_many_answers_and_is_shown_back() -> None:
    """What was understood is listed so that it can be corrected."""
    heard = told(
        State(),
        Question.risk,
        "threshold",
        text=ACCOUNT,
        partnership="kent",
        disagreement=[{"name": "threshold", "confidence": 0.9}],
        facts={
            "risk": "concern",
            "my_agency": "education",
            "their_agency": "childrens_social_care",
            "steps": [{"level": "practitioner", "on": "2026-11-16", "outcome": "unresolved"}],
        },
    )
    lines = said(heard, Question.risk)["understood"]["lines"]
    assert "Where: Kent" in lines
    assert "When: Mon 16 Nov 2026" in lines
    assert next_question(heard.state, policies()) is Question.trigger_check


def test_an_unsure_kind_of_disagreement_is_offered_with_the_second_best() -> None:
    """Below the mark it is asked about, the two likeliest first."""
    ranking = [
        {"name": "threshold", "confidence": 0.4},
        {"name": "communication", "confidence": 0.3},
    ]
    heard = told(AT_STAGE_1, None, text=ACCOUNT, disagreement=ranking)
    assert heard.state.disagreement == "threshold"
    fresh = State(risk=Risk.no_harm, partnership="kent")
    guessed = told(fresh, Question.disagreement, text=ACCOUNT, disagreement=ranking)
    assert guessed.state.guesses == ("threshold", "communication")
    assert guessed.state.disagreement is None


def test_a_correction_replaces_what_was_given_and_keeps_the_rest() -> None:
    """Only with the words of a correction does a later message change an earlier answer."""
    facts = {"their_agency": "police"}
    assert told(AT_STAGE_1, Question.step_on, facts=facts).state.their_agency == (
        "childrens_social_care"
    )
    corrected = told(AT_STAGE_1, Question.step_on, "change_answer", facts=facts)
    assert corrected.state.their_agency == "police"
    assert corrected.state.reached == "line_manager"
    assert "note_changed" in said(corrected, Question.step_on)


def test_a_correction_that_is_not_understood_shows_the_answers_and_loses_none() -> None:
    """The review is opened instead."""
    heard = told(AT_STAGE_1, Question.step_on, "change_answer")
    assert next_question(heard.state, policies()) is Question.review
    assert heard.state.their_agency == AT_STAGE_1.their_agency


def test_a_kind_told_while_another_question_is_open_is_kept_for_later() -> None:
    """The guide offers it first when its question comes; a short answer adds no kind."""
    state = State(risk=Risk.concern, partnership="kent")
    ranking = [
        {"name": "information_sharing", "confidence": 0.5},
        {"name": "threshold", "confidence": 0.1},
    ]
    heard = told(
        state, Question.trigger_check, "information_sharing", ACCOUNT, disagreement=ranking
    )
    assert heard.state.guesses == ("information_sharing", "threshold")
    other = told(heard.state, Question.disagreement, "inform", disagreement=ranking[::-1])
    assert other.state.guesses == heard.state.guesses
    assert other.missed


def test_guesses_that_are_missed_twice_give_way_to_the_whole_list() -> None:
    """Nothing loops: the second time every kind is offered."""
    state = State(risk=Risk.no_harm, partnership="kent", guesses=("threshold", "communication"))
    once = told(state, Question.disagreement, "inform").state
    assert once.guesses
    twice = told(once, Question.disagreement, "inform").state
    menu = Menu(twice, policies(), TODAY, handbook().phrases)
    assert set(map(str, Disagreement)) < {
        option.value for option in options(Question.disagreement, menu)
    }


def test_starting_again_by_a_typed_yes_says_nothing_of_what_was_understood() -> None:
    """There is nothing left to show back."""
    heard = told(
        msgspec.structs.replace(AT_STAGE_1, start_again="open"), Question.start_again, "affirm"
    )
    assert heard.state == State()
    assert said(heard, Question.start_again) == {}


def test_another_procedure_that_was_refused_is_not_asked_about_again() -> None:
    """A different one is."""
    state = State(risk=Risk.no_harm, partnership="kent", exit=Exit.complaint, exit_check="no")
    assert told(state, Question.disagreement, exit="complaint").state.exit_check == "no"
    other = told(state, Question.disagreement, exit="whistleblowing").state
    assert (other.exit, other.exit_check) == (Exit.whistleblowing, None)
    assert next_question(other, policies()) is Question.exit_check


@pytest.mark.parametrize(("confidence", "taken"), [(0.74, False), (0.75, True)])
def test_a_kind_is_taken_as_told_only_when_it_is_sure(confidence: float, taken: bool) -> None:  # noqa: FBT001 - a table
    """Below three quarters it is offered as a guess."""
    ranking = [
        {"name": "threshold", "confidence": confidence},
        {"name": "plan_progress", "confidence": 0.2},
    ]
    heard = told(
        State(risk=Risk.concern), Question.disagreement, text=ACCOUNT, disagreement=ranking
    )
    assert heard.state.disagreement == ("threshold" if taken else None)
    assert heard.state.guesses == (() if taken else ("threshold", "plan_progress"))


@pytest.mark.parametrize(
    ("text", "taken"), [("they closed it", False), ("they closed it early", True)]
)
def test_three_words_answer_the_question_and_four_may_be_an_account(text: str, taken: bool) -> None:  # noqa: FBT001 - a table
    """Three words answer the open question; four may tell what the disagreement is about."""
    ranking = [{"name": "agency_response", "confidence": 0.9}]
    heard = told(State(risk=Risk.concern), Question.partnership, text=text, disagreement=ranking)
    assert heard.state.disagreement == ("agency_response" if taken else None)


@pytest.mark.parametrize("partnership", IDS)
@pytest.mark.parametrize("side", ["raiser", "receiver"])
def test_a_bare_reply_writes_nothing_where_no_question_is_open(partnership: str, side: str) -> None:
    """While somebody waits, a "yes" or an "ok" settles nothing and is no silence of theirs."""
    waiting = msgspec.structs.replace(
        AT_STAGE_1,
        partnership=partnership,
        side=side,
        step_on="2026-11-18",
        step_outcome="awaiting",
    )
    for intent in ("affirm", "deny", "inform"):
        for outcome in ("resolved", "no_response"):
            replies = {"came_of_it": (outcome, 0.99), "how_far": ("wrong", 0.99)}
            heard = told(
                waiting, None, intent, "ok", is_bare_reply=True, outcomes=[outcome], replies=replies
            )
            assert heard.state == waiting
            assert not heard.missed


def test_a_question_to_the_guide_denies_nothing() -> None:
    """Somebody who asks "are you a real person?" does not object, though it sounds like it."""
    replies = {"how_far": ("wrong", 0.99)}
    for asked in (None, Question.risk, Question.partnership, Question.their_agency):
        state = State() if asked is Question.risk else AT_STAGE_1
        heard = told(state, asked, "enquiry", "", enquiry={"topic": "guide"}, replies=replies)
        assert heard.state.review is None
        assert "note_what_is_wrong" not in said(heard, asked)


def test_whoever_asks_what_they_told_sees_it() -> None:
    """It opens the answers, and answers no question."""
    asked = (Question.reached, "change_answer", "what have i told you")
    heard = told(State(risk=Risk.concern, partnership="kent"), *asked, request="answers")
    assert (heard.state.review, heard.state.reached) == ("open", None)
    nothing = told(State(), Question.risk, "change_answer", asked[2], request="answers")
    assert [note.name for note in nothing.notes] == ["note_nothing_told"]
