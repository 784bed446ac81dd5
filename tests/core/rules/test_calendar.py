"""Working days and limits against a hand-written list of England's bank holidays."""

import doctest
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.policy.model import Anchor, Limit, LimitReading, Nation, Party, Policy, Strength, Unit
from bot.core.rules import working_days
from bot.core.rules.deadlines import Anchors, deadline_for, due_day
from bot.core.rules.working_days import (
    add_working_days,
    bank_holidays_between,
    is_working_day,
    working_days_between,
)
from tests.support.core import handbook, policies

PUBLISHED = """
2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26
2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28
2028-01-03 2028-04-14 2028-04-17
"""
"""England's bank holidays up to Easter 2028, substitute days included; from GOV.UK, by hand."""
ENGLAND = {date.fromisoformat(day) for day in PUBLISHED.split()}

days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


def counted_by_hand(start: date, amount: int) -> date:
    """Walk day by day and count what is neither a weekend nor in the list."""
    day = start
    while amount:
        day = day + timedelta(days=1)
        if day.strftime("%A") not in {"Saturday", "Sunday"} and day not in ENGLAND:
            amount -= 1
    return day


def test_the_examples_in_docstrings_hold() -> None:
    """What the documentation of the calendar shows is what it does."""
    done = doctest.testmod(working_days)
    assert done.attempted > 0
    assert done.failed == 0


def test_every_day_of_three_years_is_a_working_day_or_not_as_listed() -> None:
    """1 January 2025 to 31 December 2027, each day against the list."""
    first = date(2025, 1, 1)
    for offset in range((date(2028, 1, 1) - first).days):
        day = first + timedelta(days=offset)
        assert is_working_day(day, Nation.england) == (day.weekday() < 5 and day not in ENGLAND)


@given(days, st.integers(1, 30))
def test_working_days_are_counted_as_by_hand(start: date, amount: int) -> None:
    """Any start, any amount: the same day as walking the calendar."""
    due = add_working_days(start, amount, Nation.england)
    assert due == counted_by_hand(start, amount)
    assert working_days_between(start, due, Nation.england) == amount
    between = bank_holidays_between(start, due, Nation.england)
    assert between == sorted(day for day in ENGLAND if start < day <= due and day.weekday() < 5)


@pytest.mark.parametrize(
    ("nation", "day", "works"),
    [
        (Nation.england, date(2027, 3, 29), False),  # Easter Monday
        (Nation.scotland, date(2027, 3, 29), True),
        (Nation.wales, date(2027, 3, 29), False),
        (Nation.northern_ireland, date(2027, 3, 17), False),  # St Patrick's Day
        (Nation.england, date(2027, 3, 17), True),
        (Nation.scotland, date(2026, 1, 2), False),
        (Nation.england, date(2026, 1, 2), True),
        (Nation.scotland, date(2026, 11, 30), False),  # St Andrew's Day
        (Nation.northern_ireland, date(2027, 7, 12), False),
        # Announced for once: from the keepers' file.
        (Nation.scotland, date(2026, 6, 15), False),
        (Nation.england, date(2026, 6, 15), True),
    ],
)
def test_each_nation_has_its_own_bank_holidays(nation: Nation, day: date, works: bool) -> None:  # noqa: FBT001 - a table of days.
    """No nation is left to a default."""
    assert is_working_day(day, nation) is works


def limit(unit: Unit, amount: int | None, *readings: LimitReading, **more: object) -> Limit:
    """Return a limit on the receiver."""
    shape: dict[str, object] = {"what": "Answer", "who": Party.receiver, "source": "1", **more}
    return Limit(unit=unit, amount=amount, readings=readings or START, **shape)  # type: ignore[arg-type]  # each named field has its own type.


START = (LimitReading(counted_from=Anchor.stage_start),)


@pytest.mark.parametrize(
    ("unit", "amount", "start", "due"),
    [
        (Unit.hour, 24, date(2026, 12, 24), date(2026, 12, 25)),
        (Unit.hour, 24, date(2026, 11, 20), date(2026, 11, 21)),
        (Unit.hour, 1, date(2026, 11, 20), date(2026, 11, 21)),
        (Unit.hour, 48, date(2026, 11, 20), date(2026, 11, 22)),
        (Unit.hour, 72, date(2026, 11, 20), date(2026, 11, 23)),
        (Unit.calendar_day, 5, date(2026, 12, 24), date(2026, 12, 29)),
        (Unit.calendar_day, 1, date(2028, 2, 28), date(2028, 2, 29)),
        (Unit.working_day, 3, date(2026, 12, 24), date(2026, 12, 31)),
        (Unit.working_day, 1, date(2026, 11, 21), date(2026, 11, 23)),
        (Unit.working_day, 10, date(2026, 11, 10), date(2026, 11, 24)),
        (Unit.working_week, 1, date(2026, 11, 24), date(2026, 12, 1)),
        (Unit.working_week, 2, date(2026, 12, 18), date(2027, 1, 6)),
        (Unit.same_working_day, None, date(2026, 11, 22), date(2026, 11, 22)),
        (Unit.without_delay, None, date(2026, 11, 22), date(2026, 11, 22)),
    ],
)
def test_each_unit_ends_on_its_day(unit: Unit, amount: int | None, start: date, due: date) -> None:
    """Hours and days run through weekends and holidays; working days and weeks do not."""
    assert due_day(limit(unit, amount), start, Nation.england) == due


