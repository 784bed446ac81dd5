"""What is shown of a period: published quarters added up and rounded, for page and files alike."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from bot.figures.cells import ALL, TableShape
from bot.figures.chance import shown
from bot.figures.quarters import Period


class PublishedTable(msgspec.Struct, frozen=True):
    """A table of a quarter with its words and its counts, each changed by chance."""

    shape: TableShape
    counts: dict[str, int]


PublishedQuarter = tuple[PublishedTable, ...]


class CountTable(msgspec.Struct, frozen=True):
    """A table as it is shown, with a count for each of its cells. None stands for few.

    `total` is what it shares out, rounded by itself, so that the counts need not add up to it; None
    for few, and where it shares out nothing.
    """

    shape: TableShape
    total: int | None
    counts: dict[str, int | None]

    @property
    def tells_something(self) -> bool:
        """Whether any count is more than few."""
        return any(self.counts.values())


class Figures(msgspec.Struct, frozen=True):
    """What is shown of a policy and period, from the guide's log or a source's.

    `since` is the first quarter that was counted, where the guide was not there for all of them.
    """

    policy: str
    period: Period
    tables: dict[str, CountTable]
    source: str = ""
    since: str = ""

    @property
    def total(self) -> int | None:
        """The number of escalations, None for few."""
        counted = self.tables.get(ALL[0])
        return counted.counts.get(ALL[1]) if counted else None


def add_up(quarters: Sequence[PublishedQuarter]) -> dict[str, CountTable]:
    """Return the tables of some quarters together, with the words of the first of them.

    Only what is published is added, so that no longer period tells more than its quarters.
    """
    shapes: dict[str, TableShape] = {}
    sums: dict[str, Counter[str]] = {}
    totals: Counter[str] = Counter()
    for published, table in ((each, table) for each in quarters for table in each):
        key, shape = table.shape.key, table.shape
        known = shapes.get(key, shape)
        shapes[key] = msgspec.structs.replace(known, cells={**shape.cells, **known.cells})
        # Unlike `update`, `+` on a Counter would drop what is not above zero.
        sums.setdefault(key, Counter()).update(table.counts)
        if shape.of:
            totals[key] += _count_of(published, *shape.of)
    return {key: _shown(shape, sums[key], totals[key]) for key, shape in shapes.items()}


def _count_of(quarter: PublishedQuarter, key: str, value: str) -> int:
    """Return what a table of the quarter shares out: a quarter without the table adds nothing."""
    return next(table.counts[value] for table in quarter if table.shape.key == key)


def _shown(shape: TableShape, found: Counter[str], shared: int) -> CountTable:
    counts = {value: shown(found[value], shape.least) for value in shape.cells}
    if shape.of is None:
        return CountTable(shape, None, counts)
    # Nobody reads "15 of 10". The largest row is within as much of a count that is no larger.
    most = max((count or 0 for count in counts.values()), default=0)
    return CountTable(shape, max(shown(shared) or 0, most) or None, counts)
