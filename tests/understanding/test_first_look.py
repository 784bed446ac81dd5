"""The first look that decides who is answered first."""

from datetime import date

import pytest

from bot.understanding.first_look import tells_of_danger

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    "text",
    [
        "he is hitting her right now",
        "mum just rang, he has got a knife",
        "she has taken an overdose",
        "the child is in immediate danger",
        "There is an immediate risk of significant harm.",
        "they closed the case. \n" * 20 + "he is strangling her now",
    ],
)
def test_danger_is_seen_by_rules_alone(text: str) -> None:
    """A red flag or a grave risk that is stated, wherever it stands in the text."""
    assert tells_of_danger(text, TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4",
        "they say it does not meet the threshold",
        "worried but not immediate, they knocked our referral back",
        "who do I ring if a child were in danger?",
    ],
)
def test_what_tells_of_none_waits_its_turn(text: str) -> None:
    """A disagreement, an option, a question of what one would do."""
    assert not tells_of_danger(text, TODAY)
