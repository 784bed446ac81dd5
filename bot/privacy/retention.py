"""How long conversations and cases are kept: 30 days after the last turn, unless set otherwise.

`python -m bot purge` deletes older ones; a running server does so when it starts and once a day.
`delete_conversation` deletes at once what somebody wants deleted.
"""

import json
import logging
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.privacy.cases.saved import DAY_SECONDS
from bot.privacy.store.tables import CASE_SLOT, CASES, EVENTS, NAMES_A_CASE

DAYS = 30
BATCH = 20
"""Conversations deleted in one transaction, for which turns have to wait."""

FIGURE = "figure"
"""The slot that holds the reference of a row of the figures."""
ENDING_SLOTS = ("partnership", "requested_slot", FIGURE, CASE_SLOT)
"""The slots that are read before a conversation is deleted."""

log = logging.getLogger(__name__)


class Ending(msgspec.Struct, frozen=True):
    """Where a deleted conversation ended: its last month, its policy, its open question.

    The policy is "" if none was chosen, the question is "" if none was open.
    """

    month: str
    policy: str
    question: str


OnDeleted = Callable[[Sequence[Ending], Iterable[str]], None]
"""Called with the endings of deleted conversations and the references they held."""


@dataclass(frozen=True)
class Purged:
    """How many conversations and cases were deleted."""

    conversations: int
    cases: int


def purge(engine: Engine, days: float, now: float, on_deleted: OnDeleted | None = None) -> Purged:
    """Delete conversations and cases last used more than `days` before `now` (epoch seconds).

    `on_deleted` gets the endings of the conversations and the references they held.

    SQLite overwrites deleted rows (see make_engine), in the write-ahead log too. Raises
    SQLAlchemyError when the database is away.
    """
    until = now - days * DAY_SECONDS
    with engine.connect() as connection:
        senders = _old(connection, until)
        # An older database has no table of cases.
        has_cases = sa.inspect(connection).has_table(CASES.name)
    deleted = cases = 0
    for first in range(0, len(senders), BATCH):
        with engine.begin() as connection:
            # A conversation may have gone on meanwhile.
            still = _old(connection, until, senders[first : first + BATCH])
            left = None
            if on_deleted:
                left = endings_and_references(connection, still, cases=has_cases)
            connection.execute(EVENTS.delete().where(EVENTS.c.sender_id.in_(still)))
            deleted += len(still)
        if on_deleted and left:
            on_deleted(*left)
    if has_cases:
        unused = CASES.c.used < until
        with engine.begin() as connection:
            gone = list(connection.execute(sa.select(CASES.c.reference).where(unused)).scalars())
            cases = connection.execute(CASES.delete().where(unused)).rowcount
        if on_deleted and gone:
            on_deleted((), gone)
    if deleted or cases:
        empty_write_ahead_log(engine)
    return Purged(deleted, cases)


def delete_conversation(
    engine: Engine, conversation: str, *, cases: bool = True, on_deleted: OnDeleted | None = None
) -> set[str]:
    """Delete a conversation, every case it saved or opened, and all conversations of those cases.

    With `cases` False, only the conversation. Returns the deleted conversations. Empties the log
    as `purge` does.
    """
    with engine.begin() as connection:
        own = {case for _, case in _cases_named(connection, EVENTS.c.sender_id == conversation)}
        if not cases:
            own.clear()
        senders = {conversation}
        for case in own:
            like = EVENTS.c.data.contains(json.dumps(case), autoescape=True)
            senders |= {sender for sender, named in _cases_named(connection, like) if named == case}
        endings, references = endings_and_references(connection, sorted(senders), cases=not cases)
        mine = EVENTS.delete().where(EVENTS.c.sender_id.in_(sorted(senders)))
        # On PostgreSQL this waits for a turn that is being stored elsewhere, and only the next
        # round sees the rows it added.
        while connection.execute(mine).rowcount:
            pass
        connection.execute(CASES.delete().where(CASES.c.reference.in_(sorted(own))))
    if on_deleted:
        on_deleted(endings, references)
    empty_write_ahead_log(engine)
    return senders


def endings_and_references(
    connection: Connection, senders: Sequence[str], *, cases: bool = True
) -> tuple[list[Ending], set[str]]:
    """Return the endings of conversations about to be deleted, and the references they hold.

    With `cases`, references of cases that stay are left out.
    """
    slot = sa.and_(EVENTS.c.type_name == "slot", EVENTS.c.action_name.in_(ENDING_SLOTS))
    mine = EVENTS.c.sender_id.in_(senders)
    set_last: dict[str, dict[str, str]] = {sender: {} for sender in senders}
    told = sa.select(EVENTS.c.sender_id, EVENTS.c.action_name, EVENTS.c.data)
    for sender, name, data in connection.execute(told.where(mine, slot).order_by(EVENTS.c.id)):
        set_last[sender][name] = json.loads(data)["value"] or ""
    at = sa.select(EVENTS.c.sender_id, sa.func.max(EVENTS.c.timestamp))
    endings = [
        Ending(
            f"{datetime.fromtimestamp(last, timezone.utc):%Y-%m}",
            set_last[sender].get("partnership", ""),
            set_last[sender].get("requested_slot", ""),
        )
        for sender, last in connection.execute(at.where(mine).group_by(EVENTS.c.sender_id))
    ]
    references = {
        slots.get(name, "") for slots in set_last.values() for name in (FIGURE, CASE_SLOT)
    }
    if cases:
        stays = sa.select(CASES.c.reference).where(CASES.c.reference.in_(sorted(references)))
        references -= set(connection.execute(stays).scalars())
    return endings, references - {""}


def empty_write_ahead_log(engine: Engine) -> bool:
    """Fold SQLite's write-ahead log into its file and empty it.

    False if another program, perhaps a backup, was reading: then it is tried again later.
    """
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect() as connection:
        busy = connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)")).scalar()
    if busy:
        log.warning("What was deleted is in the write-ahead log until it can be emptied.")
    return not busy


def _old(connection: Connection, until: float, among: list[str] | None = None) -> list[str]:
    last = sa.func.max(EVENTS.c.timestamp)
    old = sa.select(EVENTS.c.sender_id).group_by(EVENTS.c.sender_id).having(last < until)
    if among is not None:
        old = old.where(EVENTS.c.sender_id.in_(among))
    return list(connection.execute(old).scalars())


def _cases_named(connection: Connection, which: sa.sql.ColumnElement) -> list[tuple[str, str]]:
    """Pairs of a conversation and a case that it named."""
    rows = connection.execute(
        sa.select(EVENTS.c.sender_id, EVENTS.c.data).where(NAMES_A_CASE, which)
    )
    found = [(row.sender_id, json.loads(row.data)["value"]) for row in rows]
    return [(sender, case) for sender, case in found if case]


def days_kept() -> float:
    """Return the days that ESCALATION_GUIDE_KEEP_DAYS sets, or 30. Raises ValueError."""
    given = os.environ.get("ESCALATION_GUIDE_KEEP_DAYS")
    days = float(given) if given else DAYS
    if days < 0:
        msg = "ESCALATION_GUIDE_KEEP_DAYS must not be negative"
        raise ValueError(msg)
    return days
