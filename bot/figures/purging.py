"""Takes the figures of long ago away: the rows, and if wanted what was published of them.

Only whole quarters that stand still go. What nobody has read yet of them is published first: else
their figures would be drawn later from rows that are gone, and say that there was nothing.
"""

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.figures.published import PublishedQuarters
from bot.figures.quarters import Quarter, period_named, quarter_named, quarter_of_month
from bot.privacy.retention import empty_write_ahead_log
from bot.privacy.store.tables import (
    COMMENTS,
    CONTACTS,
    ENDINGS,
    ESCALATIONS,
    LOSSES,
    PUBLISHED,
    create_figures,
)


class PurgedFigures(msgspec.Struct, frozen=True):
    """How many rows were taken away, of which quarters, and of how many what was published.

    `stays` are quarters that ended before the day and do not stand still yet.
    """

    rows: int
    quarters: tuple[Quarter, ...]
    published: int
    stays: tuple[Quarter, ...]


def purge_figures(
    engine: Engine, published: PublishedQuarters, before: date, today: date, *, all_of_it: bool
) -> PurgedFigures:
    """Take the rows of quarters that ended before a day away. Raises SQLAlchemyError.

    With `all_of_it` also what was published of them, and what the group set beside it.
    """
    create_figures(engine)
    with engine.connect() as connection:
        ended = {one for one in _quarters(connection) if one.ends < before}
        gone = sorted(one for one in ended if one.shown_from <= today)
        unread = () if all_of_it else tuple(_with_rows(connection, gone))
    for policy, quarter, source in unread:
        published.keep(policy, quarter, source)
    months = [month for quarter in gone for month in quarter.months()]
    with engine.begin() as connection:
        rows = connection.execute(ESCALATIONS.delete().where(ESCALATIONS.c.month.in_(months)))
        connection.execute(ENDINGS.delete().where(ENDINGS.c.month.in_(months)))
        forgotten = _forget_published(connection, gone) if all_of_it else 0
        if all_of_it:
            connection.execute(LOSSES.delete().where(LOSSES.c.month.in_(months)))
    empty_write_ahead_log(engine)
    return PurgedFigures(rows.rowcount, tuple(gone), forgotten, tuple(sorted(ended - set(gone))))


def _quarters(connection: Connection) -> Iterator[Quarter]:
    """Yield the quarters of which anything is kept."""
    for column in (ESCALATIONS.c.month, ENDINGS.c.month, LOSSES.c.month):
        yield from map(quarter_of_month, connection.execute(sa.select(column).distinct()).scalars())
    kept = connection.execute(sa.select(PUBLISHED.c.quarter).distinct()).scalars()
    yield from map(quarter_named, kept)


def _with_rows(
    connection: Connection, quarters: Iterable[Quarter]
) -> Iterator[tuple[str, Quarter, str]]:
    """Yield each policy, quarter and source that has rows or endings."""
    wanted = set(quarters)
    found = set()
    rows = sa.select(ESCALATIONS.c.policy, ESCALATIONS.c.month, ESCALATIONS.c.source).distinct()
    endings = sa.select(ENDINGS.c.policy, ENDINGS.c.month, sa.literal("")).distinct()
    for query in (rows, endings):
        for policy, month, source in connection.execute(query):
            found.add((policy, quarter_of_month(month), source))
    yield from sorted(at for at in found if at[1] in wanted)


def _forget_published(connection: Connection, quarters: Iterable[Quarter]) -> int:
    named = set(map(str, quarters))
    gone = connection.execute(PUBLISHED.delete().where(PUBLISHED.c.quarter.in_(sorted(named))))
    for table in (COMMENTS, CONTACTS):
        kept = connection.execute(sa.select(table.c.period).distinct()).scalars()
        old = [name for name in kept if (one := period_named(name)) and str(one.last) in named]
        connection.execute(table.delete().where(table.c.period.in_(old)))
    many: int = gone.rowcount
    return many
