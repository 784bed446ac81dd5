"""Stores conversations: in SQLite by default, in PostgreSQL if given its address.

It is Rasa's SQL store with five differences.

- It fails loudly: if the database cannot be read or written it raises StoreUnavailable, whose
  text contains no statement and no value.
- It masks text again, in case a channel forgot to.
- It reads only new events. Rasa reads and rebuilds every event of a conversation on each turn,
  and looks through all event classes for each. Here parsed events stay in memory; one query
  returns the last known row and those after it, so that other processes may write and delete too.
- A turn gets the latest turns and a summary of older ones (bot/privacy/store/recent.py).
- A session begins at an event, not at a time: nothing is lost if the clock is set back.

While a turn stores, or waits for another worker's lock, the event loop answers others.
"""

import asyncio
import copy
import json
import logging
import math
import secrets
import time
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    Event,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import SQLAlchemyError

from bot.privacy.store.database import (
    ANSWER_SECONDS,
    StoreUnavailable,
    database_url,
    make_engine,
    raising_store_unavailable,
)
from bot.privacy.store.events import parse_event
from bot.privacy.store.kept import KeptConversation, KeptConversations
from bot.privacy.store.recent import fold_older_turns, replay
from bot.privacy.store.store_masking import Masker, mask_events
from bot.privacy.store.tables import EVENTS, PROBES, create_tables
from bot.privacy.store.threads import CallQueue

log = logging.getLogger(__name__)

PROBE_BYTES = 24_000
"""More than anything a turn stores: if this can be written, a turn can be stored."""
FOR_A_TALK = "To talk with the guide in the terminal, numbers and all: python -m bot talk"
"""What Rasa's own commands tell: `rasa shell` knows no channel, so no number and no button."""
FAILED_SECONDS = 1.0
"""How long the guide is not ready after a turn could not be stored."""

# Built once: SQLAlchemy takes longer to build a statement than SQLite to answer it.
_READ = (
    sa.select(EVENTS.c.id, EVENTS.c.data)
    .where(EVENTS.c.sender_id == sa.bindparam("sender"), EVENTS.c.id >= sa.bindparam("from_id"))
    .order_by(EVENTS.c.id)
)
_ADD = EVENTS.insert()
_LAST = sa.select(sa.func.max(EVENTS.c.id)).where(EVENTS.c.sender_id == sa.bindparam("sender"))


@dataclass
class _Held:
    """What a turn has that holds its conversation's lock.

    The conversation, the connection that holds the lock where workers share the database, and the
    calls made on it.
    """

    kept: KeptConversation
    connection: Connection | None = None
    calls: CallQueue = field(default_factory=CallQueue)


