"""A tiny domain in a tracker store on any database, its turns, and what was said in them."""

import asyncio
import re
from dataclasses import dataclass
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)

from bot.privacy.store.tracker_store import GuideTrackerStore
from bot.server.locks import TurnLocks

DOMAIN = Domain.from_dict(
    {
        "slots": {
            name: {"type": "text", "mappings": [{"type": "custom"}]} for name in ("risk", "case")
        }
    }
)


@dataclass(frozen=True)
class TinyMasked:
    """What masking gives."""

    text: str
    kinds: tuple[str, ...] = ()


def mask(text: str) -> TinyMasked:
    """Mask one name."""
    return TinyMasked(re.sub("Zebedee", "[name]", text))


def open_store(address: str) -> GuideTrackerStore:
    """A worker's store."""
    return GuideTrackerStore(DOMAIN, url=address, mask=mask)


def turn(text: str, case: str | None = None) -> list[Event]:
    """What a turn adds."""
    intent = {"name": "say", "confidence": 0.9}
    parse: Any = {"text": text, "intent": intent, "entities": []}
    return [
        UserUttered(text, intent, [], parse),
        BotUttered(f"You said {text}"),
        SlotSet("risk", text),
        *([SlotSet("case", case)] if case else []),
        ActionExecuted("action_listen"),
    ]


async def add(
    store: GuideTrackerStore, sender: str, events: list[Event], pause: float | None = None
) -> None:
    """Take a turn; with `pause`, others come in between reading and storing."""
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    if pause is not None:
        await asyncio.sleep(pause)
    if not tracker.events:
        events = [ActionExecuted("action_session_start"), SessionStarted(), *events]
    for event in events:
        tracker.update(event, DOMAIN)
    await store.save(tracker)


def said(store: GuideTrackerStore, sender: str) -> list[str]:
    """What the person said."""
    return [e.text or "" for e in store.conversation(sender) if isinstance(e, UserUttered)]


async def whole_turn(store: GuideTrackerStore, locks: TurnLocks, text: str) -> None:
    """Take a turn of conversation "a" as the server does, with its lock and both looks."""
    async with locks.lock("a"):
        store.conversation("a")
        await add(store, "a", turn(text))
        store.conversation("a")
