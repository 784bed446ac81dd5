"""Objections, replies in one's own words, and what is told ahead: at every question, none lost."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from bot.core.conversation.answers import SAFETY, TurnResult, choose
from bot.core.conversation.held import FollowUp, OtherCase
from bot.core.conversation.interpret import apply_message
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import SPEC_OF, next_question
from bot.core.conversation.state import APART, NOTHING, OPEN, State
from bot.core.vocabulary import Action, Exit, Outcome, Risk
from tests.support.core import policies
from tests.support.each import each

TODAY = date(2026, 11, 20)
AT_ADVICE = State(
    risk=Risk.concern,
    partnership="kent",
    trigger_check="no",
    disagreement="threshold",
    my_agency="police",
    their_agency="childrens_social_care",
    reached="practitioner",
    step_on="2026-11-19",
    step_outcome="unresolved",
)
WRONG: dict[str, Any] = {"objects": True, "corrects": True}
ASKED = [question for question in Question if question not in {Question.rehearsal, Question.review}]


def told(
    state: State, asked: Question | None, text: str, intent: str = "inform", **reading: Any
) -> TurnResult:
    """Apply a message with this reading while a question is open."""
    return apply_message(state, asked, TypedMessage(intent, reading, text), policies(), TODAY)


def as_reply(how_far: str = "none", came_of_it: str = "none", share: float = 0.9) -> dict[str, Any]:
    """Return the part of a reading that says what the message is as a reply."""
    return {"replies": {"how_far": (how_far, share), "came_of_it": (came_of_it, share)}}


@pytest.mark.parametrize("intent", ["deny", "affirm", "inform", "change_answer"])
@each("question", [*ASKED, None])
def test_an_objection_answers_no_question(question: Question | None, intent: str) -> None:
    """Whatever is open, "that's wrong" changes no answer, and is never "not followed"."""
    before = State(exit=Exit.complaint) if question is Question.exit_check else AT_ADVICE
    heard = told(before, question, "that's wrong", intent, **WRONG)
    if question is Question.exit_check:
        # There "wrong" does answer: the other procedure does not fit.
        assert heard.state.exit_check in {None, "no"}
        return
    assert replace(heard.state, review=None) == before
    assert not heard.missed
    opened = heard.state.review == OPEN
    assert opened != (question in SAFETY)
    assert opened or [note.name for note in heard.notes] == ["note_what_is_wrong"]


def test_an_objection_before_any_answer_is_asked_back() -> None:
    """There is nothing to show yet: what is wrong is asked, and the first question stays."""
    heard = told(State(), Question.risk, "thats wrong", **WRONG)
    assert [note.name for note in heard.notes] == ["note_what_is_wrong"]
    assert next_question(heard.state, policies()) is Question.risk


@pytest.mark.parametrize("question", [None, Question.child_status, Question.step_outcome])
def test_a_denied_value_is_emptied_and_asked(question: Question | None) -> None:
    """After "wrong, im not police" the agency goes, nothing else, and is asked for again."""
    reading: dict[str, Any] = {**WRONG, "taken_back": {"agencies": ["police"]}}
    heard = told(AT_ADVICE, question, "wrong, im not police", "deny", **reading)
    assert heard.state == replace(AT_ADVICE, my_agency=None)
    assert heard.reopened == "my_agency"


def test_a_value_beside_the_objection_takes_the_place_of_the_old() -> None:
    """After "wrong, im housing" where the stage is asked the agency changes, and no stage."""
    open_stage = replace(AT_ADVICE, reached=None, step_on=None, step_outcome=None)
    reading: dict[str, Any] = {**WRONG, "facts": {"my_agency": "housing"}, "agencies": ["housing"]}
    heard = told(open_stage, Question.reached, "wrong, im housing", "deny", **reading)
    assert heard.state == replace(open_stage, my_agency="housing")


@pytest.mark.parametrize("question", [None, Question.their_agency, Question.reached])
def test_a_talk_that_is_denied_never_took_place(question: Question | None) -> None:
    """After "we havent talked to them at all" nothing was tried, also after the advice."""
    heard = told(
        AT_ADVICE, question, "thats wrong, we havent talked to them", **WRONG, not_done=True
    )
    assert (heard.state.reached, heard.state.step_on, heard.state.step_outcome) == (
        NOTHING,
        None,
        None,
    )


def test_two_words_for_one_kind_of_agency_change_nothing() -> None:
    """What is "the college not the school" is said to be the same kind, and not lost."""
    reading: dict[str, Any] = {
        **WRONG,
        "agencies": ["childrens_social_care"],
        "taken_back": {"agencies": ["childrens_social_care"]},
    }
    heard = told(AT_ADVICE, None, "no its mash not the social workers", **reading)
    assert heard.state == AT_ADVICE
    assert [note.name for note in heard.notes] == ["note_the_same_kind"]


UNTRIED = replace(AT_ADVICE, reached=None, step_on=None, step_outcome=None)


@pytest.mark.parametrize(
    ("how_far", "came_of_it", "reached", "outcome"),
    [
        ("nothing", "none", NOTHING, None),
        ("talked", "unresolved", "practitioner", Outcome.unresolved),
        ("waiting", "awaiting", "practitioner", Outcome.awaiting),
        ("waiting", "no_response", "practitioner", Outcome.no_response),
        ("settled", "resolved", "practitioner", Outcome.resolved),
        ("own_side", "none", None, None),
        ("wrong", "none", None, None),
        ("none", "unresolved", None, Outcome.unresolved),
    ],
)
def test_a_reply_to_how_far_is_taken_for_what_it_says(
    how_far: str, came_of_it: str, reached: str | None, outcome: Outcome | None
) -> None:
    """A talk has its outcome with it; an outcome alone is kept; one's own side is no step."""
    heard = told(UNTRIED, Question.reached, "in my own words", **as_reply(how_far, came_of_it))
    assert heard.state.reached == reached
    assert heard.state.step_outcome == outcome


