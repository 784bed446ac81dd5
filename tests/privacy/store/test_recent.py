"""The part of a conversation that a turn needs."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.privacy.store.database import StoreUnavailable
from bot.privacy.store.recent import FOLD_AT, KEEP, Folded, fold_older_turns, replay
from bot.privacy.store.store_masking import RememberingMasker
from bot.privacy.store.tracker_store import GuideTrackerStore
from tests.support.tiny_server import tiny_mask

DOMAIN = Domain.from_dict(
    {
        "intents": ["say", "answer"],
        "actions": ["action_echo"],
        "forms": {"escalation_form": {"required_slots": []}},
        "slots": {
            name: {"type": "any", "mappings": [{"type": "custom"}]} for name in ("risk", "steps")
        },
    }
)

_values = st.one_of(st.none(), st.text(max_size=3), st.lists(st.integers(), max_size=2))
_turn = st.lists(
    st.one_of(
        st.builds(SlotSet, st.sampled_from(["risk", "steps", "requested_slot"]), _values),
        st.builds(ActiveLoop, st.sampled_from(["escalation_form", None])),
        st.just(ActionExecuted("action_echo")),
        st.just(BotUttered("Something.")),
    ),
    max_size=4,
)


def _conversation(turns: list[list[Event]]) -> list[Event]:
    events: list[Event] = [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
    ]
    for number, turn in enumerate(turns):
        intent = {"name": "say", "confidence": 1.0}
        parse: Any = {"text": f"text {number}", "intent": intent, "entities": []}
        events += [UserUttered(f"text {number}", intent, [], parse), *turn]
        events.append(ActionExecuted("action_listen"))
    return events


def _state(tracker: DialogueStateTracker) -> dict[str, Any]:
    state = tracker.current_state()
    return {key: state[key] for key in state if key not in {"events", "latest_event_time"}} | {
        "active_loop": tracker.active_loop_name
    }


@given(st.lists(_turn, max_size=30))
def test_a_folded_conversation_stands_where_the_whole_one_does(turns: list[list[Event]]) -> None:
    """Folded turn by turn: the same slots, form and latest message, and the same recent states."""
    folded = Folded()
    slots = DOMAIN.slots
    for count in range(len(turns) + 1):
        events = _conversation(turns[:count])
        folded = fold_older_turns(folded, events, slots)
        short = replay("a", [*folded.events, *events[folded.cut :]], slots)
        whole = replay("a", events, slots)
        assert _state(short) == _state(whole)
        assert len([e for e in short.events if isinstance(e, UserUttered)]) < FOLD_AT + 1
        recent = short.past_states(DOMAIN)
        assert len(recent) > min(count, KEEP)
        same = len(recent) - 1
        assert recent[-same:] == whole.past_states(DOMAIN)[-same:]


def _store(folder: Path) -> GuideTrackerStore:
    url = f"sqlite:///{folder}/conversations.db"
    return GuideTrackerStore(DOMAIN, url=url, mask=RememberingMasker(tiny_mask))


async def test_all_turns_are_stored_and_a_turn_gets_only_the_latest(tmp_path: Path) -> None:
    """Fifty turns on, none is lost or doubled, for this server and for one that starts later."""
    store = _store(tmp_path)
    for number in range(50):
        turn: list[Event] = [SlotSet("risk", number), BotUttered(f"Answer {number}")]
        start = 0 if number == 0 else 3
        tracker = await store.get_or_create_tracker("a", append_action_listen=False)
        assert len(tracker.events) < 60
        for event in _conversation([turn])[start:]:
            tracker.update(event, DOMAIN)
        await store.save(tracker)
    for one in (store, _store(tmp_path)):
        again = await one.retrieve("a")
        assert again is not None
        assert again.get_slot("risk") == 49
        said = [e.text for e in one.conversation("a") if isinstance(e, BotUttered)]
        assert said == [f"Answer {number}" for number in range(50)]
        full = await one.retrieve_full_tracker("a")
        assert full is not None
        assert len(full.events) == 3 + 50 * 4


async def test_a_conversation_that_shrank_meanwhile_is_not_written_wrong(tmp_path: Path) -> None:
    """A turn fails loudly if its conversation is deleted meanwhile."""
    store = _store(tmp_path)
    for number in range(12):
        tracker = await store.get_or_create_tracker("a", append_action_listen=False)
        for event in _conversation([[]])[0 if number == 0 else 3 :]:
            tracker.update(event, DOMAIN)
        await store.save(tracker)
    under_way = await store.retrieve("a")
    assert under_way is not None
    under_way.update(SlotSet("risk", 1), DOMAIN)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM events")
    with pytest.raises(StoreUnavailable):
        await store.save(under_way)
