"""The channel without a model: too much at once, no room, and answers where Slack's API is shut."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest
from typing_extensions import override

from bot.channels.background import Background
from bot.channels.enclosed import Received
from bot.channels.guard import Rate, Refused
from bot.channels.outbound import Answer, NotSent, Sender
from bot.channels.slack.api import SlackApi, is_slack_address
from bot.channels.slack.channel import PER_PERSON, SlackChannel
from bot.channels.slack.requests import (
    Act,
    Elsewhere,
    Person,
    Pressed,
    PrivateChat,
    SlackRequest,
    TypedText,
)
from bot.channels.slack.settings import SlackSettings
from bot.channels.turn import Services
from bot.channels.web.sessions import Sessions
from bot.channels.wording import load
from bot.documents.downloads import Links
from tests.support.server import ROOT

SETTINGS = SlackSettings(
    bot_token="xoxb-1",  # noqa: S106
    signing_secret="secret",  # noqa: S106
    teams=frozenset({"T1"}),
    api="https://slack.com/api",
    public_address="https://guide.example.org",
)
HOOK = "https://hooks.slack.com/actions/T1/2/abc"
SECRET = "s" * 32


class Wire(Sender):
    """Keeps what would be sent. Slack's API answers as `says`; `broken` addresses do not."""

    def __init__(self, says: Mapping[str, Any], broken: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.sent: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.says = says
        self.broken = broken

    @override
    async def post(
        self,
        url: str,
        body: object,
        headers: Mapping[str, str] | None = None,
        tries: int | None = None,
    ) -> Answer:
        """Keep it."""
        self.sent.append((url, cast("dict[str, Any]", body), dict(headers or {})))
        if url in self.broken:
            raise NotSent("hooks.slack.com", 500)
        return Answer(200, {}, msgspec.json.encode(self.says))

    def to(self, url: str) -> list[dict[str, Any]]:
        """What was sent to an address."""
        return [body for address, body, _ in self.sent if address == url]


class Held:
    """What the server holds, with a services that has no model: every turn fails."""

    def __init__(self, wire: Wire, room: int = 20) -> None:
        self.services = Services(
            agent=cast("Any", SimpleNamespace(processor=None)),
            store=cast("Any", SimpleNamespace(conversation=lambda _: [])),
            mask=cast("Any", None),
            wording=load(ROOT / "data/responses"),
            cases=cast("Any", None),
        )
        self.sessions = Sessions(SECRET, lambda: 0.0)
        self.once = cast("Any", SimpleNamespace(use=lambda *_: True))
        self.links = Links(SECRET, lambda: 0.0, 3600, self.once)
        self.sender = wire
        self.background = Background(most_in_one=room)

    async def done(self) -> None:
        """Wait for what is under way."""
        await self.background.finish(60)


OK = {"ok": True, "channel": {"id": "D9"}}
SHUT = {"ok": False, "error": "invalid_auth"}


def channel(rate: Rate = PER_PERSON) -> SlackChannel:
    """The channel, set up."""
    return SlackChannel(SETTINGS, 30, lambda: 0.0, rate)


def asked(id_: str, what: Act | None = None, team: str = "T1") -> SlackRequest:
    """Something that a person did."""
    return SlackRequest(id_, Person(team, "U1"), what or TypedText(Received("hello")), "D1")


async def test_too_many_messages_are_told_to_wait_once() -> None:
    """Messages above the rate are told to wait, with 999, once, and then ignored."""
    held, slack = Held(Wire(OK)), channel(Rate(1, 0.0001))
    for number in range(5):
        slack.begin(held, asked(f"Ev{number}"))
    await held.done()
    first, told = held.sender.to("https://slack.com/api/chat.postMessage")
    assert first["text"].startswith("The guide is not working")
    assert "too many messages at once" in told["text"]
    assert "999" in told["text"]


async def test_a_full_queue_refuses_and_accepts_a_retry() -> None:
    """Slack is answered 503, so that it delivers again; then it is answered."""
    held, slack = Held(Wire(OK), room=1), channel()
    slack.begin(held, asked("Ev1"))
    with pytest.raises(Refused) as refused:
        slack.begin(held, asked("Ev2"))
    assert refused.value.status == 503
    await held.done()
    slack.begin(held, asked("Ev2"))
    await held.done()
    assert len(held.sender.to("https://slack.com/api/chat.postMessage")) == 2


async def test_a_delivery_taken_by_another_worker_is_not_answered() -> None:
    """Of several processes on one database, only one answers a delivery."""
    held = Held(Wire(OK))
    held.once = cast("Any", SimpleNamespace(use=lambda *_: False))
    channel().begin(held, asked("Ev1"))
    await held.done()
    assert held.sender.sent == []


async def test_the_token_goes_to_slacks_api_and_nowhere_else() -> None:
    """It is in the header of each call, and not in a response to a press."""
    held = Held(Wire(OK))
    what = PrivateChat("", HOOK, by_button=True)
    channel().begin(held, asked("1", what))
    await held.done()
    for url, body, headers in held.sender.sent:
        there = url.startswith("https://slack.com/api/")
        assert (headers.get("Authorization") == "Bearer xoxb-1") is there
        assert "xoxb" not in str(body)
    (said,) = held.sender.to(HOOK)
    assert said["replace_original"] is True
    assert "private chat" in said["text"]


@pytest.mark.parametrize("what", [PrivateChat("", HOOK), Pressed({"value": "do:x"}, {}, HOOK)])
async def test_without_the_api_the_safety_message_uses_the_response_address(what: Act) -> None:
    """A press and a command can be answered without the token that is no longer good."""
    held = Held(Wire(SHUT))
    channel().begin(held, asked("1", what))
    await held.done()
    (said,) = held.sender.to(HOOK)
    assert said["text"].startswith("The guide is not working at the moment")
    assert "call <tel:999|999> first" in said["text"]
    assert said["response_type"] == "ephemeral"


@pytest.mark.parametrize(
    "what", [PrivateChat("", "https://evil.example/x"), TypedText(Received("hello"))]
)
async def test_a_safety_message_that_cannot_be_sent_is_logged(
    what: Act, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing goes to an address that is not Slack's; whoever runs it finds why in the log."""
    held = Held(Wire(SHUT))
    channel().begin(held, asked("1", what))
    await held.done()
    assert {url.rpartition("/")[0] for url, _, _ in held.sender.sent} == {"https://slack.com/api"}
    assert "invalid_auth" in caplog.text
    assert "could not be sent" in caplog.text


async def test_an_offer_that_cannot_be_replaced_has_still_opened_the_chat() -> None:
    """The button's own message is the lesser thing."""
    held = Held(Wire(OK, broken=frozenset({HOOK})))
    channel().begin(held, asked("1", PrivateChat("", HOOK, by_button=True)))
    await held.done()
    assert len(held.sender.to("https://slack.com/api/chat.postMessage")) == 1


async def test_in_public_the_conversation_is_not_touched() -> None:
    """The line is all that is sent, and the same person in another channel gets it too."""
    held, slack = Held(Wire(OK)), channel()
    for place in ("C1", "C1", "C2"):
        slack.begin(
            held,
            SlackRequest(f"{len(held.sender.sent)}{place}", Person("T1", "U1"), Elsewhere(), place),
        )
        await held.done()
    lines = held.sender.to("https://slack.com/api/chat.postEphemeral")
    assert [line["channel"] for line in lines] == ["C1", "C2"]
    assert len(held.sender.sent) == 2


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://hooks.slack.com/actions/1",
        "https://hooks.slack.com.evil.example/1",
        "https://hooks.slack.com@evil.example/1",
        "https://evil.example/hooks.slack.com",
        "https://hooks.slack.com:8443/1",
        "https://HOOKS.slack.com./1",
        "https://user@hooks.slack.com/1",
        "//hooks.slack.com/1",
        "https://hooks.slack.com/1\r\nHost: evil.example",
        "https://127.0.0.1/1",
        "https://[",
    ],
)
async def test_only_slacks_own_address_is_answered(address: str) -> None:
    """Whatever stands in a request, nothing is sent anywhere else."""
    wire = Wire(OK)
    assert not is_slack_address(address)
    assert not await SlackApi("xoxb-1", wire, "https://slack.com/api").respond(address, "hello")
    assert wire.sent == []
    assert is_slack_address(HOOK)