class GuideTrackerStore(SQLTrackerStore):
    """The guide's conversations.

    `url` is an SQLAlchemy address; the default is ESCALATION_GUIDE_DATABASE, then `host` (as Rasa
    passes the `url` of endpoints.yml), then var/conversations.db. `mask` defaults to the project's
    masking.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        url: str | None = None,
        mask: Masker | None = None,
        **kwargs: Any,
    ) -> None:
        address = url or database_url(host)
        if mask is None:
            from bot.privacy.masking.masker import mask as project_mask

            mask = project_mask
            # Rasa makes a store so, from endpoints.yml.
            log.warning("%s", FOR_A_TALK)
        self.mask = mask
        self._held: dict[str, _Held] = {}
        self.kept = KeptConversations()
        self._probed: tuple[float, bool] = (0.0, False)
        self._failed = -math.inf
        self._worker = secrets.token_hex(16)
        with raising_store_unavailable():
            self.engine = self._turns = make_engine(address)
            create_tables(self.engine)
            if self.is_shared:
                from bot.privacy.store import postgres

                self._turns = postgres.engine_for_turns(self.engine, ANSWER_SECONDS)
                postgres.warn_of_logged_statements(self._turns)
        self.sessionmaker = sa.orm.sessionmaker(bind=self.engine)
        TrackerStore.__init__(self, domain, event_broker)

    async def hold(self, sender_id: str) -> bool:
        """Read the conversation for a turn, with its lock among all workers where there are any.

        False while another worker has it. Until `let_go`, the conversation is not read again, and
        the turn works on the connection that holds the lock. Raises StoreUnavailable.
        """
        if not self.is_shared:
            self._held[sender_id] = _Held(self._read(sender_id))
            return True
        calls, kept = CallQueue(), self.kept.get(sender_id)
        opened = calls.begin(lambda: self._lock_and_read(sender_id, kept))
        try:
            held = await asyncio.shield(opened)
        except asyncio.CancelledError:
            # The lock may still come, and nobody waits for it any more.
            calls.begin(lambda: _release(opened.result(), sender_id))
            raise
        if held is None:
            return False
        held.calls = calls
        self.kept.keep(sender_id, held.kept)
        self._held[sender_id] = held
        return True

    def let_go(self, sender_id: str) -> None:
        """Release the lock once what the turn still has under way is done. Nobody waits for it."""
        held = self._held.pop(sender_id)
        if held.connection is not None:
            held.calls.begin(lambda: _release(held, sender_id))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the tracker's new events in one transaction, or none of them.

        Raises StoreUnavailable if the conversation is not exactly as the turn read it.
        """
        await self.stream_events(tracker)
        sender = tracker.sender_id
        read = getattr(tracker, "read_from_store", None) or KeptConversation()
        begun = len(read.events) - getattr(tracker, "folded_away", 0)
        new = [event.as_dict() for event in list(tracker.events)[begun:]]
        if not new:
            return
        rows = [_row(sender, event) for event in mask_events(new, self.mask)]
        held = self._held.get(sender)
        calls = held.calls if held else CallQueue()
        try:
            last_id = await calls.call(lambda: self._add_if_unchanged(sender, read, rows, held))
        except StoreUnavailable:
            self._failed = time.monotonic()
            raise
        if last_id is None:
            raise StoreUnavailable("The conversation was changed or deleted while it went on.")
        self._failed = -math.inf
        now = read.longer(last_id, [row["data"] for row in rows])
        self.kept.keep(sender, now)
        if held:
            held.kept = now
        tracker.read_from_store = now  # type: ignore[attr-defined]
        tracker.folded_away = len(now.events) - len(tracker.events)  # type: ignore[attr-defined]

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation, or None.

        It has the slots and the form of the whole session, but only the events of the latest
        turns (bot/privacy/store/recent.py).
        """
        kept = self._read(sender_id)
        if not kept.events:
            return None
        slots = self.domain.slots
        kept.folded = folded = fold_older_turns(kept.folded, kept.events, slots)
        events = [*folded.events, *kept.events[folded.cut :]]
        # Replaying changes a user event, so each replay gets a copy.
        fresh = [copy.copy(event) if isinstance(event, UserUttered) else event for event in events]
        tracker = replay(sender_id, fresh, slots)
        # `save` reads these from the same object.
        tracker.folded_away = len(kept.events) - len(events)  # type: ignore[attr-defined]
        tracker.read_from_store = kept  # type: ignore[attr-defined]
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The conversation including earlier sessions, or None."""
        with raising_store_unavailable(), self.engine.connect() as connection:
            rows = _rows(connection, _READ, conversation_id, 0)
        events = [event for row in rows if (event := parse_event(row.data))]
        if not events:
            return None
        return replay(conversation_id, events, self.domain.slots)

    def conversation(self, sender_id: str) -> list[Event]:
        """The events since the latest session began, in order. Do not change the list."""
        return self._read(sender_id).events

    def writable(self, for_seconds: float = 1.0) -> bool:
        """Whether turns can be stored now; the probe's answer is reused for `for_seconds`.

        False for some seconds after a turn could not be stored, too, unless one was since.
        """
        at, answer = self._probed
        if time.monotonic() - at >= for_seconds:
            answer = self._probe()
            self._probed = (time.monotonic(), answer)
        return answer and time.monotonic() - self._failed >= FAILED_SECONDS

    def drop(self, senders: Iterable[str]) -> None:
        """Drop conversations from memory that were deleted from the database."""
        for sender_id in senders:
            self.kept.keep(sender_id, KeptConversation())
            if held := self._held.get(sender_id):
                held.kept = KeptConversation()

    @property
    def is_shared(self) -> bool:
        """Whether other machines use the same database."""
        return bool(self.engine.dialect.name != "sqlite")

    def close(self) -> None:
        """Close every connection. SQLite then folds its log into its file."""
        self.engine.dispose()
        self._turns.dispose()

    def _lock_and_read(self, sender_id: str, kept: KeptConversation) -> _Held | None:
        from bot.privacy.store import postgres

        with raising_store_unavailable():
            try:
                return self._lock_and_read_once(sender_id, kept)
            except SQLAlchemyError as error:
                # After the database was restarted, this finds it out.
                if not postgres.broke(error):
                    raise
                return self._lock_and_read_once(sender_id, kept)

    def _lock_and_read_once(self, sender_id: str, kept: KeptConversation) -> _Held | None:
        from bot.privacy.store import postgres

        connection = self._turns.connect()
        try:
            rows = postgres.lock_and_read(connection, sender_id, kept.last_id)
            if rows is None:
                connection.close()
                return None
            now = kept.brought_up(rows)
            if now is None:
                rows = _rows(connection, _READ, sender_id, 0)
                now = KeptConversation().brought_up(rows)
            return _Held(now or KeptConversation(), connection)
        except BaseException:
            # The lock, if it was given, ends with the connection.
            connection.invalidate()
            connection.close()
            raise

    def _add_if_unchanged(
        self,
        sender_id: str,
        read: KeptConversation,
        rows: list[dict[str, Any]],
        held: _Held | None,
    ) -> int | None:
        """Add rows if the conversation is as it was read. The last row's id, or None."""
        with raising_store_unavailable():
            if self.is_shared:
                from bot.privacy.store import postgres

                own = _unbroken(held) if held else None
                with nullcontext(own) if own is not None else self._turns.connect() as connection:
                    return postgres.add_if_unchanged(connection, sender_id, read.last_id, rows)
            with self.engine.begin() as connection:
                there = [tuple(row) for row in _rows(connection, _READ, sender_id, read.last_id)]
                if there != ([(read.last_id, read.last_data)] if read.last_id else []):
                    return None
                connection.execute(_ADD, rows)
                return int(connection.execute(_LAST, {"sender": sender_id}).scalar())

    def _probe(self) -> bool:
        # Random, since a database may compress it: it must need the room that a turn needs.
        probe = {"worker": self._worker, "filling": secrets.token_urlsafe(PROBE_BYTES)}
        mine = PROBES.delete().where(PROBES.c.worker == self._worker)
        event = {"sender_id": f"probe {self._worker}", "type_name": "probe", "data": "{}"}
        ours = EVENTS.delete().where(EVENTS.c.sender_id == event["sender_id"])
        try:
            with raising_store_unavailable():
                # Committed, since a transaction that is rolled back never reaches the disk. And
                # deleted in another, since one transaction would reuse the freed space. Nobody
                # sees the event, which finds out whether the conversations' own table takes rows.
                with self.engine.begin() as connection:
                    connection.execute(mine)
                    connection.execute(PROBES.insert(), probe)
                    connection.execute(_ADD, event)
                    connection.execute(ours)
                with self.engine.begin() as connection:
                    connection.execute(mine)
        except StoreUnavailable:
            return False
        return True

    def _read(self, sender_id: str) -> KeptConversation:
        held = self._held.get(sender_id)
        if held:
            # While the turn holds the lock nobody else adds to it. Whoever deletes it, makes the
            # turn fail where it is stored.
            _unbroken(held)
            return held.kept
        with raising_store_unavailable(), self.engine.connect() as connection:
            kept = self.kept.get(sender_id)
            now = kept.brought_up(_rows(connection, _READ, sender_id, kept.last_id))
            if now is None:
                now = KeptConversation().brought_up(_rows(connection, _READ, sender_id, 0))
        self.kept.keep(sender_id, now or KeptConversation())
        return now or KeptConversation()


def _unbroken(held: _Held) -> Connection | None:
    if held.connection is not None and held.connection.invalidated:
        # It would reconnect, without the lock.
        raise StoreUnavailable("The conversation's lock was lost.")
    return held.connection


def _release(held: _Held | None, sender_id: str) -> None:
    if held and held.connection is not None:
        from bot.privacy.store import postgres

        postgres.release_lock(held.connection, sender_id)


def _row(sender_id: str, event: dict[str, Any]) -> dict[str, Any]:
    intent = (event.get("parse_data") or {}).get("intent") or {}
    return {
        "sender_id": sender_id,
        "type_name": event["event"],
        "timestamp": event.get("timestamp"),
        "intent_name": intent.get("name"),
        "action_name": event.get("name"),
        "data": json.dumps(event),
    }


def _rows(connection: Connection, read: sa.sql.Select, sender_id: str, from_id: int) -> list[Row]:
    return list(connection.execute(read, {"sender": sender_id, "from_id": from_id}))
