"""Counting, and that no hidden count follows from all that is published at once."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Engine

from bot.core.policy.loader import load_library
from bot.figures.counting import CountTable, Figures, count_figures
from bot.figures.hiding import LEAST
from bot.figures.quarters import Quarter
from bot.paths import POLICIES
from bot.privacy.store.database import make_engine
from bot.privacy.store.tables import ENDINGS, ESCALATIONS, create_figures
from tests.figures.attack import counted_by_hand, joint_bounds
from tests.figures.rows import SETTLED, figures_row
from tests.support.rounds import rounds

SPRING = Quarter(2026, 2)
KENT = load_library(POLICIES).newest()["kent"]
LEVELS = [str(stage.level) for stage in KENT.stages]
LIMITED = set(LEVELS[1:3])


@pytest.fixture(scope="module", name="engine")
def fixture_engine() -> Iterator[Engine]:
    """A database in memory."""
    engine = make_engine("sqlite://")
    create_figures(engine)
    yield engine
    engine.dispose()


def counted(engine: Engine, rows: Sequence[dict[str, Any]], quarter: Quarter = SPRING) -> Figures:
    """The published figures of Kent if these are all the rows."""
    with engine.begin() as connection:
        connection.execute(ESCALATIONS.delete())
        if rows:
            connection.execute(ESCALATIONS.insert(), list(rows))
        return count_figures(connection, ("kent", quarter), KENT)


def test_each_escalation_is_counted_once_in_each_table(engine: Engine) -> None:
    """Other quarters, policies and routes are left out."""
    rows = [
        *(figures_row(month="2026-04") for _ in range(7)),
        *(figures_row(month="2026-06", disagreement="plan_progress") for _ in range(9)),
        *(figures_row(month="2026-05", **SETTLED) for _ in range(8)),
        *(figures_row(month="2026-07") for _ in range(50)),
        *(figures_row(policy="pan_dorset") for _ in range(50)),
        *(figures_row(route="same_day") for _ in range(6)),
        *(figures_row(route="emergency") for _ in range(4)),
    ]
    found = counted(engine, rows)
    assert found.total == 24
    assert found.tables["month"].counts == {"2026-04": 7, "2026-05": 8, "2026-06": 9}
    assert found.tables["settled"].counts == {"yes": 8, "no": 16}
    assert found.tables["disagreement"].counts == {"threshold": 15}
    assert found.tables["disagreement"].rest == 9
    assert found.other_help == {"emergency": None, "same_day": 6, "exit": None}


def test_postgresql_counts_the_same(engine: Engine, postgres_url: str) -> None:
    """Rows, endings, yes and no, and unknown values are counted as on SQLite."""
    rows = [figures_row(form=at % 3 == 0, helped=None, area=None) for at in range(30)]
    rows += [figures_row(**SETTLED) for _ in range(12)]
    ended = {"month": "2026-05", "policy": "kent", "question": "risk", "conversations": 30}
    other = make_engine(postgres_url)
    create_figures(other)
    for each in (engine, other):
        with each.begin() as connection:
            connection.execute(ENDINGS.insert(), ended)
    here, there = (counted(each, rows) for each in (engine, other))
    other.dispose()
    with engine.begin() as connection:
        connection.execute(ENDINGS.delete())
    assert here == there
    assert here.tables["form"].counts == {"yes": 10, "no": 32}
    assert here.tables["endings"].total == 30


@pytest.mark.parametrize("many", [0, 1, 4])
def test_fewer_than_five_show_nothing(engine: Engine, many: int) -> None:
    """No row, one row and four rows all publish the same."""
    assert counted(engine, [figures_row() for _ in range(many)]) == counted(engine, [])


def test_a_value_on_no_list_counts_as_not_known(engine: Engine) -> None:
    """A kind or area that was removed is still counted, without its name."""
    rows = [figures_row(disagreement="weather") for _ in range(6)] + [
        figures_row() for _ in range(20)
    ]
    found = counted(engine, rows).tables["disagreement"]
    assert found.total == 26
    assert "weather" not in found.counts


def test_unknown_days_are_counted_as_not_known(engine: Engine) -> None:
    """Escalations with unknown days stay in the table."""
    rows = [
        figures_row(level="senior_manager", days_practitioner=days) for days in [0, 1, 3, 8, 30] * 9
    ]
    rows += [
        figures_row(level="senior_manager", days_practitioner=days)
        for days in [12] * 9 + [None] * 9
    ]
    found = counted(engine, rows).tables["days_practitioner"]
    assert found.counts == {"0": 18, "2": 9, "6": 9, "11": 9, "21": 9, "": 9}


def test_conversations_are_counted_by_their_last_question(engine: Engine) -> None:
    """They are counted apart from escalations."""
    left = {"month": "2026-05", "policy": "kent"}
    with engine.begin() as connection:
        for question, many in (("risk", 30), ("disagreement", 12), ("step_on", 9), ("", 40)):
            ended = {**left, "question": question, "conversations": many}
            connection.execute(ENDINGS.insert(), ended)
    found = counted(engine, []).tables
    with engine.begin() as connection:
        connection.execute(ENDINGS.delete())
    assert list(found) == ["endings"]
    assert found["endings"].total == 91
    assert found["endings"].counts == {"risk": 30, "disagreement": 12, "": 40}


def test_a_table_that_would_reveal_another_is_left_out(engine: Engine) -> None:
    """Without unknown answers, the answers would reveal how many stages have a limit."""
    told = [figures_row(level="line_manager", answered="late") for _ in range(20)]
    told += [figures_row(level="senior_manager", answered="waiting") for _ in range(3)]
    told += [figures_row(level="practitioner", answered="no_limit") for _ in range(30)]
    found = counted(engine, told).tables
    assert found["answered"].dropped
    assert found["answered"].total is None
    unknown = [figures_row(level="line_manager", answered="not_known") for _ in range(9)]
    settled = [figures_row(**SETTLED) for _ in range(9)]
    again = counted(engine, told + unknown + settled).tables
    assert not again["answered"].dropped


def test_answers_that_would_reveal_open_escalations_are_left_out(engine: Engine) -> None:
    """Where every open stage with a limit is awaited, the rest must be at the other stages."""
    settled = [figures_row(**SETTLED | {"answered": "not_known"}) for _ in range(9)]
    settled += [
        figures_row(level="practitioner", settled="practitioner", answered="no_limit")
        for _ in range(9)
    ]
    rows = settled + [figures_row(level="practitioner", answered="no_limit") for _ in range(2)]
    rows += [figures_row(level="director", answered="no_limit") for _ in range(8)]
    rows += [figures_row(level="line_manager", answered="waiting") for _ in range(10)]
    assert counted(engine, rows).tables["answered"].dropped
    rows += [figures_row(level="line_manager", answered="not_known") for _ in range(4)]
    assert not counted(engine, rows).tables["answered"].dropped


@st.composite
def quarters(draw: st.DrawFn) -> list[dict[str, Any]]:
    """A quarter's rows: some shapes, each of them so many times."""
    rows: list[dict[str, Any]] = []
    for _ in range(draw(st.integers(1, 9))):
        rank = draw(st.integers(-1, len(LEVELS) - 1))
        level = LEVELS[rank] if rank >= 0 else None
        settled = level if level and draw(st.booleans()) else None
        if level in LIMITED:
            kinds = ["in_time", "late", "not_known"] + ([] if settled else ["waiting", "overdue"])
            answered = draw(st.sampled_from(kinds))
        else:
            answered = "no_limit" if level else "not_known"
        passed = LEVELS[: rank + (1 if settled else 0)] if rank >= 0 else []
        days: dict[str, int | None] = {f"days_{one}": None for one in LEVELS}
        days |= {f"days_{one}": draw(st.sampled_from([None, 1, 4, 30])) for one in passed}
        shape = {"level": level, "settled": settled, "answered": answered, **days}
        shape["route"] = "resolved" if settled else "staged"
        rows += [figures_row(**shape) for _ in range(draw(st.integers(1, 14)))]
    return rows


@pytest.mark.long
@given(quarters())
@settings(max_examples=rounds(150, 1000))
def test_no_small_count_follows_from_all_tables_together(
    engine: Engine, rows: list[dict[str, Any]]
) -> None:
    """A linear programme over all that is published finds 0 and 3 possible for each small count."""
    found = counted(engine, rows)
    if found.total is None:
        return

    def truth(table: CountTable, value: str) -> int:
        return counted_by_hand(rows, table.shape.key, value)

    for key, value, least, most in joint_bounds(found.tables, LEVELS, LIMITED, truth):
        if truth(found.tables[key], value) < LEAST:
            assert least < 0.01, (key, value, least, most)
            assert most > 2.99, (key, value, least, most)
        else:
            assert most - least > 2.99, (key, value, least, most)
