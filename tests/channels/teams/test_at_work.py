"""A turn that takes long: the person sees that the guide is at work."""

import asyncio
from typing import Any, cast

import pytest

from bot.channels.messages import Message
from bot.channels.outbound import NotSent
from bot.channels.teams import channel
from bot.channels.teams.activity import Account, Activity, Conversation
from bot.channels.teams.connector import ChatAddress

ACTIVITY = Activity(
    type="message",
    service_url="https://smba.trafficmanager.net/uk/",
    sender=Account("29:person"),
    recipient=Account("28:bot"),
    conversation=Conversation("a:1"),
)
ANSWER = [Message("An answer")]


class Ends:
    """The two ends of the channel, of which only sending is used: `sent` is what was."""

    def __init__(self, *, fails: bool = False) -> None:
        self.connector = self
        self.sent: list[dict[str, Any]] = []
        self.typing = asyncio.Event()
        self.fails = fails

    async def send(
        self, place: ChatAddress, activity: dict[str, Any], tries: int | None = None
    ) -> None:
        """Keep what is sent."""
        self.sent.append(activity)
        assert (place.conversation, tries) == ("a:1", 1)
        self.typing.set()
        if self.fails:
            raise NotSent("host", 500)

    async def taking(self) -> list[Message]:
        """Take a turn that is done only after something was sent."""
        await self.typing.wait()
        return ANSWER


@pytest.mark.parametrize("fails", [False, True])
async def test_a_long_turn_shows_a_typing_indicator(
    monkeypatch: pytest.MonkeyPatch, *, fails: bool
) -> None:
    """Once, and where that cannot be shown the answer comes all the same."""
    monkeypatch.setattr(channel, "USUAL_SECONDS", 0)
    ends = Ends(fails=fails)
    said = await channel._at_work(cast("channel.TeamsContext", ends), ACTIVITY, ends.taking())  # noqa: SLF001
    assert said == ANSWER
    assert ends.sent == [{"type": "typing"}]


async def test_a_quick_turn_shows_no_typing_indicator() -> None:
    """Nearly all turns are done before anybody would look."""
    ends = Ends()
    ends.typing.set()
    said = await channel._at_work(cast("channel.TeamsContext", ends), ACTIVITY, ends.taking())  # noqa: SLF001
    assert said == ANSWER
    assert ends.sent == []


async def test_a_long_turn_passes_its_failure_on() -> None:
    """The exception of the turn is not swallowed."""

    async def fails() -> list[Message]:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await channel._at_work(cast("channel.TeamsContext", Ends()), ACTIVITY, fails())  # noqa: SLF001
