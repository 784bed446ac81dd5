"""Working days: weekends and the bank holidays of the policy's nation do not count.

Day 0 is the day of the event. Source of the dates: the `holidays` package, by nation, and the days
that a keeper has added (`bot/core/handbook/calendar.py`).
"""

from datetime import date, timedelta
from functools import cache

import holidays

from bot.core.handbook.calendar import calendar
from bot.core.policy.model import Nation

SUBDIVISION = {
    Nation.england: "ENG",
    Nation.wales: "WLS",
    Nation.scotland: "SCT",
    Nation.northern_ireland: "NIR",
}
SATURDAY = 5


@cache
def bank_holidays(nation: Nation) -> holidays.HolidayBase:
    """Return the package's bank holidays by date; it adds years as they are needed."""
    return holidays.country_holidays("GB", subdiv=SUBDIVISION[nation])


def is_bank_holiday(day: date, nation: Nation) -> bool:
    """Say whether `day` is a bank holiday of `nation`, even on a weekend."""
    return bool(bank_holiday_name(day, nation))


def bank_holiday_name(day: date, nation: Nation) -> str:
    """Return a bank holiday's name, such as "Christmas Day"; empty for any other day."""
    if day in calendar().taken_away_in(nation):
        return ""
    return calendar().added_in(nation).get(day) or str(bank_holidays(nation).get(day, ""))


def working_day_before(day: date, nation: Nation) -> date:
    """Return the last working day before `day`."""
    before = day - timedelta(days=1)
    while not is_working_day(before, nation):
        before -= timedelta(days=1)
    return before


def is_working_day(day: date, nation: Nation) -> bool:
    """Say whether `day` counts as a working day in `nation`."""
    return day.weekday() < SATURDAY and not is_bank_holiday(day, nation)


def add_working_days(start: date, amount: int, nation: Nation) -> date:
    """Return the day `amount` working days after `start`, which is day 0.

    >>> add_working_days(date(2026, 12, 24), 3, Nation.england)
    datetime.date(2026, 12, 31)
    """
    day, left = start, amount
    while left > 0:
        day += timedelta(days=1)
        left -= is_working_day(day, nation)
    return day


def working_days_between(start: date, end: date, nation: Nation) -> int:
    """Count the working days after `start` up to and including `end`; 0 when `end` is not later."""
    span = (end - start).days
    return sum(is_working_day(start + timedelta(days=n), nation) for n in range(1, span + 1))


def bank_holidays_between(start: date, end: date, nation: Nation) -> list[date]:
    """Return the bank holidays after `start` up to `end` that fall on a weekday."""
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return [day for day in days if day.weekday() < SATURDAY and is_bank_holiday(day, nation)]
