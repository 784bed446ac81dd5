"""Where conversations are kept."""

import json
import sqlite3
import stat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.core.utils import AvailableEndpoints
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
from rasa_sdk.constants import DEFAULT_SERVER_PORT

from bot.core.conversation.slots import SLOTS
from bot.paths import ROOT
from bot.privacy.retention import delete_conversation
from bot.privacy.store.database import StoreUnavailable
from bot.privacy.store.events import RENAMED, last_bot_messages, parse_event
from bot.privacy.store.kept import KEPT_SECONDS
from bot.privacy.store.store_masking import RememberingMasker
from bot.privacy.store.tracker_store import GuideTrackerStore
from tests.support.stores import TinyMasked, mask

DOMAIN = Domain.from_dict({"slots": {"risk": {"type": "text", "mappings": [{"type": "custom"}]}}})


def _store(folder: Path) -> GuideTrackerStore:
    return GuideTrackerStore(DOMAIN, url=f"sqlite:///{folder}/conversations.db", mask=mask)


@pytest.fixture
def store(tmp_path: Path) -> GuideTrackerStore:
    """A new store in a file."""
    return _store(tmp_path)


def _session() -> list[Event]:
    started = SessionStarted()  # Rasa makes it first and stores it second.
    return [ActionExecuted("action_session_start"), started, ActionExecuted("action_listen")]


def _turn(text: str) -> list[Event]:
    intent = {"name": "say", "confidence": 0.9}
    parse: Any = {"text": text, "intent": intent, "entities": []}
    return [
        UserUttered(text, intent, [], parse, metadata={"masked": ["name"]}),
        ActionExecuted("action_echo", "RulePolicy", 1.0),
        BotUttered(f"You said {text}", {"buttons": [{"title": "A", "payload": "do:a"}]}),
        SlotSet("risk", text),
        ActionExecuted("action_listen"),
    ]


def _files(folder: Path) -> str:
    return "".join(path.read_text("latin-1") for path in folder.iterdir())


async def _add(store: GuideTrackerStore, sender: str, events: list[Event]) -> None:
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    for event in events:
        tracker.update(event, DOMAIN)
    await store.save(tracker)


def _dump(tracker: DialogueStateTracker | None) -> list[dict[str, object]]:
    assert tracker is not None
    return [event.as_dict() for event in tracker.events]


async def test_it_reads_the_same_events_as_rasas_store(
    store: GuideTrackerStore, tmp_path: Path
) -> None:
    """Event by event and slot by slot the same as Rasa's own store on the same file."""
    await _add(store, "a", _session() + _turn("one"))
    await _add(store, "a", _turn("two"))
    theirs = SQLTrackerStore(DOMAIN, db=f"{tmp_path}/conversations.db")
    mine, rasas = await store.retrieve("a"), await theirs.retrieve("a")
    assert _dump(mine) == _dump(rasas)
    assert mine is not None
    assert rasas is not None
    assert mine.current_slot_values() == rasas.current_slot_values()
    assert await store.retrieve("nobody") is None


async def test_a_new_session_starts_afresh_and_the_whole_can_still_be_read(
    store: GuideTrackerStore,
) -> None:
    """Only the latest session counts, wherever the clock stood when it began."""
    await _add(store, "a", _session() + _turn("one"))
    late = _session() + _turn("two")
    for event in late:
        event.timestamp -= 86_400
    await _add(store, "a", late)
    await _add(store, "a", _turn("three"))
    tracker = await store.retrieve("a")
    assert tracker is not None
    texts = [event.text for event in tracker.events if isinstance(event, UserUttered)]
    assert texts == ["two", "three"]
    full = await store.retrieve_full_tracker("a")
    assert full is not None
    assert len([event for event in full.events if isinstance(event, UserUttered)]) == 3


async def test_two_servers_on_one_database_see_each_other(tmp_path: Path) -> None:
    """Each reads what the other adds, without duplicates, even with the conversation in memory."""
    one, other = _store(tmp_path), _store(tmp_path)
    await _add(one, "a", _session() + _turn("one"))
    await _add(other, "a", _turn("two"))
    await _add(one, "a", _turn("three"))
    for store in (one, other):
        tracker = await store.retrieve("a")
        assert tracker is not None
        texts = [event.text for event in tracker.events if isinstance(event, UserUttered)]
        assert texts == ["one", "two", "three"]


