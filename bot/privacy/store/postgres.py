"""PostgreSQL: connections that cannot keep anybody waiting, and a lock that cannot be held twice.

The driver blocks, and everybody's turns run in one thread. So a database that is away is not
asked again for a moment, and one that hangs is given up after a few seconds.

The lock is PostgreSQL's advisory lock of a connection, and the turn that holds it reads and writes
on that connection. So whoever has lost the lock (the connection broke, the database was started
again) can write no more, and whoever died has let go (docs/decisions/0017-several-workers.md).
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
"""How long a database that refused is not asked again."""
TURNS = 8
"""Turns that one worker takes at once. Each holds a connection; a few more are for the rest."""
CONNECTIONS = TURNS + 8
_DEAD_MACHINE = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
"""What the server is to do so that the locks of a machine that vanished end in half a minute."""

_TRY = sa.select(sa.func.pg_try_advisory_lock(sa.bindparam("key", type_=sa.BigInteger)))
_RELEASE = sa.select(sa.func.pg_advisory_unlock(sa.bindparam("key", type_=sa.BigInteger)))


class _Patient(extensions.connection):  # type: ignore[misc] # no annotations
    """A connection that knows how long to wait for an answer."""

    seconds = 3.0


def make_engine(url: URL, seconds: float) -> Engine:
    """An engine whose statements have an answer within `seconds` or fail."""
    extensions.set_wait_callback(_wait)
    maker = type("_Connection", (_Patient,), {"seconds": seconds})
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
            # Nobody reads an answer that comes later.
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


def release(connection: Connection, conversation: str) -> None:
    """Give the lock back and the connection to the pool; close it where that cannot be done."""
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
    """What the driver calls to wait for the server, in place of waiting for ever."""
    until = time.monotonic() + getattr(connection, "seconds", _Patient.seconds)
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
