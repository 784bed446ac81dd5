"""The day is the day in London, whatever the machine's time zone."""

import os
import subprocess
import sys
from datetime import date, datetime, timezone

import pytest

from bot import clock
from bot.paths import ROOT


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        # In summer London is an hour ahead of UTC: half past eleven at night is the next day.
        (datetime(2026, 6, 10, 22, 59, tzinfo=timezone.utc), date(2026, 6, 10)),
        (datetime(2026, 6, 10, 23, 0, tzinfo=timezone.utc), date(2026, 6, 11)),
        (datetime(2026, 6, 10, 23, 40, tzinfo=timezone.utc), date(2026, 6, 11)),
        # In winter it is the same.
        (datetime(2026, 12, 24, 23, 59, tzinfo=timezone.utc), date(2026, 12, 24)),
        (datetime(2026, 12, 25, 0, 0, tzinfo=timezone.utc), date(2026, 12, 25)),
        # The nights on which the clocks change: 29 March and 25 October 2026, at 01:00 UTC.
        (datetime(2026, 3, 28, 23, 30, tzinfo=timezone.utc), date(2026, 3, 28)),
        (datetime(2026, 3, 29, 22, 59, tzinfo=timezone.utc), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 23, 0, tzinfo=timezone.utc), date(2026, 3, 30)),
        (datetime(2026, 10, 24, 23, 0, tzinfo=timezone.utc), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 59, tzinfo=timezone.utc), date(2026, 10, 25)),
    ],
)
def test_a_moment_falls_on_its_day_in_london(moment: datetime, day: date) -> None:
    """Around midnight, and on the nights on which the clocks change."""
    assert clock.day_in_london(moment) == day


@pytest.mark.parametrize("late", [True, False])
def test_today_is_asked_for_in_london(monkeypatch: pytest.MonkeyPatch, *, late: bool) -> None:
    """Twenty to midnight UTC in June is the next day."""
    at = datetime(2026, 6, 10, 23 if late else 22, 40, tzinfo=timezone.utc)

    class Stopped(datetime):
        """A clock that stands still."""

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            """Return the moment, in the zone asked for."""
            assert tz is clock.LONDON
            return at.astimezone(clock.LONDON)

    monkeypatch.delenv("ESCALATION_GUIDE_TODAY", raising=False)
    monkeypatch.setattr(clock, "datetime", Stopped)
    assert clock.today() == date(2026, 6, 11 if late else 10)


@pytest.mark.command
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_machines_time_zone_changes_nothing(zone: str) -> None:
    """Fourteen hours ahead or eleven behind, every process has London's day."""
    script = (
        "from datetime import datetime; from bot import clock; before = datetime.now(clock.LONDON);"
        "day = clock.today(); print(before.date() <= day <= datetime.now(clock.LONDON).date())"
    )
    environment = {**os.environ, "TZ": zone}
    environment.pop("ESCALATION_GUIDE_TODAY", None)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "True"
