"""Whose setting, title or stage it is, where only its place in a message says so."""

from datetime import date

import pytest

from bot.core.vocabulary import Agency, Level, Outcome, Side
from bot.understanding.account.agencies import find_agencies
from bot.understanding.account.position import said_side
from bot.understanding.account.stages import RaisedStage, find_raised_stages
from bot.understanding.account.whole import read_by_rules

TODAY = date(2026, 12, 1)


def raised(text: str) -> tuple[RaisedStage, ...]:
    """Return the stages that a text says were raised, by the rules alone."""
    return find_raised_stages(text, read_by_rules(text, TODAY, {}), TODAY)


@pytest.mark.parametrize(
    ("text", "mine"),
    [
        ("they're burying it. luton school worried but not immediate", Agency.education),
        ("he's at risk of exclusion not harm. kent school", Agency.education),
        ("sw said no. hackney secondary school, worried", Agency.education),
        ("they are closing it. nursery in poole", Agency.early_years),
        ("we disagree with social care. kent police", None),
        ("luton school is unhappy with us", None),
        ("this is the one i mean: kent school", None),
        ("kent school refused to come. im a social worker", Agency.childrens_social_care),
    ],
)
def test_a_setting_signs_off_with_its_place(text: str, mine: Agency | None) -> None:
    """It is where somebody works, unless they have said so, or say what it did."""
    agencies = find_agencies(text)
    assert agencies.mine is mine
    assert mine is None or agencies.theirs is not mine


@pytest.mark.parametrize(
    ("text", "mine", "level"),
    [
        ("im family support worker in luton school", Agency.education, Level.practitioner),
        ("family support worker at a nursery in poole", Agency.early_years, Level.practitioner),
        (
            "im a family support worker in luton",
            Agency.childrens_social_care,
            Level.practitioner,
        ),
        ("senior manager, health, dorset. stage 2 failed", Agency.health, Level.senior_manager),
        ("CEO of a multi academy trust, luton", Agency.education, Level.director),
        (
            "I chair the cp conference in hackney",
            Agency.childrens_social_care,
            Level.practitioner,
        ),
    ],
)
def test_a_title_takes_its_agency_from_where_it_is_held(
    text: str, mine: Agency, level: Level
) -> None:
    """A town between the two, or a comma, changes nothing of it."""
    agencies = find_agencies(text)
    assert (agencies.mine, agencies.level) == (mine, level)


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("head of service kent, i answered the school in writing, stage 2", Side.receiver),
        ("stage 3 is with me from the head of service in social care", Side.receiver),
        ("director, kent social care. the police sent me a stage 4", Side.receiver),
        ("the school disagrees with me not making a plan", Side.receiver),
        ("im a sw, a teacher says she is going over my head", Side.receiver),
        ("i answered the phone and she said no", None),
        ("they sent us a stage 2 answer", None),
        ("stage 2 is with us to raise", None),
        ("the social worker disagrees with me", None),
        ("my manager says she is going over my head", None),
    ],
)
def test_who_is_challenged_at_an_upper_rung(text: str, side: Side | None) -> None:
    """What came to them, or what they answered, says so; a colleague who objects does not."""
    assert said_side(text, find_agencies(text)) is side


@pytest.mark.parametrize(
    ("text", "number", "on"),
    [
        ("she said no on friday. team manager, referral refused, stage 1. kent", 1, None),
        ("dsl kent, stage 1, no reply", 1, None),
        ("talked to the manager, now at stage 2.", 2, None),
        ("stage 4 referral went to the luton partnership on 26 november", 4, 26),
    ],
)
def test_a_stage_that_is_said_counts_whoever_was_spoken_to(
    text: str, number: int, on: int | None
) -> None:
    """A stage between two marks was raised."""
    (stage,) = raised(text)
    assert (stage.number, stage.on and stage.on.day) == (number, on)


@pytest.mark.parametrize(
    "text",
    [
        "want to go up, stage 2",
        "whats next, stage 2",
        "should we do it, stage 1, today",
        "referral refused, stage 1? kent",
        "can we skip, stage 1, please",
        "just a chat, not stage 1",
    ],
)
def test_a_stage_that_is_asked_about_or_wished_for_was_not_raised(text: str) -> None:
    """Between two marks too."""
    assert raised(text) == ()


def test_nobody_answers_before_they_are_asked() -> None:
    """A day that was put right is the stage's, and what came of it stands before it."""
    text = "she said no on tuesday, sorry wednesday. referral refused, stage 1. kent"
    assert raised(text) == (RaisedStage(1, date(2026, 11, 25), Outcome.unresolved, None),)


@pytest.mark.parametrize(
    "text",
    [
        "dsl kent, they refused our referral, stage 1, 26 november",
        "dsl kent. social care said no to our referral. stage 1.",
        "dsl kent. sw said no on friday, stage 1, 30 november",
    ],
)
def test_the_no_that_is_challenged_is_no_answer_to_the_stage(text: str) -> None:
    """It came before: what came of the stage is asked."""
    (stage,) = raised(text)
    assert stage.outcome is None


@pytest.mark.parametrize(
    ("text", "ahead"),
    [
        ("stage 1 raised 24 dec 2026. referral refused", 24),
        ("we raised stage 1 with social care on 24 december 2026, no reply", 24),
        ("stage 1 raised on 20 november, core group on 24 december", None),
        ("stage 1 raised. core group is on 24 december", None),
    ],
)
def test_a_day_still_to_come_is_no_day_of_a_stage(text: str, ahead: int | None) -> None:
    """It is kept apart, so that it can be said. The day of something else is not."""
    (stage,) = raised(text)
    assert (stage.ahead and stage.ahead.day) == ahead
    assert ahead is None or stage.on is None
