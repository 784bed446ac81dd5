"""How long conversations are kept: 30 days after their last turn, unless set otherwise.

`python -m bot purge` deletes older ones; a running server does so when it starts and once a day.
"""

import os

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy.engine import Engine

DAYS = 30
DAY_SECONDS = 24 * 60 * 60
EVENTS = SQLTrackerStore.SQLEvent.__table__


def purge(engine: Engine, days: float, now: float) -> int:
    """Delete conversations whose last event is more than `days` before `now` (epoch seconds).

    Returns how many were deleted. On SQLite what was deleted is overwritten (make_engine sees
    to it), in the write-ahead log too. Raises SQLAlchemyError when the database is away.
    """
    last = sa.func.max(EVENTS.c.timestamp)
    old = sa.select(EVENTS.c.sender_id).group_by(EVENTS.c.sender_id)
    old = old.having(last < now - days * DAY_SECONDS)
    with engine.begin() as connection:
        senders = list(connection.execute(old).scalars())
        for sender in senders:
            connection.execute(EVENTS.delete().where(EVENTS.c.sender_id == sender))
    if senders and engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return len(senders)


def days_kept() -> float:
    """Return the days that ESCALATION_GUIDE_KEEP_DAYS sets, or 30. Raises ValueError."""
    given = os.environ.get("ESCALATION_GUIDE_KEEP_DAYS")
    days = float(given) if given else DAYS
    if days < 0:
        msg = "ESCALATION_GUIDE_KEEP_DAYS must not be negative"
        raise ValueError(msg)
    return days
