"""Conversations are deleted some time after their last turn, and leave nothing behind."""

import json
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy.engine import Engine

from bot.commands.purge import main
from bot.privacy.retention import DAY_SECONDS, EVENTS, days_kept, purge
from bot.privacy.tracker_store import make_engine

NOW = 1_800_000_000.0


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A database with one old conversation, one that went on later, and a fresh one."""
    made = make_engine(f"sqlite:///{tmp_path}/conversations.db")
    SQLTrackerStore.Base.metadata.create_all(made)
    ages = {"old": [40, 31], "went_on": [40, 2], "fresh": [1]}
    with made.begin() as connection:
        for sender, days in ages.items():
            for age in days:
                row = {
                    "sender_id": sender,
                    "type_name": "user",
                    "timestamp": NOW - age * DAY_SECONDS,
                    "data": json.dumps({"text": f"said by {sender}"}),
                }
                connection.execute(EVENTS.insert(), row)
    return made


def senders(engine: Engine) -> set[str]:
    """Return whose conversations are there."""
    with engine.connect() as connection:
        return set(connection.execute(sa.select(EVENTS.c.sender_id)).scalars())


def test_only_conversations_whose_last_turn_is_old_are_deleted(engine: Engine) -> None:
    """One that began long ago and went on lately stays whole."""
    assert purge(engine, 30, NOW) == 1
    assert senders(engine) == {"went_on", "fresh"}
    assert purge(engine, 30, NOW) == 0


def test_what_was_deleted_is_in_no_file(engine: Engine, tmp_path: Path) -> None:
    """Its text is gone from the database and from the write-ahead log."""
    purge(engine, 30, NOW)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"said by old" not in kept
    assert b"said by fresh" in kept


def test_the_command_says_how_many_it_deleted(
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It takes the database and the days from where the server takes them."""
    monkeypatch.setenv("ESCALATION_GUIDE_DATABASE", f"sqlite:///{tmp_path}/conversations.db")
    days = (time.time() - NOW) / DAY_SECONDS + 30
    assert main(["--days", str(days)]) == 0
    assert capsys.readouterr().out.startswith("Deleted 1 conversation older than")
    assert senders(engine) == {"went_on", "fresh"}


def test_a_setting_that_is_no_number_of_days_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is deleted on a guess."""
    for wrong in ("soon", "-1"):
        monkeypatch.setenv("ESCALATION_GUIDE_KEEP_DAYS", wrong)
        with pytest.raises(ValueError, match=r"soon|negative"):
            days_kept()
        assert main([]) == 2
