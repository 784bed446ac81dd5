"""Safety rule 7: whatever fails, the person is told what to do, and nothing half-done stays."""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.channels.line import PLACES
from bot.server.actions import THREADS
from tests.support.fixtures import start_tiny
from tests.support.postgres import wait_for
from tests.support.server import ROOT, Server
from tests.support.web_client import WebClient

pytestmark = pytest.mark.server


def _is_safety_message(text: str) -> bool:
    return "not working" in text and "call 999 first" in text


@pytest.mark.parametrize(
    "how", ["break now", "nonsense now", "silence now", "circle now", "gap now", "hang now"]
)
def test_an_action_that_fails_leads_to_the_safety_message(tiny_server: Server, how: str) -> None:
    """It raises, answers nonsense, says nothing, repeats itself, leaves a gap or hangs.

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


def _becomes(client: WebClient, status: int) -> bool:
    """Whether health says so in a while: a turn that was not stored counts for some seconds."""
    wait_for(lambda: client.http.get("/health").status_code == status)
    return True


def test_a_failing_store_is_reported_and_recovers(tiny_server: Server) -> None:
    """While nothing can be stored the person is told so, with the safety message; then it goes on.

    No turn is kept in memory meanwhile, and health tells the truth before, during and after.
    """
    client = tiny_server.client()
    client.press("Worried, but not now.")
    before = client.history()
    assert _becomes(client, 200)
    with _locked(tiny_server.folder / "conversations.db"):
        client.say("please help with social care")
        assert _is_safety_message(client.messages[0]["text"])
        assert "Nothing is being recorded" in client.messages[1]["text"]
        assert _becomes(client, 503)
        opened = tiny_server.client()
        assert _is_safety_message(opened.messages[0]["text"])
    assert _becomes(client, 200)
    assert client.history() == before
    client.say("please help with social care")
    assert client.text.endswith("Risk: concern")


def test_a_full_disk_is_reported_and_recovers(tiny_server: Server) -> None:
    """A turn that finds no room is not stored and says so; with room again it goes on."""
    client = tiny_server.client()
    client.press("Worried, but not now.")
    full = tiny_server.folder / "full"
    full.touch()
    before = client.history()
    try:
        # What was deleted left some room.
        while client.say(f"social care {'and again ' * 390}")[0]["text"].startswith("You said"):
            before = client.history()
        assert _is_safety_message(client.messages[0]["text"])
        assert "Nothing is being recorded" in client.messages[1]["text"]
        assert _becomes(client, 503)
        assert client.http.get("/health/live").status_code == 200
    finally:
        full.unlink()
    assert _becomes(client, 200)
    assert client.history() == before
    client.say("please help with social care")
    assert client.text.endswith("Risk: concern")


@pytest.mark.parametrize("seconds", [-90_000, 90_000])
def test_a_clock_that_is_set_wrong_loses_nothing(tiny_server: Server, seconds: int) -> None:
    """Set back a day, a conversation goes on in order under its token; set on a day, it has ended.

    Once the clock is right again the same token is good again, and all that was said is there.
    """
    client = tiny_server.client()
    client.press("Worried, but not now.")
    clock = tiny_server.folder / "clock"
    clock.write_text(str(seconds))
    try:
        answer = client.send({"text": "social care meanwhile"})
        if seconds > 0:
            assert answer.status_code == 401
            assert answer.json()["error"] == "session_expired"
        else:
            assert answer.json()["messages"][0]["text"].endswith("Risk: concern")
            assert tiny_server.client().say("social care")
    finally:
        clock.unlink()
    client.say("social care afterwards")
    assert client.text.endswith("Risk: concern")
    said = [m["text"] for m in client.history() if m["from"] == "person"]
    meanwhile = [] if seconds > 0 else ["social care meanwhile"]
    assert said == ["Worried, but not now.", *meanwhile, "social care afterwards"]


def test_what_was_deleted_is_in_no_file_of_a_running_server(
    tiny_model: Path, tmp_path: Path
) -> None:
    """Purged while the server goes on, it is overwritten in the database and its log."""
    server = start_tiny(tiny_model, tmp_path)
    client = server.client()
    client.say("social care xylophone")
    assert _in_files(tmp_path, b"xylophone")
    command = [sys.executable, "-m", "bot", "purge", "--days", "0"]
    database = {"ESCALATION_GUIDE_DATABASE": f"sqlite:///{tmp_path}/conversations.db"}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **database}
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "Deleted 1 conversation" in told.stdout
    assert not _in_files(tmp_path, b"xylophone")
    client.say("social care")
    assert client.history()[-1]["text"].startswith("You said: social care")
    server.stop()


def _in_files(folder: Path, words: bytes) -> bool:
    return any(words in path.read_bytes() for path in folder.glob("conversations.db*"))


def test_the_server_reports_itself_unhealthy_while_all_actions_hang(
    tiny_model: Path, tmp_path: Path
) -> None:
    """With no free thread for actions the server reports itself unhealthy until one ends."""
    server = start_tiny(tiny_model, tmp_path)
    tabs = [server.client() for _ in range(THREADS)]
    probe = tabs[0].http
    assert probe.get("/health/live").status_code == 200
    answers: list[Any] = []
    with ThreadPoolExecutor(THREADS) as pool:
        # No more than PLACES turns are at work at once.
        for some in (tabs[:PLACES], tabs[PLACES:]):
            answers += pool.map(lambda tab: tab.say("hang now"), some)
    assert all(_is_safety_message(answer[0]["text"]) for answer in answers)
    for path in ("/health/live", "/health/ready"):
        answer = probe.get(path)
        assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})
    server.process.kill()


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
