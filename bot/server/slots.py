"""Slots that conversations share until one is set.

Rasa gives each copy of a conversation copies of all its slots, ten times in a turn, of which hardly
one is set. Here a slot is never changed: a conversation that sets one takes a new one in its place.
"""

from typing import Any

from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker


def share_slots() -> None:
    """Let the copies of a conversation share their slots, from now on in this process."""
    Slot.__copy__ = _the_same  # type: ignore[attr-defined]
    for own in (_set_slot, _reset_slots):
        setattr(DialogueStateTracker, own.__name__, own)


def _the_same(slot: Slot) -> Slot:
    return slot


def _new(slot: Slot) -> Slot:
    made: Slot = object.__new__(type(slot))
    made.__dict__.update(slot.__dict__)
    return made


def _set_slot(tracker: DialogueStateTracker, key: str, value: Any) -> None:
    """Set a slot; one that the domain does not have is left out, as by Rasa."""
    known = tracker.slots.get(key)
    if known is not None:
        made = tracker.slots[key] = _new(known)
        made.value = value


def _reset_slots(tracker: DialogueStateTracker) -> None:
    for name, slot in tracker.slots.items():
        if slot.has_been_set:
            made = tracker.slots[name] = _new(slot)
            made.reset()
