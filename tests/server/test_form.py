"""Copies of a conversation for an action."""

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.server.form import copy_of_tracker

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


def test_what_is_done_to_a_copy_changes_nothing_of_the_conversation() -> None:
    """Neither slots nor form nor events."""
    tracker = _tracker(BEFORE)
    before = tracker.current_state(EventVerbosity.ALL)
    copied = copy_of_tracker(tracker)
    for event in AFTER:
        copied.update(event, DOMAIN)
    assert tracker.current_state(EventVerbosity.ALL) == before
