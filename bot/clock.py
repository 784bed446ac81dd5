"""The only clock. The core never reads it: callers pass today in."""

import os
from datetime import date


def today() -> date:
    """Return today's date, or the date in ESCALATION_GUIDE_TODAY (YYYY-MM-DD).

    Raises ValueError when that variable is set to something that is not a date.
    """
    fixed = os.environ.get("ESCALATION_GUIDE_TODAY")
    return date.fromisoformat(fixed) if fixed else date.today()
