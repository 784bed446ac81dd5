"""The published figures of a policy's quarter: counts, with the small ones held back.

The guide's log and the agency logs are never added up: an agency could subtract its own rows.
Tables that depend on each other are published so that no hidden count follows from two of them
(docs/decisions/0022-small-numbers.md).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.engine import Connection

from bot.core.conversation.figures import AnswerTiming
from bot.core.policy.model import Policy
from bot.core.vocabulary import URGENT_ROUTES, Level, Route
from bot.figures import cells
from bot.figures.cells import NO, OTHER, UNKNOWN, YES, TableShape
from bot.figures.hiding import LEAST, places_to_hide
from bot.figures.quarters import Quarter
from bot.privacy.store.tables import ENDINGS, ESCALATIONS

T = ESCALATIONS.c
BY_STAGES = (str(Route.staged), str(Route.resolved))
OTHER_HELP = (*URGENT_ROUTES, Route.exit)
TAKEN = ("wording", "draft", "form", "understood")
COUNTED = (
    "month", "route", "disagreement", "raiser", "receiver", "area", "level", "answered",
    "settled", "helped", "learned", *TAKEN, *(f"days_{level}" for level in Level),
)  # fmt: skip
ANSWERED = (AnswerTiming.in_time, AnswerTiming.late)
SLACK = LEAST - 1
"""The least difference of two dependent counts: with less, one would reveal the other."""


class CountTable(msgspec.Struct, frozen=True):
    """A published table. `counts` holds only the cells that are shown, by value.

    `total` is the number shared out. A dropped table, or one of too few escalations, has neither.
    """

    shape: TableShape
    total: int | None = None
    counts: dict[str, int] = {}
    dropped: bool = False

    @property
    def rest(self) -> int | None:
        """The number of escalations in hidden cells, or None where no cell is hidden."""
        if self.total is None or len(self.counts) == len(self.shape.cells):
            return None
        return self.total - sum(self.counts.values())


class Figures(msgspec.Struct, frozen=True):
    """The published figures of a policy and quarter, from the guide's log or a source's.

    `total` counts the escalations by the policy's stages, `other_help` those of other routes. None
    means fewer than 5. They are not added up.
    """

    policy: str
    quarter: Quarter
    total: int | None
    other_help: dict[Route, int | None]
    tables: dict[str, CountTable]
    source: str = ""


def count_figures(
    connection: Connection, at: tuple[str, Quarter], policy: Policy | None, source: str = ""
) -> Figures:
    """Count a policy's quarter in the guide's own log, or in the log of a source.

    `policy` names its stages and areas. Raises SQLAlchemyError.
    """
    policy_id, quarter = at
    count = _Count(connection, policy_id, tuple(quarter.months()), source)
    routes = count.routes()
    total = sum(routes[route] for route in BY_STAGES)
    made = _tables(count, quarter, policy) if _shown(total) else ()
    tables = {table.shape.key: table for table in made}
    found = Figures(policy_id, quarter, _shown(total), {}, tables, source)
    if source:
        return found
    for name in TAKEN if found.total else ():
        tables[name] = _table(cells.taken(name), _yes_no(count.by(name)))
    endings = _table(cells.endings(), count.endings())
    if endings.total is not None:
        tables["endings"] = endings
    help_given = {route: _shown(routes[str(route)]) for route in OTHER_HELP}
    return replace(found, other_help=help_given)


def _shown(count: int) -> int | None:
    return count if count >= LEAST else None


class _Count:
    """The rows of a policy's quarter, read once, since each search of the table is slow."""

    def __init__(
        self, connection: Connection, policy: str, months: Sequence[str], source: str
    ) -> None:
        self._place = {name: place for place, name in enumerate(COUNTED)}
        mine = (T.policy == policy, T.month.in_(months), T.source == source)
        columns = [T[name] for name in COUNTED]
        query = sa.select(*columns, sa.func.count()).where(*mine).group_by(*columns)
        self._all = [tuple(row) for row in connection.execute(query)]
        route, settled = self._place["route"], self._place["settled"]
        self._staged = [row for row in self._all if row[route] in BY_STAGES]
        self._settled = [row for row in self._staged if row[settled] is not None]
        self._open = [row for row in self._staged if row[settled] is None]
        self._connection = connection
        self._left = (ENDINGS.c.policy == policy, ENDINGS.c.month.in_(months))

    def endings(self) -> Counter[str]:
        """Count conversations by their last question."""
        ended = sa.select(ENDINGS.c.question, sa.func.sum(ENDINGS.c.conversations))
        found = self._connection.execute(ended.where(*self._left).group_by(ENDINGS.c.question))
        return Counter({question: int(number) for question, number in found})

    def routes(self) -> Counter[str]:
        """Count all escalations by route."""
        return self._by(self._all, "route")

    def by(self, *names: str, settled: bool | None = None) -> Counter[Any]:
        """Count staged escalations by the values of one or more columns, "" for none."""
        if settled is None:
            return self._by(self._staged, *names)
        return self._by(self._settled if settled else self._open, *names)

    def _by(self, rows: Sequence[tuple[Any, ...]], *names: str) -> Counter[Any]:
        value_of = itemgetter(*(self._place[name] for name in names))
        raw: Counter[Any] = Counter()
        for row in rows:
            raw[value_of(row)] += row[-1]
        found: Counter[Any] = Counter()
        for value, number in raw.items():
            found[tuple(map(_known, value)) if len(names) > 1 else _known(value)] += number
        return found


