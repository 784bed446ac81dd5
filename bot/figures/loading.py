"""Putting an agency's own log beside the guide's: all of a file or nothing, and never twice.

What a source has loaded before is replaced, but for quarters that are shown: those stand still, as
the guide's own do. A quarter that is shown may be loaded once, since nothing of it was published.
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
from bot.privacy.store.tables import ESCALATIONS, create_figures, lock_for_transaction

SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 '’&.,()-]{0,63}")
AT_ONCE = 5000
"""Rows sent to the database together."""
_LOADING = 0x65736332
T = ESCALATIONS.c

PolicyQuarter = tuple[str, Quarter]
"""A policy's id and a quarter: what is published by itself."""


class WrongSourceError(ValueError):
    """A name that no source can have."""


class LoadedLog(msgspec.Struct, frozen=True):
    """What a load did: rows added and taken away, and rows left out since figures are shown."""

    source: str
    added: int
    replaced: int
    left_out: Mapping[PolicyQuarter, int]


def replace_log(engine: Engine, source: str, rows: Iterable[Row], today: date) -> LoadedLog:
    """Replace what a source has loaded by these rows; none takes away what is not shown yet.

    Raises WrongSourceError, and SQLAlchemyError: then nothing has changed.
    """
    source = _known_source(engine, source)
    places: dict[PolicyQuarter, list[dict[str, object]]] = {}
    for row in rows:
        places.setdefault((row.policy, _quarter(row.month)), []).append(new_row(row, source))
    # All is made ready before: on SQLite turns of conversations wait for this transaction.
    with engine.begin() as connection:
        lock_for_transaction(connection, _LOADING)
        there = _count_loaded(connection, source)
        still = {place for place in there if place[1].shown_from <= today}
        replaced = _delete_rows(connection, source, there.keys() - still)
        new = [one for place, each in places.items() if place not in still for one in each]
        # By id, as they are stored; so the order of the file is not kept either.
        new.sort(key=itemgetter("id"))
        for begin in range(0, len(new), AT_ONCE):
            connection.execute(ESCALATIONS.insert(), new[begin : begin + AT_ONCE])
    left_out = {place: len(each) for place, each in places.items() if place in still}
    return LoadedLog(source, len(new), replaced, left_out)


def sources(connection: Connection, policy: str, quarter: Quarter) -> list[str]:
    """Return the sources that have loaded something of a policy's quarter, by name."""
    mine = (T.policy == policy, T.month.in_(list(quarter.months())), T.source != "")
    found = connection.execute(sa.select(T.source).where(*mine).distinct())
    return sorted(found.scalars())


def _quarter(month: str) -> Quarter:
    return quarter_of(date.fromisoformat(f"{month}-01"))


def _known_source(engine: Engine, source: str) -> str:
    """Return the name as the source wrote it first: small and capital letters make no other one."""
    source = " ".join(source.split())
    if not SOURCE.fullmatch(source):
        raise WrongSourceError(log_wording()["source"])
    create_figures(engine)
    mine = sa.func.lower(T.source) == source.lower()
    with engine.connect() as connection:
        known = connection.execute(sa.select(T.source).where(mine).limit(1)).scalar()
    return source if known is None else str(known)


def _count_loaded(connection: Connection, source: str) -> Counter[PolicyQuarter]:
    """Count what a source has loaded."""
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
