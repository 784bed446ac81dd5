"""Days that people name, counted from Friday 20 November 2026."""

from datetime import date, datetime, timezone, tzinfo

import pytest

from bot import clock
from bot.understanding.account.dates import find_dates

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("last Tuesday", "2026-11-17"),
        ("the 3rd of November", "2026-11-03"),
        ("on Monday", "2026-11-16"),
        ("on Friday", "2026-11-13"),
        ("yesterday", "2026-11-19"),
        ("this morning", "2026-11-20"),
        ("3 days ago", "2026-11-17"),
        ("tuesday last week", "2026-11-10"),
        ("a week last tuesday", "2026-11-10"),
        ("on the 16th", "2026-11-16"),
        ("monday 16 nov", "2026-11-16"),
        ("Nov 3rd", "2026-11-03"),
        ("2026-11-03", "2026-11-03"),
        ("3/11", "2026-11-03"),
        ("03.11.26", "2026-11-03"),
        ("12/13/2026", "2026-12-13"),
        ("28 December 2025", "2025-12-28"),
    ],
)
def test_a_day_that_is_certain_is_a_date(words: str, expected: str) -> None:
    """Weekdays look back, numbers are read day first, and the year is the latest that fits."""
    assert find_dates(words, TODAY).dates == (date.fromisoformat(expected),)


@pytest.mark.parametrize("words", ["next Friday", "27 November", "tomorrow", "by Friday"])
def test_a_day_ahead_is_told_as_it_is(words: str) -> None:
    """A date in the future is reported, not turned into a past one."""
    (found,) = find_dates(words, TODAY).dates
    assert found > TODAY


@pytest.mark.parametrize(
    ("words", "earliest", "latest"),
    [
        ("about two weeks ago", "2026-11-03", "2026-11-09"),
        ("in October", "2026-10-01", "2026-10-31"),
        ("the week before last", "2026-11-02", "2026-11-08"),
        ("at the weekend", "2026-11-14", "2026-11-15"),
        ("late October", "2026-10-21", "2026-10-31"),
    ],
)
def test_a_day_left_open_is_a_range(words: str, earliest: str, latest: str) -> None:
    """Vague words give both ends and no date, so that the day must be settled."""
    found = find_dates(words, TODAY)
    (only,) = found.ranges
    assert found.dates == ()
    assert (only.earliest.isoformat(), only.latest.isoformat()) == (earliest, latest)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("31 February", "February has 28 days"),
        ("30/02/2026", "February has 28 days"),
        ("31/9", "September has 30 days"),
        ("29 feb", "February 2026 has 28 days"),
    ],
)
def test_a_day_that_cannot_be_says_why(words: str, why: str) -> None:
    """An impossible date is neither dropped nor moved to the next possible one."""
    found = find_dates(words, TODAY)
    assert (found.dates, [bad.why for bad in found.bad]) == ((), [why])


@pytest.mark.parametrize(
    "words",
    ["24/7", "level 2.3", "she sat down", "he may 3 times", "every monday", "section 47", ""],
)
def test_words_that_only_look_like_dates_are_ignored(words: str) -> None:
    """Levels, hours and words that look like days are not taken for one."""
    found = find_dates(words, TODAY)
    assert (found.dates, found.ranges, found.bad) == ((), (), ())


def test_several_days_keep_their_order() -> None:
    """Two days in one line come out in the order they were typed."""
    found = find_dates("spoke to her thursday, and to him on monday", TODAY)
    assert [day.day for day in found.dates] == [19, 16]


SUNDAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Wednesday of last week", "2026-11-18"),
        ("last week on Wednesday", "2026-11-18"),
        ("Tuesday in the week before last", "2026-11-10"),
        ("the week before last, on the Thursday", "2026-11-12"),
        ("a fortnight ago on Thursday", "2026-11-12"),
        ("a fortnight last Tuesday", "2026-11-10"),
        ("two weeks ago on Tuesday", "2026-11-10"),
        ("Friday 3 weeks ago", "2026-11-06"),
        ("Friday week ago", "2026-11-20"),
        ("last Tuesday week", "2026-11-17"),
        ("a week before last Friday", "2026-11-20"),
        ("a week yesterday", "2026-11-21"),
        ("a fortnight ago today", "2026-11-15"),
        ("the second Tuesday in November", "2026-11-10"),
        ("the first Monday of December", "2025-12-01"),
        ("the last Thursday of October", "2026-10-29"),
        ("the day after 3 November", "2026-11-04"),
        ("it was last week that I rang, I think the Monday", "2026-11-16"),
        ("rang her 5/7 ago", "2026-11-24"),
        ("seen 2/52 ago, no reply since", "2026-11-15"),
        ("Mon of last wk", "2026-11-16"),
        ("thurs wk ago", "2026-11-19"),
        ("2 wks ago on tues", "2026-11-10"),
        ("a wk yday", "2026-11-21"),
        ("the Monday of the previous week", "2026-11-16"),
        ("Thursday, week commencing 9 November", "2026-11-12"),
        ("last but one Thursday", "2026-11-19"),
        ("rang csc wed - no answer", "2026-11-25"),
    ],
)
def test_a_weekday_keeps_its_anchor(words: str, expected: str) -> None:
    """A week, a month or another day beside a weekday says which one it was."""
    found = find_dates(words, SUNDAY)
    assert (found.dates, found.ranges) == ((date.fromisoformat(expected),), ())