@pytest.mark.parametrize("how_far", ["nothing", "talked", "waiting", "settled", "wrong"])
def test_a_reply_that_is_not_sure_is_taken_for_nothing(how_far: str) -> None:
    """The question stays open."""
    heard = told(UNTRIED, Question.reached, "hm well", **as_reply(how_far, share=0.3))
    assert heard.state.reached is None


@pytest.mark.parametrize("question", [None, Question.my_agency, Question.step_outcome])
def test_a_reply_counts_only_where_its_question_is_open(question: Question | None) -> None:
    """Elsewhere "nothing yet" says nothing of the stages where another thing is asked."""
    heard = told(AT_ADVICE, question, "nothing yet", **as_reply("nothing"))
    assert heard.state.reached == AT_ADVICE.reached


@pytest.mark.parametrize("text", ["still at the first one", "we're stuck at the first stage"])
def test_a_stage_is_named_by_its_place_too(text: str) -> None:
    """Whoever is at the first one has not done nothing."""
    heard = told(UNTRIED, Question.reached, text, **as_reply("nothing"))
    assert heard.state.reached == "line_manager"
    first = told(UNTRIED, Question.reached, "first step please, none done", **as_reply("nothing"))
    assert first.state.reached == NOTHING


def test_a_day_told_before_its_stage_is_kept() -> None:
    """After "last friday" at "How far has it got?" only the stage and the outcome are asked."""
    heard = told(UNTRIED, Question.reached, "last friday", dates=["2026-11-13"])
    after = choose(heard.state, "reached", "line_manager", policies()).state
    assert after.step_on == "2026-11-13"
    assert next_question(after, policies()) is not Question.step_on
    nothing = choose(heard.state, "reached", NOTHING, policies()).state
    assert nothing.step_on is None


SAVED = replace(AT_ADVICE, follow_up=FollowUp("2026-11-19", Action.wait), step_outcome="awaiting")


@pytest.mark.parametrize("came_of_it", ["awaiting", "no_response"])
def test_no_change_while_waiting_is_still_waiting(came_of_it: str) -> None:
    """Even where a clause of it sounds like a refusal: "no change"."""
    heard = told(
        SAVED,
        Question.follow_up,
        "no change",
        outcomes=["unresolved"],
        **as_reply(came_of_it=came_of_it),
    )
    assert heard.state == replace(SAVED, follow_up=None, step_outcome=came_of_it)


@pytest.mark.parametrize("came_of_it", ["awaiting", "no_response"])
def test_no_change_on_a_settled_case_leaves_it_settled(came_of_it: str) -> None:
    """Nothing has happened since."""
    settled = replace(
        SAVED, step_outcome="resolved", follow_up=FollowUp("2026-11-19", Action.record)
    )
    heard = told(settled, Question.follow_up, "same as before", **as_reply(came_of_it=came_of_it))
    assert heard.state == replace(settled, follow_up=None)


def test_one_agency_on_both_sides_is_asked_about_before_any_advice() -> None:
    """What is wrong of it is emptied; two organisations of a kind are believed."""
    both = replace(AT_ADVICE, my_agency="education", their_agency="education")
    assert next_question(both, policies()) is Question.same_agency
    for value, emptied in (("mine", "their_agency"), ("theirs", "my_agency")):
        after = choose(both, "same_agency", value, policies()).state
        assert after == replace(both, **{emptied: None})
    assert choose(both, "same_agency", APART, policies()).state.same_agency == APART
    inside = choose(both, "same_agency", "inside", policies()).state
    assert (inside.exit, inside.exit_check) == (Exit.own_agency, "yes")
    assert next_question(inside, policies()) is None


def test_an_agency_that_changes_is_compared_again() -> None:
    """That two organisations were meant was said of the agency before."""
    apart = replace(AT_ADVICE, my_agency="education", their_agency="education", same_agency=APART)
    changed = choose(apart, "my_agency", "health", policies()).state
    again = choose(changed, "their_agency", "health", policies()).state
    assert next_question(again, policies()) is Question.same_agency


