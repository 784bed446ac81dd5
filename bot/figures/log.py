"""The log of escalations, kept apart from the conversations and counted later.

A row is found again by its link, the digest of a reference that is only in the conversation or the
saved case. The link is deleted with them. No failure here reaches the practitioner: a row that
cannot be written waits in memory and is written with a later one.
"""

import logging
import os
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from hashlib import sha256
from threading import Lock

import msgspec
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bot.clock import today
from bot.core.conversation.figures import Row
from bot.core.conversation.row import merge_row
from bot.core.vocabulary import Level, Side
from bot.figures.quarters import stands_still
from bot.privacy.retention import Ending
from bot.privacy.store.database import StoreUnavailable, make_engine
from bot.privacy.store.tables import ENDINGS, ESCALATIONS, LOSSES, create_figures

SETTING = "ESCALATION_GUIDE_FIGURES"
OFF = "off"
MOST_WAITING = 1000
"""Rows kept in memory while the database is away; a row takes half a kilobyte."""
AT_ONCE, AT_ONCE_SECONDS = 10, 600
"""More new escalations of one policy in so many seconds are a training, or somebody's planting.
The largest partnership has about three a day. Those that came before stay counted, so that whoever
plants many takes nobody else's away."""
MOST_KNOWN = 10_000
"""How many escalations are remembered as no longer new."""
BY_LEVEL = ("days", "answered")
"""The parts of a row that have a column for each level."""

log = logging.getLogger(__name__)


def figure_log(
    conversations: str, engine: Engine, environment: Mapping[str, str] = os.environ
) -> "FigureLog | None":
    """Return the configured log, or None where it is switched off.

    By default it is in the database of the conversations, whose address and engine are given.
    Raises StoreUnavailable for an address that cannot be used.
    """
    given = environment.get(SETTING, "").strip()
    if given.lower() == OFF:
        return None
    own = given and given != conversations
    try:
        return FigureLog(make_engine(given) if own else engine, today)
    except StoreUnavailable as error:
        # The address is not repeated: it may hold a password.
        msg = f"{SETTING} must be the address of a database, or {OFF}. {error}"
        raise StoreUnavailable(msg) from None


def link_of(reference: str) -> str:
    """Return the digest by which the row of a reference is found."""
    return sha256(reference.encode()).hexdigest()


