"""Open the database, SQLite or PostgreSQL. It fails loudly, and within a few seconds."""

import errno
import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.shared.exceptions import RasaException
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

DEFAULT_URL = "sqlite:///var/conversations.db"
BUSY_MILLISECONDS = 2000
ANSWER_SECONDS = 3.0
"""How long a statement may take while somebody waits for an answer."""
MAINTENANCE_SECONDS = 600.0
"""How long a statement may take while nobody waits."""
CLOSED_SECONDS = 1.0
"""How long nothing is asked of a database that gave no answer."""


class StoreUnavailable(RasaException):
    """The conversation could not be read or stored. Contains no text of the conversation."""


class DatabaseAway(SQLAlchemyError):  # type: ignore[misc] # no annotations
    """The database gave no answer a moment ago, and is not asked again yet."""


class Door:
    """Stays closed for a moment after a database gave no answer.

    Otherwise everybody who comes meanwhile would wait as long, one after the other.
    """

    def __init__(self) -> None:
        self._closed_until = 0.0

    def close(self) -> None:
        """Let nobody through for CLOSED_SECONDS."""
        self._closed_until = time.monotonic() + CLOSED_SECONDS

    def check(self) -> None:
        """Raise DatabaseAway while it is closed."""
        if time.monotonic() < self._closed_until:
            raise DatabaseAway("it gave no answer a moment ago")


@contextmanager
def raising_store_unavailable(*but: type[SQLAlchemyError]) -> Iterator[None]:
    """Turn failures of the database, except `but`, into StoreUnavailable without any values."""
    try:
        yield
    except but:
        raise
    except SQLAlchemyError as error:
        raise StoreUnavailable(f"The conversation store failed: {reason(error)}.") from None


_REASONS = (
    ("password authentication failed", "the database refuses the user or the password"),
    ("no pg_hba.conf entry", "the database does not let this machine or user in"),
    ("could not translate host name", "the name of the database's machine is not known"),
    ("connection refused", "nothing answers at the database's address"),
    ("no answer in time", "the database did not answer in time"),
    ("statement timeout", "the database did not answer in time"),
    ("ssl", "no safe connection (TLS) to the database"),
    ("permission denied", "the user may not do this in the database"),
    ("read-only", "the database or its file is read-only"),
    ("readonly", "the database or its file is read-only"),
    ("file is not a database", "the file is not a database"),
    ("malformed", "the database file is damaged: restore a backup"),
    ("database is locked", "another program keeps the database locked"),
    ("database or disk is full", "the disk is full"),
    ("no space left", "the disk is full"),
    ("unable to open database file", "the database file cannot be opened"),
    ("does not exist", "there is no such database, user or table"),
    ("no such table", "a table is missing"),
    ("too many clients", "the database has no connection left"),
    ("remaining connection slots", "the database has no connection left"),
)


def reason(error: SQLAlchemyError) -> str:
    """What went wrong, in words of our own, since the driver's may hold values or an address."""
    cause = getattr(error, "orig", None) or error
    said = str(cause).lower() if isinstance(cause, Exception) else ""
    told = next((words for sign, words in _REASONS if sign in said), None)
    return f"{told} ({type(cause).__name__})" if told else type(cause).__name__


def database_url(given: str | None = None) -> str:
    """The address in ESCALATION_GUIDE_DATABASE, else the address given, else the default file."""
    return os.environ.get("ESCALATION_GUIDE_DATABASE") or given or DEFAULT_URL


def is_shared(address: str) -> bool:
    """Whether several machines can use the database. Raises StoreUnavailable as make_engine does.

    >>> is_shared("postgresql://guide@db.example/guide"), is_shared("sqlite:///var/c.db")
    (True, False)
    """
    return bool(_url(address).get_backend_name() != "sqlite")


