"""The published figures of every policy, counted once, since shown quarters stand still."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.core.policy.library import Library
from bot.figures.counting import Figures, count_figures
from bot.figures.loading import sources
from bot.figures.quarters import Quarter
from bot.figures.report import quarters_shown
from bot.figures.words import NONE_CHOSEN, words
from bot.privacy.store.database import read_only
from bot.privacy.store.tables import LOSSES, create_figures

QUARTER = re.compile(r"(2[0-9]{3})-Q([1-4])")


class NotShownError(LookupError):
    """There are no such figures, or not yet. The message says which."""


class PublishedQuarters:
    """The figures of one database. Its methods raise NotShownError and SQLAlchemyError."""

    def __init__(self, engine: Engine, library: Library, today: Callable[[], date]) -> None:
        self._engine = engine
        self._library = library
        self._today = today
        self._counted: dict[tuple[str, Quarter, str], Figures] = {}
        self._made = False

    def names(self) -> dict[str, str]:
        """Return the policies' names by id, and a name for "no partnership chosen"."""
        named = {name: policy.name for name, policy in self._library.newest().items()}
        return named | {NONE_CHOSEN: words()["none_chosen"]}

    def quarters(self, many: int) -> list[Quarter]:
        """Return the last `many` quarters that are shown today, newest first."""
        return quarters_shown(self._today(), many)

    def find_quarter(self, policy: str, quarter: str) -> Quarter:
        """Return the quarter of a name such as "2026-Q2", for a known policy."""
        if policy not in self.names():
            raise NotShownError(
                f"There is no policy {policy!r}. There are: {', '.join(self.names())}."
            )
        written = QUARTER.fullmatch(quarter)
        if not written:
            raise NotShownError(f"There is no quarter {quarter!r}. One is written as 2026-Q2.")
        found = Quarter(int(written[1]), int(written[2]))
        if found.shown_from > self._today():
            day = f"{found.shown_from.day} {found.shown_from:%B %Y}"
            raise NotShownError(words()["not_yet"].format(quarter=found, day=day))
        return found

    def quarters_back(self, policy: str, newest: Quarter, many: int) -> list[Figures]:
        """Return the figures of `many` quarters, from `newest` back.

        Those of the guide's log come first, then those of each agency log by itself.
        """
        quarters = [newest]
        while len(quarters) < many:
            quarters.append(quarters[-1].before)
        kept = "" if policy == NONE_CHOSEN else policy
        with self._reading() as connection:
            loaded = {quarter: sources(connection, kept, quarter) for quarter in quarters}
            named = sorted({source for each in loaded.values() for source in each})
            return [
                self._of(connection, kept, quarter, source)
                for source in ("", *named)
                for quarter in quarters
                if not source or source in loaded[quarter]
            ]

    def lost(self, quarter: Quarter) -> int:
        """Return the number of entries of a quarter that were lost, over all policies."""
        months = LOSSES.c.month.in_(list(quarter.months()))
        with self._reading() as connection:
            found = connection.execute(sa.select(sa.func.sum(LOSSES.c.rows)).where(months))
            return int(found.scalar() or 0)

    def _reading(self) -> AbstractContextManager[Connection]:
        if not self._made:
            create_figures(self._engine)
            self._made = True
        begun: AbstractContextManager[Connection] = read_only(self._engine).begin()
        return begun

    def _of(self, connection: Connection, policy: str, quarter: Quarter, source: str) -> Figures:
        at = (policy, quarter, source)
        if at not in self._counted:
            last = quarter.following.begins - timedelta(days=1)
            in_force = self._library.on(last).get(policy)
            self._counted[at] = count_figures(connection, (policy, quarter), in_force, source)
        return self._counted[at]
