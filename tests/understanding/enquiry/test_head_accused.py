"""Whom a worry about somebody at work is about: the head, whoever writes, or their friends."""

import pytest

from bot.understanding.enquiry.colleagues import find_accused, whom_it_is_about


@pytest.mark.parametrize(
    "text",
    [
        "our headteacher was accused by a pupil of slapping a child",
        "the head of our school keeps messaging a year 9 girl",
        "head teacher of my school pushed a boy last week",
        "there is an allegation against me and i am the head",
        "head in poole, the allegation is about me",
        "nursery manager in luton, a parent made an allegation against me",
    ],
)
def test_the_head_is_accused_also_where_the_head_writes(text: str) -> None:
    """Whoever it is told of, the worry never goes to the head."""
    assert find_accused(text)
    assert whom_it_is_about(text) == "head"


@pytest.mark.parametrize(
    "text",
    [
        "and the head is his wife",
        "the chair is married to her",
        "i don't trust the governors",
        "she's also the owner",
        "he is also the proprietor",
    ],
)
def test_whoever_would_be_told_is_close_to_them(text: str) -> None:
    """They are in the way, as the accused is."""
    assert whom_it_is_about(text) == "conflict"


@pytest.mark.parametrize(
    "text",
    [
        "the head is ringing mum now",
        "the dsl says mum was there",
        "the social worker accused me of being difficult",
        "im a head of year and the allegation is about a pupil",
    ],
)
def test_nobody_is_accused_or_close_who_only_rings_or_tells(text: str) -> None:
    """A call to a parent is no tie, and a reproach is no allegation of harm."""
    assert whom_it_is_about(text) is None
    assert not find_accused(text)


@pytest.mark.parametrize(
    "text",
    [
        "someone has made an allegation against me, school have suspended me, im a TA in kent",
        "I'm accused of hitting a child. kent school",
        "i've been accused of grabbing a pupil",
        "there is an allegation about me and my manager wont say what",
    ],
)
def test_whoever_writes_is_accused_where_they_are_not_the_head(text: str) -> None:
    """Whoever is above them deals with it, and it is not for them to report."""
    assert find_accused(text)
    assert whom_it_is_about(text) == "me"
