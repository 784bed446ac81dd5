"""The log of escalations: one row each, findable while the conversation lasts, never in the way."""

import logging
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from bot.core.conversation.figures import Row
from bot.core.vocabulary import Agency, Level, Route, Side
from bot.figures import log as figures
from bot.figures.log import SETTING, FigureLog, figure_log, row_from
from bot.privacy.retention import Ending
from bot.privacy.store.database import StoreUnavailable, make_engine
from bot.privacy.store.tables import ENDINGS, ESCALATIONS, LOSSES
from tests.support.postgres import POSTGRESQL

TODAY = date(2026, 11, 20)
ROW = Row(
    month="2026-11", policy="kent", route=Route.staged, stage=0, level=Level.practitioner,
    raiser=Agency.education, days={Level.practitioner: 3},
)  # fmt: skip


@pytest.fixture(params=["sqlite", POSTGRESQL])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of either kind."""
    address = f"sqlite:///{tmp_path / 'figures.db'}"
    if request.param == "postgresql":
        address = str(request.getfixturevalue("postgres_url"))
    made = make_engine(address)
    yield made
    made.dispose()


@pytest.fixture
def log(engine: Engine) -> Iterator[FigureLog]:
    """The log of that database, on TODAY."""
    made = FigureLog(engine, lambda: TODAY)
    yield made
    made.close()


def stored_rows(log: FigureLog) -> list[dict[str, Any]]:
    """What is in the table, once all that waits is written."""
    assert log.write_waiting()
    with log.engine.connect() as connection:
        return [dict(row) for row in connection.execute(sa.select(ESCALATIONS)).mappings()]


def test_an_escalation_is_one_row(log: FigureLog) -> None:
    """The row is updated by its reference and read back unchanged."""
    log.keep("one", ROW)
    log.keep("one", replace(ROW, stage=1, level=Level.line_manager, draft=True))
    log.keep("other", ROW)
    kept = sorted(stored_rows(log), key=lambda one: one["draft"])
    assert [one["draft"] for one in kept] == [False, True]
    assert row_from(kept[0]) == ROW
    assert row_from(kept[1]).level is Level.line_manager


def test_no_reference_is_in_the_table(log: FigureLog) -> None:
    """The link is a digest, and the id is drawn at random."""
    log.keep("a reference", ROW)
    (kept,) = stored_rows(log)
    assert "a reference" not in kept.values()
    assert kept["id"] not in kept["link"]


def test_a_row_loses_its_link_when_its_conversation_is_deleted(log: FigureLog) -> None:
    """The row stays, and the last question is counted."""
    log.keep("one", ROW)
    stored_rows(log)
    ending = Ending("2026-11", "kent", "risk")
    log.count_endings([ending, ending], ["one"])
    (kept,) = stored_rows(log)
    assert kept["link"] is None
    with log.engine.connect() as connection:
        counted = connection.execute(sa.select(ENDINGS)).all()
    assert [tuple(one) for one in counted] == [("2026-11", "kent", "risk", 2)]


def test_a_row_of_a_shown_quarter_no_longer_changes(engine: Engine) -> None:
    """No second row is made either."""
    day = TODAY
    log = FigureLog(engine, lambda: day)
    log.keep("one", ROW)
    stored_rows(log)
    day = date(2027, 2, 12)
    log.keep("one", replace(ROW, month="2027-02", settled=Level.line_manager))
    # What waited for so long, and where a conversation of that quarter ended, come too late.
    log.keep("late", ROW)
    log.count_endings([Ending("2026-12", "kent", "risk"), Ending("2027-01", "kent", "risk")], [])
    (kept,) = stored_rows(log)
    with engine.connect() as connection:
        months = connection.execute(sa.select(ENDINGS.c.month)).scalars().all()
    log.close()
    assert (kept["month"], kept["settled"]) == ("2026-11", None)
    assert months == ["2027-01"]


@pytest.mark.parametrize(
    ("many", "seconds", "crowded"), [(10, 0, 0), (11, 0, 1), (15, 30, 5), (30, 90, 0)]
)
def test_of_many_at_once_those_after_the_tenth_are_marked(
    engine: Engine, many: int, seconds: int, crowded: int
) -> None:
    """Those of another policy are not, nor is one that is only updated often."""
    now = [0.0]
    log = FigureLog(engine, lambda: TODAY, lambda: now[0])
    for number in range(many):
        log.keep(f"{number}", ROW)
        log.keep("other policy", replace(ROW, policy="pan_dorset"))
        log.write_waiting()
        now[0] += seconds
    kept = stored_rows(log)
    log.close()
    assert [one["policy"] for one in kept if one["crowded"]] == ["kent"] * crowded
    assert len(kept) == many + 1


def test_whoever_plants_many_takes_nobody_elses_away(engine: Engine) -> None:
    """What came before stays counted, and talks crowd nobody out."""
    log = FigureLog(engine, lambda: TODAY, lambda: 0.0)
    for number in range(30):
        log.keep(f"talk {number}", replace(ROW, level=None, stage=None))
        log.keep(f"received {number}", replace(ROW, side=Side.receiver))
    log.keep("real", replace(ROW, raiser=Agency.health))
    for number in range(30):
        log.keep(f"planted {number}", ROW)
    log.write_waiting()
    kept = stored_rows(log)
    log.close()
    assert [one["crowded"] for one in kept if one["raiser"] == "health"] == [False]
    apart = [one for one in kept if one["level"] is None or one["side"] == "receiver"]
    assert [one["crowded"] for one in apart] == [False] * 60
    assert sum(one["crowded"] for one in kept) == 21


def test_two_writers_make_one_row(engine: Engine) -> None:
    """Many writers of one escalation make one row; of many, one each."""
    writers = [FigureLog(engine, lambda: TODAY) for _ in range(4)]

    def write(writer: FigureLog) -> None:
        for number in range(10):
            writer.keep("the same", ROW)
            writer.keep(f"{number}", ROW)
            writer.write_waiting()
        writer.count_endings([Ending("2026-11", "", "risk")] * 5, [])

    threads = [Thread(target=write, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(stored_rows(writers[0])) == 11
    assert [writer.waiting + writer.lost for writer in writers] == [0] * 4
    with engine.connect() as connection:
        assert connection.execute(sa.select(ENDINGS.c.conversations)).scalar() == 20
    for writer in writers:
        writer.close()


def test_the_older_state_of_a_row_is_never_written_last(
    log: FigureLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This holds when a slow write overlaps with the next one."""
    held, go_on, columns = Event(), Event(), figures.row_columns

    def slow(row: Row) -> dict[str, object]:
        if row.level is Level.practitioner:
            held.set()
            assert go_on.wait(60)
        return columns(row)

    monkeypatch.setattr(figures, "row_columns", slow)
    log.keep("one", ROW)
    assert held.wait(60)
    log.keep("one", replace(ROW, stage=1, level=Level.line_manager))
    second = Thread(target=log.write_waiting)
    second.start()
    second.join(0.3)
    go_on.set()
    second.join()
    log.close()
    (kept,) = stored_rows(log)
    assert kept["level"] == "line_manager"


