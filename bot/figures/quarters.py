"""The periods of the figures, and the day from which a quarter is shown and stands still.

Figures shown before and after a single escalation would reveal it. So only whole quarters are
published, from six weeks after their end, and the rows of a shown quarter no longer change. Years
and rolling years are four published quarters added up.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

MONTHS = 3
QUARTERS = 4
SHOWN_AFTER = timedelta(weeks=6)
_NAME = re.compile(r"(2[0-9]{3})-(?:Q([1-4])(-year)?|([0-9]{2}))")


class Quarter(msgspec.Struct, frozen=True, order=True):
    """Three months, named by year and the number of the calendar quarter (1 to 4)."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def begins(self) -> date:
        """The first day."""
        return date(self.year, (self.number - 1) * MONTHS + 1, 1)

    @property
    def ends(self) -> date:
        """The last day."""
        return self.following.begins - timedelta(days=1)

    @property
    def following(self) -> "Quarter":
        """The quarter after this one."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> "Quarter":
        """The quarter before this one."""
        return quarter_of(self.begins - timedelta(days=1))

    @property
    def shown_from(self) -> date:
        """The day from which its figures are shown and its rows stand still."""
        return self.following.begins + SHOWN_AFTER

    def months(self) -> Iterator[str]:
        """Yield its months, such as "2026-04"."""
        for month in range(self.begins.month, self.begins.month + MONTHS):
            yield f"{self.year}-{month:02}"


class Period(msgspec.Struct, frozen=True):
    """A quarter, or a year of four: from April to March, or up to any quarter.

    Written as 2026-Q3, 2026-27 and 2026-Q3-year.
    """

    last: Quarter
    year: bool = False

    def __str__(self) -> str:
        if not self.year:
            return str(self.last)
        if self.last.number == 1:
            return f"{self.last.year - 1}-{self.last.year % 100:02}"
        return f"{self.last}-year"

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """Its quarters, the last one first."""
        found = [self.last]
        while self.year and len(found) < QUARTERS:
            found.append(found[-1].before)
        return tuple(found)

    @property
    def first(self) -> Quarter:
        """Its first quarter."""
        return self.quarters[-1]

    @property
    def before(self) -> "Period":
        """The period as long as this one before it. No escalation is in both."""
        return Period(self.first.before, self.year)

    def in_words(self, form: str = "%B") -> str:
        """Return the period in words.

        >>> Period(Quarter(2026, 2)).in_words(), Period(Quarter(2026, 2)).in_words("%b")
        ('April to June 2026', 'Apr to Jun 2026')
        >>> Period(Quarter(2026, 1), year=True).in_words()
        'April 2025 to March 2026'
        """
        first, last = self.first.begins, self.last.ends
        same = first.year == last.year
        begins = first.strftime(form) if same else f"{first.strftime(form)} {first.year}"
        return f"{begins} to {last.strftime(form)} {last.year}"


def period_named(name: str) -> Period | None:
    """Return the period of a name, or None.

    >>> str(period_named("2026-27")), period_named("2026-28"), str(period_named("2026-Q1-year"))
    ('2026-27', None, '2025-26')
    """
    written = _NAME.fullmatch(name)
    if written is None:
        return None
    year = int(written[1])
    if written[2]:
        return Period(Quarter(year, int(written[2])), year=bool(written[3]))
    following = (year + 1) % 100 == int(written[4])
    return Period(Quarter(year + 1, 1), year=True) if following else None


def quarter_named(name: str) -> Quarter:
    """Return the quarter of a name such as "2026-Q3"."""
    return Quarter(int(name[:4]), int(name[-1]))


def quarter_of(day: date) -> Quarter:
    """Return the quarter of a day.

    >>> str(quarter_of(date(2026, 11, 26)))
    '2026-Q4'
    """
    return Quarter(day.year, (day.month - 1) // MONTHS + 1)


def quarter_of_month(month: str) -> Quarter:
    """Return the quarter of a month such as "2026-04"."""
    return quarter_of(date.fromisoformat(f"{month}-01"))


def newest_shown(today: date) -> Quarter:
    """Return the last quarter that is shown on a day."""
    newest = quarter_of(today).before
    while newest.shown_from > today:
        newest = newest.before
    return newest


def stands_still(month: str, today: date) -> bool:
    """Say whether a month's rows no longer change, because its quarter is shown.

    >>> stands_still("2026-09", date(2026, 11, 11)), stands_still("2026-09", date(2026, 11, 12))
    (False, True)
    """
    return today >= quarter_of_month(month).shown_from
