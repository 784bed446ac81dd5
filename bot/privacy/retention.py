"""How long conversations and cases are kept: 30 days after the last turn, unless set otherwise.

`python -m bot purge` deletes older ones; a running server does so when it starts and every hour.
`delete_conversation` deletes at once what somebody wants deleted.
"""

import json
import logging
import math
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.privacy.cases.saved import DAY_SECONDS
from bot.privacy.store.schema import lock_for_transaction
from bot.privacy.store.tables import (
    CASE_SLOT,
    CASES,
    EVENTS,
    NAMES_A_CASE,
    PURGES,
    create_tables,
    seconds_now,
)

DAYS = 30
EMPTY_HOURS = 12
"""How long a conversation is kept that nobody has begun: as long as its token is good."""
OPENING = "greet"
"""The intent of the message that opens a conversation, and of a greeting."""
HOUR_SECONDS = 60 * 60
BATCH = 20
"""Conversations deleted in one transaction, for which turns have to wait."""

FIGURE = "figure"
"""The slot that holds the reference of a row of the figures."""
PRACTICE = "practice"
"""The slot that marks an invented case, which counts nowhere."""
ENDING_SLOTS = ("partnership", "requested_slot", FIGURE, CASE_SLOT, PRACTICE)
"""The slots that are read before a conversation is deleted."""

_PURGE_LOCK = 0x65736332
"""The PostgreSQL lock for remembering when was last purged."""

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
    """How many conversations and cases were deleted, and how many conversations never begun."""

    conversations: int
    cases: int
    empty: int = 0


class ClockJumped(Exception):
    """The clock has gone on too far to be believed. Nothing was deleted."""


def purge(
    engine: Engine,
    days: float,
    now: float | None = None,
    on_deleted: OnDeleted | None = None,
    *,
    clock_is_right: bool = False,
) -> Purged:
    """Delete conversations and cases not used for `days`, and conversations never begun.

    `now` (epoch seconds) is PostgreSQL's own time, or this machine's on SQLite, unless it is given.
    `on_deleted` gets the endings of the conversations and the references they held.

    SQLite overwrites deleted rows (see make_engine), in the write-ahead log too. Raises
    ClockJumped, StoreUnavailable if the tables are not ours, and SQLAlchemyError when the database
    is away.
    """
    create_tables(engine)
    with engine.connect() as connection:
        if now is None:
            now = float(connection.execute(sa.select(seconds_now(engine))).scalar())
    _check_clock(engine, days, now, clock_is_right=clock_is_right)
    old = _delete(engine, _last_used_before(now - days * DAY_SECONDS), on_deleted)
    empty = _delete(engine, _never_begun(now - EMPTY_HOURS * HOUR_SECONDS), on_deleted)
    unused = CASES.c.used < now - days * DAY_SECONDS
    with engine.begin() as connection:
        gone = list(connection.execute(sa.select(CASES.c.reference).where(unused)).scalars())
        connection.execute(CASES.delete().where(unused))
    if on_deleted and gone:
        on_deleted((), gone)
    purged = Purged(old, len(gone), empty)
    if old or empty or gone:
        log.info(
            "Deleted %d conversations not used for %g days, %d never begun, and %d saved cases.",
            old, days, empty, len(gone),
        )  # fmt: skip
        empty_write_ahead_log(engine)
    return purged


