"""How a private chat begins: from a channel, by the command, or by opening it."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.fixtures import WELCOME
from tests.support.slack_api import Fault, SlackApi
from tests.support.slack_person import BOT, SlackPerson

pytestmark = pytest.mark.server


@pytest.mark.parametrize(
    ("event", "channel"),
    [
        ({"type": "app_mention"}, "C0STAFF1"),
        ({"type": "app_mention", "thread_ts": "1.2"}, "C0STAFF2"),
        ({"channel_type": "mpim"}, "G0GROUP1"),
    ],
)
def test_in_public_it_only_offers_a_private_chat(
    person: SlackPerson, slack_api: SlackApi, event: dict[str, Any], channel: str
) -> None:
    """One line, shown to that person only, and nothing of what was written is taken in."""
    words = f"<@{BOT}> Zebedee did not come, our referral was refused"
    for _ in range(2):
        mention = person.message(words, **({"channel": channel, "channel_type": None} | event))
        person.event(mention)
    assert person.heard() == []
    (line,) = slack_api.by("chat.postEphemeral", user=person.user)
    assert line.body["channel"] == channel
    assert line.body.get("thread_ts") == event.get("thread_ts")
    assert "private chat" in line.drawn
    assert "999" in line.drawn
    assert "Zebedee" not in line.drawn
    person.say("hello")
    assert person.text.startswith(WELCOME)


def test_the_offer_comes_privately_if_it_is_not_a_member(
    person: SlackPerson, refuse: Callable[..., None]
) -> None:
    """Mentioned in a channel that it is not a member of, it makes its offer in a private chat."""
    refuse("chat.postEphemeral", "not_in_channel")
    mention = {"type": "app_mention", "channel": "C0OTHER", "channel_type": None}
    person.event(person.message("help", **mention))
    person.heard()
    assert "private chat" in person.text
    assert person.options == ["Open a private chat"]


def test_the_offer_opens_a_private_chat(person: SlackPerson, slack_api: SlackApi) -> None:
    """Pressed in a channel, the button begins the conversation in a direct message."""
    person.event(person.message("help", type="app_mention", channel="C0A", channel_type=None))
    person.heard()
    (line,) = slack_api.by("chat.postEphemeral", user=person.user)
    block = line.blocks[-1]
    payload = person.payload(line, line.blocks, block, block["elements"][0])
    payload["channel"] = {"id": "C0A", "name": "staff"}
    person.interact(payload)
    person.heard()
    assert person.text.startswith(WELCOME)


def test_the_command_opens_a_private_chat(person: SlackPerson, slack_api: SlackApi) -> None:
    """Only the sender sees that it worked; the welcome comes in a direct message."""
    answer = person.command()
    assert answer.status_code == 200
    assert answer.json()["response_type"] == "ephemeral"
    assert "private chat" in answer.json()["text"]
    assert "999" in answer.json()["text"]
    person.heard()
    assert person.text.startswith(WELCOME)
    assert slack_api.by("conversations.open", users=person.user)


def test_words_with_the_command_are_answered_privately(person: SlackPerson) -> None:
    """They count as the first message, and are not repeated where the command was given."""
    answer = person.command("please help with our referral")
    assert "referral" not in answer.text
    person.heard()
    assert "A card" in person.text


def test_slacks_own_check_of_the_command_is_answered(person: SlackPerson) -> None:
    """Slack looks now and then whether the address is there."""
    answer = person.form("commands", {"ssl_check": "1", "token": "x"})
    assert answer.status_code == 200


def test_opening_the_chat_is_welcomed_once(person: SlackPerson) -> None:
    """Opening it again says nothing."""
    opened = {
        "type": "app_home_opened",
        "user": person.user,
        "channel": person.channel,
        "tab": "messages",
    }
    for _ in range(2):
        person.event(opened)
    (welcome,) = person.heard()
    assert welcome.drawn.startswith(WELCOME)


def test_the_home_tab_explains_privacy_after_999(person: SlackPerson, slack_api: SlackApi) -> None:
    """999 first, no names, how long it is kept, and that Slack keeps its own copy."""
    person.heard()
    (call,) = slack_api.by("views.publish", user_id=person.user)
    view = json.dumps(call.body["view"], ensure_ascii=False)
    assert view.index("999") < view.index("private chat")
    for said in ("Please don't write names", "30 days", "*Slack keeps its own copy*"):
        assert said in view


@pytest.fixture
def refuse(slack_api: SlackApi) -> Callable[..., None]:
    """Makes Slack refuse the next call of a method, with its own name for why."""

    def one(method: str, error: str, times: int = 1) -> None:
        body = json.dumps({"ok": False, "error": error}).encode()
        slack_api.faults[method] += [Fault(200, body)] * times

    return one
