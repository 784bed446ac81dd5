"""Slack by Socket Mode: a whole conversation where nothing can come in from outside."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.fixtures import start_tiny
from tests.support.server import Server
from tests.support.slack_api import SlackApi
from tests.support.slack_person import SlackPerson, settings
from tests.support.slack_socket import APP_TOKEN, SlackSocket

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def slack() -> Iterator[SlackSocket]:
    """Slack's end of the connection."""
    with SlackSocket().running() as socket:
        yield socket


@pytest.fixture(scope="module")
def api(slack: SlackSocket) -> Iterator[SlackApi]:
    """Slack's Web API, which says where the connection is."""
    made = SlackApi()
    made.socket = slack.address
    yield made
    made.stop()


@pytest.fixture(scope="module")
def server(
    tiny_model: Path, tmp_path_factory: pytest.TempPathFactory, slack: SlackSocket, api: SlackApi
) -> Iterator[Server]:
    """The real server on the tiny bot, with the app's token in place of the signing secret."""
    environment = settings(api) | {"ESCALATION_GUIDE_SLACK_APP_TOKEN": APP_TOKEN}
    environment.pop("ESCALATION_GUIDE_SLACK_SIGNING_SECRET")
    # Slack's own client knows no NO_PROXY.
    environment |= dict.fromkeys(("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"), "")
    started = start_tiny(tiny_model, tmp_path_factory.mktemp("slack-socket"), **environment)
    slack.wait_for_connection()
    yield started
    status, _ = started.stop()
    assert status == 0
    assert "Traceback" not in started.written


class SocketPerson(SlackPerson):
    """A person whose deliveries come over the connection."""

    def __init__(self, server: str, api: SlackApi, slack: SlackSocket) -> None:
        super().__init__(server, api)
        self.slack = slack

    def event(self, event: dict[str, Any], **changes: Any) -> httpx.Response:
        """Deliver an event."""
        assert "payload" not in self.slack.deliver("events_api", self.envelope(event, **changes))
        return httpx.Response(200)

    def interact(self, payload: dict[str, Any]) -> httpx.Response:
        """Deliver a press."""
        self.slack.deliver("interactive", payload)
        return httpx.Response(200)


@pytest.fixture
def person(server: Server, slack: SlackSocket, api: SlackApi) -> Iterator[SocketPerson]:
    """A new person of the workspace. Nothing that was posted may be what Slack refuses."""
    yield SocketPerson(server.address, api, slack)
    assert api.problems == []


def test_words_and_presses_are_answered(person: SocketPerson) -> None:
    """As over https: the welcome, a press, a text."""
    person.say("hello")
    assert person.text.startswith("Welcome.")
    person.press("Worried, but not now.")
    assert person.text.startswith("Answered concern.")
    person.say("they will not answer our referral")
    assert "A card" in person.text


def test_the_command_is_answered_with_its_acknowledgement(person: SocketPerson) -> None:
    """The line for the person alone; the talk goes on in the private chat."""
    form = person.command_form("our referral was refused", "C0STAFF")
    told = person.slack.deliver("slash_commands", form)
    assert told["payload"]["response_type"] == "ephemeral"
    assert "call 999 first" in told["payload"]["text"]
    person.heard()
    assert "A card" in person.text


def test_what_comes_twice_is_answered_once(person: SocketPerson) -> None:
    """And acknowledged twice."""
    envelope = person.envelope(person.message("hello"))
    for _ in range(2):
        person.slack.deliver("events_api", envelope)
    person.heard()
    assert person.text.count("Welcome.") == 1


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("events_api", {"type": "event_callback"}),
        ("slash_commands", {"command": 5}),
        ("interactive", {"type": "block_actions"}),
        ("something_new", {}),
    ],
)
def test_what_is_not_read_is_acknowledged(
    person: SocketPerson, kind: str, payload: dict[str, Any]
) -> None:
    """Or Slack would send it for ever. The next message is answered."""
    assert "payload" not in person.slack.deliver(kind, payload)
    person.say("hello")
    assert person.text.startswith("Welcome.")


def test_another_workspace_is_not_heard(person: SocketPerson, server: Server) -> None:
    """The same list holds."""
    person.slack.deliver("events_api", person.envelope(person.message("hi"), team_id="T0OTHER"))
    person.heard()
    assert person.posts == []
    assert server.writes("workspace that is not listed")


def test_the_addresses_for_calls_from_outside_are_closed(person: SocketPerson) -> None:
    """Nothing is open that is not needed, whatever the signature."""
    for place in ("events", "interactions", "commands"):
        assert person.post(place, b"{}", "application/json").status_code == 404


def test_the_guide_connects_anew_when_slack_asks(person: SocketPerson) -> None:
    """Slack refreshes connections; the next delivery comes over the new one."""
    before = person.slack.connections
    person.slack.disconnect()
    person.slack.wait_for_connection(before + 1)
    person.say("hello")
    assert person.text.startswith("Welcome.")
