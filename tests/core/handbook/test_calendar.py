"""The bank holidays that a keeper adds, and the warning before the compared calendar ends."""

from datetime import date
from pathlib import Path

import pytest

from bot.core.handbook import calendar as module
from bot.core.handbook.calendar import Calendar, calendar, load_calendar
from bot.core.policy.loader import PolicyError
from bot.core.policy.model import Nation
from bot.core.rules import working_days
from bot.core.rules.working_days import add_working_days, bank_holiday_name, is_working_day

HEAD = """owner: The keeper
checked_until: 2027-12-31
looked_at: 2026-11-29
source: The published list
address: https://www.gov.uk/bank-holidays
"""
ONE_OFF = """
  - day: 2027-06-14
    name: A jubilee
    nations: [england, wales]
    source: Royal Proclamation of 1 May 2027
"""


def read(tmp_path: Path, text: str) -> Calendar:
    """Return a calendar with more text after its first lines."""
    path = tmp_path / "bank_holidays.yml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_calendar(path)


@pytest.fixture(name="jubilee")
def fixture_jubilee(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the guide use a calendar with a one-off day, and without May Day of 2027."""
    moved = ONE_OFF.replace("2027-06-14", "2027-05-03").replace("A jubilee", "May Day, moved")
    found = read(tmp_path, f"added:{ONE_OFF}taken_away:{moved}")
    monkeypatch.setattr(working_days, "calendar", lambda: found)


@pytest.mark.usefixtures("jubilee")
def test_a_day_announced_for_once_does_not_count_as_a_working_day() -> None:
    """From the day a keeper adds it, in the nations that it names, and no limit ends on it."""
    assert bank_holiday_name(date(2027, 6, 14), Nation.england) == "A jubilee"
    assert is_working_day(date(2027, 6, 14), Nation.scotland)
    assert add_working_days(date(2027, 6, 11), 1, Nation.england) == date(2027, 6, 15)
    assert add_working_days(date(2027, 6, 11), 1, Nation.scotland) == date(2027, 6, 14)


@pytest.mark.usefixtures("jubilee")
def test_a_bank_holiday_that_was_moved_counts_as_a_working_day() -> None:
    """Where it was taken away; elsewhere it stays."""
    assert is_working_day(date(2027, 5, 3), Nation.england)
    assert not is_working_day(date(2027, 5, 3), Nation.scotland)


@pytest.mark.parametrize(
    ("today", "soon"),
    [(date(2026, 12, 31), False), (date(2027, 1, 1), True), (date(2028, 1, 1), True)],
)
def test_it_warns_when_less_than_twelve_months_are_left(
    tmp_path: Path, today: date, *, soon: bool
) -> None:
    """The calendar was compared up to the end of 2027."""
    assert read(tmp_path, "").ends_soon(today) is soon


def test_the_projects_calendar_says_who_compared_it_and_how_far() -> None:
    """The shipped file loads, and its one-off days name where they were announced."""
    shipped = calendar()
    assert shipped.owner
    assert shipped.checked_until > shipped.looked_at
    assert all(one.source for one in shipped.added)
    assert module.FILE.is_file()


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("added: [{day: 2027-06-14, name: A jubilee, nations: [england]}]", "added[0]", "source"),
        (
            "added: [{day: 2027-06-14, name: A jubilee, nations: [], source: x}]",
            "added[0].nations",
            "at least one nation",
        ),
        (
            "added: [{day: 14 June, name: A jubilee, nations: [wales], source: x}]",
            "added[0].day",
            "YYYY-MM-DD",
        ),
        (
            f"added:{ONE_OFF}taken_away:{ONE_OFF}",
            "taken_away[0].day",
            "a day that is not added as well",
        ),
    ],
)
def test_a_wrong_calendar_is_refused_with_the_place_and_what_was_expected(
    tmp_path: Path, text: str, key: str, expected: str
) -> None:
    """It stops the start, as a wrong policy file does."""
    with pytest.raises(PolicyError) as error:
        read(tmp_path, text)
    told = [str(problem) for problem in error.value.problems]
    assert any(key in line and expected in line for line in told), told
