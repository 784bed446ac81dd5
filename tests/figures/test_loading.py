"""Agency logs in the database: loaded whole, never twice, and unchanged once shown."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.core.conversation.figures import Row
from bot.core.vocabulary import Disagreement, Route
from bot.figures import loading
from bot.figures.loading import WrongSourceError, replace_log
from bot.figures.log import FigureLog, new_row
from bot.figures.quarters import Quarter
from bot.privacy.store.database import make_engine
from bot.privacy.store.tables import ESCALATIONS
from tests.support.postgres import POSTGRESQL

TODAY = date(2026, 11, 26)
SUMMER, AUTUMN = Quarter(2026, 3), Quarter(2026, 4)
ROW = Row(month="2026-10", policy="kent", route=Route.staged)
SHOWN = replace(ROW, month="2026-09")


@pytest.fixture(params=["sqlite", POSTGRESQL])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of either kind."""
    address = f"sqlite:///{tmp_path / 'figures.db'}"
    if request.param == "postgresql":
        address = str(request.getfixturevalue("postgres_url"))
    made = make_engine(address)
    yield made
    made.dispose()


def stored_rows(engine: Engine) -> list[tuple[str, str, str | None]]:
    """Source, month and kind of every row."""
    columns = (ESCALATIONS.c.source, ESCALATIONS.c.month, ESCALATIONS.c.disagreement)
    with engine.connect() as connection:
        return sorted(tuple(row) for row in connection.execute(sa.select(*columns)))


def test_loading_again_replaces_and_does_not_double(engine: Engine) -> None:
    """Rows of other sources and of the guide stay."""
    log = FigureLog(engine, lambda: TODAY)
    log.keep("one", ROW)
    log.close()
    replace_log(engine, "Kent Police", [ROW], TODAY)
    mine = [ROW, ROW, replace(ROW, disagreement=Disagreement.threshold)]
    for replaced in (0, 3):
        loaded = replace_log(engine, "City Trust", mine, TODAY)
        assert (loaded.added, loaded.replaced, loaded.left_out) == (3, replaced, {})
    assert replace_log(engine, " city  TRUST", [ROW], TODAY).source == "City Trust"
    assert [one[0] for one in stored_rows(engine)] == ["", "City Trust", "Kent Police"]


def test_loaded_rows_can_be_deleted_until_they_are_shown(engine: Engine) -> None:
    """Rows of a shown quarter stay."""
    replace_log(engine, "City Trust", [ROW, SHOWN], TODAY)
    taken = replace_log(engine, "City Trust", [], TODAY)
    assert (taken.added, taken.replaced) == (0, 1)
    assert [one[1] for one in stored_rows(engine)] == ["2026-09"]


def test_a_quarter_that_is_shown_is_loaded_once(engine: Engine) -> None:
    """A log from before the guide can be loaded; after that the quarter stands still."""
    first = replace_log(engine, "City Trust", [SHOWN, SHOWN], TODAY)
    assert first.added == 2
    again = replace_log(engine, "City Trust", [SHOWN, SHOWN, SHOWN, ROW], TODAY)
    assert (again.added, again.replaced, again.left_out) == (1, 0, {("kent", SUMMER): 3})
    # Another policy's quarter is published by itself.
    other = replace_log(engine, "City Trust", [replace(SHOWN, policy="pan_dorset")], TODAY)
    assert (other.added, other.replaced) == (1, 1)


def test_nothing_is_half_loaded(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the database refuses one row, nothing changes."""
    replace_log(engine, "City Trust", [ROW], TODAY)
    before = stored_rows(engine)
    monkeypatch.setattr(loading, "AT_ONCE", 2)
    made = iter(range(100))

    def twice_the_same(row: Row, source: str) -> dict[str, object]:
        return new_row(row, source) | ({"id": "the same"} if next(made) > 2 else {})

    monkeypatch.setattr(loading, "new_row", twice_the_same)
    with pytest.raises(SQLAlchemyError):
        replace_log(engine, "City Trust", [ROW] * 6, TODAY)
    assert stored_rows(engine) == before


@pytest.mark.parametrize("many", [("City Trust",), ("City Trust", "Kent Police")])
def test_two_loads_at_once_double_nothing(engine: Engine, many: Sequence[str]) -> None:
    """Of one source a single whole file remains; of two sources both remain."""
    together = Barrier(4)
    kinds = list(Disagreement)[:4]

    def begin(at: int) -> None:
        rows = [replace(ROW, disagreement=kinds[at])] * 50
        together.wait()
        replace_log(engine, many[at % len(many)], rows, TODAY)

    threads = [Thread(target=begin, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = stored_rows(engine)
    assert len(found) == 50 * len(many)
    assert len({(source, kind) for source, _, kind in found}) == len(many)


@pytest.mark.parametrize("source", ["", "  ", "=1+1", "a" * 65, "City\nTrust;", "<script>", "-x"])
def test_a_source_name_with_other_signs_is_refused(tmp_path: Path, source: str) -> None:
    """The name appears on pages and in spreadsheets."""
    engine = make_engine(f"sqlite:///{tmp_path / 'figures.db'}")
    with pytest.raises(WrongSourceError, match="at most 64 letters"):
        replace_log(engine, source, [ROW], TODAY)


def test_an_update_never_finds_a_loaded_row(engine: Engine) -> None:
    """Loaded rows have no link, and their ids do not show the order of the file."""
    replace_log(engine, "City Trust", [ROW] * 20, TODAY)
    with engine.connect() as connection:
        found = connection.execute(sa.select(ESCALATIONS.c.link, ESCALATIONS.c.id)).all()
    assert {one[0] for one in found} == {None}
    assert len({one[1] for one in found}) == 20
