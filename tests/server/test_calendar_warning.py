"""The server says at its start that the compared bank holidays are about to end."""

import logging
from datetime import date

import pytest

from bot.server.serve import warn_if_the_calendar_ends

pytestmark = pytest.mark.long


@pytest.mark.parametrize(("day", "warned"), [(date(2026, 11, 29), False), (date(2027, 3, 1), True)])
def test_the_start_warns_twelve_months_before_the_calendar_ends(
    caplog: pytest.LogCaptureFixture, day: date, *, warned: bool
) -> None:
    """Nothing else would tell an operator before a limit is counted wrong."""
    with caplog.at_level(logging.WARNING):
        warn_if_the_calendar_ends(day)
    assert ("up to 2027-12-31" in caplog.text) is warned
