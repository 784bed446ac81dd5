"""Safety rule 7: whatever fails, the person is told what to do, and nothing half-done stays."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.fixtures import start_tiny
from tests.support.server import Server
from tests.support.web_client import WebClient

pytestmark = pytest.mark.server


def _is_safety_message(text: str) -> bool:
    return "not working" in text and "call 999 first" in text


@pytest.mark.parametrize(
    "how", ["break now", "nonsense now", "silence now", "circle now", "hang now"]
)
def test_an_action_that_fails_leads_to_the_safety_message(tiny_server: Server, how: str) -> None:
    """It raises, answers nonsense, says nothing, repeats itself or hangs: never silence.

    Nothing half-said is shown, nothing of the turn is stored, and the next turn works.
    """
    client = tiny_server.client()
    client.press("Worried, but not now.")
    before = client.history()
    client.say(how)
    assert _is_safety_message(client.text)
    assert "Half an answer" not in client.text
    assert client.history() == before
    client.say("please help with social care")
    assert client.text.endswith("Risk: concern")


@contextmanager
def _locked(database: Path) -> Iterator[None]:
    """Another program that keeps the database for itself."""
    other = sqlite3.connect(database, isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")
    finally:
        other.close()


def _health(client: WebClient) -> int:
    time.sleep(1.1)  # the server keeps its last finding for a second
    return client.http.get("/health").status_code


def test_a_store_that_fails_is_said_and_mends(tiny_server: Server) -> None:
    """While nothing can be stored the person is told so, with the safety message; then it goes on.

    No turn is kept in memory meanwhile, and health tells the truth before, during and after.
    """
    client = tiny_server.client()
    client.press("Worried, but not now.")
    before = client.history()
    assert _health(client) == 200
    with _locked(tiny_server.folder / "conversations.db"):
        client.say("please help with social care")
        assert _is_safety_message(client.messages[0]["text"])
        assert "Nothing is being recorded" in client.messages[1]["text"]
        assert _health(client) == 503
        opened = tiny_server.client()
        assert _is_safety_message(opened.messages[0]["text"])
    assert _health(client) == 200
    assert client.history() == before
    client.say("please help with social care")
    assert client.text.endswith("Risk: concern")


def test_a_killed_server_loses_no_answered_turn(tiny_model: Path, tmp_path: Path) -> None:
    """After SIGKILL the same token goes on where the last answer was, on a new server."""
    first = start_tiny(tiny_model, tmp_path)
    client = first.client()
    client.press("Worried, but not now.")
    before = client.history()
    first.process.kill()
    first.process.wait()
    second = start_tiny(tiny_model, tmp_path)
    again = WebClient(second.address, client.token)
    assert again.history() == before
    again.say("please help with social care")
    assert again.text.endswith("Risk: concern")
    second.stop()


def test_neither_log_nor_store_holds_what_it_must_not(tiny_model: Path, tmp_path: Path) -> None:
    """At the most talkative level, with every kind of failure, no typed word is in the log.

    And a name that masking knows is in no file at all.
    """
    server = start_tiny(tiny_model, tmp_path)
    client = server.client()
    for how in ("please help with", "break now", "nonsense now", "silence now", "hang now"):
        client.say(f"{how} xylophone Zebedee")
    client.say('/answer{"risk": "xylophone Zebedee"}')
    client.say("xylophone Zebedee " * 400)
    client.send({"text": ["xylophone Zebedee"]})
    client.http.get("/xylophone/Zebedee?xylophone=Zebedee")
    with _locked(tmp_path / "conversations.db"):
        client.say("please help xylophone Zebedee")
    assert "xylophone" in json.dumps(client.history())
    server.stop()
    assert "DEBUG" in server.written
    assert "xylophone" not in server.written
    assert "Zebedee" not in server.written
    for path in tmp_path.rglob("*"):
        if path.is_file() and not any(parent.is_symlink() for parent in path.parents):
            assert b"Zebedee" not in path.read_bytes(), path.name
