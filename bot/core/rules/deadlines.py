"""Deadlines with their working: a limit, what it is counted from, and the date it gives."""

from collections.abc import Iterable
from datetime import date, timedelta
from math import ceil

import msgspec

from bot.core.handbook.wording import Phrases
from bot.core.policy.model import (
    CLOSING,
    TOGETHER,
    Anchor,
    Cap,
    Limit,
    LimitReading,
    Nation,
    Owed,
    Party,
    Policy,
    Source,
    Stage,
    Strength,
    Unit,
)
from bot.core.rules.limit_words import anchor_text, or_sooner, rule_text
from bot.core.rules.working_days import (
    add_working_days,
    bank_holidays_between,
    working_days_between,
)

WEEK = 5
"""Working days in a working week."""


TOLD = {*CLOSING, Anchor.other_limit}
"""Events that nobody would guess from day 0 alone."""


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """Something due on a day. `working` shows how the day was counted.

    `if_raised_today` marks a limit that starts with the next step, assumed to be taken today.
    `overdue_by` counts the working days since the due day, today included. `bank_holidays` are
    the bank holidays skipped in the count. `shared`: a time for both sides together; it obliges
    neither to answer the other. `owed` is what is to have come by then, `written`: in writing.
    `over_stages`: a limit over several stages together.
    """

    what: str
    who: Party
    due: date
    rule: str
    working: str
    source: Source
    strength: Strength = Strength.must
    overdue: bool = False
    if_raised_today: bool = False
    overdue_by: int | None = None
    bank_holidays: tuple[date, ...] = ()
    shared: bool = False
    owed: Owed = Owed.answer
    written: bool = False
    over_stages: bool = False


def owed_by_both(limit: Deadline, due: tuple[Deadline, ...]) -> bool:
    """Say whether the raiser owes the same meeting or talk: nobody then waits for the other."""
    sides = {one.who for one in due if (one.what, one.due) == (limit.what, limit.due)}
    return limit.owed in TOGETHER and {Party.raiser, Party.receiver} <= sides


class Anchors(msgspec.Struct, frozen=True):
    """The days that limits are counted from. A stage with an unknown day maps to None.

    `settled` is the day of the settlement, if it is known, and `is_settled` whether there was one:
    before that nothing is counted from it.
    """

    concern: date | None
    decision: date
    started: dict[int, date | None]
    settled: date | None = None
    is_settled: bool = False


class Counted(msgspec.Struct, frozen=True):
    """A limit worked out for one reading. `due` is None if day 0 is not known.

    `assumed`: nobody said which day it was, and today is taken for it.
    """

    reading: LimitReading
    start: date | None
    due: date | None
    assumed: bool = False


def stage_deadlines(
    limits: Iterable[Limit], stage: Stage, policy: Policy, anchors: Anchors, phrases: Phrases
) -> list[Deadline]:
    """Work out the limits of a stage, without those whose day 0 is not known.

    The earliest reading is used. `overdue` compares the date with `anchors.decision`, today.
    """
    found = (deadline_for(limit, stage, policy, anchors, phrases) for limit in limits)
    return [deadline for deadline in found if deadline is not None]


def deadline_for(
    limit: Limit, stage: Stage, policy: Policy, anchors: Anchors, phrases: Phrases
) -> Deadline | None:
    """Work out a limit, or return None if none of its readings has a known day 0."""
    counted = [_counted(limit, reading, stage, policy, anchors) for reading in limit.readings]
    first = _earliest(counted)
    if first is None or first.start is None or first.due is None:
        return None
    start, due, today = first.start, first.due, anchors.decision
    return Deadline(
        what=limit.what,
        who=limit.who,
        due=due,
        rule=or_sooner(rule_text(limit, phrases), limit, phrases),
        working=_explained(
            _working(limit, start, due, policy, phrases), first, counted, policy, phrases
        ),
        source=policy.cite(limit.source),
        strength=limit.strength,
        overdue=due < today,
        overdue_by=working_days_between(due, today, policy.nation) if due < today else None,
        bank_holidays=tuple(_skipped(limit, start, due, policy)),
        shared=limit.shared,
        owed=limit.owed,
        written=limit.written,
        over_stages=isinstance(limit, Cap),
    )


def _counted(
    limit: Limit, reading: LimitReading, stage: Stage, policy: Policy, anchors: Anchors
) -> Counted:
    start = _day_zero(reading, stage, policy, anchors)
    if start is None or not limit.has_end:
        return Counted(reading, None, None)
    assumed = reading.counted_from in CLOSING and anchors.settled is None
    return Counted(reading, start, due_day(limit, start, policy.nation), assumed)


def _earliest(counted: list[Counted]) -> Counted | None:
    known = [one for one in counted if one.due is not None]
    return min(known, key=lambda one: str(one.due), default=None)