def test_a_place_that_names_the_other_child_goes_to_its_case() -> None:
    """With "now the luton one" this case is put aside, and the other goes on, or begins there."""
    begun = told(
        AT_ADVICE, None, "now the luton one", cases="another", partnership="pan_bedfordshire"
    )
    assert begun.state.partnership == "pan_bedfordshire"
    assert begun.state.others[0].answers["partnership"] == "kent"
    other = OtherCase("ref", {"partnership": "pan_dorset", "my_agency": "health"})
    back = told(
        replace(AT_ADVICE, others=(other,)),
        None,
        "now the poole one",
        cases="another",
        partnership="pan_dorset",
    )
    assert back.state.my_agency == "health"
    assert [case.answers["partnership"] for case in back.state.others] == ["kent"]


def test_two_children_are_acknowledged_and_nothing_changes() -> None:
    """One at a time; no case is begun, and none is put aside."""
    heard = told(AT_ADVICE, Question.their_agency, "its about two sisters", cases="several")
    assert heard.state == AT_ADVICE
    assert [note.name for note in heard.notes] == ["note_one_at_a_time"]


def test_a_place_told_twice_is_not_lost() -> None:
    """What was said before is answered, and not "not followed"."""
    for reading in ({}, WRONG):
        heard = told(AT_ADVICE, Question.their_agency, "i said kent", partnership="kent", **reading)
        assert not heard.missed
        assert [note.name for note in heard.notes] == ["note_known_place"]
    cross = told(
        AT_ADVICE, Question.reached, "i already said kent", "frustrated", partnership="kent"
    )
    assert [note.gaps for note in cross.notes] == [{"place": "Kent"}]


@pytest.mark.parametrize("asked", [Question.reached, Question.step_outcome])
def test_what_was_told_answers_no_later_question(asked: Question) -> None:
    """The kind of disagreement named again fills nothing, and is not "not followed"."""
    heard = told(AT_ADVICE, asked, "threshold", "threshold")
    assert heard.state == AT_ADVICE
    assert [note.name for note in heard.notes] == ["note_known_already"]


@pytest.mark.parametrize("intent", ["ask_draft", "ask_wording", "ask_files"])
@pytest.mark.parametrize("asked", [Question.reached, Question.step_outcome])
def test_asking_for_a_draft_says_nothing_of_how_far_it_has_got(
    asked: Question, intent: str
) -> None:
    """Whatever the words sound like as a reply, and a day told before is kept."""
    before = replace(AT_ADVICE, reached=None, step_on="2026-11-19", step_outcome=None)
    replies = {"how_far": ("waiting", 0.9), "came_of_it": ("awaiting", 0.9)}
    assert told(before, asked, "draft it please", intent, replies=replies).state.reached is None
    assert told(before, asked, "draft it please", intent, replies=replies).state.step_on


@pytest.mark.parametrize("asked", [Question.risk, Question.reached, None])
def test_a_side_that_was_the_practitioners_own_is_let_go(asked: Question | None) -> None:
    """With "wrong, I'm the school" whom they disagree with is asked anew, and said to be."""
    mine: dict[str, Any] = {
        "facts": {"my_agency": "childrens_social_care"},
        "agencies": ["childrens_social_care"],
    }
    heard = told(AT_ADVICE, asked, "wrong, we are social care", **WRONG, **mine)
    assert (heard.state.my_agency, heard.state.their_agency) == ("childrens_social_care", None)
    assert "their_agency" in heard.dropped
    assert heard.state.risk is AT_ADVICE.risk


def test_the_other_side_is_no_answer_to_whom_they_work_for() -> None:
    """An account of the other agency fills the other side; its bare name is the answer."""
    before = replace(AT_ADVICE, my_agency=None, their_agency=None)
    theirs: dict[str, Any] = {"facts": {"their_agency": "health"}, "agencies": ["health"]}
    told_of = {**theirs, "outcomes": ["no_response"]}
    heard = told(before, Question.my_agency, "the health visitor never got back to me", **told_of)
    assert (heard.state.my_agency, heard.state.their_agency) == (None, "health")
    assert told(before, Question.my_agency, "health", **theirs).state.my_agency == "health"


def test_the_other_way_round_turns_the_sides() -> None:
    """The agencies change places, and the post goes; a receiver becomes who raised it."""
    round_the_other = {**WRONG, "reverses": True}
    heard = told(
        replace(AT_ADVICE, level="practitioner"), None, "other way round", **round_the_other
    )
    assert heard.state.my_agency == "childrens_social_care"
    assert heard.state.their_agency == "police"
    assert heard.state.level is None
    received = replace(AT_ADVICE, side="receiver")
    back = told(received, None, "other way round", **round_the_other)
    assert back.state == replace(received, side="raiser")


def test_every_question_that_begins_with_a_short_word_is_named() -> None:
    """Only where "no, it's the police" may be the answer does an objection answer at all."""
    begins = {spec.name for spec in SPEC_OF.values() if spec.begins} - set(SAFETY)
    assert begins == {Question.exit_check}
