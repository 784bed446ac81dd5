"""What is of today: tablets that were taken, and calls that were made."""

from datetime import date

import pytest

from bench import measure_understanding as measure
from bot.core.vocabulary import CallTo
from bot.understanding.danger.calls import find_calls
from bot.understanding.danger.red_flags import find_flags

TODAY = date(2026, 11, 20)


def heard(text: str) -> list[str]:
    """Return the calls of a text as "police refused"."""
    return [f"{call.to} {call.outcome}" for call in measure.calls_told(text)]


@pytest.mark.parametrize(
    "text",
    [
        "pupil took 20 of her nans tablets at lunch, says she feels fine",
        "he swallowed a handful of his mums sertraline this morning, seems ok",
        "she took an overdose two hours ago but is chatting away",
        "this afternoon she swallowed 12 ibuprofen",
    ],
)
def test_tablets_taken_today_are_danger_now_however_well_a_child_feels(text: str) -> None:
    """They harm later: the ambulance is for now."""
    assert any(flag.urgent and flag.danger_now for flag in find_flags(text, TODAY).found)


@pytest.mark.parametrize(
    "text",
    [
        "she took an overdose last year",
        "she took an overdose in october and camhs closed it today",
        "she took two paracetamol at lunch for a headache",
        "he takes his medication at lunch",
        "they have starved us of information since the review",
    ],
)
def test_what_was_taken_before_or_is_meant_to_be_is_no_danger_now(text: str) -> None:
    """Nor are words that only sound like it."""
    assert not any(flag.danger_now for flag in find_flags(text, TODAY).found)


@pytest.mark.parametrize(
    "text",
    [
        "csc closed it on monday",
        "social care shut it last wednesday",
        "parents not answering either",
    ],
)
def test_another_day_and_the_family_are_no_call_of_today(text: str) -> None:
    """Whoever the guide says to ring was not rung."""
    assert heard(text) == []


def test_a_day_of_the_week_is_not_today() -> None:
    """On a Monday "on Monday" was a week ago, and "this morning" was not."""
    monday = date(2026, 11, 30)
    said = {"csc refused on monday": ("refused", 1.0), "csc refused this morning": ("refused", 1.0)}
    assert find_calls("csc refused on monday", said, monday) == ()
    assert [call.to for call in find_calls("csc refused this morning", said, monday)] == [
        CallTo.childrens_social_care
    ]
