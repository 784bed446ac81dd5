"""The deadlines of both sides as a calendar file.

An event keeps its identifier as long as the case lasts, so that another download updates it: the
sequence is the case's revision, and the stamp is the day with the revision as seconds.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta, timezone
from hashlib import sha256

from icalendar import Alarm, Calendar, Event

from bot.core.policy.model import TOGETHER, Cap, Party, Strength
from bot.core.rules.deadlines import Deadline, show_day
from bot.core.rules.duties import OWN_PARTY
from bot.core.rules.headline import owed
from bot.core.rules.working_days import bank_holiday_name, working_day_before
from bot.documents.case import Case
from bot.documents.plain import clean_text

MEDIA = "text/calendar; charset=utf-8; method=PUBLISH"
PRODUCT = "-//Escalation Guide//Escalation dates//EN"
DOMAIN = "escalation-guide.invalid"
MORNING = timedelta(hours=9)
DAY = timedelta(days=1)


def dates_for(case: Case) -> tuple[Deadline, ...]:
    """Return the deadlines still to come; none in an urgent case, which must not wait."""
    if case.urgent:
        return ()
    return tuple(deadline for deadline in case.advice.deadlines if not deadline.overdue)


def calendar_file(case: Case) -> bytes:
    """Return the deadlines of the case as the bytes of an .ics file."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    same: Counter[str] = Counter()
    for deadline in dates_for(case):
        named = event_identity(case, deadline)
        calendar.add_component(_event(case, deadline, f"{named}-{same[named]}"))
        same[named] += 1
    return bytes(calendar.to_ical())


def event_identity(case: Case, deadline: Deadline) -> str:
    """Return an identifier of a deadline that stays when its date moves and reveals no facts."""
    policy = case.policy.id if case.policy else ""
    parts = (case.key, policy, deadline.who.value, deadline.what, deadline.source.section)
    return sha256("\n".join(parts).encode()).hexdigest()[:32]


def _event(case: Case, deadline: Deadline, named: str) -> Event:
    event = Event()
    event.add("uid", f"{named}@{DOMAIN}")
    event.add("dtstamp", _stamp(case))
    event.add("sequence", case.revision)
    event.add("dtstart", deadline.due)
    event.add("dtend", deadline.due + DAY)
    event.add("summary", clean_text(_title(case, deadline)))
    event.add("description", clean_text(_description(case, deadline)))
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    alarm = _alarm(case, deadline)
    if alarm is not None:
        event.add_component(alarm)
    return event


def _title(case: Case, deadline: Deadline) -> str:
    """Return an event's name as a person would write it: "Kent Stage 1: their answer is due"."""
    say = case.phrases.say
    stages = case.policy.stages if case.policy else ()
    # A limit over several stages is no stage's own: its words say what it is for.
    at = next(
        (
            stage
            for stage in stages
            for limit in stage.to_answer
            if limit.what == deadline.what and not isinstance(limit, Cap)
        ),
        None,
    )
    where = " ".join(
        filter(None, (case.policy.short_name if case.policy else "", at.label if at else ""))
    )
    what = _inside(deadline.what.rstrip("."))
    ours = OWN_PARTY[case.facts.me.side]
    if at and deadline.shared:
        what = say("calendar_shared")
    elif at and deadline.owed in TOGETHER:
        what = say("calendar_due_together", owed=owed(deadline, case.phrases))
    elif at and deadline.who is not Party.raiser:
        whose = {Party.partnership: "partnership", ours: "us"}.get(deadline.who, "them")
        what = say(f"calendar_due_from_{whose}", owed=owed(deadline, case.phrases))
    guide = deadline.strength is Strength.guide
    return say("calendar_title_guide" if guide else "calendar_title", where=where, what=what)


def _inside(what: str) -> str:
    """Return what is to be done, as it stands after a policy's name."""
    return f"{what[0].lower()}{what[1:]}"


def _stamp(case: Case) -> datetime:
    made = datetime.combine(case.day, time(), timezone.utc)
    return made + timedelta(seconds=case.revision)


def _description(case: Case, deadline: Deadline) -> str:
    say = case.phrases.say
    due = "calendar_due_guide" if deadline.strength is Strength.guide else "calendar_due"
    lines = [
        say("calendar_what", what=deadline.what.rstrip(".")),
        say(due, due=show_day(deadline.due), rule=deadline.rule),
    ]
    if deadline.if_raised_today and (deadline.who is not Party.raiser or deadline.shared):
        lines.append(say("calendar_if_raised", day=show_day(case.day)))
    lines.append(say("calendar_counted", working=deadline.working.rstrip(".")))
    if case.policy:
        nation = case.policy.nation
        holidays = [
            f"{show_day(day)} ({bank_holiday_name(day, nation)})" for day in deadline.bank_holidays
        ]
        place = say(f"nation_{nation.value}")
        if holidays:
            lines.append(say("calendar_holidays", nation=place, holidays=", ".join(holidays)))
        on = bank_holiday_name(deadline.due, nation)
        if on:
            due = show_day(deadline.due)
            lines.append(say("calendar_due_holiday", due=due, nation=place, holiday=on))
    source = f"{deadline.source.document}, {deadline.source.section}"
    lines.append(say("calendar_source", source=source))
    lines.append(say("calendar_sooner"))
    return "\n".join(lines)


def _alarm(case: Case, deadline: Deadline) -> Alarm | None:
    """Return a reminder at 9 on the working day before, or None where that day has passed."""
    if case.policy is None:
        return None
    before = working_day_before(deadline.due, case.policy.nation)
    if before < case.day:
        return None
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", case.phrases.say("calendar_reminder", due=show_day(deadline.due)))
    alarm.add("trigger", _before_midnight(deadline.due, before))
    return alarm


def _before_midnight(due: date, before: date) -> timedelta:
    """Return the time from the start of the due day back to 9 on an earlier day."""
    return (before - due) + MORNING
