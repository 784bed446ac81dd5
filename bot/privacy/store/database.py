"""Open the database, SQLite or PostgreSQL. It fails loudly, and within a few seconds."""

import os
import sqlite3
import time
from collections.abc import Iterator
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


class StoreUnavailable(RasaException):
    """The conversation could not be read or stored. Contains no text of the conversation."""


@contextmanager
def raising_store_unavailable(*but: type[SQLAlchemyError]) -> Iterator[None]:
    """Turn failures of the database, except `but`, into StoreUnavailable without any values."""
    try:
        yield
    except but:
        raise
    except SQLAlchemyError as error:
        cause = getattr(error, "orig", None)
        raise StoreUnavailable(
            f"The conversation store failed: {type(cause or error).__name__}."
        ) from None


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
    fails if it has no answer within `seconds`.
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
    sa.event.listen(engine, "connect", _set_up)
    sa.event.listen(engine, "begin", _begin_to_write)
    return engine


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
    # have changed already. _begin_to_write begins it instead.
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


def _begin_to_write(connection: Connection) -> None:
    reading = connection.get_execution_options().get("read_only")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


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
