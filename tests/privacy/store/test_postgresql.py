"""PostgreSQL by itself: locks among workers, and a database that goes away or hangs."""

import asyncio
import re
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.core.lock_store import LockError

from bot.paths import ROOT
from bot.privacy.store import tables
from bot.privacy.store.database import (
    CLOSED_SECONDS,
    DatabaseAway,
    StoreUnavailable,
    make_engine,
)
from bot.privacy.store.tracker_store import GuideTrackerStore
from bot.server.locks import TurnLocks
from tests.support.ports import free_port
from tests.support.postgres import Postgres, wait_for
from tests.support.relay import Relay
from tests.support.stores import DOMAIN, add, open_store, said, turn, whole_turn


async def test_a_lock_is_exclusive_among_workers(postgres_url: str) -> None:
    """While one worker has a conversation no other gets it; others' conversations are free."""
    one, other = (TurnLocks(open_store(postgres_url)) for _ in range(2))
    async with one.lock("a"):
        with pytest.raises(LockError):
            async with other.lock("a", lock_lifetime=0.05):
                raise AssertionError("two turns at once")
        async with other.lock("b", lock_lifetime=5):
            pass
    async with other.lock("a", lock_lifetime=5):
        pass


async def test_many_turns_at_once_take_turns(postgres_url: str) -> None:
    """Forty turns of two workers in one conversation are stored one after the other, all."""
    stores = [open_store(postgres_url) for _ in range(2)]
    locks = [TurnLocks(store) for store in stores]

    async def take(number: int) -> None:
        store, lock = stores[number % 2], locks[number % 2]
        async with lock.lock("a"):
            await add(store, "a", turn(f"{number}"), pause=0)

    await asyncio.gather(*(take(number) for number in range(40)))
    assert sorted(map(int, said(stores[0], "a"))) == list(range(40))


async def test_more_conversations_than_connections_wait_their_turn(postgres_url: str) -> None:
    """A hundred at once are all answered, with a dozen connections."""
    store = open_store(postgres_url)
    locks = TurnLocks(store)

    async def take(number: int) -> None:
        async with locks.lock(f"{number}"):
            await asyncio.sleep(0.001)
            await add(store, f"{number}", turn("here"))

    await asyncio.gather(*(take(number) for number in range(100)))
    assert all(said(store, f"{number}") == ["here"] for number in range(100))


async def test_a_turn_that_lost_the_lock_cannot_write(postgres_url: str) -> None:
    """A turn whose connection broke stores nothing, though another connection could be had."""
    store, other = open_store(postgres_url), open_store(postgres_url)
    locks = TurnLocks(store)
    await add(store, "a", turn("one"))
    async with locks.lock("a"):
        tracker = await store.get_or_create_tracker("a")
        for event in turn("two"):
            tracker.update(event, DOMAIN)
        with other.engine.connect() as connection:
            connection.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
                )
            )
        async with TurnLocks(other).lock("a", lock_lifetime=5):
            await add(other, "a", turn("taken over"))
        for _ in range(2):
            with pytest.raises(StoreUnavailable):
                await store.save(tracker)
    assert said(store, "a") == ["one", "taken over"]


async def test_a_database_that_went_away_is_said_and_comes_back(postgres: Postgres) -> None:
    """Meanwhile reading, writing and locking raise errors without text; nothing is lost."""
    store = open_store(postgres.url("away"))
    await add(store, "a", turn("xylophone"))
    tracker = await store.get_or_create_tracker("a")
    tracker.update(turn("xylophone")[0], DOMAIN)
    postgres.stop()
    try:
        for failing in (store.save(tracker), store.retrieve("a"), _lock(store)):
            with pytest.raises(StoreUnavailable) as told:
                await failing
            assert "xylophone" not in str(told.value)
        assert not store.writable(for_seconds=0)
    finally:
        postgres.start()
    wait_for(lambda: store.writable(for_seconds=0))
    await add(store, "a", turn("again"))
    assert said(store, "a") == ["xylophone", "again"]


