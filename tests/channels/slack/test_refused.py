"""Requests that are not answered: not from Slack, not from now, not readable, not from here."""

import json
import time
from typing import Any

import httpx
import pytest

from tests.support.fixtures import WELCOME
from tests.support.slack_api import SlackApi
from tests.support.slack_person import SlackPerson, signature

pytestmark = pytest.mark.server

PLACES = ("events", "interactions", "commands")


def wrongly(person: SlackPerson, **headers: str) -> httpx.Response:
    """Deliver a good event with other headers."""
    return person.deliver(person.envelope(person.message("hello")), **headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Signature": "v0=" + "0" * 64},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v1=abc"},
        {"X-Slack-Request-Timestamp": "0"},
        {"X-Slack-Request-Timestamp": ""},
        {"X-Slack-Request-Timestamp": "now"},
        {"X-Slack-Request-Timestamp": "9" * 400},
    ],
    ids=str,
)
def test_an_unsigned_request_is_refused(person: SlackPerson, headers: dict[str, str]) -> None:
    """401, and nothing is done."""
    answer = wrongly(person, **headers)
    assert answer.status_code == 401
    assert answer.json()["error"] == "not_genuine"
    assert person.heard() == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("seconds", [-301, 301])
def test_an_old_request_is_refused(person: SlackPerson, place: str, seconds: int) -> None:
    """A copy of an old request is worth nothing, at any of the addresses."""
    content = json.dumps(person.envelope(person.message("hello"))).encode()
    # One second on: the clock may pass on to the next while it is on its way.
    off = seconds - 1 if seconds < 0 else seconds + 60
    signed = signature(content, time.time() + off)
    answer = person.post(place, content, "application/json", **signed)
    assert answer.status_code == 401
    assert person.heard() == []


@pytest.mark.parametrize("place", PLACES)
def test_a_changed_body_is_refused(person: SlackPerson, place: str) -> None:
    """The signature is of the body, to the last byte; and of this app's secret."""
    content = json.dumps(person.envelope(person.message("hello"))).encode()
    signed = signature(content)
    assert person.post(place, content + b" ", "application/json", **signed).status_code == 401
    other = signature(content, secret="another app's secret")  # noqa: S106
    assert person.post(place, content, "application/json", **other).status_code == 401
    assert person.heard() == []


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"type": 5}',
        b"\xff\xfe",
        b"[" * 30_000,
        b"payload={",
        b"=",
    ],
    ids=lambda content: str(content[:12]),
)
def test_a_signed_body_that_is_wrong_is_refused(
    person: SlackPerson, place: str, content: bytes
) -> None:
    """400, in words, whatever it is; the server goes on."""
    answer = person.post(place, content, "application/json")
    assert answer.status_code == 400
    assert answer.json()["error"] == "bad_request"


@pytest.mark.parametrize(
    "change",
    [
        {"event_id": None},
        {"team_id": None},
        {"event": {"type": "message", "text": 5}},
        {"event": {"type": "message", "user": {"id": "U1"}, "text": "hello"}},
    ],
    ids=str,
)
def test_an_event_without_what_it_needs_is_refused(
    person: SlackPerson, change: dict[str, Any]
) -> None:
    """400, since Slack never sends it so."""
    answer = person.deliver(person.envelope(person.message("hello")) | change)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "payload",
    [{"type": "view_submission"}, {"type": "shortcut"}, {"type": "message_action"}, {}],
)
def test_other_kinds_of_press_are_acknowledged(
    person: SlackPerson, payload: dict[str, Any]
) -> None:
    """The guide has none of them; Slack is not told that it is broken."""
    person.interact(payload)
    assert person.heard() == []


@pytest.mark.parametrize("kind", ["reaction_added", "team_join", "", None, 5, ["message"], {}])
def test_other_kinds_of_event_are_acknowledged(person: SlackPerson, kind: object) -> None:
    """Whatever Slack will think of next is not the guide's to read."""
    person.event({"type": kind, "user": person.user, "text": "hello"})
    assert person.heard() == []


def test_a_body_of_a_megabyte_is_refused(person: SlackPerson) -> None:
    """413 before it is read; the next request is answered."""
    answer = person.deliver(person.envelope(person.message("x" * 1_000_000)))
    assert answer.status_code == 413
    assert person.say("hello")


def test_another_workspace_is_refused(person: SlackPerson, slack_api: SlackApi) -> None:
    """Signed or not: only listed workspaces are served, and the command says so in words."""
    person.team = "T0OTHER1"
    assert person.deliver(person.envelope(person.message("hello"))).status_code == 403
    answer = person.command("hello")
    assert answer.status_code == 200
    assert "not set up for your organisation" in answer.json()["text"]
    assert slack_api.by("chat.postMessage", channel=person.channel) == []


def test_a_guest_of_another_workspace_gets_only_a_notice(
    person: SlackPerson, slack_api: SlackApi
) -> None:
    """Where workspaces share a chat, who is of another is told, with 999, and not heard."""
    mention = {"type": "app_mention", "channel": "C0SHARED", "channel_type": None}
    person.event(person.message("Our referral", user_team="T0OTHER1", **mention))
    person.say("Our referral", user_team="T0OTHER1")
    assert "not set up for your organisation" in person.text
    assert "999" in person.text
    (line,) = slack_api.by("chat.postEphemeral", user=person.user)
    assert "not set up for your organisation" in line.drawn
    assert line.options == []
    person.say("hello")
    assert person.text.startswith(WELCOME)
