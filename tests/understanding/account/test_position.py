"""Side, own rung, wishes and today's calls, as people tell them."""

import pytest

from bot.core.vocabulary import Level, Side
from bot.understanding.account.agencies import find_agencies
from bot.understanding.account.corrections import find_objection, find_reversal
from bot.understanding.account.history import History
from bot.understanding.account.position import (
    Wish,
    find_own_level,
    find_side,
    find_wish,
    owes_answer,
    says_not_the_lead,
)


@pytest.mark.parametrize(
    "text",
    [
        "im a team manager, a school raised a stage 1 with me on thursday",
        "a school has escalated to me and i dont agree",
        "we've received a challenge from the health visitor",
        "the nursery is challenging my decision",
        "how long have i got to answer them",
        "i am not the one who raised it",
        "i didnt raise it, they did",
        "a teacher at another school has escalated it to me",
        "actually im the social worker they raised it with",
        "im the police DI they went to at stage 2",
        "im the team manager that the school took it to",
        "i am the one who has to answer",
        "sorry, i'm the nurse the school challenged",
        "it was raised with us",
        "we're the team they escalated it to",
        "its me who needs to respond to them",
        "control room supervisor, dorset police. school says we refused to attend",
        "the nursery is complaining that my officers left the child there",
        "a hospital has just escalated to me a child who is at risk tonight",
        "the director rang to say we failed to respond",
    ],
)
def test_whoever_is_challenged_is_the_receiver(text: str) -> None:
    """Somebody with whom it was raised has to answer it."""
    assert find_side(text, History((), (), (), ()), find_agencies(text)) is Side.receiver


@pytest.mark.parametrize(
    "text",
    [
        "i want to escalate the decision of social care",
        "i raised it with my manager and with the social worker",
        "we disagree with their decision",
        "im a dsl, a teacher of mine has escalated a refused referral to me",
        "one of the health visitors in my team has raised this with me",
        "a nurse i manage has brought a closed case to me",
    ],
)
def test_whoever_challenges_is_the_raiser(text: str) -> None:
    """Raising it, or wanting to, is the other side."""
    assert find_side(text, History((), (), (), ()), find_agencies(text)) is Side.raiser


@pytest.mark.parametrize(
    ("text", "reverses"),
    [
        ("no its the other way round", True),
        ("you have us the wrong way around", True),
        ("it's back to front", True),
        ("they turned the plan the other way round at the meeting and closed it without us", False),
    ],
)
def test_the_two_sides_taken_for_each_other_are_heard(text: str, *, reverses: bool) -> None:
    """In few words; an account may hold the words too."""
    assert find_reversal(text) is reverses


def test_a_side_is_not_made_up() -> None:
    """Where the words do not say it, there is none."""
    text = "the plan has not moved"
    assert find_side(text, History((), (), (), ()), find_agencies(text)) is None


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("I'm her manager", Level.line_manager),
        ("im the social workers manager", Level.line_manager),
        ("im a service manager in childrens social care", Level.senior_manager),
        ("im a health visitor, her manager said no", Level.practitioner),
        ("the head of service said no", None),
        ("I manage a team of school nurses", Level.line_manager),
        ("i supervise four outreach workers at the refuge", Level.line_manager),
        ("im in charge of the health visitors", Level.line_manager),
        ("I head up the family hub", Level.line_manager),
        ("I'm a DI, i run the child abuse team", Level.senior_manager),
        ("I lead on safeguarding for the practice, GP", Level.practitioner),
        ("health visitor, i manage to see them once a week", Level.practitioner),
    ],
)
def test_own_rung_is_read(text: str, level: Level | None) -> None:
    """The rung is the one the person says they stand on, not one they talk about."""
    assert find_own_level(text, find_agencies(text)) is level


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("want to go straight to stage 3, CSC refused a strategy meeting", Wish(stage=3)),
        ("stage 3 now", Wish(stage=3)),
        ("can we go to stage two please", Wish(stage=2)),
        ("this should be at stage 2 by now", Wish(stage=2)),
        ("can i go straight to the director", Wish(level=Level.director)),
        ("we raised stage 2 on monday", None),
        ("stage 1 was on 3 november, no reply", None),
        ("i want the team manager to ring me", None),
        ("we want level 4 and they say level 2", None),
    ],
)
def test_a_wish_for_a_stage_is_told_from_a_stage_that_was_tried(
    text: str, wish: Wish | None
) -> None:
    """Wanting a rung is not having been there."""
    assert find_wish(text, find_agencies(text)) == wish


@pytest.mark.parametrize(
    "text",
    [
        "wrong",
        "thats wrong, im the school",
        "no that's not right",
        "no, I'm the school, it's social care",
        "no thats me, i'm education",
        "you've got that the wrong way round",
        "not that",
        "I never said that",
    ],
)
def test_an_objection_is_heard(text: str) -> None:
    """Saying that something understood is wrong is an objection, never an answer."""
    assert find_objection(text)


@pytest.mark.parametrize(
    "text",
    [
        "the decision is wrong",
        "they got the threshold wrong",
        "no",
        "no, they never rang back",
        "it's wrong that they closed it",
        "i think csc are wrong about the risk",
    ],
)
def test_disagreeing_with_an_agency_is_no_objection(text: str) -> None:
    """What the other agency got wrong is the disagreement itself."""
    assert not find_objection(text)


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("csc tm, luton. school wrote under stage 2 on 25/11", Side.receiver),
        ("inspector, dorset police. the nursery manager emailed me under stage 2", Side.receiver),
        ("chair of governors, school in luton. the council wrote to us at stage 3", Side.receiver),
        ("a midwife rang me to challenge our decision", Side.receiver),
        ("school in kent, we raised stage 1 and csc wrote under stage 1 to say no", Side.raiser),
    ],
)
def test_a_stage_that_the_others_raised_is_owed(text: str, side: Side) -> None:
    """Whoever names a stage that somebody else raised has been challenged."""
    assert find_side(text, History((), (), (), ()), find_agencies(text)) is side


@pytest.mark.parametrize(
    ("text", "owes"),
    [
        ("a school raised stage 1 with me, not answered yet", True),
        ("i havent got back to them", True),
        ("we have not replied", True),
        ("whats my deadline", True),
        ("what do i owe them", True),
        ("they havent answered", False),
        ("i answered on friday", False),
    ],
)
def test_an_answer_that_is_owed_is_told(text: str, owes: bool) -> None:  # noqa: FBT001
    """Whoever says that they have not answered, or asks by when they must, has not."""
    assert owes_answer(text) is owes


@pytest.mark.parametrize(
    "text",
    [
        "csc say we didnt meet threshold",
        "the social worker says we should close it",
        "the minutes say i did not attend",
        "my manager says we never answered the school",
        "mum is complaining that the police refused to attend",
    ],
)
def test_a_reason_given_for_a_refusal_is_no_challenge(text: str) -> None:
    """Nor is what one's own manager, the minutes or a parent say."""
    assert find_side(text, History((), (), (), ()), find_agencies(text)) is not Side.receiver


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("im the head, not the DSL", True),
        ("nursery manager in bedford, not the safeguarding lead", True),
        ("deputy head, but somebody else is the safeguarding lead", True),
        ("im not our designated lead", True),
        ("i am the DSL", False),
        ("the social worker is not the DSL", False),
        ("i told the DSL, not the head", False),
        ("not the DSL at the other school", False),
    ],
)
def test_whoever_manages_may_say_that_somebody_else_is_the_lead(text: str, *, says: bool) -> None:
    """Only of themselves."""
    assert says_not_the_lead(text) is says
