"""A planted case among a year of others, and an attacker with everything that is published."""

import csv
import secrets
from collections.abc import Iterator, Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from bot.figures.hiding import LEAST

from bot.core.policy.loader import load_library
from bot.figures import cells
from bot.figures.cells import TableShape
from bot.figures.counting import CountTable
from bot.figures.log import row_columns
from bot.figures.published import NotShownError, PublishedQuarters
from bot.keepers.figures_page import FigurePages
from bot.paths import POLICIES
from tests.figures.attack import BY_STAGE, counted_by_hand, joint_bounds, single_table_bounds
from tests.figures.rows import database, figures_row
from tests.figures.year import YEAR, simulated_year

SUMMER = ("2026-07", "2026-08", "2026-09")
BY_STAGES = {"staged", "resolved"}
PLANTED: dict[str, Any] = {
    "month": "2026-08", "route": "resolved", "disagreement": "communication", "raiser": "police",
    "receiver": "housing", "stage": 3, "level": "director", "days_practitioner": 30,
    "days_line_manager": 30, "days_senior_manager": 30, "days_director": 30, "answered": "in_time",
    "settled": "director", "helped": "meeting", "learned": "roles", "wording": True,
    "form": True, "understood": False,
}  # fmt: skip
LIBRARY = load_library(POLICIES)


def published_quarters(file: bytes) -> Iterator[tuple[str, dict[str, CountTable]]]:
    """Yield each quarter of a CSV with its tables, read from outside."""
    read = list(csv.DictReader(StringIO(file.decode("utf-8-sig"))))
    for quarter in dict.fromkeys(one["quarter"] for one in read):
        tables: dict[str, CountTable] = {}
        mine = [one for one in read if one["quarter"] == quarter and one["table"] != "other_help"]
        for key in dict.fromkeys(one["table"] for one in mine if one["table"] != "all"):
            here = [one for one in mine if one["table"] == key]
            named = {
                one["value"]: one["title"] for one in here if one["value"] not in {"all", "rest"}
            }
            if key == "pair":
                named = dict(cells.pairs().cells)
            counts = {one["value"]: int(one["count"]) for one in here if one["count"]}
            total, _ = counts.pop("all", None), counts.pop("rest", None)
            tables[key] = CountTable(TableShape(key, "", named), total, counts)
        yield quarter, tables


@pytest.mark.parametrize("policy", list(YEAR))
def test_a_planted_case_cannot_be_found(tmp_path: Path, policy: str) -> None:
    """Each of its values is in a count of 5 or more, or could belong to nobody."""
    rows = [{**figures_row(), **row_columns(one)} for one in simulated_year()]
    planted = figures_row(policy=policy, **PLANTED)
    engine = database(tmp_path, [*rows, planted])
    pages = FigurePages(PublishedQuarters(engine, LIBRARY, lambda: date(2026, 11, 26)))
    mine = [
        one
        for one in [*rows, planted]
        if one["policy"] == policy and one["route"] in BY_STAGES and one["month"] in SUMMER
    ]
    found = dict(published_quarters(pages.csv(policy, "2026-Q3")))["2026-Q3"]
    marks = _marks(planted, found)
    tried = 0
    for key, value, least, most in _attacked(found, policy, mine):
        tried += 1
        if counted_by_hand(mine, key, value) < LEAST:
            assert least < 0.01, (key, value, least, most)
        assert most - least > 2.99, (key, value, least, most)
    assert tried > 20
    for key, value in marks.items():
        table = found[key]
        assert table.total is None or table.counts.get(value, LEAST) >= LEAST


def _marks(planted: Mapping[str, Any], found: Mapping[str, CountTable]) -> dict[str, str]:
    """The cell of each table that the planted case is in."""
    return {
        key: value
        for key, table in found.items()
        for value in table.shape.cells
        if counted_by_hand([dict(planted)], key, value)
    }


def _attacked(
    found: Mapping[str, CountTable], policy: str, mine: list[dict[str, Any]]
) -> Iterator[tuple[str, str, float, float]]:
    """Every hidden cell: of a table by itself, and of those bound to each other all at once."""

    def truth(table: CountTable, value: str) -> int:
        return counted_by_hand(mine, table.shape.key, value)

    for key, table in found.items():
        if table.total is not None and key != "endings":
            yield from single_table_bounds(table, truth)
    levels = [str(stage.level) for stage in LIBRARY.newest()[policy].stages]
    limited = {one["level"] for one in mine if one["answered"] not in {"no_limit", "not_known"}}
    assert set(found) & set(BY_STAGE)
    yield from joint_bounds(found, levels, limited, truth)


def test_a_quarter_is_not_published_before_its_day(tmp_path: Path) -> None:
    """Once shown, it is the same on every later day."""
    engine = database(
        tmp_path, [figures_row(month="2026-08", id=secrets.token_hex(16)) for _ in range(40)]
    )
    days = [date(2026, 11, 11)]
    pages = FigurePages(PublishedQuarters(engine, LIBRARY, lambda: days[0]))
    with pytest.raises(NotShownError, match="12 November 2026"):
        pages.csv("kent", "2026-Q3")
    assert "2026-08" not in pages.csv("kent", "2026-Q2").decode()
    assert "2026-Q3" not in pages.index()
    days[0] = date(2026, 11, 12)
    first = pages.csv("kent", "2026-Q3")
    days[0] = date(2028, 1, 1)
    assert pages.csv("kent", "2026-Q3") == first