async def test_a_database_that_hangs_is_given_up(postgres: Postgres) -> None:
    """A statement waits only a short time, and nobody waits again for a moment."""
    engine = make_engine(postgres.url("hangs"), seconds=0.2)
    tables.create_tables(engine)
    postgres.freeze(frozen=True)
    try:
        with pytest.raises(sa.exc.OperationalError), engine.connect() as connection:
            connection.execute(sa.select(1))
        with pytest.raises(DatabaseAway), engine.connect():
            pass
    finally:
        postgres.freeze(frozen=False)


async def _lock(store: GuideTrackerStore) -> None:
    async with TurnLocks(store).lock("a"):
        pass


async def test_a_turn_makes_at_most_four_round_trips(postgres: Postgres) -> None:
    """From its lock to its end, also where the turn reads the conversation several times."""
    relay = Relay(postgres.port)
    address = postgres.url("trips").replace(f":{postgres.port}/", f":{relay.port}/")
    store = open_store(address)
    locks = TurnLocks(store)
    await whole_turn(store, locks, "begun")
    await _released(store)
    for number in range(3):
        before = relay.trips
        await whole_turn(store, locks, f"turn {number}")
        await _released(store)
        assert 0 < relay.trips - before <= 4
    assert said(store, "a") == ["begun", "turn 0", "turn 1", "turn 2"]
    relay.close()


async def _released(store: GuideTrackerStore) -> None:
    """Wait until the turn's connection is back: that is begun and not waited for."""
    pool = store._turns.pool  # noqa: SLF001
    await asyncio.get_running_loop().run_in_executor(None, wait_for, lambda: not pool.checkedout())


async def test_the_first_message_of_a_new_conversation_is_two_turns_in_one(
    postgres_url: str,
) -> None:
    """The welcome is stored, and then what was said, under one lock; each is read after it."""
    store = open_store(postgres_url)
    async with TurnLocks(store).lock("a"):
        await add(store, "a", turn("welcome"))
        assert said(store, "a") == ["welcome"]
        await add(store, "a", turn("hello"))
        assert said(store, "a") == ["welcome", "hello"]
    assert said(open_store(postgres_url), "a") == ["welcome", "hello"]


async def test_the_event_loop_answers_others_while_the_database_hangs(postgres: Postgres) -> None:
    """Locking and storing wait in threads; what was under way is stored whole or not at all."""
    store = open_store(postgres.url("hanging"))
    locks = TurnLocks(store)
    await whole_turn(store, locks, "one")
    await _released(store)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    ticking = asyncio.create_task(tick())
    async with locks.lock("a"):
        postgres.freeze(frozen=True)
        try:
            with pytest.raises(StoreUnavailable):
                await add(store, "a", turn("two"))
            while_storing = ticks
            assert while_storing > 50
            with pytest.raises(StoreUnavailable):
                async with locks.lock("b"):
                    pass
        finally:
            postgres.freeze(frozen=False)
    ticking.cancel()
    wait_for(lambda: store.writable(for_seconds=0))
    assert said(store, "a") in (["one"], ["one", "two"])


async def test_a_turn_that_ran_out_of_time_leaves_no_lock_behind(postgres: Postgres) -> None:
    """Not even where its statement was still under way; what comes next is in order."""
    url = postgres.url("late")
    store, other = open_store(url), open_store(url)
    locks = TurnLocks(store)
    await whole_turn(store, locks, "one")
    blocker = other.engine.connect()
    blocking = blocker.begin()
    blocker.execute(sa.text("LOCK TABLE events IN SHARE MODE"))
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(whole_turn(store, locks, "late"), 0.3)
    blocking.rollback()
    blocker.close()
    async with TurnLocks(other).lock("a", lock_lifetime=5):
        await add(other, "a", turn("next"))
    assert said(other, "a") in (["one", "next"], ["one", "late", "next"])


