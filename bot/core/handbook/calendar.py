"""Bank holidays that a keeper adds by hand, and how far the calendar has been compared.

The data is in `policies/guidance/bank_holidays.yml`.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import msgspec

from bot.core.policy.checks import Problem, empty_texts, shape_problems
from bot.core.policy.loader import PolicyError, read_plain
from bot.core.policy.model import Nation, PolicyPart

FILE = Path(__file__).resolve().parents[3] / "policies/guidance/bank_holidays.yml"
AHEAD = timedelta(days=365)
"""The guide warns when less than this is left of the compared calendar."""


class SingleDay(PolicyPart, frozen=True, kw_only=True):
    """A day that is, or is not, a bank holiday in some nations, and where that was announced."""

    day: date
    name: str
    nations: tuple[Nation, ...]
    source: str


class Calendar(PolicyPart, frozen=True, kw_only=True):
    """The whole file. `checked_until` is the last day compared with the published list."""

    owner: str
    checked_until: date
    looked_at: date
    source: str
    address: str
    added: tuple[SingleDay, ...] = ()
    taken_away: tuple[SingleDay, ...] = ()

    def added_in(self, nation: Nation) -> dict[date, str]:
        """Return the days added for a nation, each with its name."""
        return {one.day: one.name for one in self.added if nation in one.nations}

    def taken_away_in(self, nation: Nation) -> frozenset[date]:
        """Return the days that are no bank holiday in a nation after all."""
        return frozenset(one.day for one in self.taken_away if nation in one.nations)

    def ends_soon(self, today: date) -> bool:
        """Say whether less than twelve months of the compared calendar are left."""
        return self.checked_until < today + AHEAD


def load_calendar(path: Path) -> Calendar:
    """Read the file. Raises PolicyError with all of its problems."""
    plain, problems = read_plain(path)
    problems += [Problem(path.name, at, "some text", "an empty text") for at in empty_texts(plain)]
    try:
        calendar = msgspec.convert(plain, Calendar)
    except msgspec.ValidationError as error:
        problems = [*shape_problems(path.name, plain, str(error), Calendar), *problems]
        raise PolicyError(problems) from error
    problems += _problems(path.name, calendar)
    if problems:
        raise PolicyError(problems)
    return calendar


@cache
def calendar() -> Calendar:
    """Return the project's own calendar. Raises PolicyError with all of its problems."""
    return load_calendar(FILE)


def _problems(file: str, found: Calendar) -> Iterator[Problem]:
    for name in ("added", "taken_away"):
        for at, one in enumerate(getattr(found, name)):
            if not one.nations:
                yield Problem(file, f"{name}[{at}].nations", "at least one nation", "none")
    both = {(one.day, nation) for one in found.added for nation in one.nations}
    for at, one in enumerate(found.taken_away):
        for nation in one.nations:
            if (one.day, nation) in both:
                expected = "a day that is not added as well"
                yield Problem(file, f"taken_away[{at}].day", expected, f"{one.day}, {nation.value}")