def _check_clock(engine: Engine, days: float, now: float, *, clock_is_right: bool) -> None:
    """Remember the time, or raise ClockJumped where it is too late to be believed.

    A machine that starts before its clock is set would delete everything. A right clock is believed
    in the end: a day after the first time that was not, if it was never set back meanwhile.
    """
    with engine.begin() as connection:
        # Workers check one after the other.
        lock_for_transaction(connection, _PURGE_LOCK)
        row = connection.execute(sa.select(PURGES.c.at, PURGES.c.doubted)).first()
        at, doubted = row or (None, None)
        newest = connection.execute(sa.select(sa.func.max(EVENTS.c.timestamp))).scalar()
        # Before the first purge, a gap that leaves something is believed.
        last = at if at is not None else (newest or now) + max(0, days - 1) * DAY_SECONDS
        confirmed = doubted is not None and now - doubted >= DAY_SECONDS
        jumped = now - last > DAY_SECONDS and not (confirmed or clock_is_right)
        doubted = None if not jumped else now if doubted is None else min(doubted, now)
        if not jumped:
            at = now
        connection.execute(PURGES.delete())
        connection.execute(PURGES.insert(), {"id": 1, "at": at, "doubted": doubted})
    if doubted is not None:
        days_on = (now - last) / DAY_SECONDS
        msg = (
            f"Nothing was deleted: the clock says {_day(now)}, {days_on:.0f} days after what was "
            "known to be over. Set it right. If it is right, old conversations are deleted from "
            f"{_day(doubted + DAY_SECONDS)} on, or now by: python -m bot purge --clock-is-right"
        )
        raise ClockJumped(msg)


def _day(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, timezone.utc):%Y-%m-%d %H:%M} UTC"


def _delete(engine: Engine, which: sa.sql.Select, on_deleted: OnDeleted | None) -> int:
    """Delete the conversations of a query, and return how many."""
    with engine.connect() as connection:
        senders = list(connection.execute(which).scalars())
    deleted = 0
    for first in range(0, len(senders), BATCH):
        with engine.begin() as connection:
            # A conversation may have gone on meanwhile.
            among = EVENTS.c.sender_id.in_(senders[first : first + BATCH])
            still = list(connection.execute(which.where(among)).scalars())
            left = endings_and_references(connection, still) if on_deleted else None
            connection.execute(EVENTS.delete().where(EVENTS.c.sender_id.in_(still)))
            deleted += len(still)
        if on_deleted and left:
            on_deleted(*left)
    return deleted


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

    With `cases`, references of cases that stay are left out. A practice has no ending.
    """
    slot = sa.and_(EVENTS.c.type_name == "slot", EVENTS.c.action_name.in_(ENDING_SLOTS))
    mine = EVENTS.c.sender_id.in_(senders)
    set_last: dict[str, dict[str, str]] = {sender: {} for sender in senders}
    references = set()
    told = sa.select(EVENTS.c.sender_id, EVENTS.c.action_name, EVENTS.c.data)
    for sender, name, data in connection.execute(told.where(mine, slot).order_by(EVENTS.c.id)):
        value = json.loads(data)["value"] or ""
        set_last[sender][name] = value
        if name in {FIGURE, CASE_SLOT}:
            # Also those of before "start again", which have rows of their own.
            references.add(value)
    at = sa.select(EVENTS.c.sender_id, sa.func.max(EVENTS.c.timestamp))
    endings = [
        Ending(
            f"{datetime.fromtimestamp(last, timezone.utc):%Y-%m}",
            set_last[sender].get("partnership", ""),
            set_last[sender].get("requested_slot", ""),
        )
        for sender, last in connection.execute(at.where(mine).group_by(EVENTS.c.sender_id))
        if not set_last[sender].get(PRACTICE)
    ]
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


def _last_used_before(until: float) -> sa.sql.Select:
    last = sa.func.max(EVENTS.c.timestamp)
    return sa.select(EVENTS.c.sender_id).group_by(EVENTS.c.sender_id).having(last < until)


def _never_begun(until: float) -> sa.sql.Select:
    """Conversations in which nobody did more than open the page, or greet."""
    begun = sa.and_(
        EVENTS.c.type_name == "user", sa.func.coalesce(EVENTS.c.intent_name, "") != OPENING
    )
    return _last_used_before(until).having(sa.func.sum(sa.case([(begun, 1)], else_=0)) == 0)


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
    if days < 0 or not math.isfinite(days):
        msg = "ESCALATION_GUIDE_KEEP_DAYS must be a number of days, and not negative"
        raise ValueError(msg)
    return days
