"""An attacker who tries to work out hidden counts from everything that is published.

They know how counts are held back, and are even told which of the hidden counts are below 5. They
know that what is settled was settled at a stage and awaits no answer, which stages have a limit,
and how far an escalation must have gone for its days at a stage to be known.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from bot.figures.hiding import LEAST
from scipy.optimize import linprog

from bot.figures.cells import answered_value, band, pair_value
from bot.figures.counting import CountTable

BY_STAGE = ("settled", "settled_at", "stage", "stage_of_all", "answered")
AWAITED = {"waiting", "overdue"}


class EscalationShape(NamedTuple):
    """One way in which an escalation can stand: a variable of the linear programme."""

    level: str
    settled: bool
    answered: str
    days: str
    """The level whose days are looked at, with the band; "" where they are not known."""


def cell_of(table: str, shape: EscalationShape) -> str | None:
    """The cell of a table that a shape falls into, None where the table does not hold it."""
    if table == "settled":
        return "yes" if shape.settled else "no"
    if table == "settled_at":
        return shape.level if shape.settled else None
    if table == "stage":
        return None if shape.settled else shape.level
    return {"stage_of_all": shape.level, "answered": shape.answered}.get(table, shape.days)


def counted_by_hand(rows: Sequence[dict[str, Any]], key: str, value: str) -> int:
    """Count one cell, of rows that all went by the stages."""
    return sum(_cell(row, key) == value for row in rows)


def _cell(one: dict[str, Any], key: str) -> str | None:
    yes_no = {True: "yes", False: "no"}
    level = one["level"] or ""
    if key in {"settled_at", "helped", "learned"}:
        told: str = one[key.removesuffix("_at")] or ""
        return told if one["settled"] else None
    if key == "stage":
        return None if one["settled"] else level
    if key == "pair":
        known = one["raiser"] and one["receiver"]
        return pair_value(one["raiser"], one["receiver"]) if known else ""
    if key.startswith("days_"):
        return "" if one[key] is None else band(one[key])
    if key in {"wording", "draft", "form", "understood"}:
        return yes_no[one[key]]
    made = {
        "settled": yes_no[one["settled"] is not None],
        "stage_of_all": level,
        "answered": answered_value(one["answered"]),
    }
    return made.get(key) or str(one.get(key) or "")


def single_table_bounds(
    table: CountTable, truth: Callable[[CountTable, str], int]
) -> Iterator[tuple[str, str, float, float]]:
    """Yield each hidden cell of one table by itself, with the least and most it can be."""
    held = [value for value in table.shape.cells if value not in table.counts]
    small = [bool(table.counts) and truth(table, value) < LEAST for value in held]
    bounds = [(0, LEAST - 1) if one else (LEAST if table.counts else 0, None) for one in small]
    for place, value in enumerate(held):
        here = np.eye(len(held))[place]
        ends = [
            linprog(sign * here, A_eq=np.ones((1, len(held))), b_eq=[table.rest], bounds=bounds)
            for sign in (1, -1)
        ]
        assert all(end.status == 0 for end in ends)
        yield table.shape.key, value, ends[0].fun, -ends[1].fun


def escalation_shapes(
    levels: list[str], limited: set[str], days: CountTable | None
) -> Iterator[EscalationShape]:
    """Every way in which an escalation can stand, with its days at one level."""
    answers = ["in_time", "late", "waiting", "overdue", "other"]
    at = days.shape.key.removeprefix("days_") if days else ""
    bands = list(days.shape.cells) if days else [""]
    ranks = {level: rank for rank, level in enumerate(levels)} | {"": -1}
    for level, settled, answered, known in product([*levels, ""], [True, False], answers, bands):
        possible = (
            not (settled and (level == "" or answered in AWAITED))
            and (level in limited or answered == "other")
            and (known == "" or ranks[level] > ranks[at] or (level == at and settled))
        )
        if possible:
            yield EscalationShape(level, settled, answered, known)


def joint_bounds(
    tables: Mapping[str, CountTable],
    levels: list[str],
    limited: set[str],
    truth: Callable[[CountTable, str], int],
) -> Iterator[tuple[str, str, float, float]]:
    """Yield each hidden cell of the tables bound to the stages, with the least and most it can be.

    `truth` is a cell's count, which tells only whether it is small.
    """
    about = [tables[key] for key in BY_STAGE if key in tables and tables[key].total is not None]
    for days in [None, *(one for key, one in tables.items() if key.startswith("days_"))]:
        if days is not None and days.total is None:
            continue
        looked = [*about, *([days] if days else [])]
        yield from _solved(looked, list(escalation_shapes(levels, limited, days)), truth)


def _solved(
    looked: list[CountTable],
    variables: list[EscalationShape],
    truth: Callable[[CountTable, str], int],
) -> Iterator[tuple[str, str, float, float]]:
    equal, equals, most, limits = [], [], [], []
    hidden: list[tuple[str, str, Any]] = []
    for table in looked:
        key = table.shape.key
        inside = np.array([cell_of(key, variable) is not None for variable in variables], float)
        equal.append(inside)
        equals.append(table.total)
        for value in table.shape.cells:
            here = np.array([cell_of(key, variable) == value for variable in variables], float)
            if value in table.counts:
                equal.append(here)
                equals.append(table.counts[value])
                continue
            hidden.append((key, value, here))
            # Where all are hidden, nothing reveals which are small.
            if table.counts:
                small = truth(table, value) < LEAST
                most.append(here if small else -here)
                limits.append(LEAST - 1 if small else -LEAST)
    for key, value, here in hidden:
        found = []
        for sign in (1, -1):
            answer = linprog(
                sign * here,
                A_ub=np.array(most) if most else None,
                b_ub=limits or None,
                A_eq=np.array(equal),
                b_eq=equals,
                method="highs",
            )
            assert answer.status == 0, answer.message
            found.append(sign * answer.fun)
        yield key, value, found[0], found[1]
