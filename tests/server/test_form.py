"""Copies of a conversation for an action."""

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    Event,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.server.form import copy_of_tracker
from bot.server.slots import share_slots

DOMAIN = Domain.from_dict(
    {
        "slots": {name: {"type": "any", "mappings": [{"type": "custom"}]} for name in ("a", "b")},
        "intents": ["say"],
    }
)
BEFORE: list[Event] = [
    ActionExecuted("action_session_start"),
    SessionStarted(),
    ActionExecuted("action_listen"),
    UserUttered("hello", {"name": "say"}),
    ActionExecuted("form"),
    ActiveLoop("form"),
    SlotSet("a", ["one"]),
    BotUttered("What else?"),
    ActionExecuted("action_listen"),
]
AFTER: list[Event] = [
    UserUttered("more", {"name": "say"}),
    LoopInterrupted(is_interrupted=True),
    SlotSet("a", ["two"]),
    SlotSet("b", 1),
    ActionExecuted("form"),
    ActiveLoop(None),
]


@pytest.fixture(autouse=True)
def shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the server; afterwards as Rasa does it."""
    for owner, name in (
        (Slot, "__copy__"),
        (DialogueStateTracker, "_set_slot"),
        (DialogueStateTracker, "_reset_slots"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name, None), raising=False)
    share_slots()


def _tracker(events: list[Event]) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("somebody", events, DOMAIN.slots)


def test_a_copy_is_what_rasa_makes_by_playing_it_again() -> None:
    """Its state is the same, and so is what comes of further events."""
    ours, theirs = copy_of_tracker(_tracker(BEFORE)), _tracker(BEFORE).copy()
    for event in [None, *AFTER]:
        if event is not None:
            ours.update(event, DOMAIN)
            theirs.update(event, DOMAIN)
        assert ours.current_state(EventVerbosity.ALL) == theirs.current_state(EventVerbosity.ALL)


def test_no_conversation_sees_what_another_sets() -> None:
    """Nor does the domain, from whose slots both begin; starting anew leaves the copy as it was."""
    first, second = _tracker(BEFORE), _tracker(BEFORE[:-3])
    assert (first.get_slot("a"), second.get_slot("a")) == (["one"], None)
    assert all(not slot.has_been_set and slot.value is None for slot in DOMAIN.slots)
    copied = copy_of_tracker(first)
    first.update(AllSlotsReset(), DOMAIN)
    assert (first.get_slot("a"), copied.get_slot("a")) == (None, ["one"])
    assert not first.slots["a"].has_been_set


def test_what_is_done_to_a_copy_changes_nothing_of_the_conversation() -> None:
    """Neither slots nor form nor events."""
    tracker = _tracker(BEFORE)
    before = tracker.current_state(EventVerbosity.ALL)
    copied = copy_of_tracker(tracker)
    for event in AFTER:
        copied.update(event, DOMAIN)
    assert tracker.current_state(EventVerbosity.ALL) == before
