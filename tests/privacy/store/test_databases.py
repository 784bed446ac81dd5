"""The same guarantees on SQLite and on PostgreSQL, which one setting chooses."""

import asyncio
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.privacy.cases.saved import DAY_SECONDS, CaseStore, new_reference
from bot.privacy.retention import Purged, delete_conversation, purge
from bot.privacy.store import postgres, tables
from bot.privacy.store.database import (
    StoreUnavailable,
    make_engine,
)
from bot.privacy.store.single_use import SingleUse
from bot.server.locks import TurnLocks
from tests.support.postgres import POSTGRESQL
from tests.support.stores import DOMAIN, add, open_store, said, turn, whole_turn

SECRET = "a key of the server, long enough for it"  # noqa: S105 (a test's)


@pytest.fixture(params=["sqlite", POSTGRESQL])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/conversations.db"
    return str(request.getfixturevalue("postgres_url"))


async def test_a_conversation_goes_on_in_any_worker_masked(address: str) -> None:
    """Workers on one database see each other's turns, in order; the net masks in each."""
    one, other = open_store(address), open_store(address)
    await add(one, "a", turn("one"))
    await add(other, "a", turn("two by Zebedee"))
    await add(one, "a", turn("three"))
    await add(other, "b", turn("elsewhere"))
    for store in (one, other):
        assert said(store, "a") == ["one", "two by [name]", "three"]
        tracker = await store.retrieve("a")
        assert tracker is not None
        assert tracker.get_slot("risk") == "three"
        assert store.writable(for_seconds=0)
    with one.engine.connect() as connection:
        stored = "".join(connection.execute(sa.select(tables.EVENTS.c.data)).scalars())
        assert connection.execute(sa.select(tables.PROBES)).all() == []
    assert "Zebedee" not in stored


async def test_of_two_turns_at_once_only_one_is_stored(address: str) -> None:
    """Without a lock, too, what one worker stored since is not overwritten or mixed up."""
    one, other = open_store(address), open_store(address)
    await add(one, "a", turn("begun"))
    late = await other.get_or_create_tracker("a")
    await add(one, "a", turn("first"))
    await add(one, "a", turn("second"))
    for event in turn("late")[:2]:
        late.update(event, DOMAIN)
    with pytest.raises(StoreUnavailable):
        await other.save(late)
    assert said(other, "a") == ["begun", "first", "second"]


async def test_cases_and_used_links_are_the_same_for_all(address: str) -> None:
    """A code that one worker gave opens the case at another; a link used at one is used."""
    engines = [make_engine(address), make_engine(address)]
    one, other = (CaseStore(engine, SECRET, 30) for engine in engines)
    reference = new_reference()
    code = one.save(reference, {"partnership": "kent"})
    assert other.keep(reference, {"partnership": "pan_dorset"})
    opened = one.open(code)
    assert opened is not None
    assert opened.answers == {"partnership": "pan_dorset"}
    again = other.save(reference, {})
    assert one.open(code) is None
    assert one.open(again) is not None
    first, second = (SingleUse(engine, lambda: 50.0) for engine in engines)
    assert first.use("link", 100)
    assert second.used("link")
    assert not second.use("link", 100)
    assert second.use("other link", 100)


def test_links_that_have_ended_are_not_remembered(address: str) -> None:
    """Expired links are refused anyway, so the table stays small."""
    engine = make_engine(address)
    now = [50.0]
    once = SingleUse(engine, lambda: now[0])
    for number in range(5):
        once.use(f"link {number}", 100)
    now[0] = 101.0
    once.use("new", 200)
    with engine.connect() as connection:
        assert connection.execute(sa.select(tables.USED_LINKS.c.link)).scalars().all() == ["new"]


async def test_what_is_old_or_unwanted_is_deleted_in_every_worker(address: str) -> None:
    """Purging takes only what is old; forgetting a conversation takes its case and all of that."""
    one, other = open_store(address), open_store(address)
    cases = CaseStore(one.engine, SECRET, 30)
    code = cases.save("its case", {})
    await add(one, "a", turn("with a case", case="its case"))
    await add(one, "last week", turn("with the same case", case="its case"))
    await add(one, "other", turn("with another", case="its%case"))
    assert said(other, "a")
    assert delete_conversation(one.engine, "a") == {"a", "last week"}
    assert cases.open(code) is None
    assert said(other, "a") == said(other, "last week") == []
    assert said(other, "other") == ["with another"]
    now = other.conversation("other")[0].timestamp
    assert purge(one.engine, 30, now + 29.5 * DAY_SECONDS) == Purged(0, 0)
    assert purge(one.engine, 30, now + 30.1 * DAY_SECONDS) == Purged(1, 0)
    assert said(other, "other") == []


