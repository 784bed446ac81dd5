"""What the guide does where Slack does not do what it is asked."""

import json
from pathlib import Path

import pytest

from tests.support.fixtures import WELCOME, start_tiny
from tests.support.server import Server
from tests.support.slack_api import Fault, SlackApi
from tests.support.slack_person import SlackPerson, settings

pytestmark = pytest.mark.server

SAFETY = "The guide is not working at the moment"
RATE_LIMITED = Fault(429, b'{"ok": false, "error": "ratelimited"}', {"Retry-After": "1"})


def refused(error: str) -> Fault:
    """Slack's answer to a call that it understood and did not do."""
    return Fault(200, json.dumps({"ok": False, "error": error}).encode())


@pytest.mark.parametrize(
    "fault",
    [RATE_LIMITED, Fault(500), Fault(503, b"<html>Busy</html>"), Fault(None)],
    ids=["429", "500", "503", "nothing"],
)
def test_a_failure_that_passes_is_tried_again(
    person: SlackPerson, slack_api: SlackApi, fault: Fault
) -> None:
    """The answer comes all the same, once, and nothing is said of the failure."""
    slack_api.faults["chat.postMessage"] = [fault]
    person.say("hello")
    tries = [post.ok for post in person.posts]
    assert tries == [False, True]
    assert person.posts[-1].drawn.startswith(WELCOME)


@pytest.mark.parametrize(
    "fault",
    [
        refused("invalid_auth"),
        refused("fatal_error"),
        Fault(200, b"not json"),
        Fault(200, b""),
        Fault(200, b"[]"),
        Fault(403),
    ],
    ids=["invalid_auth", "fatal_error", "not json", "empty", "a list", "403"],
)
def test_what_cannot_be_posted_gives_the_safety_message(
    person: SlackPerson, slack_api: SlackApi, fault: Fault
) -> None:
    """After a failure that retrying cannot mend, the standing safety message is posted."""
    slack_api.faults["chat.postMessage"] = [fault]
    person.say("hello")
    failed, standing = person.posts
    assert not failed.ok
    assert standing.drawn.startswith(SAFETY)
    assert "999" in standing.drawn
    # The next turn finds the conversation as it should be.
    person.say("1")
    assert person.text.startswith("Answered immediate_danger.")


def test_blocks_that_slack_does_not_take_are_said_as_text(
    person: SlackPerson, slack_api: SlackApi
) -> None:
    """The question and its options are there, to be answered by number."""
    slack_api.faults["chat.postMessage"] = [refused("invalid_blocks")]
    person.say("hello")
    _, plain = person.posts
    assert plain.blocks == []
    assert plain.text.startswith(WELCOME)
    assert "2. Worried, but not now." in plain.text
    person.say("2")
    assert person.text.startswith("Answered concern.")


def test_a_choice_that_cannot_be_shown_is_answered_all_the_same(
    person: SlackPerson, slack_api: SlackApi
) -> None:
    """Slack may no longer have the message; the answer does not depend on it."""
    person.say("hello")
    slack_api.faults["chat.update"] = [refused("message_not_found")]
    person.press("Worried, but not now.")
    assert person.text.startswith("Answered concern.")
    assert len(person.posts) == 1


@pytest.mark.parametrize("typed", ["break now", "hang now", "nonsense now", "silence now"])
def test_a_turn_that_fails_gives_the_safety_message(person: SlackPerson, typed: str) -> None:
    """Whatever breaks in the turn, the person gets the standing message, and its options stay."""
    person.say("hello")
    person.say(typed)
    assert person.text.startswith(SAFETY)


def test_options_stay_after_a_failed_turn(person: SlackPerson, slack_api: SlackApi) -> None:
    """Nobody has to find another way to answer the question again."""
    person.say("hello")
    payload = person.pressing("Worried, but not now.")
    payload["actions"][0]["value"] = "answer:gone:away"
    payload["actions"][0]["text"]["text"] = "2. break now"
    person.interact(payload)
    person.heard()
    assert person.text.startswith(SAFETY)
    assert slack_api.by("chat.update", channel=person.channel) == []


def test_an_answer_elsewhere_is_never_posted(person: SlackPerson, slack_api: SlackApi) -> None:
    """Where Slack's API is down, an address given in a press is used only if it is Slack's."""
    person.say("hello")
    payload = person.pressing("Worried, but not now.")
    payload["response_url"] = f"{slack_api.address}/stolen"
    slack_api.faults["chat.postMessage"] = [refused("invalid_auth"), refused("invalid_auth")]
    person.interact(payload)
    person.heard()
    assert slack_api.by("stolen") == []
    assert [post.ok for post in person.posts] == [False, False]
    person.say("hello")
    assert person.text.startswith(WELCOME)


def test_nothing_typed_nor_a_secret_is_in_the_log(
    person: SlackPerson, slack_api: SlackApi, slack_server: Server
) -> None:
    """What failed is named with Slack's own word for why; what was said and the token are not."""
    slack_api.faults["chat.postMessage"] = [refused("invalid_auth"), Fault(500)]
    person.say("Zebedee's referral was refused")
    assert slack_server.writes("Slack refused chat.postMessage: invalid_auth.")
    for hidden in ("Zebedee", "xoxb-1-stand-in", "8f742231b10e", person.user, "Is a child at risk"):
        assert hidden not in slack_server.written


def test_a_missing_setting_stops_the_start(
    tiny_model: Path, tmp_path_factory: pytest.TempPathFactory, slack_api: SlackApi
) -> None:
    """The error names the setting that is missing, and shows no secret."""
    given = settings(slack_api)
    del given["ESCALATION_GUIDE_SLACK_SIGNING_SECRET"]
    with pytest.raises(AssertionError) as failed:
        start_tiny(tiny_model, tmp_path_factory.mktemp("half"), **given)
    assert "ESCALATION_GUIDE_SLACK_SIGNING_SECRET" in str(failed.value)
    assert "xoxb-1-stand-in" not in str(failed.value)


def test_without_settings_nothing_answers(tiny_server: Server) -> None:
    """The channel is off by default, and nothing answers at its addresses."""
    client = tiny_server.visitor().http
    for place in ("events", "interactions", "commands"):
        answer = client.post(f"/webhooks/slack/{place}", content=b"{}")
        assert answer.status_code == 404
