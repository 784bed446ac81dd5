"""Several cases in one conversation: none lost, none mixed, danger first in each."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from bot.core.conversation.answers import TurnResult, choose
from bot.core.conversation.interpret import apply_message
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import next_question, options, question_response
from bot.core.conversation.recap import recap
from bot.core.conversation.several import left_open, with_reference
from bot.core.conversation.slots import from_slots, to_slots
from bot.core.conversation.state import State
from bot.core.vocabulary import URGENT_RISKS, Child, Risk
from tests.support.core import IDS, handbook, policies

TODAY = date(2026, 11, 30)
FIRST = State(
    risk=Risk.concern,
    partnership="kent",
    trigger_check="no",
    disagreement="threshold",
    my_agency="health",
    their_agency="childrens_social_care",
    reached="line_manager",
    step_on="2026-11-27",
    step_outcome="awaiting",
    figure="of-the-first",
)


def told(state: State, text: str, **reading: Any) -> TurnResult:
    """Apply a message with this reading."""
    asked = next_question(state, policies())
    message = TypedMessage("inform", reading, text)
    return apply_message(state, asked, message, policies(), TODAY)


def choices(state: State) -> dict[str, str]:
    """Return the title of each answer to the question which case to go on with."""
    menu = Menu(state, policies(), TODAY, handbook().phrases)
    return {option.title: option.value for option in options(Question.other_cases, menu)}


def begun(state: State) -> State:
    """Put a case aside under a reference, with its next date, and begin another."""
    opened = told(state, "now the other child", cases="another").state
    assert next_question(opened, policies()) is Question.other_cases
    after = choose(opened, "other_cases", "begin", policies()).state
    assert left_open(state, after) is not None
    return with_reference(after, "ref", "2026-12-04")


def test_another_child_is_noticed_and_nothing_changes_until_it_is_chosen() -> None:
    """The first case stays as it is, open, while it is asked about."""
    opened = told(FIRST, "now the other child", cases="another").state
    assert replace(opened, other_cases=None) == FIRST
    assert choose(opened, "other_cases", "stay", policies()).state == FIRST


@pytest.mark.parametrize("partnership", IDS)
def test_the_second_begins_with_who_and_where_alone_and_danger_first(partnership: str) -> None:
    """No answer of the first child is taken for the second; the person's own are said back."""
    first = replace(FIRST, partnership=partnership, area="luton", level="practitioner")
    second = begun(first)
    kept = State(partnership=partnership, area="luton", my_agency="health", level="practitioner")
    assert replace(second, others=()) == kept
    assert next_question(second, policies()) is Question.risk
    opened = told(first, "now the other child", cases="another").state
    heard = choose(opened, "other_cases", "begin", policies())
    said = {note.name: note.gaps for note in recap(heard, None, policies(), handbook().phrases)}
    assert "Health" in said["understood"]["lines"]


def test_a_case_of_which_nothing_is_told_is_not_put_aside() -> None:
    """Who somebody is and where goes with them, and makes no case of its own."""
    second = begun(FIRST)
    asked = told(second, "my cases", cases="list").state
    (first, *_) = [value for title, value in choices(asked).items() if "Go on" in title]
    assert choose(asked, "other_cases", first, policies()).state.others == ()


def test_going_back_brings_every_answer_and_asks_about_danger_again() -> None:
    """The first case comes back whole, and the second is put aside in its place."""
    second = replace(begun(FIRST), risk=Risk.no_harm, partnership="pan_dorset")
    asked = told(second, "my cases", cases="list").state
    menu = Menu(asked, policies(), TODAY, handbook().phrases)
    assert question_response(Question.other_cases, menu) == "ask_other_cases"
    first, *_ = choices(asked)
    assert first.startswith("Go on with Kent, Stage 1, Children's social care, The level")
    assert first.endswith("next date Fri 4 Dec 2026")
    back = choose(asked, "other_cases", choices(asked)[first], policies()).state
    assert next_question(back, policies()) is Question.risk
    same = replace(back, risk=FIRST.risk, others=(), case=None, figure=FIRST.figure)
    assert same == FIRST
    assert back.case == "ref"
    assert [other.answers["partnership"] for other in back.others] == ["pan_dorset"]


def test_what_is_put_aside_lasts_as_the_slots_do() -> None:
    """A turn rebuilds the state from its slots, the other cases included."""
    second = begun(FIRST)
    assert from_slots(to_slots(second)) == second


def test_starting_again_keeps_the_other_cases() -> None:
    """Only the case that is open is cleared."""
    second = replace(begun(FIRST), risk=Risk.no_harm, start_again="open")
    assert choose(second, "start_again", "yes", policies()).state.others == second.others


def test_no_words_of_the_person_are_put_aside() -> None:
    """What raised an alarm was typed, and is kept as the risk alone."""
    heard = replace(FIRST, red_flag="Zebedee has a knife", danger_now=True)
    opened = replace(heard, other_cases="open")
    aside = left_open(heard, choose(opened, "other_cases", "begin", policies()).state)
    assert aside is not None
    assert "Zebedee" not in str(aside)
    assert aside.answers["risk"] == Risk.immediate_danger


@pytest.mark.parametrize("risk", sorted(URGENT_RISKS))
def test_what_to_do_today_comes_before_another_case(risk: Risk) -> None:
    """While the calls are open, who is next stays the question."""
    urgent = replace(FIRST, risk=risk)
    opened = told(urgent, "now the other child", cases="another").state
    assert next_question(opened, policies()) is Question.calls_made


