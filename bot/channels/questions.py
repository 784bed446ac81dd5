"""The open question of each chat, since in Slack its options stay until they are removed.

Kept in memory only, for at most `most` chats. After a restart the options of an open question
stay visible and still work.
"""

from collections import OrderedDict
from collections.abc import Sequence

import msgspec

from bot.channels import choices, guard
from bot.channels.messages import Button, Message
from bot.channels.slack.blocks import Post, has_question

MOST_KEPT = 2_000


class Posted(msgspec.Struct, frozen=True):
    """The messages posted in a chat, each with Slack's id for it ("" if it has none)."""

    channel: str
    posts: list[tuple[str, Post]]


class OpenQuestion(msgspec.Struct, frozen=True):
    """An open question: where its options are, and all options of its turn in order."""

    posted: Posted
    buttons: tuple[Button, ...]

    def chosen_title(self, typed: str) -> str:
        """Return the title of the answer that the turn took typed text for, or ""."""
        button = choices.find_chosen_button(guard.clean_input(typed), self.buttons, ())
        return button.title if button and button.payload.startswith("answer:") else ""


class OpenQuestions:
    """The open questions, by conversation."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._open: OrderedDict[str, OpenQuestion] = OrderedDict()

    def open(self, conversation: str, posted: Posted, said: Sequence[Message]) -> None:
        """Keep the question of a turn in place of the one before."""
        asked = Posted(
            posted.channel, [(ts, post) for ts, post in posted.posts if ts and has_question(post)]
        )
        buttons = tuple(button for message in said for button in message.buttons)
        self._open.pop(conversation, None)
        self._open[conversation] = OpenQuestion(asked, buttons)
        while len(self._open) > self._most:
            self._open.popitem(last=False)

    def close(self, conversation: str) -> None:
        """Forget the question that was open."""
        self._open.pop(conversation, None)

    def get(self, conversation: str) -> OpenQuestion | None:
        """Return the question that is open."""
        return self._open.get(conversation)

    def __len__(self) -> int:
        return len(self._open)
