"""Counts the rows of a policy's quarter. Its counts are exact: no page or file may read them.

The guide's log and the agency logs are never added up.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.core.conversation.row import limits_on_answers
from bot.core.policy.model import Policy
from bot.core.vocabulary import URGENT_ROUTES, Level, Route, Side
from bot.figures import cells
from bot.figures.cells import (
    CROWDED,
    ESCALATIONS,
    NO,
    NO_QUESTION,
    RECEIVED,
    TALKS,
    UNKNOWN,
    YES,
    TableShape,
)
from bot.figures.quarters import Quarter
from bot.privacy.store.tables import ENDINGS
from bot.privacy.store.tables import ESCALATIONS as ROWS

TAKEN = ("wording", "draft", "files", "understood")
COUNTED = (
    "crowded",
    "route", "side", "urgent", "disagreement", "raiser", "receiver", "area", "level", "settled",
    "decision", "helped", "learned", *TAKEN,
    *(f"{part}_{level}" for part in ("days", "answered") for level in Level),
)  # fmt: skip

Rows = list[tuple[Mapping[str, Any], int]]
"""Rows that are alike, each with how many there are."""
ValueOf = Callable[[Mapping[str, Any]], object]
"""The cell that a row falls into; None for "not known"."""


class ExactTable(msgspec.Struct, frozen=True):
    """A table with the count of each of its cells, as it was counted."""

    shape: TableShape
    counts: dict[str, int]


def count_quarter(
    connection: Connection, at: tuple[str, Quarter], policy: Policy | None, source: str = ""
) -> Iterator[ExactTable]:
    """Count a policy's quarter in the guide's own log, or in the log of a source.

    `policy` names its stages and areas. Every table is there, whatever is in the rows. Raises
    SQLAlchemyError.
    """
    found = _read(connection, at, source)
    place = _in_own_log if source else _apart
    told = [(row, many) for row, many in found if place(row) == ESCALATIONS]
    yield _by(cells.counted(own_log=bool(source)), found, place)
    yield from _escalations(told, policy)
    if not source:
        yield from (_by(cells.yes_no(name), told, _yes_no(name)) for name in ("urgent", *TAKEN))
        yield ExactTable(shape := cells.endings(), _placed(shape, _endings(connection, at)))


def _escalations(told: Rows, policy: Policy | None) -> Iterator[ExactTable]:
    """Yield the tables about escalations told by whoever raised them."""
    names = cells.levels(policy)
    settled = [(row, many) for row, many in told if row["settled"]]
    yield _by(cells.disagreements(), told, _of("disagreement"))
    yield _by(cells.agencies("raiser"), told, _of("raiser"))
    yield _by(cells.agencies("receiver"), told, _of("receiver"))
    yield _by(cells.pairs(), told, lambda row: cells.pair_value(row["raiser"], row["receiver"]))
    areas = cells.areas(policy)
    if areas:
        yield _by(areas, told, _of("area"))
    yield _by(cells.stages("stage", policy), told, lambda row: _stage(row["level"], names))
    yield _by(cells.settled(), told, lambda row: YES if row["settled"] else NO)
    at = cells.stages("settled_at", policy)
    yield _by(at, settled, lambda row: _stage(row["settled"], names))
    for stage in policy.stages if policy else ():
        if limits_on_answers(stage):
            yield _by(cells.answers(stage), told, _of(f"answered_{stage.level}"))
    for level, title in names.items():
        yield _by(cells.days(level, title), told, _band(f"days_{level}"))
    yield _by(cells.disagreements("settled_kind", cells.SETTLED), settled, _of("disagreement"))
    yield _by(cells.decisions(), settled, _of("decision"))
    yield _by(cells.helped(), settled, _of("helped"))
    yield _by(cells.learned(), settled, _of("learned"))


def _read(connection: Connection, at: tuple[str, Quarter], source: str) -> Rows:
    policy, quarter = at
    columns = [ROWS.c[name] for name in COUNTED]
    mine = (
        ROWS.c.policy == policy,
        ROWS.c.month.in_(list(quarter.months())),
        ROWS.c.source == source,
    )
    query = sa.select(*columns, sa.func.count()).where(*mine).group_by(*columns)
    return [
        (dict(zip(COUNTED, row[:-1], strict=True)), int(row[-1]))
        for row in map(tuple, connection.execute(query))
    ]


def _endings(connection: Connection, at: tuple[str, Quarter]) -> Counter[object]:
    """Count conversations by their last question."""
    policy, quarter = at
    mine = (ENDINGS.c.policy == policy, ENDINGS.c.month.in_(list(quarter.months())))
    ended = sa.select(ENDINGS.c.question, sa.func.sum(ENDINGS.c.conversations)).where(*mine)
    found = connection.execute(ended.group_by(ENDINGS.c.question))
    return Counter({question or NO_QUESTION: int(number) for question, number in found})


def _apart(row: Mapping[str, Any]) -> str:
    """Return the cell of the first table: an escalation, or what is counted apart from them.

    Once a stage was tried it stays an escalation, also when the child is in danger. A talk is of
    somebody who had tried nothing yet. What came with many others at once is in no other cell.
    """
    if row["crowded"]:
        return CROWDED
    if row["route"] == Route.exit or (row["level"] is None and row["route"] in URGENT_ROUTES):
        return str(row["route"])
    if row["side"] == Side.receiver:
        return RECEIVED
    return TALKS if row["level"] is None else ESCALATIONS


def _in_own_log(row: Mapping[str, Any]) -> str:
    """Return the cell of an own log's row: agencies enter escalations, the stage told or not."""
    place = _apart(row)
    return ESCALATIONS if place == TALKS else place


def _of(name: str) -> ValueOf:
    return lambda row: row[name]


def _yes_no(name: str) -> ValueOf:
    return lambda row: YES if row[name] else NO


def _band(name: str) -> ValueOf:
    return lambda row: None if row[name] is None else cells.band(row[name])


def _stage(level: str | None, names: Mapping[str, str]) -> str | None:
    """Return the level of a stage; a level without a stage counts at the one below it."""
    if level is None:
        return None
    ranks = {Level(name).rank: name for name in names}
    below = [rank for rank in ranks if rank <= Level(level).rank]
    return ranks[max(below, default=min(ranks))]


def _by(shape: TableShape, rows: Rows, value_of: ValueOf) -> ExactTable:
    found: Counter[object] = Counter()
    for row, many in rows:
        found[value_of(row)] += many
    return ExactTable(shape, _placed(shape, found))


def _placed(shape: TableShape, found: Mapping[object, int]) -> dict[str, int]:
    """Return a count for each cell. What is on no list is not known, or in no cell."""
    counts: dict[str, int] = dict.fromkeys(shape.cells, 0)
    for value, number in found.items():
        cell = value if value in counts else UNKNOWN
        if cell in counts:
            counts[str(cell)] += number
    return counts
