"""Days that people name, counted from Friday 20 November 2026."""

from datetime import date

import pytest

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