def test_danger_in_the_same_message_is_heard_first() -> None:
    """Talk of another child never hides that one is in danger now."""
    reading = {"urgent": True, "urgent_because": "a weapon", "flags": [{"when": "now"}]}
    heard = told(FIRST, "now the other child, he has a knife", cases="another", **reading).state
    assert heard.red_flag == "a weapon"
    assert next_question(heard, policies()) is Question.calls_made


def test_danger_told_of_another_child_is_that_childs_own() -> None:
    """The first case is put aside as it was, with its row in the figures, and comes back so."""
    reading = {"urgent": True, "urgent_because": "a weapon", "flags": [{"when": "now"}]}
    heard = told(FIRST, "now the other child, he has a knife", cases="another", **reading).state
    (first,) = heard.others
    assert first.answers["risk"] == Risk.concern
    assert heard.reached is None
    known = with_reference(replace(heard, red_flag=None, danger_now=False), "", None)
    back = choose(replace(known, other_cases="open"), "other_cases", "go.0", policies()).state
    assert (back.reached, back.case, back.figure) == ("line_manager", None, FIRST.figure)
    together = told(replace(FIRST, risk=Risk.immediate_harm), "a", cases="another", **reading)
    assert together.state.others == ()


def test_a_first_account_of_two_children_is_read_and_asked_about_danger() -> None:
    """Nothing is set aside before danger was asked about; they are told to begin with one."""
    heard = told(State(), "two kids, first one ...", cases="another", partnership="kent")
    assert heard.state.partnership == "kent"
    assert [note.name for note in heard.notes] == ["note_one_at_a_time"]
    assert next_question(heard.state, policies()) is Question.risk


def test_a_kind_told_of_two_children_is_neithers() -> None:
    """The kind of disagreement of the one is not offered for the other."""
    ranked = [{"name": "information_sharing", "confidence": 0.9}]
    text = "two kids, the one was closed by social care, the police won't share about the other"
    for kind, taken in (("another", None), ("several", None), (None, "information_sharing")):
        message = TypedMessage("information_sharing", {"cases": kind, "disagreement": ranked}, text)
        asked = Question.disagreement
        heard = apply_message(State(risk=Risk.concern), asked, message, policies(), TODAY).state
        assert (heard.disagreement, heard.guesses) == (taken, ())


def test_what_was_tried_for_two_children_makes_no_ladder() -> None:
    """They are asked which child comes first, in this case, and no stage is kept."""
    heard = told(FIRST, "about the girl on monday, about her brother on friday", cases="each")
    assert [note.name for note in heard.notes] == ["note_which_child_first"]
    assert heard.state.reached is FIRST.reached
    assert not heard.state.others


def test_my_cases_without_any_says_how_to_open_one() -> None:
    """There is none in the conversation, and danger stays the open question."""
    heard = told(State(), "my cases", cases="list")
    assert [note.name for note in heard.notes] == ["cases_none"]
    assert next_question(heard.state, policies()) is Question.risk


@pytest.mark.parametrize("value", ["go.7", "go.x", "go.", "elsewhere"])
def test_a_case_that_is_not_there_changes_nothing(value: str) -> None:
    """A made-up or old button opens nothing."""
    state = replace(begun(FIRST), other_cases="open")
    assert choose(state, "other_cases", value, policies()).state == state


TOLD_OF = replace(FIRST, children=(Child.girl, Child.boy))


def of_both(state: State) -> State:
    """Begin the case of the boy after the girl's, and put hers aside with its date."""
    girl = told(replace(state, reached=None), "the girl", which_child="girl").state
    assert girl.child is Child.girl
    girl = replace(girl, reached=state.reached)
    asked = told(girl, "now the boy", which_child="boy").state
    assert next_question(asked, policies()) is Question.other_cases
    after = choose(asked, "other_cases", "begin", policies()).state
    return with_reference(after, "ref", "2026-12-04")


def test_a_child_is_found_again_by_the_word_that_tells_them_apart() -> None:
    """Her own answers and steps come back, and danger is asked about again."""
    boy = replace(of_both(TOLD_OF), risk=Risk.concern, partnership="pan_dorset")
    assert boy.child is Child.boy
    for words, which in (("back to the girl", "girl"), ("the other one", "other")):
        girl = told(boy, words, which_child=which).state
        assert girl.child is Child.girl
        assert (girl.reached, girl.step_on) == (FIRST.reached, FIRST.step_on)
        assert girl.partnership == "kent"
        assert next_question(girl, policies()) is Question.risk
        assert told(girl, "now the boy", which_child="boy").state.partnership == "pan_dorset"


def test_a_child_who_is_not_known_is_asked_about_and_both_are_named() -> None:
    """Nobody is taken for another child; the present one is not left."""
    boy = replace(of_both(TOLD_OF), risk=Risk.concern)
    asked = told(boy, "the baby", which_child="baby").state
    assert next_question(asked, policies()) is Question.other_cases
    assert any("the girl" in title for title in choices(asked))
    stays = told(boy, "the boy", which_child="boy")
    assert stays.state == boy
    assert [note.name for note in stays.notes] == ["note_this_boy"]


@pytest.mark.parametrize("text", ["the first", "third one please", "the 2nd", "its the second one"])
def test_an_ordinal_is_a_child_and_no_answer_about_safety(text: str) -> None:
    """The question about the risk stays open, and one child is asked for."""
    state = State(partnership="kent", my_agency="education")
    after = told(state, text)
    assert after.state.risk is None
    assert [note.name for note in after.notes] == ["note_one_at_a_time"]
