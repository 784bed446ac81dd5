"""The only clock. The core never reads it: callers pass today in."""

import os
from datetime import date, datetime
from zoneinfo import ZoneInfo

ENGLAND = ZoneInfo("Europe/London")
"""Days are counted where the practitioners are, wherever the server stands."""


def today() -> date:
    """Return today's date in England, or the date in ESCALATION_GUIDE_TODAY (YYYY-MM-DD).

    Raises ValueError when that variable is set to something that is not a date.
    """
    fixed = os.environ.get("ESCALATION_GUIDE_TODAY")
    return date.fromisoformat(fixed) if fixed else datetime.now(ENGLAND).date()
