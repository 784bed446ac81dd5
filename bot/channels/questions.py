"""The open question of each chat, where options that were shown stay until they are removed.

Kept in memory only, for at most `most` chats. After a restart the options of an open question
stay visible and still work.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.channels import choices, guard
from bot.channels.messages import Button, Message

MOST_KEPT = 2_000
Posted = TypeVar("Posted")


@dataclass(frozen=True)
class OpenQuestion(Generic[Posted]):
    """An open question: where its options are, and all options of its turn in order."""

    posted: Posted
    buttons: tuple[Button, ...]

    def chosen_title(self, said: str) -> str:
        """Return the title of the answer that was typed or pressed, or ""."""
        button = choices.find_chosen_button(guard.clean_input(said), self.buttons, self.buttons)
        return button.title if button and choices.is_answer(button.payload) else ""


class OpenQuestions(Generic[Posted]):
    """The open questions, by conversation. A channel says itself how it has `Posted` one."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._open: OrderedDict[str, OpenQuestion[Posted]] = OrderedDict()

    def open(self, conversation: str, posted: Posted, said: Sequence[Message]) -> None:
        """Keep the question of a turn in place of the one before."""
        buttons = tuple(button for message in said for button in message.buttons)
        self._open.pop(conversation, None)
        self._open[conversation] = OpenQuestion(posted, buttons)
        while len(self._open) > self._most:
            self._open.popitem(last=False)

    def close(self, conversation: str) -> None:
        """Forget the question that was open."""
        self._open.pop(conversation, None)

    def get(self, conversation: str) -> OpenQuestion[Posted] | None:
        """Return the question that is open."""
        return self._open.get(conversation)

    def __len__(self) -> int:
        return len(self._open)