async def test_a_locked_table_makes_the_worker_unready(postgres: Postgres) -> None:
    """The probe writes where turns are stored, and a turn that failed counts for a while."""
    store = open_store(postgres.url("locked"))
    await add(store, "a", turn("one"))
    assert store.writable(for_seconds=0)
    blocker = open_store(postgres.url("locked")).engine.connect()
    blocking = blocker.begin()
    blocker.execute(sa.text("LOCK TABLE events IN SHARE MODE"))
    assert not store.writable(for_seconds=0)
    await asyncio.sleep(CLOSED_SECONDS)
    with pytest.raises(StoreUnavailable):
        await add(store, "a", turn("two"))
    blocking.rollback()
    blocker.close()
    assert not store.writable(for_seconds=0)
    wait_for(lambda: store.writable(for_seconds=0))
    assert said(store, "a") == ["one"]


QUIET = re.findall(r"ALTER ROLE guide SET (.+);", (ROOT / "docs/operations.md").read_text())


"""What the documents say to set."""


def test_a_server_is_told_where_postgresql_logs_what_is_typed(
    postgres: Postgres, caplog: pytest.LogCaptureFixture
) -> None:
    """And is not once the role's statements are kept out of the log, which then holds none."""
    url = postgres.url("logged")
    open_store(url)
    assert "PostgreSQL's log will hold what people typed" in caplog.text
    caplog.clear()
    engine = make_engine(url)
    with engine.begin() as connection:
        for setting in QUIET:
            connection.execute(sa.text(f"ALTER ROLE guide SET {setting}"))
    engine.dispose()
    try:
        store = open_store(url)
        assert "PostgreSQL's log" not in caplog.text
        with store.engine.begin() as connection:
            connection.execute(
                sa.text("ALTER TABLE events ADD CONSTRAINT no CHECK (id < 0) NOT VALID")
            )
        with pytest.raises(StoreUnavailable):
            asyncio.run(add(store, "a", turn("zzxylophone")))
        written = (postgres.folder / "log").read_text()
        assert "violates check constraint" in written
        assert "zzxylophone" not in written
    finally:
        with make_engine(url).begin() as connection:
            connection.execute(sa.text("ALTER ROLE guide RESET ALL"))


def test_each_fault_of_a_database_is_told_apart(postgres: Postgres, tmp_path: Path) -> None:
    """In words of ours, without an address, a user or a password."""
    url, nobody = postgres.url("faults"), free_port()
    rubbish = tmp_path / "rubbish.db"
    rubbish.write_text("This is not a database. " * 100)
    with make_engine(url).begin() as connection:
        connection.execute(sa.text("CREATE ROLE reader LOGIN"))
        connection.execute(sa.text("ALTER ROLE reader SET default_transaction_read_only = on"))
    address = f"127.0.0.1:{postgres.port}"
    faults = {
        url.replace(str(postgres.port), str(nobody)): "nothing answers at the database's address",
        url.replace("/faults", "/elsewhere"): "there is no such database",
        url.replace("guide@", "reader@"): "read-only",
        url.replace("127.0.0.1", "no-such-host.invalid"): "name of the database's machine",
        f"sqlite:///{rubbish}": "the file is not a database",
    }
    told = {}
    for wrong in faults:
        with pytest.raises(StoreUnavailable) as refused:
            open_store(wrong)
        told[wrong] = str(refused.value)
        assert address not in told[wrong]
    assert {wrong: faults[wrong] in told[wrong] for wrong in faults} == dict.fromkeys(faults, True)


def test_what_is_read_with_a_lock_is_not_older_than_the_lock(postgres_url: str) -> None:
    """Though the database's own default would show a transaction one state from its first word."""
    with make_engine(postgres_url).begin() as connection:
        name = connection.execute(sa.text("SELECT current_database()")).scalar()
        default = "default_transaction_isolation = 'repeatable read'"
        connection.execute(sa.text(f'ALTER DATABASE "{name}" SET {default}'))
    store = open_store(postgres_url)
    for engine in (store.engine, store._turns):  # noqa: SLF001
        with engine.connect() as connection:
            level = connection.execute(sa.text("SHOW transaction_isolation")).scalar()
            assert level == "read committed"
