"""The dates as a calendar file: what I have to do and what they owe me, by when.

An event keeps its identifier for as long as the case lasts. Downloading again updates it: the
sequence goes up with the case's revision, and the stamp is the day with the revision as seconds.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta, timezone
from hashlib import sha256

from icalendar import Alarm, Calendar, Event

from bot.core.policy.model import Party
from bot.core.rules.deadlines import Deadline, show_day
from bot.core.rules.working_days import bank_holiday_name, working_day_before
from bot.documents.case import Case
from bot.documents.plain import clean_text

MEDIA = "text/calendar; charset=utf-8; method=PUBLISH"
PRODUCT = "-//Escalation Guide//Escalation dates//EN"
DOMAIN = "escalation-guide.invalid"
MORNING = timedelta(hours=9)
DAY = timedelta(days=1)


def dates_for(case: Case) -> tuple[Deadline, ...]:
    """Return the dates to keep: those still to come. What is for today is not put off to a file."""
    if case.urgent:
        return ()
    return tuple(deadline for deadline in case.advice.deadlines if not deadline.overdue)


def calendar_file(case: Case) -> bytes:
    """Return the dates of the case as the bytes of an .ics."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    same: Counter[str] = Counter()
    for one in dates_for(case):
        named = event_identity(case, one)
        calendar.add_component(_event(case, one, f"{named}-{same[named]}"))
        same[named] += 1
    return bytes(calendar.to_ical())


def event_identity(case: Case, one: Deadline) -> str:
    """Return what stays the same about a deadline when its date moves, without what was told."""
    policy = case.policy.id if case.policy else ""
    parts = (case.key, policy, one.who.value, one.what, one.source.section)
    return sha256("\n".join(parts).encode()).hexdigest()[:32]


def _event(case: Case, one: Deadline, named: str) -> Event:
    say = case.phrases.say
    event = Event()
    event.add("uid", f"{named}@{DOMAIN}")
    event.add("dtstamp", _stamp(case))
    event.add("sequence", case.revision)
    event.add("dtstart", one.due)
    event.add("dtend", one.due + DAY)
    who = say(f"card_who_{one.who.value}")
    event.add("summary", clean_text(say("calendar_title", who=who, what=one.what.rstrip("."))))
    event.add("description", clean_text(_description(case, one)))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    alarm = _alarm(case, one)
    if alarm is not None:
        event.add_component(alarm)
    return event


def _stamp(case: Case) -> datetime:
    made = datetime.combine(case.day, time(), timezone.utc)
    return made + timedelta(seconds=case.revision)


def _description(case: Case, one: Deadline) -> str:
    say = case.phrases.say
    lines = [say("calendar_due", due=show_day(one.due), rule=one.rule)]
    if one.if_raised_today and one.who is not Party.raiser:
        lines.append(say("calendar_if_raised", day=show_day(case.day)))
    lines.append(say("calendar_counted", working=one.working))
    if case.policy:
        nation = case.policy.nation
        holidays = [
            f"{show_day(day)} ({bank_holiday_name(day, nation)})" for day in one.bank_holidays
        ]
        name = "calendar_holidays" if holidays else "calendar_no_holidays"
        place = say(f"nation_{nation.value}")
        lines.append(say(name, nation=place, holidays=", ".join(holidays)))
    source = f"{one.source.document}, {one.source.section}"
    lines.append(say("calendar_source", source=source))
    lines.append(say("calendar_sooner"))
    return "\n".join(lines)


def _alarm(case: Case, one: Deadline) -> Alarm | None:
    """Return a reminder at 9 on the working day before; none where that day has gone by."""
    if case.policy is None:
        return None
    before = working_day_before(one.due, case.policy.nation)
    if before < case.day:
        return None
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", case.phrases.say("calendar_reminder", due=show_day(one.due)))
    alarm.add("trigger", _before_midnight(one.due, before))
    return alarm


def _before_midnight(due: date, before: date) -> timedelta:
    """Return the time from the start of the day it is due back to 9 on an earlier day."""
    return (before - due) + MORNING
