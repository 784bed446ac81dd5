"""What typed text tells of the place, and of the agencies on both sides."""

from typing import Any

import pytest

from bot.core.conversation.questions.spec import Question
from bot.core.conversation.state import State
from bot.core.vocabulary import Risk
from tests.core.conversation.typed import AT_STAGE_1, said, told
from tests.support.core import handbook


def test_a_place_outside_is_named_and_the_fallback_used() -> None:
    """The guide never picks the nearest place instead."""
    state = State(risk=Risk.no_harm)
    heard = told(state, Question.partnership, outside_place="leeds")
    assert heard.state.partnership == "trust_guidance"
    assert said(heard, Question.partnership)["note_outside"]["place"] == "Leeds"


def test_an_agency_that_answers_one_side_does_not_fill_the_other() -> None:
    """A school named as one's own is not also the agency one disagrees with."""
    state = State(risk=Risk.no_harm, partnership="kent", disagreement="threshold")
    facts = {"their_agency": "education"}
    heard = told(state, Question.my_agency, agencies=["education"], facts=facts)
    assert heard.state.my_agency == "education"
    assert heard.state.their_agency is None
    both = {"my_agency": "education", "their_agency": "police"}
    heard = told(state, Question.my_agency, agencies=["education", "police"], facts=both)
    assert heard.state.their_agency == "police"


@pytest.mark.parametrize(
    "text", ["you asked me that already, it is Kent", "i already said kent", "hello, kent here"]
)
def test_a_remark_may_tell_where(text: str) -> None:
    """Anger or a greeting fills nothing by itself, but a place beside it is taken."""
    heard = told(
        State(risk=Risk.concern), Question.partnership, "frustrated", text, partnership="kent"
    )
    assert heard.state.partnership == "kent"
    alone = told(State(risk=Risk.concern), Question.partnership, "frustrated", "you asked me that")
    assert alone.state.partnership is None


@pytest.mark.parametrize(
    ("text", "moves"), [("luton and dunstable", True), ("the luton and dunstable", False)]
)
def test_only_a_place_by_itself_changes_the_partnership(text: str, moves: bool) -> None:  # noqa: FBT001 - a table
    """Three words that name a place correct it; in four it may be the name of a hospital."""
    heard = told(AT_STAGE_1, Question.step_on, "place", text, partnership="pan_bedfordshire")
    assert heard.state.partnership == ("pan_bedfordshire" if moves else "kent")


def test_a_place_outside_is_told_with_the_authority_whose_children_live_there() -> None:
    """Norwich's children come under Norfolk; a city that is its own authority is named once."""
    heard = told(
        State(), Question.partnership, outside_place="norwich", outside_authority="Norfolk"
    )
    assert heard.state.partnership == "trust_guidance"
    (note,) = heard.notes
    assert (note.name, note.gaps["place"], note.gaps["authority"]) == (
        "note_outside_of",
        "Norwich",
        "Norfolk",
    )
    shared = told(
        State(),
        Question.partnership,
        outside_place="oakham",
        outside_authority="Rutland",
        outside_partnership="Leicestershire and Rutland Safeguarding Children Partnership",
    )
    (note,) = shared.notes
    assert note.name == "note_outside_partnership"
    assert note.gaps["partnership"].startswith("Leicestershire and Rutland")
    same = told(State(), Question.partnership, outside_place="leeds", outside_authority="Leeds")
    assert [note.name for note in same.notes] == ["note_outside"]


def test_a_place_of_which_there_are_two_is_asked_about() -> None:
    """Nothing is chosen, and the authorities it could be in are named, unless there are many."""
    among = ("Kent", "Surrey")
    heard = told(State(), Question.partnership, unclear_place="ashford", place_among=among)
    assert heard.state.partnership is None
    (note,) = heard.notes
    assert (note.name, note.gaps["among"]) == ("note_unclear_place", "Kent or Surrey")
    many = tuple("ABCDEFGH")
    heard = told(State(), Question.partnership, unclear_place="london", place_among=many)
    assert [note.name for note in heard.notes] == ["note_unclear_many"]


@pytest.mark.parametrize(
    "nation", ["Guernsey", "Isle of Man", "Jersey", "Northern Ireland", "Scotland", "Wales"]
)
def test_a_place_outside_england_is_given_no_english_steps(nation: str) -> None:
    """What is there instead is said in words of its own, and the question stays open."""
    heard = told(
        State(), Question.partnership, outside_place="there", outside_nation=nation,
        outside_authority=nation,
    )  # fmt: skip
    assert heard.state.partnership is None
    (note,) = heard.notes
    words = handbook().phrases.say(note.name)
    assert "This guide is for England" in words
    assert nation.rsplit(maxsplit=1)[-1] in words


def test_the_policy_that_a_place_was_taken_for_is_said() -> None:
    """In one short line, so that a wrong one is noticed; not where no policy is held."""
    heard = told(State(risk=Risk.concern), Question.partnership, partnership="kent")
    assert said(heard, Question.partnership)["note_policy_taken"]["policy"] == "Kent"
    elsewhere = told(State(risk=Risk.concern), Question.partnership, outside_place="leeds")
    assert "note_policy_taken" not in said(elsewhere, Question.partnership)


def test_the_name_of_an_agency_alone_is_not_taken_for_ones_own() -> None:
    """Unless it was asked for."""
    free = State(risk=Risk.concern, partnership="kent")
    reading = {"facts": {"my_agency": "childrens_social_care"}, "is_name_alone": True}
    named = ["childrens_social_care"]
    for asked, mine in ((Question.disagreement, None), (Question.my_agency, named[0])):
        heard = told(free, asked, "inform", "social care", agencies=named, **reading)
        assert heard.state.my_agency == mine


def test_a_stated_job_overrules_what_was_made_of_an_earlier_message() -> None:
    """Nothing is plainer than "I'm a health visitor"."""
    facts = {"my_agency": "health"}
    heard = told(
        AT_STAGE_1, Question.reached, "inform", "im a hv", introduces=True, level="practitioner",
        agencies=["health"], facts=facts,
    )  # fmt: skip
    assert heard.state.my_agency == "health"


@pytest.mark.parametrize(
    ("intent", "reading", "mine"),
    [
        ("inform", {}, "housing"),
        ("inform", {"outcomes": ["no_response"]}, None),
        ("threshold", {}, None),
    ],
)
def test_a_lone_agency_answers_which_is_ones_own(
    intent: str, reading: dict[str, Any], mine: str | None
) -> None:
    """Where ones own is asked for, nobody else is meant, unless something of them is told."""
    state = State(risk=Risk.concern, partnership="kent", trigger_check="no", disagreement="unknown")
    said_so = {"agencies": ["housing"], "facts": {"their_agency": "housing"}, **reading}
    text = "tenancy support at a housing association"
    heard = told(state, Question.my_agency, intent, text, **said_so)
    assert heard.state.my_agency == mine
