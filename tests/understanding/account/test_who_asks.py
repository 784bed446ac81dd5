"""Who is asking: receivers in shorthand, and the rung of titles, on either side."""

from datetime import date

import pytest

from bot.core.vocabulary import Agency, Level, Side
from bot.understanding.account.agencies import find_agencies
from bot.understanding.account.position import said_side
from bot.understanding.account.stages import find_raised_stages
from bot.understanding.account.whole import Whole, read_whole
from bot.understanding.words.text import normal

MONDAY = date(2026, 11, 30)


def whole(text: str) -> Whole:
    """What an account tells on a Monday, with no ranker of outcomes."""
    return read_whole(text, MONDAY, {})


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("s1'd us", 1),
        ("S2d us, the school", 2),
        ("theyve stage-2'd me", 2),
        ("been stage-3'd by the hospital", 3),
        ("weve been s2'd by health", 2),
        ("school did a s1 on us on 19 nov", 1),
        ("school has gone formal on us, stage 2", 2),
        ("stage 3 from the police landed this morning", 3),
        ("my team manager has been sent a stage 2 by the school, im the social worker", 2),
        ("they went straight to stage 3 with our director", 3),
        ("school raised stage 1 with my caseworker", 1),
    ],
)
def test_a_receiver_and_the_stage_are_heard_in_shorthand(text: str, stage: int) -> None:
    """The stage as a verb or a short form, and whoever on our side it came to."""
    assert said_side(text, find_agencies(text)) is Side.receiver
    assert [one.number for one in find_raised_stages(text, whole(text), MONDAY)] == [stage]


@pytest.mark.parametrize(
    "text",
    [
        "theyve esc'd to me",
        "the school have escd it to us",
        "its them who disagree with me",
        "the council have escalated about one of my workers' decisions",
    ],
)
def test_a_receiver_is_heard_without_a_stage(text: str) -> None:
    """Nobody has to name a stage to say that they were challenged."""
    assert said_side(text, find_agencies(text)) is Side.receiver


@pytest.mark.parametrize(
    "text",
    [
        "we did a stage 2 on social care",
        "they disagree with us about the threshold",
        "my team manager was sent a stage 2 answer by social care",
        "i raised it with my manager",
        "we sent a s47 referral",
    ],
)
def test_the_raiser_is_taken_for_no_receiver(text: str) -> None:
    """What they raised, and what came back of it, is their own."""
    assert said_side(text, find_agencies(text)) is not Side.receiver


@pytest.mark.parametrize(
    "text", ["section 1 and s47", "a s20 placement", "child in year 1, s1 to s3"]
)
def test_a_section_of_an_act_is_no_stage(text: str) -> None:
    """Sections, and sets at school, keep their letter."""
    assert "stage" not in normal(text)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("matron at bedford hospital. one of my ward sisters spoke to the social worker", 3),
        ("been stage-2'd by the school. im a service manager, childrens social care", 3),
        ("I'm the virtual head, kent. school raised stage 1 with my caseworker", 3),
        ("im the head of the virtual school in kent and i disagree with social care", 3),
        ("DI, public protection, kent police. the hospital has raised stage 3 with me", 3),
        ("im a team leader for health visitors, one of mine rang social care", 2),
        ("health visitor. my team leader rang the social worker on monday", 1),
    ],
)
def test_a_title_that_somebody_gives_themselves_is_their_rung(text: str, level: int) -> None:
    """Whatever else is told of their staff or their own manager."""
    assert list(Level).index(whole(text).level or Level.partnership) + 1 == level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        (
            "im a social worker in kent. the school dsl rang me yesterday to disagree",
            "practitioner",
        ),
        ("gp in poole. a social worker has escalated to our practice manager", "line_manager"),
    ],
)
def test_a_challenge_is_on_the_rung_of_whom_it_came_to(text: str, level: str) -> None:
    """A lead who rings a social worker talks to a practitioner; a manager answers as one."""
    assert [step.level for step in whole(text).history.steps] == [Level(level)]


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("early help worker in luton. i disagree with the social care team", True),
        ("supervising social worker, fostering team. the childs social worker wont listen", True),
        ("team manager csc. the school wont come, the social worker rang them", False),
        ("social worker, my team manager refused to escalate against the school", False),
    ],
)
def test_two_teams_of_one_kind_are_heard_on_both_sides(text: str, both: bool) -> None:  # noqa: FBT001
    """Somebody of one's own kind who is disagreed with, and not one's own colleague."""
    told = find_agencies(text)
    assert told.mine is Agency.childrens_social_care
    assert (told.theirs is told.mine) is both
