"""PostgreSQL: connections with a time limit, and a turn's few statements.

A turn has a connection of its own, in autocommit, and makes three trips to the database with it:
one takes the conversation's lock and reads it, one stores the turn if nothing has changed, one
lets go of the lock. Each would be several if SQLAlchemy made them of a ping, a begin, a statement
and a commit.

The lock is an advisory lock of the connection. A turn that lost it (broken connection, restarted
database) can no longer write, and a worker that died has released it
(docs/decisions/0017-several-workers.md).
"""

import logging
import select
import time
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any, ClassVar

import psycopg2
import sqlalchemy as sa
from psycopg2 import errors, extensions
from sqlalchemy.engine import Connection, Engine, Row
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.privacy.store.database import Door, close_door_when

TURNS = 8
"""Turns that one worker takes at once. Each holds a connection."""
FOR_TURNS, FOR_THE_REST = TURNS + 2, 6
"""Connections: more than turns, since a turn's lock is released after its answer."""
CONNECTIONS = FOR_TURNS + FOR_THE_REST
_DEAD_MACHINE = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
"""Makes the server release the locks of a vanished machine within half a minute."""
_EACH_STATEMENT_SEES_THE_LATEST = r"-c default_transaction_isolation=read\ committed"
"""Whatever the database's default is: what is read with a lock must not be older than the lock."""
_NO_ANSWER = "no answer in time"

log = logging.getLogger(__name__)

# Two statements in one trip. Each sees what is committed when it begins, so the second sees all
# that was stored before the first got the lock. Where the lock is somebody else's, nothing is read.
_LOCK_AND_READ = sa.text(
    "SELECT set_config('guide.locked', pg_try_advisory_lock(:key)::text, false); "
    "SELECT locked, e.id, e.data "
    "FROM (SELECT current_setting('guide.locked') = 'true' AS locked) AS mine "
    "LEFT JOIN events AS e ON locked AND e.sender_id = :sender AND e.id >= :from_id ORDER BY e.id"
)
_RELEASE = sa.text("SELECT pg_advisory_unlock(:key)")
# Nobody can delete the row read last (KEY SHARE) before the new ones are added.
_ADD = sa.text(
    "WITH last AS (SELECT id FROM events WHERE id = :last_id AND sender_id = :sender "
    "FOR KEY SHARE) "
    "INSERT INTO events (sender_id, type_name, timestamp, intent_name, action_name, data) "
    # The database's time: by it the conversation is deleted one day.
    "SELECT :sender, type_name, date_part('epoch', clock_timestamp()), intent_name, action_name, "
    "data FROM unnest(CAST(:types AS text[]), CAST(:intents AS text[]), "
    "CAST(:actions AS text[]), CAST(:data AS text[])) WITH ORDINALITY "
    "AS new (type_name, intent_name, action_name, data, place) "
    "WHERE (:last_id = 0 OR EXISTS (SELECT 1 FROM last)) AND NOT EXISTS "
    "(SELECT 1 FROM events WHERE sender_id = :sender AND id > :last_id) "
    "ORDER BY place RETURNING id"
)
_LOGGED = sa.text(
    "SELECT current_setting('log_min_error_statement') <> 'panic' "
    "OR current_setting('log_statement') NOT IN ('none', 'ddl') "
    "OR current_setting('log_min_duration_statement') <> '-1' "
    # The details of an error may be a row.
    "OR current_setting('log_error_verbosity') <> 'terse'"
)


class GuardedPool(sa.pool.QueuePool):  # type: ignore[misc] # no annotations
    """A pool of connections behind a door; `guarded_pool` makes one."""

    door: ClassVar[Door]

    def _do_get(self) -> Any:
        self.door.check()
        return super()._do_get()


def guarded_pool() -> type[GuardedPool]:
    """A pool with a door of its own. A class, since SQLAlchemy makes pools anew from theirs."""
    return type("GuardedPool", (GuardedPool,), {"door": Door()})


class _DeadlineConnection(extensions.connection):  # type: ignore[misc] # no annotations
    """A connection that knows how long to wait for an answer."""

    seconds = 3.0


