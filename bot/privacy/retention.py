"""How long is kept what people tell: 30 days after their last turn, unless set otherwise.

`python -m bot purge` deletes older conversations and cases; a running server does so when it
starts and once a day. `forget` deletes at once what somebody wants deleted.
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
AT_ONCE = 20
"""Conversations deleted in one transaction: turns wait for it, and wait no longer than that."""

FIGURE = "figure"
"""The slot that refers to a row of the figures."""
LEFT = ("partnership", "requested_slot", FIGURE, CASE_SLOT)
"""The slots that are looked at once more before a conversation is deleted."""

log = logging.getLogger(__name__)


class Ending(msgspec.Struct, frozen=True):
    """Where a conversation ended that is deleted: its last month, its policy, its open question.

    The policy is "" where none was chosen, the question "" where none was open.
    """

    month: str
    policy: str
    question: str


Deleted = Callable[[Sequence[Ending], Iterable[str]], None]
"""What is told of deleted conversations: where they ended, and the references they held."""


@dataclass(frozen=True)
class Purged:
    """How many were deleted."""

    conversations: int
    cases: int


def purge(engine: Engine, days: float, now: float, tell: Deleted | None = None) -> Purged:
    """Delete conversations and cases last used more than `days` before `now` (epoch seconds).

    `tell` is told where the conversations ended, and the references by which more was kept
    of them.

    On SQLite what was deleted is overwritten (make_engine sees to it), in the write-ahead log
    too. Raises SQLAlchemyError when the database is away.
    """
    until = now - days * DAY_SECONDS
    with engine.connect() as connection:
        senders = _old(connection, until)
        # A database from before there were cases has no table of them.
        has_cases = sa.inspect(connection).has_table(CASES.name)
    deleted = cases = 0
    for first in range(0, len(senders), AT_ONCE):
        with engine.begin() as connection:
            # One of them may have gone on meanwhile.
            still = _old(connection, until, senders[first : first + AT_ONCE])
            left = what_is_left(connection, still) if tell else None
            connection.execute(EVENTS.delete().where(EVENTS.c.sender_id.in_(still)))
            deleted += len(still)
        if tell and left:
            tell(*left)
    if has_cases:
        unused = CASES.c.used < until
        with engine.begin() as connection:
            gone = list(connection.execute(sa.select(CASES.c.reference).where(unused)).scalars())
            cases = connection.execute(CASES.delete().where(unused)).rowcount
        if tell and gone:
            tell((), gone)
    if deleted or cases:
        empty_log(engine)
    return Purged(deleted, cases)


def forget(
    engine: Engine, conversation: str, *, cases: bool = True, tell: Deleted | None = None
) -> set[str]:
    """Delete a conversation, every case it saved or opened, and all conversations of those.

    With `cases` False, the conversation alone. Returns the conversations. The log is emptied as
    in `purge`.
    """
    with engine.begin() as connection:
        own = {case for _, case in _named(connection, EVENTS.c.sender_id == conversation)}
        if not cases:
            own.clear()
        senders = {conversation}
        for case in own:
            like = EVENTS.c.data.contains(json.dumps(case), autoescape=True)
            senders |= {sender for sender, named in _named(connection, like) if named == case}
        endings, references = what_is_left(connection, sorted(senders), cases=not cases)
        mine = EVENTS.delete().where(EVENTS.c.sender_id.in_(sorted(senders)))
        # On PostgreSQL a turn that is being stored elsewhere is waited for, and what it added
        # is there only for the next look.
        while connection.execute(mine).rowcount:
            pass
        connection.execute(CASES.delete().where(CASES.c.reference.in_(sorted(own))))
    if tell:
        tell(endings, references)
    empty_log(engine)
    return senders


def what_is_left(
    connection: Connection, senders: Sequence[str], *, cases: bool = True
) -> tuple[list[Ending], set[str]]:
    """Return where conversations ended that are about to be deleted, and what leads to their rows.

    With `cases`, a reference by which a case that stays is kept is not among them.
    """
    slot = sa.and_(EVENTS.c.type_name == "slot", EVENTS.c.action_name.in_(LEFT))
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
    references = {each.get(name, "") for each in set_last.values() for name in (FIGURE, CASE_SLOT)}
    if cases:
        stays = sa.select(CASES.c.reference).where(CASES.c.reference.in_(sorted(references)))
        references -= set(connection.execute(stays).scalars())
    return endings, references - {""}


def empty_log(engine: Engine) -> bool:
    """Fold SQLite's write-ahead log into its file, and cut it to nothing.

    False where another program, a backup perhaps, was reading: then it is tried again later.
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


def _named(connection: Connection, which: sa.sql.ColumnElement) -> list[tuple[str, str]]:
    """Conversations with the cases that they named."""
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