def due_day(limit: Limit, start: date, nation: Nation) -> date:
    """Return the day on which a limit counted from `start` (day 0) falls due."""
    amount = limit.amount or 0
    if limit.unit is Unit.hour:
        return start + timedelta(days=ceil(amount / 24))
    if limit.unit is Unit.calendar_day:
        return start + timedelta(days=amount)
    if limit.unit is Unit.working_day:
        return add_working_days(start, amount, nation)
    if limit.unit is Unit.working_week:
        return add_working_days(start, amount * WEEK, nation)
    return start


def show_day(day: date) -> str:
    """Return a day as people read it: "Thu 31 Dec 2026"."""
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def in_full(day: date) -> str:
    """Return a day as it stands in a sentence: "Thursday 31 December 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def show_ago(deadline: Deadline, phrases: Phrases) -> str:
    """Return how long ago a limit passed, to follow its date: "3 working days ago"."""
    days = deadline.overdue_by or 0
    name = {0: "ago_none", 1: "ago_one"}.get(days, "ago_days")
    return phrases.say(name, amount=days)


def _day_zero(reading: LimitReading, stage: Stage, policy: Policy, anchors: Anchors) -> date | None:
    if reading.counted_from is Anchor.concern:
        return anchors.concern
    if reading.counted_from is Anchor.decision:
        return anchors.decision
    if reading.counted_from is Anchor.settled and not anchors.is_settled:
        return None
    if reading.counted_from in CLOSING:
        return anchors.settled or anchors.decision
    if reading.counted_from is Anchor.other_limit:
        return _end_of(reading, stage, policy, anchors)
    if reading.counted_from is Anchor.escalation_start:
        return _first_step(reading.stage, anchors)
    number = stage.number if reading.stage is None else reading.stage
    return anchors.started.get(number)


def _end_of(reading: LimitReading, stage: Stage, policy: Policy, anchors: Anchors) -> date | None:
    """Return the last day of the limit that a reading follows.

    None if it does not hold for the facts, or its own day 0 is not known.
    """
    at = stage if reading.stage is None else policy.stage(reading.stage)
    for limit in (*at.to_begin, *at.to_answer, *at.to_close):
        if limit.what == reading.limit:
            counted = [_counted(limit, one, at, policy, anchors) for one in limit.readings]
            first = _earliest(counted)
            return first.due if first else None
    return None


def _first_step(lowest: int | None, anchors: Anchors) -> date | None:
    """Return the first day of a stage from `lowest` on; None if the true first may be earlier."""
    counted = {
        number: day for number, day in anchors.started.items() if lowest is None or number >= lowest
    }
    if not counted or counted[min(counted)] is None:
        return None
    return min(day for day in counted.values() if day is not None)


def _working(limit: Limit, start: date, due: date, policy: Policy, phrases: Phrases) -> str:
    name = f"working_{limit.unit.value}"
    off = _skipped(limit, start, due, policy)
    return phrases.say(
        f"{name}_holidays" if off else name,
        rule=rule_text(limit, phrases),
        start=show_day(start),
        due=show_day(due),
        holidays=_holidays(off),
    )


def _skipped(limit: Limit, start: date, due: date, policy: Policy) -> list[date]:
    """Return the bank holidays that a limit in working days skips."""
    if limit.unit not in {Unit.working_day, Unit.working_week}:
        return []
    return bank_holidays_between(start, due, policy.nation)


def _holidays(days: list[date]) -> str:
    """Return "Fri 25 and Mon 28 Dec are bank holidays", naming each month once."""
    if not days:
        return ""
    shown = [
        f"{day:%a} {day.day}" + (f" {day:%b}" if after is None or after.month != day.month else "")
        for day, after in zip(days, [*days[1:], None], strict=True)
    ]
    listed = " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
    return f"{listed} {'are bank holidays' if len(days) > 1 else 'is a bank holiday'}"


def _explained(
    working: str, first: Counted, counted: list[Counted], policy: Policy, phrases: Phrases
) -> str:
    """Add what the limit is counted from, and its other readings."""
    reading = first.reading
    if first.assumed:
        working = phrases.say("working_assumed", working=working)
    elif reading.counted_from in TOLD and not reading.because and len(counted) == 1:
        anchor = anchor_text(reading, policy, phrases)
        working = phrases.say("working_counted_from", working=working, anchor=anchor)
    if reading.because or len(counted) > 1:
        anchor = anchor_text(reading, policy, phrases)
        because = reading.because or phrases.say("working_earliest")
        working = phrases.say(
            "working_one_reading", working=working, anchor=anchor, because=because
        )
    if len(counted) == 1:
        return working
    others = " ".join(
        _other(counted_reading, policy, phrases)
        for counted_reading in counted
        if counted_reading is not first
    )
    return phrases.say("working_readings", working=working, count=len(counted), others=others)


def _other(counted: Counted, policy: Policy, phrases: Phrases) -> str:
    anchor = anchor_text(counted.reading, policy, phrases)
    if counted.due is None:
        return phrases.say("working_unknown_reading", anchor=anchor)
    return phrases.say("working_other_reading", anchor=anchor, due=show_day(counted.due))