def test_while_the_database_is_away_rows_wait_and_what_is_lost_is_counted(
    log: FigureLog, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is raised or logged of a row; the newest rows are written later."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(figures, "MOST_WAITING", 2)
    begin = log.engine.begin

    def away() -> None:
        raise OperationalError("insert", {"policy": "kent"}, Exception("away"))

    monkeypatch.setattr(log.engine, "begin", away)
    log.write_waiting()
    for name in ("one", "two", "three"):
        log.keep(name, ROW)
    assert not log.write_waiting()
    log.count_endings([Ending("2026-11", "kent", "risk")], [])
    assert (log.waiting, log.lost) == (2, 2)
    assert "kent" not in caplog.text
    assert "2 rows of the figures are lost" in caplog.text
    monkeypatch.setattr(log.engine, "begin", begin)
    assert len(stored_rows(log)) == 2
    assert log.waiting == 0
    # Whoever reads the figures sees how many are missing, once.
    for _ in range(2):
        assert log.write_waiting()
        with log.engine.connect() as connection:
            missing = connection.execute(sa.select(LOSSES)).all()
        assert [tuple(one) for one in missing] == [("2026-11", 2)]


def test_a_setting_says_where_the_log_is_kept(tmp_path: Path) -> None:
    """With the conversations, in another database, or nowhere."""
    conversations = f"sqlite:///{tmp_path / 'conversations.db'}"
    engine = make_engine(conversations)
    usual = figure_log(conversations, engine, {})
    assert usual is not None
    assert usual.engine is engine
    own = figure_log(conversations, engine, {SETTING: f"sqlite:///{tmp_path / 'own.db'}"})
    assert own is not None
    assert own.engine is not engine
    assert figure_log(conversations, engine, {SETTING: "Off"}) is None
    with pytest.raises(StoreUnavailable, match=f"{SETTING} must be the address of a database, or"):
        figure_log(conversations, engine, {SETTING: "yes please"})
