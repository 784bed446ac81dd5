"""The same guarantees on SQLite and on PostgreSQL, which one setting chooses."""

import asyncio
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.lock_store import LockError
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from bot.paths import ROOT
from bot.privacy.cases.saved import DAY_SECONDS, CaseStore, new_reference
from bot.privacy.retention import Purged, delete_conversation, purge
from bot.privacy.store import postgres, tables
from bot.privacy.store.database import (
    CLOSED_SECONDS,
    DatabaseAway,
    StoreUnavailable,
    make_engine,
)
from bot.privacy.store.single_use import SingleUse
from bot.privacy.store.tracker_store import GuideTrackerStore
from bot.server.locks import TurnLocks
from tests.support.ports import free_port
from tests.support.postgres import POSTGRESQL, Postgres, wait_for
from tests.support.relay import Relay

DOMAIN = Domain.from_dict(
    {
        "slots": {
            name: {"type": "text", "mappings": [{"type": "custom"}]} for name in ("risk", "case")
        }
    }
)
SECRET = "a key of the server, long enough for it"  # noqa: S105 (a test's)


@dataclass(frozen=True)
class TinyMasked:
    """What masking gives."""

    text: str
    kinds: tuple[str, ...] = ()


def mask(text: str) -> TinyMasked:
    """Mask one name."""
    return TinyMasked(re.sub("Zebedee", "[name]", text))


@pytest.fixture(params=["sqlite", POSTGRESQL])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/conversations.db"
    return str(request.getfixturevalue("postgres_url"))


def open_store(address: str) -> GuideTrackerStore:
    """A worker's store."""
    return GuideTrackerStore(DOMAIN, url=address, mask=mask)


def turn(text: str, case: str | None = None) -> list[Event]:
    """What a turn adds."""
    intent = {"name": "say", "confidence": 0.9}
    parse: Any = {"text": text, "intent": intent, "entities": []}
    return [
        UserUttered(text, intent, [], parse),
        BotUttered(f"You said {text}"),
        SlotSet("risk", text),
        *([SlotSet("case", case)] if case else []),
        ActionExecuted("action_listen"),
    ]


async def add(
    store: GuideTrackerStore, sender: str, events: list[Event], pause: float | None = None
) -> None:
    """Take a turn; with `pause`, others come in between reading and storing."""
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    if pause is not None:
        await asyncio.sleep(pause)
    if not tracker.events:
        events = [ActionExecuted("action_session_start"), SessionStarted(), *events]
    for event in events:
        tracker.update(event, DOMAIN)
    await store.save(tracker)


def said(store: GuideTrackerStore, sender: str) -> list[str]:
    """What the person said."""
    return [e.text or "" for e in store.conversation(sender) if isinstance(e, UserUttered)]


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


# PostgreSQL by itself.


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
    await _whole_turn(store, locks, "begun")
    await _released(store)
    for number in range(3):
        before = relay.trips
        await _whole_turn(store, locks, f"turn {number}")
        await _released(store)
        assert 0 < relay.trips - before <= 4
    assert said(store, "a") == ["begun", "turn 0", "turn 1", "turn 2"]
    relay.close()


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


async def _whole_turn(store: GuideTrackerStore, locks: TurnLocks, text: str) -> None:
    async with locks.lock("a"):
        store.conversation("a")
        await add(store, "a", turn(text))
        store.conversation("a")


async def _released(store: GuideTrackerStore) -> None:
    """Wait until the turn's connection is back: that is begun and not waited for."""
    pool = store._turns.pool  # noqa: SLF001
    await asyncio.get_running_loop().run_in_executor(None, wait_for, lambda: not pool.checkedout())


async def test_a_turn_on_sqlite_asks_little_of_it(tmp_path: Path) -> None:
    """It reads the conversation once, and looks, stores and asks the id in one transaction."""
    store = open_store(f"sqlite:///{tmp_path}/conversations.db")
    locks = TurnLocks(store)
    await _whole_turn(store, locks, "one")
    asked: list[str] = []

    def ask(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement.split(maxsplit=1)[0])

    sa.event.listen(store.engine, "before_cursor_execute", ask)
    await _whole_turn(store, locks, "two")
    assert asked == ["SELECT", "BEGIN", "SELECT", "INSERT", "SELECT"]
    assert said(store, "a") == ["one", "two"]


async def test_the_event_loop_answers_others_while_the_database_hangs(postgres: Postgres) -> None:
    """Locking and storing wait in threads; what was under way is stored whole or not at all."""
    store = open_store(postgres.url("hanging"))
    locks = TurnLocks(store)
    await _whole_turn(store, locks, "one")
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
    await _whole_turn(store, locks, "one")
    blocker = other.engine.connect()
    blocking = blocker.begin()
    blocker.execute(sa.text("LOCK TABLE events IN SHARE MODE"))
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(_whole_turn(store, locks, "late"), 0.3)
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
