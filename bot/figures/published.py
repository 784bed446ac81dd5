"""The published figures of every policy: each quarter is counted once, and stays as it was.

Its counts are changed by chance when they are first read, and stored with their words. No later
edit of a policy file, no restart and no second worker publishes them anew.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from bot.core.policy.library import Library
from bot.figures.chance import Chance, change, changed
from bot.figures.counting import count_quarter
from bot.figures.loading import log_spans
from bot.figures.quarters import (
    Period,
    Quarter,
    newest_shown,
    period_named,
    quarter_named,
    quarter_of_month,
)
from bot.figures.shown import Figures, PublishedQuarter, PublishedTable, add_up
from bot.figures.words import NONE_CHOSEN, words
from bot.privacy.store.database import read_only
from bot.privacy.store.tables import ENDINGS, ESCALATIONS, LOSSES, PUBLISHED, create_figures

QUARTERS_BESIDE = 4
YEARS_BESIDE = 3
"""How many periods stand side by side, if there are so many."""
QUARTERS_OFFERED = 8


class NotShownError(LookupError):
    """There are no such figures, or not yet. The message says which."""


class PublishedQuarters:
    """The figures of one database. Its methods raise NotShownError and SQLAlchemyError.

    `chance` draws the change of a count.
    """

    def __init__(
        self,
        engine: Engine,
        library: Library,
        today: Callable[[], date],
        chance: Chance = change,
    ) -> None:
        self._engine = engine
        self._library = library
        self._today = today
        self._chance = chance
        self._known: dict[tuple[str, Quarter, str], PublishedQuarter] = {}
        self._made = False

    def names(self) -> dict[str, str]:
        """Return the policies' names by id, and a name for "no partnership chosen"."""
        named = {name: policy.name for name, policy in self._library.newest().items()}
        return named | {NONE_CHOSEN: words()["none_chosen"]}

    def following(self) -> Period:
        """Return the next quarter to be shown."""
        return Period(self.newest().following)

    def newest(self) -> Quarter:
        """Return the last quarter that is shown today."""
        return newest_shown(self._today())

    def periods(self) -> list[Period]:
        """Return the periods on offer: years first, each kind from the newest back."""
        newest, begun = self.newest(), self._first_quarter()
        if begun is None or begun > newest:
            return []
        quarters = [newest]
        while quarters[-1] > begun:
            quarters.append(quarters[-1].before)
        years = [Period(quarter, year=True) for quarter in quarters if quarter.number == 1]
        rolling = [] if newest.number == 1 else [Period(newest, year=True)]
        return [*rolling, *years, *map(Period, quarters[:QUARTERS_OFFERED])]

    def find_period(self, policy: str, name: str) -> Period:
        """Return the period of a name such as "2026-Q2" or "2026-27", for a known policy."""
        if policy not in self.names():
            raise NotShownError(
                f"There is no policy {policy!r}. There are: {', '.join(self.names())}."
            )
        period = period_named(name)
        if period is None:
            raise NotShownError(words()["no_period"].format(period=name))
        if period.last.shown_from > self._today():
            from_day = period.last.shown_from
            day = f"{from_day.day} {from_day:%B %Y}"
            raise NotShownError(words()["not_yet"].format(period=period.in_words(), day=day))
        begun = self._first_quarter()
        if begun is None or period.last < begun:
            raise NotShownError(words()["before_the_guide"].format(period=period.in_words()))
        return period

    def periods_back(self, policy: str, newest: Period) -> list[Figures]:
        """Return the figures of a period and of those before it that the guide was there for.

        Those of the guide's log come first, then this period's of each agency log by itself.
        """
        kept = "" if policy == NONE_CHOSEN else policy
        with self._reading() as connection:
            begun, spans = _guide_begins(connection), log_spans(connection)
        periods = [newest]
        many = YEARS_BESIDE if newest.year else QUARTERS_BESIDE
        while len(periods) < many and begun and periods[-1].before.first >= begun:
            periods.append(periods[-1].before)
        found = [self._figures(kept, period, begun) for period in periods]
        logs = sorted(
            source
            for source, (first, last) in spans.items()
            if first <= newest.last and last >= newest.first
        )
        return found + [self._figures(kept, newest, *spans[source], source) for source in logs]

    def lost(self, period: Period) -> int:
        """Return the number of entries of a period that were lost, over all policies."""
        months = [month for quarter in period.quarters for month in quarter.months()]
        with self._reading() as connection:
            found = connection.execute(
                sa.select(sa.func.sum(LOSSES.c.rows)).where(LOSSES.c.month.in_(months))
            )
            return int(found.scalar() or 0)

    def _figures(
        self,
        policy: str,
        period: Period,
        first: Quarter | None,
        last: Quarter | None = None,
        source: str = "",
    ) -> Figures:
        """Add up the quarters from the first to the last that were counted."""
        counted = [
            quarter
            for quarter in period.quarters
            if first and first <= quarter <= (last or period.last)
        ]
        tables = add_up([self._quarter(policy, quarter, source) for quarter in counted])
        part = counted and counted[-1] != period.first
        since = f"{counted[-1].begins:%B %Y}" if part else ""
        return Figures(policy, period, tables, source, since)

    def keep(self, policy: str, quarter: Quarter, source: str) -> None:
        """Publish a quarter, if nobody has read it yet, so that its figures outlast its rows."""
        self._quarter(policy, quarter, source)

    def _quarter(self, policy: str, quarter: Quarter, source: str) -> PublishedQuarter:
        at = (policy, quarter, source)
        if at not in self._known:
            self._known[at] = self._stored(at) or self._publish(at)
        return self._known[at]

    def _stored(self, at: tuple[str, Quarter, str]) -> PublishedQuarter | None:
        policy, quarter, source = at
        mine = (
            PUBLISHED.c.policy == policy,
            PUBLISHED.c.quarter == str(quarter),
            PUBLISHED.c.source == source,
        )
        with self._reading() as connection:
            kept = connection.execute(sa.select(PUBLISHED.c.counts).where(*mine)).scalar()
        return msgspec.json.decode(kept, type=PublishedQuarter) if kept else None

    def _publish(self, at: tuple[str, Quarter, str]) -> PublishedQuarter:
        """Count a quarter that nobody has read yet, change its counts, and keep them so."""
        policy, quarter, source = at
        in_force = self._library.on(quarter.ends).get(policy)
        with self._reading() as connection:
            exact = list(count_quarter(connection, (policy, quarter), in_force, source))
        made = tuple(
            PublishedTable(table.shape, changed(table.counts, self._chance)) for table in exact
        )
        row = {"policy": policy, "quarter": str(quarter), "source": source}
        counts = msgspec.json.encode(made).decode()
        try:
            with self._engine.begin() as connection:
                connection.execute(PUBLISHED.insert(), row | {"counts": counts})
        except IntegrityError:
            # Another worker was first: two drawings of one count would tell more than one.
            return self._stored(at) or made
        return made

    def _first_quarter(self) -> Quarter | None:
        """Return the first quarter that anything is known of."""
        with self._reading() as connection:
            begun, spans = _guide_begins(connection), log_spans(connection)
        return min(
            [*([begun] if begun else []), *(first for first, _ in spans.values())], default=None
        )

    def _reading(self) -> AbstractContextManager[Connection]:
        if not self._made:
            create_figures(self._engine)
            self._made = True
        begun: AbstractContextManager[Connection] = read_only(self._engine).begin()
        return begun


def _guide_begins(connection: Connection) -> Quarter | None:
    """Return the quarter in which the guide was first used, for any policy."""
    rows = sa.select(sa.func.min(ESCALATIONS.c.month)).where(ESCALATIONS.c.source == "")
    months = [
        connection.execute(query).scalar()
        for query in (rows, sa.select(sa.func.min(ENDINGS.c.month)))
    ]
    # Of quarters whose rows were taken away only what was published is left.
    kept = sa.select(sa.func.min(PUBLISHED.c.quarter)).where(PUBLISHED.c.source == "")
    published = connection.execute(kept).scalar()
    known = [quarter_of_month(month) for month in months if month]
    return min([*known, *([quarter_named(published)] if published else [])], default=None)