async def test_a_turn_under_way_elsewhere_does_not_survive_deletion(address: str) -> None:
    """Whichever comes first, the conversation is deleted in the end."""
    one, other = open_store(address), open_store(address)
    await add(one, "a", turn("one"))
    under_way = await other.get_or_create_tracker("a")
    delete_conversation(one.engine, "a")
    for event in turn("two"):
        under_way.update(event, DOMAIN)
    with pytest.raises(StoreUnavailable):
        await other.save(under_way)
    assert said(one, "a") == []


def test_deleting_waits_for_a_turn_that_is_being_stored(postgres_url: str) -> None:
    """What a turn elsewhere adds at the same moment is deleted with the rest (PostgreSQL)."""
    one = open_store(postgres_url)
    asyncio.run(add(one, "a", turn("one")))
    with ThreadPoolExecutor(1) as pool, one.engine.connect() as storing:
        last = storing.execute(sa.select(sa.func.max(tables.EVENTS.c.id))).scalar()
        row: dict[str, Any] = {"type_name": "user", "data": '{"event": "user", "text": "two"}'}
        row |= dict.fromkeys(("timestamp", "intent_name", "action_name"))
        under_way = storing.begin()
        assert postgres.add_if_unchanged(storing, "a", last, [row])
        deleting = pool.submit(delete_conversation, one.engine, "a")
        time.sleep(0.2)  # however long: it waits for the other
        assert not deleting.done()
        under_way.commit()
        assert deleting.result(20) == {"a"}
    assert said(one, "a") == []


def test_workers_that_start_at_once_make_the_tables_once(address: str) -> None:
    """No worker fails because another has just created a table."""
    ready = threading.Barrier(8)

    def start(_number: int) -> bool:
        engine = make_engine(address)
        ready.wait(20)
        tables.create_tables(engine)
        engine.dispose()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(start, range(8)))


@pytest.mark.command
async def test_another_program_reading_the_database_loses_nothing(tmp_path: Path) -> None:
    """Nor after the file was opened a second time here, as purging does (SQLite).

    SQLite's last user folds its log into the file and deletes it. Whoever is there after the
    server has lost its locks would do that to a log that the server goes on writing.
    """
    address = f"sqlite:///{tmp_path}/conversations.db"
    store = open_store(address)
    await add(store, "a", turn("one"))
    purging = make_engine(address)
    assert purge(purging, 30, time.time()) == Purged(0, 0)
    purging.dispose()
    _look_into(tmp_path / "conversations.db")
    await add(store, "a", turn("two"))
    assert _look_into(tmp_path / "conversations.db") == "2"


def _look_into(file: Path) -> str:
    program = (
        "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); "
        "print(db.execute(\"SELECT COUNT(*) FROM events WHERE type_name='user'\").fetchone()[0])"
    )
    command = [sys.executable, "-c", program, str(file)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize("wrong", ["mysql://u:secret@h/d", "postgres:/u:secret", "secret"])
def test_a_wrong_address_is_explained_without_being_repeated(wrong: str) -> None:
    """It may hold a password."""
    with pytest.raises(
        StoreUnavailable, match="must begin with sqlite:/// or postgresql://"
    ) as told:
        make_engine(wrong)
    assert "secret" not in str(told.value)


async def test_a_turn_on_sqlite_asks_little_of_it(tmp_path: Path) -> None:
    """It reads the conversation once, and looks, stores and asks the id in one transaction."""
    store = open_store(f"sqlite:///{tmp_path}/conversations.db")
    locks = TurnLocks(store)
    await whole_turn(store, locks, "one")
    asked: list[str] = []

    def ask(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement.split(maxsplit=1)[0])

    sa.event.listen(store.engine, "before_cursor_execute", ask)
    await whole_turn(store, locks, "two")
    assert asked == ["SELECT", "BEGIN", "SELECT", "INSERT", "SELECT"]
    assert said(store, "a") == ["one", "two"]
