"""Loads an agency log beside the guide's: all of a file or nothing, and never twice.

Rows that the source loaded before are replaced, except in quarters that are shown: those stand
still. A source may load a shown quarter once, since nothing of its log was published there yet. The
same log under a second name would be published twice, which tells more than once: it is refused.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import SequenceMatcher
from operator import itemgetter

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.core.conversation.figures import Row
from bot.figures.agency_log_file import log_wording
from bot.figures.log import new_row
from bot.figures.quarters import Quarter, quarter_named, quarter_of_month
from bot.privacy.store.schema import lock_for_transaction
from bot.privacy.store.tables import ESCALATIONS, PUBLISHED, create_figures

SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 '’&.,()-]{0,63}")
AT_ONCE = 5000
"""Number of rows sent to the database together."""
FEW = 5
"""Fewer rows may be alike by chance."""
SAME_NAME = 0.85
"""Two names more alike may be of one agency, as "City School Trust" and "City Schools Trust"."""
SAME_LOG = 0.5
"""A log of which so large a part is in another's quarter is taken for the same."""
_LOADING = 0x65736332
T = ESCALATIONS.c

PolicyQuarter = tuple[str, Quarter]
"""A policy's id and a quarter, which are published together."""


class WrongSourceError(ValueError):
    """The name is not allowed for a source, or the log may be one that was loaded already."""


class LoadedLog(msgspec.Struct, frozen=True):
    """The result of a load: rows added, removed, and left out because their quarter is shown.

    `stays` are the quarters of this source that are shown and stay as they are.
    """

    source: str
    added: int
    replaced: int
    left_out: Mapping[PolicyQuarter, int]
    stays: tuple[PolicyQuarter, ...] = ()


def replace_log(
    engine: Engine, source: str, rows: Iterable[Row], today: date, *, another: bool = False
) -> LoadedLog:
    """Replace the rows of a source in quarters not yet shown; without rows just delete them.

    `another` says that a source with a name or a log like a known one's is another agency.

    Raises WrongSourceError or SQLAlchemyError, and then changes nothing.
    """
    source = _known_source(engine, source, another=another)
    places: dict[PolicyQuarter, list[dict[str, object]]] = {}
    for row in rows:
        at = (row.policy, quarter_of_month(row.month))
        places.setdefault(at, []).append(new_row(row, source))
    # Everything is prepared first: on SQLite, turns wait for this transaction.
    with engine.begin() as connection:
        lock_for_transaction(connection, _LOADING)
        there = _count_loaded(connection, source)
        shown = {place for place in there if place[1].shown_from <= today}
        still = shown | _published(connection, source)
        for place in () if another else places.keys() - still:
            _refuse_repeated(connection, source, place, places[place])
        replaced = _delete_rows(connection, source, there.keys() - still)
        new = [row for place, each in places.items() if place not in still for row in each]
        # In the order of the random ids, so that the order of the file is not kept.
        new.sort(key=itemgetter("id"))
        for begin in range(0, len(new), AT_ONCE):
            connection.execute(ESCALATIONS.insert(), new[begin : begin + AT_ONCE])
    left_out = {place: len(each) for place, each in places.items() if place in still}
    return LoadedLog(source, len(new), replaced, left_out, tuple(sorted(still)))


def log_spans(connection: Connection) -> dict[str, tuple[Quarter, Quarter]]:
    """Return the first and last quarter of each source's log, over all policies.

    What lies between is shown also where a policy has no row there: few and none look alike.
    """
    rows = sa.select(T.source, T.month).where(T.source != "").distinct()
    # Of quarters whose rows were taken away only what was published is left.
    kept = sa.select(PUBLISHED.c.source, PUBLISHED.c.quarter).where(PUBLISHED.c.source != "")
    found: dict[str, set[Quarter]] = {}
    for query, quarter_of in ((rows, quarter_of_month), (kept.distinct(), quarter_named)):
        for source, when in connection.execute(query):
            found.setdefault(source, set()).add(quarter_of(when))
    return {source: (min(quarters), max(quarters)) for source, quarters in found.items()}


def _known_source(engine: Engine, source: str, *, another: bool) -> str:
    """Return the name as the source first wrote it, ignoring upper and lower case."""
    source = " ".join(source.split())
    if not SOURCE.fullmatch(source):
        raise WrongSourceError(log_wording()["source"])
    create_figures(engine)
    with engine.connect() as connection:
        named = list(
            connection.execute(sa.select(T.source).where(T.source != "").distinct()).scalars()
        )
    for known in named:
        if known.lower() == source.lower():
            return str(known)
    for known in named:
        if not another and SequenceMatcher(None, known.lower(), source.lower()).ratio() > SAME_NAME:
            raise WrongSourceError(log_wording()["like"].format(known=known, source=source))
    return source


def _published(connection: Connection, source: str) -> set[PolicyQuarter]:
    """Return the quarters that were published of a source, also those without a row."""
    query = sa.select(PUBLISHED.c.policy, PUBLISHED.c.quarter)
    found = connection.execute(query.where(PUBLISHED.c.source == source))
    return {(policy, quarter_named(quarter)) for policy, quarter in found}


def _refuse_repeated(
    connection: Connection, source: str, place: PolicyQuarter, rows: list[dict[str, object]]
) -> None:
    """Raise WrongSourceError where most rows are those of another source in the same quarter."""
    policy, quarter = place
    told = [T[name] for name in rows[0] if name not in {"id", "link", "source"}]
    mine = (T.policy == policy, T.month.in_(list(quarter.months())), T.source.notin_(["", source]))
    others: dict[str, Counter[tuple[object, ...]]] = {}
    for other, *values in connection.execute(sa.select(T.source, *told).where(*mine)):
        others.setdefault(other, Counter())[tuple(values)] += 1
    new = Counter(tuple(row.get(column.name) for column in told) for row in rows)
    for other, there in others.items():
        same = sum((there & new).values())
        if same >= FEW and same > SAME_LOG * min(sum(there.values()), len(rows)):
            raise WrongSourceError(
                log_wording()["repeats"].format(known=other, policy=policy, quarter=quarter)
            )


def _count_loaded(connection: Connection, source: str) -> Counter[PolicyQuarter]:
    """Count the rows of a source by policy and quarter."""
    query = sa.select(T.policy, T.month, sa.func.count()).where(T.source == source)
    found: Counter[PolicyQuarter] = Counter()
    for policy, month, many in connection.execute(query.group_by(T.policy, T.month)):
        found[policy, quarter_of_month(month)] += many
    return found


def _delete_rows(connection: Connection, source: str, places: Iterable[PolicyQuarter]) -> int:
    gone = 0
    for policy, quarter in places:
        mine = (T.source == source, T.policy == policy, T.month.in_(list(quarter.months())))
        gone += connection.execute(ESCALATIONS.delete().where(*mine)).rowcount
    return gone