def make_postgres_engine(url: URL, seconds: float) -> Engine:
    """An engine whose statements fail if they have no answer within `seconds`."""
    return _engine(url, seconds, guarded_pool(), pool_size=FOR_THE_REST, pool_pre_ping=True)


def engine_for_turns(engine: Engine, seconds: float) -> Engine:
    """An engine for the turns, behind the door of the other. Each statement is a transaction.

    A connection is not tried out first, which would be one more trip: see `broke`.
    """
    pool = type(engine.pool)
    return _engine(engine.url, seconds, pool, pool_size=FOR_TURNS, isolation_level="AUTOCOMMIT")


def _engine(url: URL, seconds: float, pool: type[GuardedPool], **more: Any) -> Engine:
    extensions.set_wait_callback(_wait)
    maker = type("_Connection", (_DeadlineConnection,), {"seconds": seconds})
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        poolclass=pool,
        **more,
        max_overflow=0,
        pool_timeout=1,
        connect_args={
            "connection_factory": maker,
            "application_name": "escalation-guide",
            # A later answer is of no use to anybody.
            "options": f"-c statement_timeout={int(seconds * 1000)} {_DEAD_MACHINE} "
            f"{_EACH_STATEMENT_SEES_THE_LATEST}",
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
        },
    )

    def connect(_dialect: Any, _record: Any, arguments: Any, named: Any) -> Any:
        try:
            return psycopg2.connect(*arguments, **named)
        except psycopg2.OperationalError:
            pool.door.close()
            raise

    sa.event.listen(engine, "do_connect", connect)
    close_door_when(engine, pool.door, _no_answer)
    return engine


def _no_answer(error: BaseException) -> bool:
    return isinstance(error, errors.QueryCanceled) or _NO_ANSWER in str(error)


def lock_and_read(connection: Connection, sender: str, from_id: int) -> Sequence[Row] | None:
    """Take the conversation's lock and read it from a row on; None while another has the lock."""
    given = {"key": _key(sender), "sender": sender, "from_id": from_id}
    rows = connection.execute(_LOCK_AND_READ, given).all()
    if not rows[0].locked:
        return None
    return [row for row in rows if row.id is not None]


def add_if_unchanged(
    connection: Connection, sender: str, last_id: int, rows: Sequence[Mapping[str, Any]]
) -> int | None:
    """Add rows if `last_id` is still the conversation's last; return the new last, or None."""
    added = connection.execute(
        _ADD,
        {
            "sender": sender,
            "last_id": last_id,
            "types": [row["type_name"] for row in rows],
            "intents": [row["intent_name"] for row in rows],
            "actions": [row["action_name"] for row in rows],
            "data": [row["data"] for row in rows],
        },
    )
    ids = added.scalars().all()
    return max(ids) if ids else None


def release_lock(connection: Connection, sender: str) -> None:
    """Release the lock and return the connection to the pool, or drop it if that fails."""
    try:
        if not connection.invalidated:
            connection.execute(_RELEASE, {"key": _key(sender)})
    except SQLAlchemyError:
        # The lock ends with the connection.
        connection.invalidate()
    finally:
        connection.close()


def broke(error: SQLAlchemyError) -> bool:
    """Whether the connection was broken already, as all are after the database was restarted."""
    return (
        isinstance(error, DBAPIError)
        and error.connection_invalidated
        and not _no_answer(error.orig)
    )


def warn_of_logged_statements(engine: Engine) -> None:
    """Say so in the log where PostgreSQL's own log would hold what was typed.

    The driver sends a statement with its values in it, and by default PostgreSQL logs one that
    fails. Only a superuser may switch that off.
    """
    with engine.connect() as connection:
        logged = connection.execute(_LOGGED).scalar()
    if logged:
        log.warning(
            "PostgreSQL's log will hold what people typed, masked, where a statement fails. Have "
            "an administrator of it run what docs/operations.md gives under PostgreSQL."
        )


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
            raise psycopg2.OperationalError(_NO_ANSWER)
        descriptor = connection.fileno()
        poll.register(
            descriptor, select.POLLIN if state == extensions.POLL_READ else select.POLLOUT
        )
        poll.poll(left * 1000)
        poll.unregister(descriptor)
