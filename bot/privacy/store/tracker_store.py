"""Where conversations are kept: SQLite by default, PostgreSQL by its address.

Rasa's SQL store with five differences.

- It fails loudly: a database that cannot be read or written is a StoreUnavailable, whose
  text holds no statement and no value.
- It masks again on the way in, as a net under the channel.
- It reads back only what is new. Rasa reads and rebuilds every event of a conversation on
  each turn, and looks through all event classes for each. Parsed events are kept here and
  checked by one query that returns the last known row and what came after it, so that
  other processes may write and delete too.
- A turn gets the latest turns, and what the older ones left (bot/privacy/store/recent.py).
- A session begins where its events begin, not at a time: a clock that is set back loses
  nothing.
"""

import copy
import functools
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.constants import ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection, Row

from bot.privacy.store.database import (
    StoreUnavailable,
    database_url,
    make_engine,
    raising_store_unavailable,
)
from bot.privacy.store.recent import Folded, fold, replay
from bot.privacy.store.store_masking import Masker, mask_event
from bot.privacy.store.tables import EVENTS, PROBES, create

KEPT_EVENTS = 30_000
"""About 100 MB. A turn adds about eleven; with more, conversations are read anew at each turn."""
KEPT_SECONDS = 15 * 60
"""How long a conversation stays in memory that nothing is said in: another worker may have
deleted it."""
PROBE = "x" * 32_000
"""Longer than what one turn stores, so that a probe that was written means that a turn can be."""

# Built once: SQLAlchemy takes longer to put a statement together than SQLite to answer it.
_READ = (
    sa.select(EVENTS.c.id, EVENTS.c.data)
    .where(EVENTS.c.sender_id == sa.bindparam("sender"), EVENTS.c.id >= sa.bindparam("from_id"))
    .order_by(EVENTS.c.id)
)
# PostgreSQL keeps what was read from being deleted until it is added to, and the other way round.
_READ_TO_ADD = _READ.with_for_update(read=True, key_share=True)
_ADD = EVENTS.insert()
_ANY = sa.select(EVENTS.c.id).limit(1)


@dataclass
class _Kept:
    """A conversation's parsed events since its session began, and the last row's identity.

    `folded` stands for the older of them.
    """

    last_id: int = 0
    last_data: str = ""
    events: list[Event] = field(default_factory=list)
    folded: Folded = field(default_factory=Folded)
    used: float = 0.0


