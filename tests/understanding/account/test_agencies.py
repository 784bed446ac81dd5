"""Whose agency is whose, where a word alone does not say it."""

from datetime import date

import pytest

from bot.core.vocabulary import Agency
from bot.understanding.account.agencies import find_agencies
from bot.understanding.account.dates import find_dates
from bot.understanding.account.history import find_history

TODAY = date(2026, 11, 20)


def test_my_school_is_mine_and_my_social_worker_is_not() -> None:
    """A place can be one's own; another agency's worker never is."""
    assert find_agencies("my school is in a trust").mine is Agency.education
    assert find_agencies("my social worker says no").mine is None


@pytest.mark.parametrize(
    ("text", "outcomes"),
    [
        ("they agreed", ["resolved"]),
        ("they agreed to review it", []),
        ("she agreed to another meeting", []),
        ("nothing", ["no_response"]),
        ("nothing useful came of it", []),
    ],
)
def test_agreeing_to_look_again_is_not_agreement(text: str, outcomes: list[str]) -> None:
    """Only what is settled counts as settled."""
    found = find_history(text, find_dates(text, TODAY), TODAY)
    assert [str(outcome) for outcome in found.outcomes] == outcomes
