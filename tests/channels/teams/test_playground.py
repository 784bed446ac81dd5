"""The Teams channel in Microsoft's playground, before there are any credentials."""

import json
import queue
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.channels.configured import Misconfigured
from bot.channels.messages import Button
from bot.channels.published_keys import NotAuthentic
from bot.channels.teams import cards, parts
from bot.channels.teams.cloud import PUBLIC
from bot.channels.teams.playground import Playground, check_from_here
from bot.channels.teams.settings import PLAYGROUND, teams_settings
from bot.channels.wording import load
from tests.support.fixtures import start_tiny
from tests.support.server import ROOT, Server

RESPONSES = ROOT / "data/responses"
DANGER = "a child is being hit right now"


class Heard(ThreadingHTTPServer):
    """The playground's end: what the guide says to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.said: queue.Queue[dict[str, Any]] = queue.Queue()


class _Handler(BaseHTTPRequestHandler):
    server: Heard

    def do_POST(self) -> None:
        """Take an activity. That the guide is typing says nothing: a slow machine says it too."""
        activity = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if activity["type"] != "typing":
            self.server.said.put(activity)
        self.send_response(201)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing."""


@pytest.fixture
def playground() -> Iterator[Heard]:
    """The playground, running."""
    heard = Heard()
    thread = threading.Thread(target=heard.serve_forever, daemon=True)
    thread.start()
    yield heard
    heard.shutdown()
    heard.server_close()


@pytest.fixture
def guide(tiny_model: Path, tmp_path: Path) -> Iterator[Server]:
    """The real server on the tiny bot, open to the playground."""
    server = start_tiny(tiny_model, tmp_path, **{PLAYGROUND: "yes", "NO_PROXY": "127.0.0.1"})
    yield server
    server.stop()


@pytest.mark.server
def test_the_bot_is_tried_without_any_credentials(playground: Heard, guide: Server) -> None:
    """A message is answered, to this machine only; and the log says loudly what is open."""
    http = guide.visitor().http
    activity = {
        "type": "message",
        "id": "1",
        "channelId": "msteams",
        "serviceUrl": f"http://127.0.0.1:{playground.server_port}/",
        "from": {"id": "user"},
        "recipient": {"id": "bot"},
        "conversation": {"id": "talk", "conversationType": "personal", "tenantId": "0"},
        "text": DANGER,
    }
    address = "/webhooks/teams/messages"
    assert http.post(address, json=activity).status_code == 202
    said = [str(playground.said.get(timeout=60)) for _ in ("the welcome", "the answer")]
    assert f"You said: {DANGER}" in said[-1]
    elsewhere = activity | {"serviceUrl": "https://smba.trafficmanager.net/uk/", "id": "2"}
    assert http.post(address, json=elsewhere).status_code == 403
    for header in ("X-Forwarded-For", "Origin"):
        answer = http.post(address, json=activity | {"id": "3"}, headers={header: "10.1.2.3"})
        assert answer.status_code == 403
    assert guide.writes("checks no token")
    assert playground.said.empty()


@pytest.mark.parametrize("peer", ["10.0.0.4", "::ffff:10.0.0.4", "2001:db8::1", ""])
def test_another_machine_is_refused(peer: str) -> None:
    """Whatever address the guide listens on."""
    with pytest.raises(NotAuthentic):
        check_from_here(peer, {})
    check_from_here("127.0.0.1", {"host": "localhost:5005"})


@pytest.mark.parametrize(
    "address",
    [
        "https://localhost:1/",
        "http://localhost.example.org/",
        "http://a@localhost/",
        "http://[",
        "",
    ],
)
def test_only_addresses_on_this_machine_are_answered(address: str) -> None:
    """Not one that only looks like it."""
    assert not Playground().trusts(address)
    assert Playground().trusts("http://localhost:56150/_connector")


def test_its_buttons_can_be_pressed() -> None:
    """They send the choice alone: what Teams shows of a press, the playground stumbles over."""
    button = parts.submit_button(Button("Kent", "answer:kent"), "2. Kent")
    made = cards.card_activity(parts.card([parts.actions(button)], "Kent"), load(RESPONSES))
    sent = Playground().fitted(made)
    assert "msteams" not in json.dumps(sent)
    (pressed,) = sent["attachments"][0]["content"]["body"][0]["actions"]
    assert pressed == {key: button[key] for key in ("type", "title")} | {
        "data": {"choice": "answer:kent"}
    }
    assert PUBLIC.fitted(made) == made


def test_a_registered_bot_is_never_opened_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole or in part set up, the guide does not start; with anything but "yes" it stays shut."""
    monkeypatch.setenv(PLAYGROUND, "yes")
    assert teams_settings({}).playground
    with pytest.raises(Misconfigured, match=PLAYGROUND):
        teams_settings({"app_id": "11111111-2222-3333-4444-555555555555"})
