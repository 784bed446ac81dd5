"""PostgreSQL: connections with a time limit, and a lock that only one worker can hold.

The driver blocks, and all turns run in one thread. So after a refused connection we wait a moment
before trying again, and after a few seconds we give up on a statement that hangs.

The lock is an advisory lock of a connection, and the turn that holds it reads and writes on that
connection. A turn that lost the lock (broken connection, restarted database) can no longer write,
and a worker that died has released it (docs/decisions/0017-several-workers.md).
"""

import select
import time
from hashlib import blake2b
from typing import Any

import psycopg2
import sqlalchemy as sa
from psycopg2 import extensions
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import SQLAlchemyError

AWAY_SECONDS = 1.0
"""How long to wait after a refused connection."""
TURNS = 8
"""Turns that one worker takes at once. Each holds a connection; the rest need a few more."""
CONNECTIONS = TURNS + 8
_DEAD_MACHINE = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
"""Makes the server release the locks of a vanished machine within half a minute."""

_TRY = sa.select(sa.func.pg_try_advisory_lock(sa.bindparam("key", type_=sa.BigInteger)))
_RELEASE = sa.select(sa.func.pg_advisory_unlock(sa.bindparam("key", type_=sa.BigInteger)))


class _DeadlineConnection(extensions.connection):  # type: ignore[misc] # no annotations
    """A connection that knows how long to wait for an answer."""

    seconds = 3.0


def make_postgres_engine(url: URL, seconds: float) -> Engine:
    """An engine whose statements fail if they have no answer within `seconds`."""
    extensions.set_wait_callback(_wait)
    maker = type("_Connection", (_DeadlineConnection,), {"seconds": seconds})
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=1,
        connect_args={
            "connection_factory": maker,
            "application_name": "escalation-guide",
            # A later answer is of no use to anybody.
            "options": f"-c statement_timeout={int(seconds * 1000)} {_DEAD_MACHINE}",
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
        },
    )
    not_before = 0.0

    def connect(_dialect: Any, _record: Any, arguments: Any, named: Any) -> Any:
        nonlocal not_before
        if time.monotonic() < not_before:
            raise psycopg2.OperationalError("it was away a moment ago")
        try:
            return psycopg2.connect(*arguments, **named)
        except psycopg2.OperationalError:
            not_before = time.monotonic() + AWAY_SECONDS
            raise

    sa.event.listen(engine, "do_connect", connect)
    return engine


def try_lock(connection: Connection, conversation: str) -> bool:
    """Take the conversation's lock for this connection, if nobody has it."""
    return bool(connection.execute(_TRY, {"key": _key(conversation)}).scalar())


def release_lock(connection: Connection, conversation: str) -> None:
    """Release the lock and return the connection to the pool, or drop it if that fails."""
    try:
        connection.execute(_RELEASE, {"key": _key(conversation)})
    except SQLAlchemyError:
        # The lock ends with the connection.
        connection.invalidate()
    finally:
        connection.close()


def _key(conversation: str) -> int:
    digest = blake2b(conversation.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _wait(connection: Any) -> None:
    """Wait for the server, with a time limit. The driver calls this."""
    until = time.monotonic() + getattr(connection, "seconds", _DeadlineConnection.seconds)
    poll = select.poll()
    while True:
        state = connection.poll()
        if state == extensions.POLL_OK:
            return
        left = until - time.monotonic()
        if left <= 0:
            raise psycopg2.OperationalError("no answer in time")
        descriptor = connection.fileno()
        poll.register(
            descriptor, select.POLLIN if state == extensions.POLL_READ else select.POLLOUT
        )
        poll.poll(left * 1000)
        poll.unregister(descriptor)
