"""An attacker who knows the rule, sees all that is published, and solves a linear programme.

The logarithm of the probability of what they see is linear in how far each count was changed. So
the programme finds the story of all escalations that explains everything published best, if one
hidden count is a given number: what it costs more than the best story at all is how much less
likely that number is.
"""

from collections.abc import Mapping, Sequence
from itertools import product
from math import log
from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog

from bot.figures.chance import LIKELIER, STEP
from bot.figures.shown import CountTable


class Story(NamedTuple):
    """One way in which an escalation can stand: a variable of the linear programme."""

    raiser: str
    level: str
    settled: bool
    answered: str


def stories(levels: Sequence[str], raisers: Sequence[str], limited: str) -> list[Story]:
    """Every way in which an escalation can stand, with its answer at one stage with a limit."""
    answers = ("in_time", "late", "waiting", "overdue", "not_known")
    found = []
    for raiser, level, settled in product(raisers, levels, (True, False)):
        reached = levels.index(level) >= levels.index(limited)
        found += [
            Story(raiser, level, settled, answer) for answer in (answers if reached else ("",))
        ]
    return found


def cell_of(table: str, story: Story, limited: str) -> str | None:
    """The cell of a table that a story falls into, None where the table does not hold it."""
    cells = {
        "counted": "escalations",
        "raiser": story.raiser,
        "stage": story.level,
        "settled": "yes" if story.settled else "no",
        "settled_at": story.level if story.settled else None,
        f"answered_{limited}": story.answered or None,
    }
    return cells.get(table)


def cost(
    tables: Mapping[str, CountTable],
    variables: Sequence[Story],
    limited: str,
    given: tuple[str, str, int] | None = None,
) -> float:
    """Return the cost of the best explanation, with a cell's true count given or free.

    A published count is the true one plus its change, rounded: the change before rounding may be
    anything that rounds to what is seen.
    """
    known = ("counted", "raiser", "stage", "settled", "settled_at", f"answered_{limited}")
    cells = [
        (key, value)
        for key in known
        for value in tables[key].shape.cells
        if any(cell_of(key, story, limited) == value for story in variables)
    ]
    many, seen = len(variables), len(cells)
    # For each cell: its changed count, and the change upwards and downwards.
    width = many + 3 * seen
    equal, equals = [], []
    bounds: list[tuple[float | None, float | None]] = [(0, None)] * many
    for place, (key, value) in enumerate(cells):
        line = np.zeros(width)
        for at, story in enumerate(variables):
            line[at] = cell_of(key, story, limited) == value
        changed = many + 3 * place
        line[changed], line[changed + 1], line[changed + 2] = -1, 1, -1
        equal.append(line)
        equals.append(0.0)
        count = tables[key].counts[value]
        half = STEP // 2
        bounds += [
            (None, STEP - 1) if count is None else (max(count - half, STEP), count + half),
            (0, None),
            (0, None),
        ]
        if given and given[:2] == (key, value):
            fixed = np.zeros(width)
            fixed[:many] = line[:many]
            equal.append(fixed)
            equals.append(float(given[2]))
    price = np.zeros(width)
    for place in range(seen):
        price[many + 3 * place + 1 : many + 3 * place + 3] = log(LIKELIER)
    found = linprog(price, A_eq=np.array(equal), b_eq=equals, bounds=bounds, method="highs")
    assert found.status == 0, found.message
    return float(found.fun)