def at_stage_2(
    stage_limit: Limit, *, concern: date | None, began: date | None, today: date
) -> str | None:
    """Return when a limit of Dorset's Stage 2 is due, and how that was worked out."""
    policy: Policy = policies()["pan_dorset"]
    anchors = Anchors(concern, today, {1: concern, 2: began})
    found = deadline_for(stage_limit, policy.stage(2), policy, anchors, handbook().phrases)
    return f"{found.due} | {found.working}" if found else None


CONCERN = LimitReading(counted_from=Anchor.concern)
TODAY = date(2026, 11, 24)


def test_of_two_readings_the_earlier_is_used_and_both_are_shown() -> None:
    """Safety rule 6."""
    shown = at_stage_2(
        limit(Unit.working_day, 4, *START, CONCERN),
        concern=date(2026, 11, 18),
        began=date(2026, 11, 20),
        today=TODAY,
    )
    assert shown is not None
    assert shown.startswith("2026-11-24 | 4 working days: day 0 is Wed 18 Nov 2026")
    assert "counted from when the concern arose: the earliest of the readings" in shown
    assert "can be read in 2 ways; the earliest date is used" in shown
    assert "Counted from the start of this stage it would be Thu 26 Nov 2026." in shown


def test_a_reading_whose_day_is_not_known_is_said_not_to_be() -> None:
    """Dorset's Stage 3 with Stage 2 left out: the other reading is named, not dropped."""
    policy = policies()["pan_dorset"]
    stage = policy.stage(3)
    anchors = Anchors(TODAY, TODAY, {3: date(2026, 11, 20)})
    found = deadline_for(stage.to_answer[0], stage, policy, anchors, handbook().phrases)
    assert found is not None
    assert found.due == date(2026, 12, 4)
    assert "may also be counted from the start of Stage 2, but that day is not known" in (
        found.working
    )


def test_a_limit_with_no_known_day_0_has_no_deadline() -> None:
    """Nothing is counted from a day that nobody knows."""
    stage_limit = limit(Unit.working_day, 4)
    assert at_stage_2(stage_limit, concern=TODAY, began=None, today=TODAY) is None


def test_the_working_names_day_0_the_bank_holidays_and_the_day_due() -> None:
    """The design's own example: Christmas Eve and three working days."""
    shown = at_stage_2(
        limit(Unit.working_day, 3),
        concern=None,
        began=date(2026, 12, 24),
        today=date(2026, 12, 24),
    )
    assert shown == (
        "2026-12-31 | 3 working days: day 0 is Thu 24 Dec 2026; "
        "Fri 25 and Mon 28 Dec are bank holidays; due Thu 31 Dec 2026"
    )


def test_the_working_of_bank_holidays_in_two_months_names_both() -> None:
    """From Christmas Eve into January."""
    shown = at_stage_2(
        limit(Unit.working_week, 1),
        concern=None,
        began=date(2026, 12, 24),
        today=date(2026, 12, 24),
    )
    assert shown is not None
    assert "Fri 25, Mon 28 Dec and Fri 1 Jan are bank holidays; due Tue 5 Jan 2027" in shown


@pytest.mark.parametrize(
    ("today", "late"), [(date(2026, 11, 26), False), (date(2026, 11, 27), True)]
)
def test_a_deadline_is_overdue_only_after_its_day(today: date, late: bool) -> None:  # noqa: FBT001 - a table of days.
    """The day it is due is included."""
    policy = policies()["pan_dorset"]
    stage_limit = limit(Unit.working_day, 4, strength=Strength.guide)
    anchors = Anchors(None, today, {2: date(2026, 11, 20)})
    found = deadline_for(stage_limit, policy.stage(2), policy, anchors, handbook().phrases)
    assert found is not None
    assert found.overdue is late
    assert found.strength is Strength.guide


def test_two_days_in_hours_are_not_called_the_next_calendar_day() -> None:
    """48 hours end two days on, and the working says so."""
    shown = at_stage_2(
        limit(Unit.hour, 48), concern=None, began=date(2026, 11, 20), today=date(2026, 11, 20)
    )
    assert shown is not None
    assert shown.startswith("2026-11-22")
    assert "next calendar day" not in shown


def test_or_sooner_is_said_with_the_rule() -> None:
    """A limit "or sooner if the child needs it" says that."""
    policy = policies()["city_and_hackney"]
    anchors = Anchors(TODAY, TODAY, {1: TODAY})
    stage = policy.stage(1)
    found = deadline_for(stage.to_answer[0], stage, policy, anchors, handbook().phrases)
    assert found is not None
    assert found.rule == "1 working week, or sooner if the child needs it"