def _known(value: object) -> object:
    return UNKNOWN if value is None else value


def _tables(count: _Count, quarter: Quarter, policy: Policy | None) -> Iterator[CountTable]:
    yield _table(cells.months(quarter), count.by("month"))
    yield _table(cells.disagreements(), count.by("disagreement"))
    yield _table(cells.pairs(), _pairs(count.by("raiser", "receiver")))
    areas = cells.areas(policy)
    if areas:
        yield _table(areas, count.by("area"))
    yield from _by_stage(count, policy)


def _pairs(found: Mapping[tuple[str, str], int]) -> Counter[str]:
    pairs: Counter[str] = Counter()
    for (raiser, receiver), number in found.items():
        known = raiser and receiver
        pairs[cells.pair_value(raiser, receiver) if known else UNKNOWN] += number
    return pairs


def _yes_no(found: Mapping[bool, int]) -> Counter[str]:
    return Counter({YES: found.get(True, 0), NO: found.get(False, 0)})


def _by_stage(count: _Count, policy: Policy | None) -> Iterator[CountTable]:
    """Yield the tables that depend on each other through the stages."""
    names = cells.levels(policy)
    at = _to_level(count.by("settled", settled=True), names)
    open_at = _to_level(count.by("level", settled=False), names)
    settled = _table(cells.settled(), Counter({YES: sum(at.values()), NO: sum(open_at.values())}))
    yield settled
    if settled.counts:
        by_stage = [_table(cells.stages("settled_at", policy), at)]
        by_stage.append(_table(cells.stages("stage", policy), open_at))
        yield from by_stage
        yield _table(cells.helped(), count.by("helped", settled=True))
        yield _table(cells.learned(), count.by("learned", settled=True))
    else:
        by_stage = [_table(cells.stages("stage_of_all", policy), at + open_at)]
        yield from by_stage
    hides = any(table.rest is not None for table in by_stage)
    yield _answers(count, hides=hides)
    levels = list(names)
    for place, level in enumerate(levels):
        later = levels[place + 1 :]
        # Days at a level are known where the escalation went on from it or was settled at it.
        most = at[level] + sum(at[higher] + open_at[higher] for higher in later)
        banded: Counter[str] = Counter()
        for value, number in count.by(f"days_{level}").items():
            banded[cells.band(int(value)) if value != UNKNOWN else UNKNOWN] += number
        known = sum(banded.values()) - banded[UNKNOWN]
        yield _bound(cells.days(level, names[level]), banded, slack=most - known, hides=hides)


def _to_level(found: Mapping[str, int], names: Mapping[str, str]) -> Counter[str]:
    """Count a level without a stage at the stage below it, as the policy does."""
    ranks = {Level(name).rank: name for name in names}
    at: Counter[str] = Counter()
    for level, number in found.items():
        below = [rank for rank in ranks if level and rank <= Level(level).rank]
        at[ranks[max(below, default=min(ranks))] if level else UNKNOWN] += number
    return at


def _answers(count: _Count, *, hides: bool) -> CountTable:
    """Count answers against the limit.

    An answer in time or late implies a stage with a limit, and an awaited answer implies an open
    one. So there must be enough other escalations at such stages, in all and among the open ones.
    """
    answered: Counter[str] = Counter()
    unknown = not_awaited = 0
    for settled in (True, False):
        for (value, level), number in count.by("answered", "level", settled=settled).items():
            answered[cells.answered_value(value)] += number
            at_limit = value in ANSWERED or (value == AnswerTiming.not_known and level)
            unknown += number if at_limit and value not in ANSWERED else 0
            not_awaited += number if at_limit and not settled else 0
    return _bound(cells.answers(), answered, slack=min(unknown, not_awaited), hides=hides)


def _bound(shape: TableShape, found: Mapping[str, int], *, slack: int, hides: bool) -> CountTable:
    """Return a table that depends on the stages, dropped where one would reveal the other."""
    table = _table(shape, found)
    if (hides or table.rest is not None) and slack < SLACK:
        return CountTable(shape, dropped=True)
    return table


def _table(shape: TableShape, found: Mapping[str, int]) -> CountTable:
    """Return a table with small counts held back. Values on no list count as not known."""
    values = list(shape.cells)
    counted = Counter({value: found.get(value, 0) for value in values})
    strange = sum(number for value, number in found.items() if value not in shape.cells)
    counted[UNKNOWN if UNKNOWN in shape.cells else values[-1]] += strange
    total = sum(counted.values())
    if total < LEAST:
        return CountTable(shape)
    order = _order(values)
    held = {order[place] for place in places_to_hide([counted[value] for value in order])}
    shown = {value: counted[value] for value in values if value not in held}
    return CountTable(shape, total, shown)


def _order(values: Iterable[str]) -> list[str]:
    """Return the order in which cells are held back: from the last, "not known" at the end."""
    backwards = list(values)[::-1]
    return sorted(backwards, key=lambda value: value in {UNKNOWN, OTHER})
