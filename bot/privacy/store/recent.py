"""Keep the part of a conversation that a turn needs, so that turn 200 costs no more than turn 5.

Rasa replays the whole conversation several times in each turn. But its rules look back a few
turns at most; all that older turns leave behind is slots and the active form. So older turns are
folded into the events that set those.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

# No rule may look back further than KEEP of the person's messages. Folding costs as much as a
# turn, so it waits for FOLD_AT messages.
KEEP = 4
FOLD_AT = 7


@dataclass(frozen=True)
class Folded:
    """Events that replace the first `cut` events of a conversation."""

    events: tuple[Event, ...] = ()
    cut: int = 0


def fold_older_turns(folded: Folded, events: list[Event], slots: list[Slot]) -> Folded:
    """Fold the older turns of `events`, of which `folded` already replaces the first part.

    Returns `folded` unchanged while there is little to fold, or if a turn did not end by listening.
    """
    starts = [
        position
        for position in range(folded.cut, len(events))
        if isinstance(events[position], UserUttered)
    ]
    if len(starts) < FOLD_AT:
        return folded
    cut = starts[-KEEP]
    last = events[cut - 1]
    if not (isinstance(last, ActionExecuted) and last.action_name == ACTION_LISTEN_NAME):
        return folded
    older = replay("", [*folded.events, *events[folded.cut : cut]], slots)
    if older.is_paused():
        return folded
    return Folded(_summary_events(older, slots, last.timestamp), cut)


def replay(sender_id: str, events: Iterable[Event], slots: list[Slot]) -> DialogueStateTracker:
    """The tracker that the events lead to."""
    return DialogueStateTracker.from_events(sender_id, list(events), slots)


def _summary_events(
    older: DialogueStateTracker, slots: list[Slot], timestamp: float
) -> tuple[Event, ...]:
    unset = {slot.name: slot.initial_value for slot in slots}
    set_slots = [
        SlotSet(name, slot.value, timestamp)
        for name, slot in older.slots.items()
        if slot.value != unset.get(name)
    ]
    loop = [ActiveLoop(older.active_loop_name, timestamp)] if older.active_loop_name else []
    return (
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=timestamp),
        SessionStarted(timestamp),
        *set_slots,
        *loop,
        ActionExecuted(ACTION_LISTEN_NAME, timestamp=timestamp),
    )