class FigureLog:
    """The log in one database, written in its own thread. No method raises when that fails.

    `day` returns today's date, `clock` seconds.
    """

    def __init__(
        self, engine: Engine, day: Callable[[], date], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.engine = engine
        self.lost = 0
        """The number of rows and endings lost since the start."""
        self._untold = 0
        """The number of losses that are not in the database yet."""
        self._today = day
        self._clock = clock
        self._begun: OrderedDict[str, tuple[str, float]] = OrderedDict()
        """The escalations that this worker knows, with their policy and when they were begun."""
        self._crowded: set[str] = set()
        self._made = False
        self._waiting: OrderedDict[str, Row] = OrderedDict()
        self._changing = Lock()
        self._writing = Lock()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="figures")

    @property
    def waiting(self) -> int:
        """The number of rows waiting in memory."""
        return len(self._waiting)

    def keep(self, reference: str, row: Row) -> None:
        """Update or add the row of an escalation, shortly, in the log's own thread."""
        link = link_of(reference)
        with self._changing:
            self._waiting.pop(link, None)
            self._waiting[link] = row
            told = row.side is Side.raiser and row.level is not None
            if told and self._is_one_of_many(link, row.policy):
                self._crowded.add(link)
            if len(self._waiting) > MOST_WAITING:
                self._waiting.popitem(last=False)
                self._lose(1)
        self._writer.submit(self.write_waiting)

    def write_waiting(self) -> bool:
        """Write the waiting rows, oldest first. Return False where the database is away."""
        # One thread at a time: of two, the slower could write the older state of a row last.
        with self._writing:
            return self._write_waiting()

    def _write_waiting(self) -> bool:
        while True:
            with self._changing:
                first = next(iter(self._waiting.items()), None)
            try:
                if first is None:
                    self._mark_crowded()
                    self._tell_losses()
                    return True
                link, row = first
                self._write_with_retry(lambda connection: self._write_row(connection, link, row))  # noqa: B023
            except (SQLAlchemyError, StoreUnavailable) as error:
                # The error's text may hold a row.
                log.warning("Rows of the figures wait: %s.", type(error).__name__)
                return False
            with self._changing:
                # It may have been updated meanwhile.
                if self._waiting.get(link) is row:
                    del self._waiting[link]

    def count_endings(self, endings: Iterable[Ending], references: Iterable[str]) -> None:
        """Count the last questions of deleted conversations, and unlink their rows."""
        day = self._today()
        counted = [ending for ending in endings if not stands_still(ending.month, day)]
        links = sorted(map(link_of, references))
        with self._changing:
            for link in links:
                self._waiting.pop(link, None)

        def count(connection: Connection) -> None:
            for ending in counted:
                _add(connection, ENDINGS.c.conversations, msgspec.to_builtins(ending))
            gone = ESCALATIONS.c.link.in_(links)
            connection.execute(ESCALATIONS.update().where(gone).values(link=None))

        try:
            self._write_with_retry(count)
        except (SQLAlchemyError, StoreUnavailable) as error:
            log.warning("Endings were not counted: %s.", type(error).__name__)
            self._lose(len(counted))

    def close(self) -> None:
        """Write the waiting rows and end the thread."""
        self._writer.shutdown()

    def _write_with_retry(self, write: Callable[[Connection], object]) -> None:
        """Write, and once more where another writer added the same row first."""
        if not self._made:
            create_figures(self.engine)
            self._made = True
        try:
            with self.engine.begin() as connection:
                write(connection)
        except IntegrityError:
            with self.engine.begin() as connection:
                write(connection)

    def _write_row(self, connection: Connection, link: str, row: Row) -> None:
        mine = ESCALATIONS.c.link == link
        found = connection.execute(sa.select(ESCALATIONS).where(mine).with_for_update()).mappings()
        before, day = found.first(), self._today()
        if before is None and not stands_still(row.month, day):
            connection.execute(ESCALATIONS.insert(), new_row(row) | {"link": link})
        if before is None:
            return
        kept = row_from(before)
        if not stands_still(kept.month, day):
            now = row_columns(merge_row(kept, row))
            connection.execute(ESCALATIONS.update().where(mine).values(now))

    def _is_one_of_many(self, link: str, policy: str) -> bool:
        """Say whether a new escalation comes after as many of its policy as never come at once."""
        if link in self._begun:
            return False
        now = self._clock()
        self._begun[link] = (policy, now)
        if len(self._begun) > MOST_KNOWN:
            self._begun.popitem(last=False)
        near = 0
        for of, begun in reversed(self._begun.values()):
            if now - begun > AT_ONCE_SECONDS:
                break
            near += of == policy
        return near > AT_ONCE

    def _mark_crowded(self) -> None:
        with self._changing:
            links = sorted(self._crowded)
        if not links:
            return
        mine = ESCALATIONS.c.link.in_(links)
        self._write_with_retry(
            lambda connection: connection.execute(
                ESCALATIONS.update().where(mine).values(crowded=True)
            )
        )
        with self._changing:
            self._crowded -= set(links)

    def _tell_losses(self) -> None:
        """Store the number of losses, which the report mentions."""
        many, month = self._untold, f"{self._today():%Y-%m}"
        if many:
            self._write_with_retry(
                lambda connection: _add(connection, LOSSES.c.rows, {"month": month}, many)
            )
            self._untold -= many

    def _lose(self, many: int) -> None:
        self.lost += many
        self._untold += many
        if many:
            log.error("%d rows of the figures are lost since the start.", self.lost)


def new_row(row: Row, source: str = "") -> dict[str, object]:
    """Return the columns of a new row. Its id is random."""
    return row_columns(row) | {"id": secrets.token_hex(16), "link": None, "source": source}


def row_columns(row: Row) -> dict[str, object]:
    """Return a row as the table's columns, without id, link and source."""
    values: dict[str, object] = msgspec.to_builtins(row)
    for part in BY_LEVEL:
        values.pop(part)
        held: Mapping[Level, object] = getattr(row, part)
        values |= {f"{part}_{level}": held.get(level) for level in Level}
    return values


def row_from(values: Mapping[str, object]) -> Row:
    """Return the row from the columns of the table."""
    plain: dict[str, object] = {
        name: values[name] for name in Row.__struct_fields__ if name not in BY_LEVEL
    }
    for part in BY_LEVEL:
        named = {str(level): values[f"{part}_{level}"] for level in Level}
        plain[part] = {level: value for level, value in named.items() if value is not None}
    return msgspec.convert(plain, Row)


def _add(connection: Connection, counted: sa.Column, keys: dict[str, str], many: int = 1) -> None:
    """Add to the count of a row, or insert the row."""
    table = counted.table
    mine = sa.and_(*(table.c[name] == value for name, value in keys.items()))
    more = table.update().where(mine).values({counted: counted + many})
    if not connection.execute(more).rowcount:
        connection.execute(table.insert(), keys | {counted.name: many})
