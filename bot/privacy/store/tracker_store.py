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
from rasa.shared.core.constants import ACTION_SESSION_START_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection, Row

from bot.privacy.store.database import (
    StoreUnavailable,
    database_url,
    make_engine,
    raising_store_unavailable,
)
from bot.privacy.store.recent import Folded, fold_older_turns, replay
from bot.privacy.store.store_masking import Masker, mask_events
from bot.privacy.store.tables import EVENTS, PROBES, create_tables

KEPT_EVENTS = 30_000
"""About 100 MB. A turn adds about eleven. Conversations beyond this are read anew at each turn."""
KEPT_SECONDS = 15 * 60
"""How long an idle conversation stays in memory: another worker may have deleted it."""
PROBE = "x" * 32_000
"""Longer than anything a turn stores: if this can be written, a turn can be stored."""

# Built once: SQLAlchemy takes longer to build a statement than SQLite to answer it.
_READ = (
    sa.select(EVENTS.c.id, EVENTS.c.data)
    .where(EVENTS.c.sender_id == sa.bindparam("sender"), EVENTS.c.id >= sa.bindparam("from_id"))
    .order_by(EVENTS.c.id)
)
# PostgreSQL lets nobody delete the rows read here before the new ones are added.
_READ_TO_ADD = _READ.with_for_update(read=True, key_share=True)
_ADD = EVENTS.insert()
_ANY = sa.select(EVENTS.c.id).limit(1)


@dataclass
class _CachedConversation:
    """A conversation's parsed events since its session began, and its last row.

    `folded` replaces the older events.
    """

    last_id: int = 0
    last_data: str = ""
    events: list[Event] = field(default_factory=list)
    folded: Folded = field(default_factory=Folded)
    used: float = 0.0


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
        self.mask = mask
        self.held: dict[str, Connection] = {}
        """By conversation, the connection that holds its lock and on which its turn must work."""
        self._kept: OrderedDict[str, _CachedConversation] = OrderedDict()
        self.kept_events = 0
        self._healthy: tuple[float, bool] = (0.0, False)
        self._worker = secrets.token_hex(16)
        with raising_store_unavailable():
            self.engine = make_engine(address)
            create_tables(self.engine)
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
            # The tracker may hold fewer events than are stored, since older events are folded.
            stored = len(self._refresh(sender, connection, _READ_TO_ADD).events)
            if stored < getattr(tracker, "read_events", 0):
                raise StoreUnavailable("The conversation was deleted while it went on.")
            stored -= getattr(tracker, "folded_away", 0)
            if not 0 <= stored <= len(tracker.events):
                raise StoreUnavailable("The conversation was changed from elsewhere.")
            new = [event.as_dict() for event in list(tracker.events)[stored:]]
            if not new:
                return
            rows = [_row(sender, event) for event in mask_events(new, self.mask)]
            connection.execute(_ADD, rows)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation, or None.

        It has the slots and the form of the whole session, but only the events of the latest
        turns (bot/privacy/store/recent.py).
        """
        with raising_store_unavailable(), self._connection(sender_id) as connection:
            kept = self._refresh(sender_id, connection)
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
        tracker.read_events = len(kept.events)  # type: ignore[attr-defined]
        return tracker

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """The conversation including earlier sessions, or None."""
        with raising_store_unavailable(), self.engine.connect() as connection:
            rows = _rows(connection, _READ, conversation_id, 0)
        events = [parse_event(row.data) for row in rows]
        if not events:
            return None
        return replay(conversation_id, events, self.domain.slots)

    def conversation(self, sender_id: str) -> list[Event]:
        """The events since the latest session began, in order. Do not change the list."""
        with raising_store_unavailable(), self._connection(sender_id) as connection:
            return self._refresh(sender_id, connection).events

    def writable(self, for_seconds: float = 1.0) -> bool:
        """Whether a turn can be stored now; the answer is reused for `for_seconds`."""
        at, answer = self._healthy
        if time.monotonic() - at < for_seconds:
            return answer
        probe = {"worker": self._worker, "filling": PROBE}
        mine = PROBES.delete().where(PROBES.c.worker == self._worker)
        try:
            with raising_store_unavailable():
                # Committed, since a transaction that is rolled back never reaches the disk. And
                # deleted in another, since one transaction would reuse the freed space.
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
        """Drop conversations from memory that were deleted from the database."""
        for sender_id in senders:
            kept = self._kept.pop(sender_id, None)
            self.kept_events -= len(kept.events) if kept else 0

    @property
    def is_shared(self) -> bool:
        """Whether other machines use the same database."""
        return bool(self.engine.dialect.name != "sqlite")

    def close(self) -> None:
        """Close every connection. SQLite then folds its log into its file."""
        self.engine.dispose()

    @contextmanager
    def _connection(self, sender_id: str) -> Iterator[Connection]:
        held = self.held.get(sender_id)
        if held is not None:
            if held.invalidated:
                # It would reconnect, without the lock.
                raise StoreUnavailable("The conversation's lock was lost.")
            yield held
            return
        with self.engine.connect() as connection:
            yield connection

    def _refresh(
        self, sender_id: str, connection: Connection, read: sa.sql.Select = _READ
    ) -> _CachedConversation:
        kept = self._kept.pop(sender_id, None) or _CachedConversation()
        self.kept_events -= len(kept.events)
        rows = _rows(connection, read, sender_id, kept.last_id)
        if kept.last_id:
            first = rows[0] if rows else None
            if first is None or (first.id, first.data) != (kept.last_id, kept.last_data):
                # It was deleted meanwhile; a new row may have its number.
                kept = _CachedConversation()
                rows = _rows(connection, read, sender_id, 0)
            else:
                rows = rows[1:]
        if rows:
            events = kept.events + [parse_event(row.data) for row in rows]
            begin = session_start(events)
            folded = Folded() if begin else kept.folded
            kept = _CachedConversation(rows[-1].id, rows[-1].data, events[begin:], folded)
        self._keep(sender_id, kept)
        return kept

    def _keep(self, sender_id: str, kept: _CachedConversation) -> None:
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


def last_bot_messages(events: list[Event]) -> list[BotUttered]:
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

    A session begins with `action_session_start` and `session_started`.
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


RENAMED = {"heard": "red_flag", "heard_now": "danger_now", "since": "follow_up"}
"""Slots and questions by the names they had until 29 November 2026, and those they have now.

A conversation goes on for weeks, also across an update: a red flag must not be lost in it.
"""


def parse_event(data: str) -> Event:
    """The event as Rasa would read it, but without searching all event classes."""
    values = json.loads(data)
    if values["event"] == SlotSet.type_name:
        values["name"] = RENAMED.get(values["name"], values["name"])
        if values["name"] == REQUESTED_SLOT:
            values["value"] = RENAMED.get(values["value"], values["value"])
    custom = (values.get("data") or {}).get("custom") if values["event"] == "bot" else None
    if custom and "wish" in custom:
        # What a turn promised to delete or save is performed again after a crash.
        custom["effect"] = custom.pop("wish")
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