async def test_a_deleted_conversation_is_gone_at_once(tmp_path: Path) -> None:
    """Deleted by another program, it is not remembered, even if its row numbers are used again."""
    store = _store(tmp_path)
    await _add(store, "a", _session() + _turn("one"))
    with sqlite3.connect(tmp_path / "conversations.db") as other:
        other.execute("DELETE FROM events")
    assert await store.retrieve("a") is None
    await _add(store, "a", _session() + _turn("one"))
    with sqlite3.connect(tmp_path / "conversations.db") as other:
        other.execute("DELETE FROM events")
    await _add(_store(tmp_path), "a", _session() + _turn("two"))
    tracker = await store.retrieve("a")
    assert tracker is not None
    assert [e.text for e in tracker.events if isinstance(e, UserUttered)] == ["two"]


async def test_the_guides_last_messages_are_returned_in_order(store: GuideTrackerStore) -> None:
    """The messages since the person last spoke, in order, with their buttons."""
    await _add(store, "a", _session() + _turn("one") + _turn("two") + [BotUttered("And more.")])
    said = last_bot_messages(store.conversation("a"))
    assert [message.text for message in said] == ["You said two", "And more."]
    assert said[0].data["buttons"] == [{"title": "A", "payload": "do:a"}]
    assert last_bot_messages(store.conversation("nobody")) == []


async def test_a_text_that_a_channel_forgot_to_mask_is_masked_on_its_way_in(
    store: GuideTrackerStore, tmp_path: Path
) -> None:
    """The same number of events, and the name in none of them, nor in the file."""
    events = _session() + _turn("Zebedee is at risk")
    await _add(store, "a", events)
    tracker = await store.retrieve("a")
    assert len(_dump(tracker)) == len(events)
    assert "Zebedee" not in json.dumps(_dump(tracker))
    assert "[name] is at risk" in json.dumps(_dump(tracker))
    assert tracker is not None
    assert tracker.get_slot("risk") == "[name] is at risk"
    store.close()
    assert "Zebedee" not in _files(tmp_path)


async def test_a_failing_store_raises_without_revealing_text(
    store: GuideTrackerStore, tmp_path: Path
) -> None:
    """Reading and writing raise StoreUnavailable without the statement or its values."""
    await _add(store, "a", _session())
    tracker = await store.retrieve("a")
    assert tracker is not None
    for event in _turn("xylophone"):
        tracker.update(event, DOMAIN)
    with sqlite3.connect(tmp_path / "conversations.db") as other:
        other.execute("ALTER TABLE events RENAME TO hidden")
    with pytest.raises(StoreUnavailable) as reading:
        await store.retrieve("a")
    with pytest.raises(StoreUnavailable) as writing:
        await store.save(tracker)
    assert "xylophone" not in str(reading.value) + str(writing.value)
    assert not store.writable(for_seconds=0)
    with sqlite3.connect(tmp_path / "conversations.db") as other:
        other.execute("ALTER TABLE hidden RENAME TO events")
    await store.save(tracker)
    assert store.writable(for_seconds=0)


def test_an_unwritable_path_is_refused(tmp_path: Path) -> None:
    """No store is better than one in memory that nobody asked for."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnavailable, match="cannot be opened"):
        GuideTrackerStore(DOMAIN, url=f"sqlite:///{tmp_path}/file/c.db", mask=mask)
    (tmp_path / "rubbish.db").write_text("This is not a database. " * 100)
    with pytest.raises(StoreUnavailable):
        GuideTrackerStore(DOMAIN, url=f"sqlite:///{tmp_path}/rubbish.db", mask=mask)


async def test_the_file_is_private_and_writes_ahead(
    store: GuideTrackerStore, tmp_path: Path
) -> None:
    """Only its owner can read it, and a health check leaves nothing in it."""
    await _add(store, "a", _session())
    assert store.writable(for_seconds=0)
    file = tmp_path / "conversations.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with sqlite3.connect(file) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert other.execute("SELECT DISTINCT sender_id FROM events").fetchall() == [("a",)]


async def test_idle_conversations_leave_memory(
    store: GuideTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old conversations leave memory, and are read again from the file when they go on."""
    monkeypatch.setattr("bot.privacy.store.kept.KEPT_EVENTS", 40)
    for number in range(20):
        await _add(store, f"s{number}", _session() + _turn(f"text {number}"))
    assert store.kept.events <= 40
    tracker = await store.retrieve("s0")
    assert tracker is not None
    assert tracker.get_slot("risk") == "text 0"


def test_only_masked_texts_pass_unchecked() -> None:
    """The net lets through what masking gave out, and masks what it has not seen."""
    asked: list[str] = []

    def counting(text: str) -> TinyMasked:
        asked.append(text)
        return mask(text)

    net = RememberingMasker(counting)
    masked = net("Zebedee is here").text
    assert net.clean(masked) == "[name] is here"
    assert asked == ["Zebedee is here"]
    assert net.clean("Zebedee again") == "[name] again"
    net.mark_clean("Worried, but not now.")
    net.clean("Worried, but not now.")
    assert asked == ["Zebedee is here", "Zebedee again"]