def test_a_day_later_in_the_week_is_read_as_the_earlier_one() -> None:
    """Said on a Wednesday, "a week ago on Friday" may be 5 or 12 days ago: the earlier counts."""
    found = find_dates("a week ago on Friday", date(2026, 11, 25))
    assert found.dates == (date(2026, 11, 13),)


@pytest.mark.parametrize(
    ("words", "earliest", "latest"),
    [
        ("Monday 24 November", "2026-11-23", "2026-11-24"),
        ("9/10 November", "2026-11-09", "2026-11-10"),
        ("the 9th or 10th November", "2026-11-09", "2026-11-10"),
        ("last Tues or Weds", "2026-11-24", "2026-11-25"),
        ("the Friday before half term", "2026-08-01", "2026-11-27"),
        ("ref 3/12 ago", "2026-08-14", "2026-09-13"),
        ("about 2/52 ago", "2026-11-12", "2026-11-18"),
        ("Thursday of the week before", "2026-11-19", "2026-11-26"),
        ("the Tuesday of that week", "2026-08-01", "2026-11-24"),
        ("w/c 9 November", "2026-11-09", "2026-11-15"),
    ],
)
def test_a_day_in_doubt_is_asked_about(words: str, earliest: str, latest: str) -> None:
    """Two days, a weekday that does not fit its date, or an anchor only they know: a range."""
    found = find_dates(words, SUNDAY)
    (only,) = found.ranges
    assert found.dates == ()
    assert (only.earliest.isoformat(), only.latest.isoformat()) == (earliest, latest)


@pytest.mark.parametrize(
    "words", ["no news for 2/52", "in 3/7 we will know", "newly wed", "mum sat in the sun"]
)
def test_a_duration_is_no_date(words: str) -> None:
    """Shorthand for a length of time names no day."""
    found = find_dates(words, SUNDAY)
    assert (found.dates, found.ranges, found.bad) == ((), (), ())


def test_today_is_the_day_in_england(monkeypatch: pytest.MonkeyPatch) -> None:
    """Late on a summer evening elsewhere, England has begun the next day."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Clock":
            return cls(2026, 7, 1, 23, 30, tzinfo=timezone.utc).astimezone(tz)

    monkeypatch.delenv("ESCALATION_GUIDE_TODAY", raising=False)
    monkeypatch.setattr(clock, "datetime", Clock)
    assert clock.today() == date(2026, 7, 2)


def test_a_weekday_after_another_talk_is_not_in_the_week_of_the_first() -> None:
    """They are two days: "last week, then on Wednesday"."""
    words = "i talked to her last week, then my head rang her manager on wednesday"
    assert find_dates(words, date(2026, 11, 29)).dates == (date(2026, 11, 25),)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("they fly on thursday", "2026-11-26"),
        ("she is released on monday", "2026-11-23"),
        ("he gets out tuesday", "2026-11-24"),
        ("we spoke on thursday", "2026-11-19"),
        ("the plane was on time. we spoke on thursday", "2026-11-19"),
    ],
)
def test_the_day_of_what_lies_ahead_is_the_next_one(words: str, expected: str) -> None:
    """So that the day of a flight is never the day of a talk."""
    assert [str(day) for day in find_dates(words, TODAY).dates] == [expected]


@pytest.mark.parametrize("said", ["on", "last", "since", "by", "the"])
@pytest.mark.parametrize(
    "day", ["16 November", "16th November", "the 16th", "16/11", "(16 Nov)", "November 16th"]
)
def test_a_date_beats_the_weekday_beside_it(said: str, day: str) -> None:
    """A day said as "on Monday 16 November" is one day, and no other Monday."""
    assert find_dates(f"sent {said} Monday {day}", date(2026, 12, 1)).dates == (date(2026, 11, 16),)


def test_a_weekday_that_is_not_its_dates_is_asked_about() -> None:
    """The 17th was a Tuesday: which of the two is meant, only they know."""
    for words in ("on Monday 17 November", "on Monday 17/11"):
        (either,) = find_dates(words, TODAY).ranges
        assert (either.earliest, either.latest) == (date(2026, 11, 16), date(2026, 11, 17))


@pytest.mark.parametrize("words", ["on Monday 1st thing", "on Monday 9.30", "on Monday, 2 calls"])
def test_a_number_after_a_weekday_that_is_no_date(words: str) -> None:
    """A time or a count says nothing of the day."""
    assert find_dates(words, TODAY).dates == (date(2026, 11, 16),)
