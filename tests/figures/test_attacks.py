"""Attacks on the published figures: nobody finds out whether a case is among them.

The attacker knows the rule, has planted what they like, sees pages, files and which of them there
are, and knows every escalation but one. docs/figures-threats.md says what they may try.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import chain
from math import log
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy.engine import Engine

from bot.core.policy.library import Library, Version
from bot.core.policy.loader import load_library
from bot.figures.chance import LIKELIER, log_probability
from bot.figures.counting import ExactTable, count_quarter
from bot.figures.loading import WrongSourceError, replace_log
from bot.figures.log import new_row, row_from
from bot.figures.published import NotShownError, PublishedQuarters
from bot.figures.quarters import Period, Quarter
from bot.keepers.figures_page import FigurePages
from bot.keepers.people import READER
from bot.paths import POLICIES
from bot.privacy.store.database import read_only
from tests.figures.attack import cost, stories
from tests.figures.rows import SETTLED, database, figures_row
from tests.figures.year import YEAR, simulated_year

pytestmark = pytest.mark.long

TODAY = date(2027, 5, 20)
LIBRARY = load_library(POLICIES)
QUARTERS = (Quarter(2026, 3), Quarter(2026, 2), Quarter(2026, 1), Quarter(2025, 4))
PERIODS = ("2026-Q3", "2026-Q2", "2026-Q3-year", "2026-Q4-year", "2026-27")
CASE: dict[str, Any] = {
    "month": "2026-08", "route": "resolved", "disagreement": "communication", "raiser": "police",
    "receiver": "housing", "stage": 3, "level": "director", "days_practitioner": 30,
    "days_line_manager": 30, "days_senior_manager": 30, "days_director": 30,
    "answered_line_manager": "late", "answered_senior_manager": "overdue",
    "answered_director": "in_time", "settled": "director", "helped": "meeting",
    "learned": "roles", "wording": True, "files": True, "understood": False, "urgent": True,
}  # fmt: skip
"""A case that is alone in many of its cells."""


class Recorded:
    """Draws changes, and remembers them in order; or gives the changes it was handed."""

    def __init__(self, draw: Callable[[], int]) -> None:
        self.drawn: list[int] = []
        self._draw = draw

    def __call__(self) -> int:
        """Draw the next change."""
        self.drawn.append(self._draw())
        return self.drawn[-1]


def seeded(seed: int) -> Callable[[], int]:
    """Draw changes as `change` does, the same for a seed."""
    drawing = random.Random(seed)  # noqa: S311 - the test's own

    def geometric() -> int:
        number = 0
        while drawing.randrange(LIKELIER) == 0:
            number += 1
        return number

    return lambda: geometric() - geometric()


def everything(pages: FigurePages, policy: str) -> dict[str, object]:
    """All that is published of a policy: pages, charts, files, and what is refused."""
    found: dict[str, object] = {"": pages.index(READER)}
    for period in PERIODS:
        for name, make in (("page", pages.report), ("csv", pages.csv), ("xlsx", pages.workbook)):
            try:
                found[f"{period} {name}"] = make(policy, period)
            except NotShownError as error:
                found[f"{period} {name}"] = str(error)
    return found


def exact(engine: Engine, policy: str, quarter: Quarter) -> list[ExactTable]:
    """The counts of a quarter, in the order in which they are changed."""
    with read_only(engine).begin() as connection:
        found = LIBRARY.on(quarter.ends)[policy]
        return list(count_quarter(connection, (policy, quarter), found))


def flat(tables: Sequence[ExactTable]) -> Iterator[int]:
    """The counts of some tables, one after the other."""
    for table in tables:
        yield from table.counts.values()


@pytest.mark.parametrize("policy", list(YEAR))
def test_with_a_case_or_without_it_the_same_is_published_almost_as_often(
    tmp_path: Path, policy: str
) -> None:
    """Pages and files of all periods, to the byte: nothing in them is made of an exact count.

    For each thing that can be published without the case there are changes that publish the same
    with it. The case is in one cell of each table at most, and each makes it at most four times
    less likely.
    """
    others = [{**figures_row(), **new_row(one)} for one in simulated_year()]
    case = figures_row(policy=policy, **CASE)
    folders = [tmp_path / name for name in ("without", "with")]
    for folder in folders:
        folder.mkdir()
    without, with_it = database(folders[0], others), database(folders[1], [*others, case])
    first = Recorded(seeded(3))
    published = PublishedQuarters(without, LIBRARY, lambda: TODAY, first)
    order = [*QUARTERS, Quarter(2026, 4), Quarter(2027, 1)]
    for quarter in order:
        published.periods_back(policy, Period(quarter))
    counts = [list(flat(exact(without, policy, quarter))) for quarter in _as_read(order)]
    as_many = [list(flat(exact(with_it, policy, quarter))) for quarter in _as_read(order)]
    before, after = list(chain(*counts)), list(chain(*as_many))
    assert len(before) == len(after) == len(first.drawn)
    needed = [
        one + change - other for one, change, other in zip(before, first.drawn, after, strict=True)
    ]
    touched = sum(one != other for one, other in zip(before, after, strict=True))
    assert 0 < touched <= len(exact(without, policy, QUARTERS[0]))
    assert max(abs(one - other) for one, other in zip(before, after, strict=True)) == 1
    likelier = sum(map(log_probability, first.drawn)) - sum(map(log_probability, needed))
    assert abs(likelier) <= touched * log(LIKELIER) + 1e-9
    again = PublishedQuarters(with_it, LIBRARY, lambda: TODAY, iter(needed).__next__)
    for quarter in order:
        again.periods_back(policy, Period(quarter))
    seen = everything(FigurePages(published), policy)
    assert everything(FigurePages(again), policy) == seen
    assert any("escalations" in str(page) for page in seen.values())


def _as_read(order: Sequence[Quarter]) -> list[Quarter]:
    """The quarters in the order in which they are first read: each with the three before it."""
    begun, found = Quarter(2025, 4), []
    for quarter in order:
        beside = [quarter]
        while len(beside) < 4 and beside[-1].before >= begun:
            beside.append(beside[-1].before)
        found += [each for each in beside if each not in found]
    return found


@pytest.mark.parametrize("seed", range(3))
def test_no_small_count_follows_from_all_tables_together(tmp_path: Path, seed: int) -> None:
    """A linear programme over all that is published explains 0 to 4 in each small count.

    None of these is so much less likely than another that it could be left out.
    """
    rows = [new_row(one) for one in simulated_year(seed, {"kent": 60})]
    engine = database(tmp_path, [*rows, figures_row(**CASE)])
    published = PublishedQuarters(engine, LIBRARY, lambda: TODAY, seeded(seed))
    for name in ("2026-Q3", "2026-Q3-year"):
        found = published.periods_back("kent", published.find_period("kent", name))[0].tables
        limited = "line_manager"
        levels = [str(stage.level) for stage in LIBRARY.newest()["kent"].stages]
        raisers = [value for value in found["raiser"].shape.cells if value]
        variables = stories(levels, raisers, limited)
        best = cost(found, variables, limited)
        tried = 0
        for key in ("raiser", "stage", "settled_at", f"answered_{limited}"):
            for value, count in found[key].counts.items():
                if count is None and value:
                    tried += 1
                    costs = [
                        cost(found, variables, limited, (key, value, number)) - best
                        for number in (0, 4)
                    ]
                    # An escalation more or fewer touches the six tables that are tied together.
                    assert max(costs) <= 4 * 6 * log(LIKELIER), (key, value, costs)
                    assert costs[0] <= 6 * log(LIKELIER), (key, value, costs)
        assert tried > 5


def test_the_linear_programme_finds_what_is_published_without_chance(tmp_path: Path) -> None:
    """It is no empty check: where six tables leave no room, it says so."""
    rows = [figures_row(month="2026-08", raiser="health") for _ in range(40)]
    published = PublishedQuarters(database(tmp_path, rows), LIBRARY, lambda: TODAY, lambda: 0)
    found = published.periods_back("kent", Period(Quarter(2026, 3)))[0].tables
    levels = [str(stage.level) for stage in LIBRARY.newest()["kent"].stages]
    variables = stories(levels, ["health", "police"], "line_manager")
    best = cost(found, variables, "line_manager")
    assert best == pytest.approx(0, abs=1e-6)
    far = cost(found, variables, "line_manager", ("raiser", "health", 10))
    assert far > best + 20 * log(LIKELIER)


def test_what_was_published_stays(tmp_path: Path) -> None:
    """Through a restart, a second worker, later rows, and an edit of the policy file."""
    rows = [
        figures_row(policy="pan_bedfordshire", month="2026-08", area=area)
        for area, many in (("bedford_borough", 14), ("central_bedfordshire", 9), ("luton", 3))
        for _ in range(many)
    ]
    engine = database(tmp_path, rows)
    at = ("pan_bedfordshire", "2026-Q3-year")
    first = FigurePages(PublishedQuarters(engine, LIBRARY, lambda: TODAY)).csv(*at)
    assert b"Luton" in first
    replace_log(engine, "City School Trust", [], TODAY)
    policy = LIBRARY.newest()["pan_bedfordshire"]
    edited = replace(
        policy,
        name="Another name",
        areas=tuple(area for area in policy.areas if area.id != "luton"),
    )
    changed = LIBRARY.newest() | {policy.id: edited}
    after_edit = Library({name: [Version(name, one)] for name, one in changed.items()})
    for library in (LIBRARY, after_edit):
        again = PublishedQuarters(engine, library, lambda: date(2028, 1, 1))
        assert FigurePages(again).csv(*at) == first


def test_of_two_workers_who_publish_at_once_one_is_kept(tmp_path: Path) -> None:
    """Two drawings of the same count would tell more than one."""
    rows = [figures_row(month="2026-08") for _ in range(30)]
    engine = database(tmp_path, rows)
    quick = PublishedQuarters(engine, LIBRARY, lambda: TODAY, seeded(2))
    period = Period(Quarter(2026, 3))
    drawn = iter(range(10**6))

    def overtaken() -> int:
        if next(drawn) == 0:
            quick.periods_back("kent", period)
        return 3

    slow = PublishedQuarters(engine, LIBRARY, lambda: TODAY, overtaken)
    assert slow.periods_back("kent", period) == quick.periods_back("kent", period)


@pytest.mark.parametrize("many", [0, 1, 4, 40])
def test_which_tables_there_are_tells_nothing(tmp_path: Path, many: int) -> None:
    """The same tables, rows and periods are in the files, whatever was counted."""
    rows = [figures_row(month="2026-01", policy="pan_dorset")]
    rows += [figures_row(month="2026-08", **SETTLED) for _ in range(many)]
    published = PublishedQuarters(database(tmp_path, rows), LIBRARY, lambda: TODAY, lambda: 0)
    (found, *_) = published.periods_back("kent", Period(Quarter(2026, 3)))
    empty, *_ = published.periods_back("kent", Period(Quarter(2026, 2)))
    assert [*found.tables] == [*empty.tables]
    for key, table in found.tables.items():
        assert [*table.counts] == [*empty.tables[key].counts]


@pytest.mark.parametrize("many", [0, 2, 4])
def test_a_log_with_few_looks_like_one_with_none(tmp_path: Path, many: int) -> None:
    """A quarter between others is there also where its log has no row."""
    rows = [figures_row(month=month, source="City Trust") for month in ("2026-05", "2026-11")]
    rows += [figures_row(month="2026-08", source="City Trust") for _ in range(many)]
    rows += [figures_row(month="2026-01") for _ in range(20)]
    published = PublishedQuarters(database(tmp_path, rows), LIBRARY, lambda: TODAY, lambda: 0)
    for policy in ("kent", "pan_dorset"):
        page = FigurePages(published).report(policy, "2026-Q3")
        assert "The own log of City Trust holds few;" in page


def test_a_corrected_log_is_not_published_under_a_second_name(tmp_path: Path) -> None:
    """Neither under a name like the first, nor under another with mostly the same rows."""
    engine = database(tmp_path, [figures_row()])
    log = [row_from(figures_row(month="2026-08", answered_line_manager=None)) for _ in range(31)]
    assert replace_log(engine, "City School Trust", log, TODAY).added == 31
    with pytest.raises(WrongSourceError, match="There is a log of “City School Trust” already"):
        replace_log(engine, "City Schools Trust", [*log, log[0]], TODAY)
    with pytest.raises(WrongSourceError, match="Most of these rows are in the log of"):
        replace_log(engine, "Northern Trust", [*log, log[0]], TODAY)
    other = [row_from(figures_row(month="2026-08", raiser="police")) for _ in range(31)]
    assert replace_log(engine, "City Schools Trust", other, TODAY, another=True).added == 31


def test_nothing_is_published_before_its_day_or_of_before_the_guide(tmp_path: Path) -> None:
    """Once shown, it is the same on every later day."""
    engine = database(tmp_path, [figures_row(month="2026-08") for _ in range(40)])
    days = [date(2026, 11, 11)]
    pages = FigurePages(PublishedQuarters(engine, LIBRARY, lambda: days[0]))
    with pytest.raises(NotShownError, match="12 November 2026"):
        pages.csv("kent", "2026-Q3")
    assert "2026-Q3" not in pages.index(READER)
    for early in ("2026-Q2", "2019-Q1", "2025-26"):
        with pytest.raises(NotShownError, match="not in use yet"):
            pages.csv("kent", early)
    days[0] = date(2026, 11, 12)
    first = pages.csv("kent", "2026-Q3")
    days[0] = date(2028, 1, 1)
    assert pages.csv("kent", "2026-Q3") == first
