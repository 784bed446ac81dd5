"""The quarters of the figures, and the day from which a quarter is shown and stands still.

Figures shown before and after a single escalation would reveal it. So only whole quarters are
shown, from six weeks after their end, and the rows of a shown quarter no longer change.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

MONTHS = 3
SHOWN_AFTER = timedelta(weeks=6)


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


def quarter_of(day: date) -> Quarter:
    """Return the quarter of a day.

    >>> str(quarter_of(date(2026, 11, 26)))
    '2026-Q4'
    """
    return Quarter(day.year, (day.month - 1) // MONTHS + 1)


def stands_still(month: str, today: date) -> bool:
    """Say whether a month's rows no longer change, because its quarter is shown.

    >>> stands_still("2026-09", date(2026, 11, 11)), stands_still("2026-09", date(2026, 11, 12))
    (False, True)
    """
    return today >= quarter_of(date.fromisoformat(f"{month}-01")).shown_from
