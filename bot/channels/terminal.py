"""Draw a turn for a terminal: the words, then every option with a number."""

import textwrap
from collections.abc import Iterator, Sequence

from bot.channels import choices
from bot.channels.messages import Button, Message


class TerminalTurn:
    """A turn of the guide as a terminal shows it.

    The options of questions have the numbers that they have in every channel. The change buttons
    in a card's lines, which other channels draw beside the line, go on counting after them.
    """

    def __init__(self, messages: Sequence[Message]) -> None:
        self._messages = messages
        self._options = [button for message in messages for button in message.buttons]
        self._changes = [button for message in messages for button in message.change_buttons()]

    def meaning(self, typed: str) -> str:
        """Return what to send for what was typed: a change button's payload for its number."""
        place = (choices.number_said(typed) or 0) - len(self._options)
        return self._changes[place - 1].payload if 0 < place <= len(self._changes) else typed

    def draw(self, width: int) -> str:
        """Return the turn in lines of at most `width` characters."""
        return "\n".join(self._lines(width))

    def _lines(self, width: int) -> Iterator[str]:
        number = 0
        for message in self._messages:
            yield ""
            for line in message.text.replace("**", "").split("\n"):
                yield _wrapped(line, width, "  " if line.startswith("- ") else "")
            for file in message.files:
                yield _wrapped(f"[{file.title}]", width)
            for number, button in enumerate(message.buttons, number + 1):  # noqa: B020
                yield _numbered(number, button, width)
        for number, button in enumerate(self._changes, number + 1):  # noqa: B020
            yield _numbered(number, button, width)


def _numbered(number: int, button: Button, width: int) -> str:
    return _wrapped(f"  {number}. {button.title}", width, "     ")


def _wrapped(line: str, width: int, indent: str = "") -> str:
    return textwrap.fill(line, width, subsequent_indent=indent, break_on_hyphens=False)
