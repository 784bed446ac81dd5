"""A running server keeps conversations no longer than it may."""

import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore

from bot.privacy.cases.saved import DAY_SECONDS
from bot.privacy.store.database import make_engine
from bot.privacy.store.tables import EVENTS
from tests.support.fixtures import start_tiny

pytestmark = pytest.mark.server
PATIENCE = 10


def test_old_conversations_are_gone_once_the_server_runs(tiny_model: Path, tmp_path: Path) -> None:
    """A conversation older than the setting is deleted at the start; a younger one stays."""
    engine = make_engine(f"sqlite:///{tmp_path}/conversations.db")
    SQLTrackerStore.Base.metadata.create_all(engine)
    with engine.begin() as connection:
        for sender, days in (("old", 8), ("young", 6)):
            said = time.time() - days * DAY_SECONDS
            row = {"sender_id": sender, "type_name": "user", "timestamp": said, "data": "{}"}
            connection.execute(EVENTS.insert(), row)
    server = start_tiny(tiny_model, tmp_path, ESCALATION_GUIDE_KEEP_DAYS="7")
    try:
        until = time.monotonic() + PATIENCE
        senders = {"old"}
        while "old" in senders and time.monotonic() < until:
            with engine.connect() as connection:
                senders = set(connection.execute(sa.select(EVENTS.c.sender_id)).scalars())
        assert senders == {"young"}
    finally:
        server.stop()