def make_engine(address: str, seconds: float = ANSWER_SECONDS) -> Engine:
    """An engine whose errors hide values. Raises StoreUnavailable for a wrong address.

    SQLite waits for others, writes ahead, and overwrites deleted rows. On PostgreSQL a statement
    fails if it has no answer within `seconds`. After either gave no answer, nothing is asked for a
    moment.
    """
    url = _url(address)
    if url.get_backend_name() == "postgresql":
        from bot.privacy.store import postgres

        return postgres.make_postgres_engine(url, seconds)
    if url.database and url.database != ":memory:":
        _private_file(Path(url.database))
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        # Closing SQLite's last connection folds its log into the file. SQLAlchemy's default
        # pool for files would do so at every turn.
        poolclass=sa.pool.QueuePool if url.database else sa.pool.StaticPool,
        connect_args={"check_same_thread": False, "timeout": BUSY_MILLISECONDS / 1000},
    )
    door = Door()
    close_door_when(engine, door, _is_locked)

    def begin(connection: Connection) -> None:
        # Readers never wait for a writer here, so that the door is for writers.
        if connection.get_execution_options().get("read_only"):
            connection.exec_driver_sql("BEGIN")
        else:
            door.check()
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    sa.event.listen(engine, "connect", _set_up)
    sa.event.listen(engine, "begin", begin)
    return engine


def close_door_when(engine: Engine, door: Door, no_answer: Callable[[BaseException], bool]) -> None:
    """Close the door after an error that means a wait in vain."""

    def look(context: Any) -> None:
        if no_answer(context.original_exception):
            door.close()

    sa.event.listen(engine, "handle_error", look)


def _is_locked(error: BaseException) -> bool:
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)


def sqlite_file(address: str) -> Path | None:
    """The file of an SQLite database; None for one in memory and for PostgreSQL."""
    url = _url(address)
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


class AlreadyServed(StoreUnavailable):
    """Another process has the database file for itself."""


def keep_for_this_process(address: str) -> None:
    """Keep an SQLite file for this process, so that no second server works on it.

    What one process has in memory of a conversation would be out of date after a turn of another.
    Raises AlreadyServed where another process has it. PostgreSQL may be shared.
    """
    file = sqlite_file(address)
    if file is None:
        return
    # On the database file itself, the lock would interfere with SQLite's own (see _private_file).
    beside = file.with_name(f"{file.name}.lock")
    _private_file(beside)
    try:
        # Not closed: the operating system's lock ends with the process, however that ends.
        descriptor = os.open(beside, os.O_RDWR)
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in {errno.EACCES, errno.EAGAIN}:
            raise StoreUnavailable(f"{beside} cannot be locked ({error.strerror}).") from None
        raise AlreadyServed(
            f"Another process of the guide works on {file}. One SQLite file is for one process: "
            "stop that one first, or give this one another file, or use PostgreSQL for several "
            "(docs/operations.md)."
        ) from None


def _url(address: str) -> URL:
    try:
        url = sa.engine.make_url(address)
        backend = url.get_backend_name()
    except ArgumentError:
        backend = ""
    if backend not in {"sqlite", "postgresql"}:
        # The address is not repeated, since it may hold a password.
        raise StoreUnavailable(
            "The address of the database must begin with sqlite:/// or postgresql://."
        ) from None
    return url


def _set_up(connection: Any, _record: Any) -> None:
    # The driver would begin a transaction only at the first change, when rows read before may
    # have changed already. make_engine begins it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    _write_ahead(cursor)
    for pragma in (
        "synchronous=NORMAL",
        f"busy_timeout={BUSY_MILLISECONDS}",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """Have SQLite write ahead. While another process switches to it, SQLite refuses at once."""
    until = time.monotonic() + BUSY_MILLISECONDS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() >= until:
                raise
            time.sleep(0.005)
        else:
            return


def read_only(engine: Engine) -> Engine:
    """A read-only engine: on SQLite, nobody has to wait for it."""
    return engine.execution_options(read_only=True)


def _private_file(path: Path) -> None:
    """Make the file readable to its owner only. An existing file is not opened.

    Closing a file drops every lock that the process has on it, including SQLite's. Another
    program would then think itself alone and delete the write-ahead log in use.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if not path.exists():
            raise StoreUnavailable(f"{path} cannot be opened (no folder can be there).") from None
    except OSError as error:
        raise StoreUnavailable(f"{path} cannot be opened ({error.strerror}).") from None
