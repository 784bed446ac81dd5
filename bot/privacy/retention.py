"""How long is kept what people tell: 30 days after their last turn, unless set otherwise.

`python -m bot purge` deletes older conversations and cases; a running server does so when it
starts and once a day. `forget` deletes at once what somebody wants deleted.
"""

import json
import os
from dataclasses import dataclass

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy.engine import Connection, Engine

from bot.privacy.cases import CASES, DAY_SECONDS

DAYS = 30
EVENTS = SQLTrackerStore.SQLEvent.__table__
CASE_SLOT = "case"
"""The slot in which a conversation names its case, by reference."""
_NAMED = sa.select(EVENTS.c.sender_id, EVENTS.c.data).where(
    EVENTS.c.type_name == "slot", EVENTS.c.action_name == CASE_SLOT
)


@dataclass(frozen=True)
class Purged:
    """How many were deleted."""

    conversations: int
    cases: int


def purge(engine: Engine, days: float, now: float) -> Purged:
    """Delete conversations and cases last used more than `days` before `now` (epoch seconds).

    On SQLite what was deleted is overwritten (make_engine sees to it), in the write-ahead log
    too. Raises SQLAlchemyError when the database is away.
    """
    until = now - days * DAY_SECONDS
    last = sa.func.max(EVENTS.c.timestamp)
    old = sa.select(EVENTS.c.sender_id).group_by(EVENTS.c.sender_id).having(last < until)
    with engine.begin() as connection:
        senders = list(connection.execute(old).scalars())
        _delete(connection, senders)
        # A database from before there were cases has no table of them.
        has_cases = sa.inspect(connection).has_table(CASES.name)
        old_cases = CASES.delete().where(CASES.c.used < until)
        cases = connection.execute(old_cases).rowcount if has_cases else 0
    if senders or cases:
        empty_log(engine)
    return Purged(len(senders), cases)


def forget(engine: Engine, conversation: str, *, cases: bool = True) -> set[str]:
    """Delete a conversation, every case it saved or opened, and all conversations of those.

    With `cases` False, the conversation alone. Returns the conversations. The log is emptied as
    in `purge`.
    """
    with engine.begin() as connection:
        named = [
            (row.sender_id, json.loads(row.data)["value"]) for row in connection.execute(_NAMED)
        ]
        own = {case for sender, case in named if cases and sender == conversation and case}
        senders = {conversation} | {sender for sender, case in named if case in own}
        _delete(connection, sorted(senders))
        for case in sorted(own):
            connection.execute(CASES.delete().where(CASES.c.reference == case))
    empty_log(engine)
    return senders


def empty_log(engine: Engine) -> None:
    """Fold SQLite's write-ahead log into its file, and cut it to nothing."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _delete(connection: Connection, senders: list[str]) -> None:
    for sender in senders:
        connection.execute(EVENTS.delete().where(EVENTS.c.sender_id == sender))


def days_kept() -> float:
    """Return the days that ESCALATION_GUIDE_KEEP_DAYS sets, or 30. Raises ValueError."""
    given = os.environ.get("ESCALATION_GUIDE_KEEP_DAYS")
    days = float(given) if given else DAYS
    if days < 0:
        msg = "ESCALATION_GUIDE_KEEP_DAYS must not be negative"
        raise ValueError(msg)
    return days