async def test_a_conversation_deleted_while_it_went_on_stays_deleted(
    store: GuideTrackerStore,
) -> None:
    """A turn that began before does not write it all back."""
    await _add(store, "a", _session() + _turn("one"))
    under_way = await store.get_or_create_tracker("a")
    assert delete_conversation(store.engine, "a") == {"a"}
    for event in _turn("two"):
        under_way.update(event, DOMAIN)
    with pytest.raises(StoreUnavailable):
        await store.save(under_way)
    assert await store.retrieve("a") is None


async def test_a_conversation_that_was_dropped_is_read_anew(store: GuideTrackerStore) -> None:
    """Nothing of it stays in memory, and what others wrote is still found."""
    await _add(store, "a", _session() + _turn("one"))
    store.drop(["a", "nobody"])
    assert store.kept.events == 0
    assert len(store.conversation("a")) == 8


def test_of_what_was_masked_only_the_latest_is_known_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The memory is bounded: a text from before is masked once more, which changes nothing."""
    monkeypatch.setattr("bot.privacy.store.store_masking.REMEMBERED", 10)
    asked: list[str] = []

    def counted(text: str) -> TinyMasked:
        asked.append(text)
        return mask(text)

    masker = RememberingMasker(counted)
    for number in range(11):
        masker.mark_clean(f"text {number}")
    assert [masker.clean(f"text {number}") for number in range(1, 11)]
    assert asked == []
    assert masker.clean("text 0") == "text 0"
    assert asked == ["text 0"]


async def test_a_conversation_that_nobody_goes_on_with_leaves_memory(
    store: GuideTrackerStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a quarter of an hour, as soon as another one goes on, and not before."""
    now = [1000.0]
    clock = SimpleNamespace(monotonic=lambda: now[0])
    monkeypatch.setattr("bot.privacy.store.kept.time", clock)
    await _add(store, "old", _session() + _turn("one"))
    await _add(store, "new", _session() + _turn("two"))
    for sender in ("old", "new"):
        await store.retrieve(sender)
    both = store.kept.events
    now[0] += KEPT_SECONDS - 1
    await store.retrieve("new")
    assert store.kept.events == both
    now[0] += 1
    await store.retrieve("new")
    assert store.kept.events == both / 2


@pytest.mark.parametrize(
    ("stored", "value", "read", "now"),
    [
        ("heard", "a knife", "red_flag", "a knife"),
        ("heard_now", True, "danger_now", True),
        ("since", {"on": "2026-11-20"}, "follow_up", {"on": "2026-11-20"}),
        ("requested_slot", "since", "requested_slot", "follow_up"),
        ("requested_slot", "calls_made", "requested_slot", "calls_made"),
        ("partnership", "since", "partnership", "since"),
    ],
)
def test_danger_stored_before_an_update_is_read_after_it(
    stored: str, value: object, read: str, now: object
) -> None:
    """Slots that were renamed keep what they held in conversations that go on."""
    event = parse_event(json.dumps(SlotSet(stored, value).as_dict()))
    assert isinstance(event, SlotSet)
    assert (event.key, event.value) == (read, now)


def test_every_renamed_slot_is_a_slot_of_the_guide() -> None:
    """What an old name is read as is an answer that the conversation holds."""
    assert set(RENAMED.values()) <= set(SLOTS)
    assert not set(RENAMED) & set(SLOTS)


def test_a_deletion_promised_before_an_update_is_known_after_it() -> None:
    """The effect of a stored turn is found under its former name as well."""
    stored = BotUttered("Deleted.", {"custom": {"wish": {"what": "delete"}}})
    event = parse_event(json.dumps(stored.as_dict()))
    assert isinstance(event, BotUttered)
    assert event.message()["custom"] == {"effect": {"what": "delete"}}


def test_rasas_own_commands_are_told_what_to_talk_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """`rasa shell` opens the same store and calls `rasa run actions`; it names our own command."""
    monkeypatch.setenv("ESCALATION_GUIDE_DATABASE", f"sqlite:///{tmp_path}/conversations.db")
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    made = TrackerStore.create(endpoints.tracker_store, DOMAIN)
    # Rasa wraps a store of its own making.
    inner = getattr(made, "_tracker_store", made)
    assert isinstance(inner, GuideTrackerStore)
    assert "python -m bot talk" in caplog.text
    assert endpoints.action is not None
    assert endpoints.action.url == f"http://localhost:{DEFAULT_SERVER_PORT}/webhook"
    caplog.clear()
    _store(tmp_path)
    assert caplog.text == ""
