"""The only clock. The core never reads it: callers pass today in."""

import os
from datetime import date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
"""A limit's day is the day in England, wherever the machine stands and whatever its time zone."""


def today() -> date:
    """Return the day in London, or the date in ESCALATION_GUIDE_TODAY (YYYY-MM-DD).

    Raises ValueError when that variable is set to something that is not a date.
    """
    fixed = os.environ.get("ESCALATION_GUIDE_TODAY")
    return date.fromisoformat(fixed) if fixed else day_in_london(datetime.now(LONDON))


def day_in_london(moment: datetime) -> date:
    """Return the day that a moment falls on in London. The moment names its time zone."""
    return moment.astimezone(LONDON).date()