class GuideTrackerStore(SQLTrackerStore):
    """The guide's conversations.

    `url` is an SQLAlchemy address; without it ESCALATION_GUIDE_DATABASE, then `host` (as
    Rasa passes the `url` of endpoints.yml), then var/conversations.db. `mask` is the
    project's masking unless another is given.
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
        self.mask = mask
        self.held: dict[str, Connection] = {}
        """The connections that hold a conversation's lock: its turn reads and writes on them."""
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self.kept_events = 0
        self._healthy: tuple[float, bool] = (0.0, False)
        self._worker = secrets.token_hex(16)
        with raising_store_unavailable():
            self.engine = make_engine(address)
            create(self.engine)
        self.sessionmaker = sa.orm.sessionmaker(bind=self.engine)
        TrackerStore.__init__(self, domain, event_broker)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Add the tracker's new events in one transaction, or none of them."""
        await self.stream_events(tracker)
        sender = tracker.sender_id
        with (
            raising_store_unavailable(),
            self._connection(sender) as connection,
            connection.begin(),
        ):
            # The tracker may hold fewer events than are stored, the older ones being folded.
            stored = len(self._refresh(sender, connection, _READ_TO_ADD).events)
            if stored < getattr(tracker, "read_events", 0):
                raise StoreUnavailable("The conversation was deleted while it went on.")
            stored -= getattr(tracker, "folded_away", 0)
            if not 0 <= stored <= len(tracker.events):
                raise StoreUnavailable("The conversation was changed from elsewhere.")
            new = [event.as_dict() for event in list(tracker.events)[stored:]]
            if not new:
                return
            rows = [_row(sender, event) for event in mask_event(new, self.mask)]
            connection.execute(_ADD, rows)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation as it stands, or None where there is none.

        Its slots and its form are those of the whole session, its events those of the
        latest turns (bot/privacy/store/recent.py).
        """
        with raising_store_unavailable(), self._connection(sender_id) as connection:
            kept = self._refresh(sender_id, connection)
        if not kept.events:
            return None
        slots = self.domain.slots
        kept.folded = folded = fold(kept.folded, kept.events, slots)
        events = [*folded.events, *kept.events[folded.cut :]]
        # A user event is changed by the policies' later events while it is replayed.
        fresh = [copy.copy(event) if isinstance(event, UserUttered) else event for event in events]
        tracker = replay(sender_id, fresh, slots)
        # Read by save, of the same object.
        tracker.folded_away = len(kept.events) - len(events)  # type: ignore[attr-defined]
        tracker.read_events = len(kept.events)  # type: ignore[attr-defined]
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The conversation with all its sessions, or None."""
        with raising_store_unavailable(), self.engine.connect() as connection:
            rows = _rows(connection, _READ, conversation_id, 0)
        events = [parse(row.data) for row in rows]
        if not events:
            return None
        return replay(conversation_id, events, self.domain.slots)

    def conversation(self, sender_id: str) -> list[Event]:
        """The events since the latest session began, in order; not to be changed."""
        with raising_store_unavailable(), self._connection(sender_id) as connection:
            return self._refresh(sender_id, connection).events

    def writable(self, for_seconds: float = 1.0) -> bool:
        """Whether a turn can be stored now; the answer is kept for `for_seconds`."""
        at, answer = self._healthy
        if time.monotonic() - at < for_seconds:
            return answer
        probe = {"worker": self._worker, "filling": PROBE}
        mine = PROBES.delete().where(PROBES.c.worker == self._worker)
        try:
            with raising_store_unavailable():
                # Written to the disk: what is rolled back never gets there. And taken away on its
                # own, since within one transaction the room of the last would be used again.
                with self.engine.begin() as connection:
                    connection.execute(mine)
                    connection.execute(PROBES.insert(), probe)
                with self.engine.begin() as connection:
                    connection.execute(mine)
                    connection.execute(_ANY)
            answer = True
        except StoreUnavailable:
            answer = False
        self._healthy = (time.monotonic(), answer)
        return answer

    def drop(self, senders: Iterable[str]) -> None:
        """Let go of conversations that were deleted from the database."""
        for sender_id in senders:
            kept = self._kept.pop(sender_id, None)
            self.kept_events -= len(kept.events) if kept else 0

    @property
    def is_shared(self) -> bool:
        """Whether other machines use the same database."""
        return bool(self.engine.dialect.name != "sqlite")

    def close(self) -> None:
        """Close every connection, which also folds SQLite's log into its file."""
        self.engine.dispose()

    @contextmanager
    def _connection(self, sender_id: str) -> Iterator[Connection]:
        held = self.held.get(sender_id)
        if held is not None:
            if held.invalidated:
                # It would be opened again, without the lock.
                raise StoreUnavailable("The conversation's lock was lost.")
            yield held
            return
        with self.engine.connect() as connection:
            yield connection

    def _refresh(
        self, sender_id: str, connection: Connection, read: sa.sql.Select = _READ
    ) -> _Kept:
        kept = self._kept.pop(sender_id, None) or _Kept()
        self.kept_events -= len(kept.events)
        rows = _rows(connection, read, sender_id, kept.last_id)
        if kept.last_id:
            first = rows[0] if rows else None
            if first is None or (first.id, first.data) != (kept.last_id, kept.last_data):
                # Deleted since, perhaps with its row number given to a new row.
                kept = _Kept()
                rows = _rows(connection, read, sender_id, 0)
            else:
                rows = rows[1:]
        if rows:
            events = kept.events + [parse(row.data) for row in rows]
            begin = session_start(events)
            folded = Folded() if begin else kept.folded
            kept = _Kept(rows[-1].id, rows[-1].data, events[begin:], folded)
        self._keep(sender_id, kept)
        return kept

    def _keep(self, sender_id: str, kept: _Kept) -> None:
        if not kept.events:
            return
        kept.used = time.monotonic()
        self._kept[sender_id] = kept
        self.kept_events += len(kept.events)
        while len(self._kept) > 1:
            oldest, longest_unused = next(iter(self._kept.items()))
            young = kept.used - longest_unused.used < KEPT_SECONDS
            if young and self.kept_events <= KEPT_EVENTS:
                break
            self.drop([oldest])


def said_last(events: list[Event]) -> list[BotUttered]:
    """What the guide said since the person last spoke, in order."""
    said: list[BotUttered] = []
    for event in reversed(events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered):
            said.append(event)
    return said[::-1]


def session_start(events: list[Event]) -> int:
    """The position of the first event of the latest session.

    A session is `action_session_start` followed by `session_started`.
    """
    for position in range(len(events) - 1, -1, -1):
        if isinstance(events[position], SessionStarted):
            before = events[position - 1] if position else None
            opened = (
                isinstance(before, ActionExecuted)
                and before.action_name == ACTION_SESSION_START_NAME
            )
            return position - 1 if opened else position
    return 0


def parse(data: str) -> Event:
    """An event as Rasa would read it, without its walk through all classes."""
    values = json.loads(data)
    event = _class_of(values["event"])._from_parameters(values)  # noqa: SLF001 (Rasa has no other)
    if event is None:
        raise StoreUnavailable("A stored event cannot be read.")
    return event


@functools.cache
def _class_of(name: str) -> type[Event]:
    found = Event.resolve_by_type(name)
    if found is None:
        raise StoreUnavailable("A stored event is of a kind that Rasa does not know.")
    return found


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
