"""The question that stands open in each chat: in Slack its options stay until they are taken away.

Kept in memory only, and never for more than `most` chats. After a restart the options of an open
question stay where they are, and can be pressed as ever.
"""

from collections import OrderedDict
from collections.abc import Sequence

import msgspec

from bot.channels import choices, guard
from bot.channels.messages import Button, Message
from bot.channels.slack.blocks import Post, asks

MOST_KEPT = 2_000


class Posted(msgspec.Struct, frozen=True):
    """What was posted in a chat, each message with Slack's own id for it ("" for none)."""

    channel: str
    posts: list[tuple[str, Post]]


class Open(msgspec.Struct, frozen=True):
    """A question: where its options stand, and all options of its turn in order."""

    posted: Posted
    buttons: tuple[Button, ...]

    def answered(self, typed: str) -> str:
        """Return the title of the answer that a typed text stands for, as the turn took it."""
        button = choices.chosen(guard.plain(typed), self.buttons, ())
        return button.title if button and button.payload.startswith("answer:") else ""


class Questions:
    """The open questions, by conversation."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._open: OrderedDict[str, Open] = OrderedDict()

    def open(self, conversation: str, posted: Posted, said: Sequence[Message]) -> None:
        """Keep what was asked in a turn, in place of what was asked before."""
        asked = Posted(posted.channel, [(ts, one) for ts, one in posted.posts if ts and asks(one)])
        buttons = tuple(button for message in said for button in message.buttons)
        self._open.pop(conversation, None)
        self._open[conversation] = Open(asked, buttons)
        while len(self._open) > self._most:
            self._open.popitem(last=False)

    def close(self, conversation: str) -> None:
        """Forget the question that was open."""
        self._open.pop(conversation, None)

    def get(self, conversation: str) -> Open | None:
        """Return the question that is open."""
        return self._open.get(conversation)

    def __len__(self) -> int:
        return len(self._open)
