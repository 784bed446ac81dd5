"""Loads an agency log beside the guide's: all of a file or nothing, and never twice.

Rows that the source loaded before are replaced, except in quarters that are shown: those stand
still. A source may load a shown quarter once, since nothing of its log was published there yet.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from operator import itemgetter

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.core.conversation.figures import Row
from bot.figures.agency_log_file import log_wording
from bot.figures.log import new_row
from bot.figures.quarters import Quarter, quarter_of
from bot.privacy.store.schema import lock_for_transaction
from bot.privacy.store.tables import ESCALATIONS, create_figures

SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 '’&.,()-]{0,63}")
AT_ONCE = 5000
"""Number of rows sent to the database together."""
_LOADING = 0x65736332
T = ESCALATIONS.c

PolicyQuarter = tuple[str, Quarter]
"""A policy's id and a quarter, which are published together."""


class WrongSourceError(ValueError):
    """The name is not allowed for a source."""


class LoadedLog(msgspec.Struct, frozen=True):
    """The result of a load: rows added, removed, and left out because their quarter is shown."""

    source: str
    added: int
    replaced: int
    left_out: Mapping[PolicyQuarter, int]


def replace_log(engine: Engine, source: str, rows: Iterable[Row], today: date) -> LoadedLog:
    """Replace the rows of a source in quarters not yet shown; without rows just delete them.

    Raises WrongSourceError or SQLAlchemyError, and then changes nothing.
    """
    source = _known_source(engine, source)
    places: dict[PolicyQuarter, list[dict[str, object]]] = {}
    for row in rows:
        places.setdefault((row.policy, _quarter(row.month)), []).append(new_row(row, source))
    # Everything is prepared first: on SQLite, turns wait for this transaction.
    with engine.begin() as connection:
        lock_for_transaction(connection, _LOADING)
        there = _count_loaded(connection, source)
        still = {place for place in there if place[1].shown_from <= today}
        replaced = _delete_rows(connection, source, there.keys() - still)
        new = [row for place, each in places.items() if place not in still for row in each]
        # In the order of the random ids, so that the order of the file is not kept.
        new.sort(key=itemgetter("id"))
        for begin in range(0, len(new), AT_ONCE):
            connection.execute(ESCALATIONS.insert(), new[begin : begin + AT_ONCE])
    left_out = {place: len(each) for place, each in places.items() if place in still}
    return LoadedLog(source, len(new), replaced, left_out)


def sources(connection: Connection, policy: str, quarter: Quarter) -> list[str]:
    """Return the sources with rows in a policy's quarter, sorted by name."""
    mine = (T.policy == policy, T.month.in_(list(quarter.months())), T.source != "")
    found = connection.execute(sa.select(T.source).where(*mine).distinct())
    return sorted(found.scalars())


def _quarter(month: str) -> Quarter:
    return quarter_of(date.fromisoformat(f"{month}-01"))


def _known_source(engine: Engine, source: str) -> str:
    """Return the name as the source first wrote it, ignoring upper and lower case."""
    source = " ".join(source.split())
    if not SOURCE.fullmatch(source):
        raise WrongSourceError(log_wording()["source"])
    create_figures(engine)
    mine = sa.func.lower(T.source) == source.lower()
    with engine.connect() as connection:
        known = connection.execute(sa.select(T.source).where(mine).limit(1)).scalar()
    return source if known is None else str(known)


def _count_loaded(connection: Connection, source: str) -> Counter[PolicyQuarter]:
    """Count the rows of a source by policy and quarter."""
    query = sa.select(T.policy, T.month, sa.func.count()).where(T.source == source)
    found: Counter[PolicyQuarter] = Counter()
    for policy, month, many in connection.execute(query.group_by(T.policy, T.month)):
        found[policy, _quarter(month)] += many
    return found


def _delete_rows(connection: Connection, source: str, places: Iterable[PolicyQuarter]) -> int:
    gone = 0
    for policy, quarter in places:
        mine = (T.source == source, T.policy == policy, T.month.in_(list(quarter.months())))
        gone += connection.execute(ESCALATIONS.delete().where(*mine)).rowcount
    return gone
