"""Reviews are told 90 and 30 days ahead, on the day and after it, and as a calendar."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from icalendar import Calendar

from bot.core.policy.model import Policy
from bot.keepers.reviews import calendar_file, due_reviews, review_words
from tests.support.core import policies

DAY = date(2027, 3, 1)


def reviewed(day: date | None) -> dict[str, Policy]:
    """Kent with a day of its next review."""
    kent = policies()["kent"]
    document = msgspec.structs.replace(kent.document, next_review=day)
    return {"kent": msgspec.structs.replace(kent, document=document)}


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (91, None),
        (90, "is due in 90 days, on Monday 1 March 2027 (within 90 days)"),
        (31, "within 90 days"),
        (30, "within 30 days"),
        (1, "is due in 1 day,"),
        (0, "is due today"),
        (-1, "has passed"),
    ],
)
def test_a_review_is_told_in_time(days: int, told: str | None) -> None:
    """Not before, and until somebody has done it."""
    today = DAY - timedelta(days=days)
    due = due_reviews(reviewed(DAY), today)
    assert [told in review_words(one, today) for one in due if told] == ([True] if told else [])
    assert bool(due) is bool(told)


def test_a_policy_without_a_day_has_no_review() -> None:
    """The guide makes up none."""
    assert due_reviews(reviewed(None), DAY) == []
    assert list(Calendar.from_ical(calendar_file(reviewed(None), DAY)).walk("VEVENT")) == []


def events(today: date) -> list[Any]:
    """The events of the calendar that is fetched on a day."""
    return list(Calendar.from_ical(calendar_file(reviewed(DAY), today)).walk("VEVENT"))


def test_the_calendar_reminds_three_times() -> None:
    """90 and 30 days before, and on the day; the same event each time it is fetched."""
    (event,) = events(DAY)
    assert event["dtstart"].dt == DAY
    triggers = [alarm["trigger"].dt.days for alarm in event.walk("VALARM")]
    assert sorted(triggers) == [-90, -30, 0]
    (again,) = events(DAY + timedelta(1))
    assert again["uid"] == event["uid"]
