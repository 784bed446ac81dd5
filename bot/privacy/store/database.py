"""The database by its address: SQLite or PostgreSQL. It fails loudly, and in a few seconds."""

import os
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
"""How long one statement may take while somebody waits for an answer."""
MAINTENANCE_SECONDS = 600.0
"""How long one may take while nobody does."""


class StoreUnavailable(RasaException):
    """The conversation could not be read or stored. Holds no text of the conversation."""


@contextmanager
def raising_store_unavailable(*but: type[SQLAlchemyError]) -> Iterator[None]:
    """Turn any failure of the database, `but` those, into a StoreUnavailable without a value."""
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
    """The address in ESCALATION_GUIDE_DATABASE, then the one given, then the usual file's."""
    return os.environ.get("ESCALATION_GUIDE_DATABASE") or given or DEFAULT_URL


def is_shared(address: str) -> bool:
    """Whether a database is one that several machines use. Raises StoreUnavailable as make_engine.

    >>> is_shared("postgresql://guide@db.example/guide"), is_shared("sqlite:///var/c.db")
    (True, False)
    """
    return bool(_url(address).get_backend_name() != "sqlite")


def make_engine(address: str, seconds: float = ANSWER_SECONDS) -> Engine:
    """An engine that hides values in its errors. Raises StoreUnavailable for a wrong address.

    SQLite waits for others, writes ahead, and overwrites what is deleted. A statement on
    PostgreSQL fails that has no answer within `seconds`.
    """
    url = _url(address)
    if url.get_backend_name() == "postgresql":
        from bot.privacy.store import postgres

        return postgres.make_engine(url, seconds)
    if url.database and url.database != ":memory:":
        _private_file(Path(url.database))
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        # Closing SQLite's last connection folds its log into the file, which is what
        # SQLAlchemy's usual choice for files would do at every turn.
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
        # Not repeated: it may hold a password.
        raise StoreUnavailable(
            "The address of the database must begin with sqlite:/// or postgresql://."
        ) from None
    return url


def _set_up(connection: Any, _record: Any) -> None:
    # The driver would begin a transaction at the first change only: what was read before could
    # have changed by then. _begin_to_write begins it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"busy_timeout={BUSY_MILLISECONDS}",
        "secure_delete=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def only_reading(engine: Engine) -> Engine:
    """The same engine for who writes nothing: on SQLite nobody waits for it then."""
    return engine.execution_options(only_reading=True)


def _begin_to_write(connection: Connection) -> None:
    reading = connection.get_execution_options().get("only_reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _private_file(path: Path) -> None:
    """Make the file for its owner only. One that is there is not opened.

    Closing a file drops every lock that the process has on it, SQLite's own included. Another
    program would then take itself for the only one, and delete the write-ahead log in use.
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
