"""Reviews of policies: those due in 90 and 30 days, those that have passed, and a calendar."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta, timezone

import msgspec
from icalendar import Alarm, Calendar, Event

from bot.core.policy.model import Policy
from bot.core.policy.notes import REVIEW_DAYS
from bot.core.rules.deadlines import in_full

SOON = (REVIEW_DAYS, 30, 0)
"""How many days ahead a review is told, the earliest first."""
PRODUCT = "-//Escalation Guide//Reviews of policies//EN"


class Review(msgspec.Struct, frozen=True):
    """The next review of a policy's file."""

    file: str
    name: str
    day: date


def all_reviews(policies: Mapping[str, Policy]) -> list[Review]:
    """Return every review that a document names, the earliest first."""
    found = (
        Review(file, policy.name, policy.document.next_review)
        for file, policy in policies.items()
        if policy.document.next_review
    )
    return sorted(found, key=lambda review: (review.day, review.file))


def due_reviews(policies: Mapping[str, Policy], today: date) -> list[Review]:
    """Return the reviews that have passed or are near, the earliest first."""
    latest = today + timedelta(days=SOON[0])
    return [review for review in all_reviews(policies) if review.day <= latest]


def review_words(review: Review, today: date) -> str:
    """Return how near a review is, as a sentence."""
    left = (review.day - today).days
    if left < 0:
        when = f"was due on {in_full(review.day)} and has passed"
    elif left == 0:
        when = "is due today"
    else:
        step = min(days for days in SOON if left <= days)
        days = "1 day" if left == 1 else f"{left} days"
        when = f"is due in {days}, on {in_full(review.day)} (within {step} days)"
    return f"The review of {review.name} ({review.file}.yml) {when}."


def calendar_file(policies: Mapping[str, Policy], today: date) -> bytes:
    """Return every review as an event with reminders 90 and 30 days before and on the day."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for review in all_reviews(policies):
        calendar.add_component(_event(review, today))
    return bytes(calendar.to_ical())


def _event(review: Review, today: date) -> Event:
    event = Event()
    event.add("uid", f"review-{review.file}@escalation-guide.invalid")
    event.add("dtstamp", datetime.combine(today, time(), timezone.utc))
    event.add("dtstart", review.day)
    event.add("dtend", review.day + timedelta(days=1))
    event.add("summary", f"Review {review.name}")
    event.add("transp", "TRANSPARENT")
    for alarm in _alarms(review.name, SOON):
        event.add_component(alarm)
    return event


def _alarms(name: str, days: Iterable[int]) -> Iterable[Alarm]:
    for before in days:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{name}: its review is due in {before} days")
        alarm.add("trigger", -timedelta(days=before))
        yield alarm
