"""Conversations in memory, so that a turn reads only what is new of them."""

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from rasa.shared.core.events import Event
from sqlalchemy.engine import Row

from bot.privacy.store.events import parse_event, session_start
from bot.privacy.store.recent import Folded

KEPT_EVENTS = 30_000
"""About 100 MB. A turn adds about eleven. Conversations beyond this are read anew at each turn."""
KEPT_SECONDS = 15 * 60
"""How long an idle conversation stays in memory: another worker may have deleted it."""


@dataclass
class KeptConversation:
    """A conversation's parsed events since its session began, and its last row.

    `folded` replaces the older events.
    """

    last_id: int = 0
    last_data: str = ""
    events: list[Event] = field(default_factory=list)
    folded: Folded = field(default_factory=Folded)
    used: float = 0.0

    def brought_up(self, rows: Sequence[Row]) -> "KeptConversation | None":
        """The conversation with the rows from its last one on; None if that one is not there."""
        if self.last_id:
            first = rows[0] if rows else None
            if first is None or (first.id, first.data) != (self.last_id, self.last_data):
                # It was deleted meanwhile; a new row may have its number.
                return None
            rows = rows[1:]
        return self.longer(rows[-1].id, [row.data for row in rows]) if rows else self

    def longer(self, last_id: int, data: list[str]) -> "KeptConversation":
        """The conversation with further events, of which the last has that id."""
        events = self.events + [event for each in data if (event := parse_event(each)) is not None]
        begin = session_start(events)
        folded = Folded() if begin else self.folded
        return KeptConversation(last_id, data[-1], events[begin:], folded)


class KeptConversations:
    """The conversations last used, of `events` events together. From any thread."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, KeptConversation] = OrderedDict()
        self._lock = Lock()
        self.events = 0

    def get(self, sender_id: str) -> KeptConversation:
        """The conversation as it is in memory, or an empty one."""
        return self._kept.get(sender_id) or KeptConversation()

    def keep(self, sender_id: str, kept: KeptConversation) -> None:
        """Keep a conversation, or drop it if it is empty."""
        with self._lock:
            self._keep_alone(sender_id, kept)

    def _keep_alone(self, sender_id: str, kept: KeptConversation) -> None:
        before = self._kept.pop(sender_id, None)
        self.events -= len(before.events) if before else 0
        if not kept.events:
            return
        kept.used = time.monotonic()
        self._kept[sender_id] = kept
        self.events += len(kept.events)
        while len(self._kept) > 1:
            oldest, longest_unused = next(iter(self._kept.items()))
            young = kept.used - longest_unused.used < KEPT_SECONDS
            if young and self.events <= KEPT_EVENTS:
                break
            del self._kept[oldest]
            self.events -= len(longest_unused.events)
