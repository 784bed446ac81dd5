"""Draw a turn for a terminal: the words, then every option with a number."""

import itertools
import textwrap
from collections.abc import Iterator, Sequence

from bot.channels import choices
from bot.channels.messages import Message

FOLDED = "+ "
"""Stands before the heading of lines that are shown when the heading is typed."""


class TerminalTurn:
    """A turn of the guide as a terminal shows it.

    The options of questions have the numbers that they have in every channel. The change buttons
    in a card's open lines, which other channels draw beside the line, go on counting after them.
    """

    def __init__(self, messages: Sequence[Message]) -> None:
        self._messages = messages
        sections = [s for message in messages for s in (message.card or {}).get("sections", ())]
        self._folded = {_name(s["heading"]): s for s in sections if s.get("folded")}
        closed = {item.get("change") for s in self._folded.values() for item in s["items"]}
        self._options = [button for message in messages for button in message.buttons]
        self._changes = [
            button
            for message in messages
            for button in message.change_buttons()
            if button.payload not in closed
        ]

    def meaning(self, typed: str) -> str:
        """Return what to send for what was typed: a change button's payload for its number."""
        place = (choices.number_said(typed) or 0) - len(self._options)
        return self._changes[place - 1].payload if 0 < place <= len(self._changes) else typed

    def unfold(self, typed: str, width: int) -> str:
        """Return the lines below the folded heading that was typed; "" if it is none."""
        section = self._folded.get(_name(typed.removeprefix(FOLDED)))
        if section is None:
            return ""
        shown = [_wrapped(str(section["heading"]), width)]
        for item in section["items"]:
            source = item.get("source") or {}
            named = ", ".join(filter(None, (source.get("document"), source.get("section"))))
            told = [f"- {item['text']}", item.get("detail"), named and f"({named})"]
            shown += [_wrapped(str(part), width, "  ") for part in told if part]
        return "\n".join(shown)

    def draw(self, width: int) -> str:
        """Return the turn in lines of at most `width` characters."""
        return "\n".join(self._lines(width))

    def _lines(self, width: int) -> Iterator[str]:
        numbers = itertools.count(1)
        for message in self._messages:
            yield ""
            for line in self._open_lines(message.text.replace("**", "").split("\n")):
                yield _wrapped(line, width, "  " if line.startswith("- ") else "")
            for file in message.files:
                yield _wrapped(f"[{file.title}]", width)
            for button in message.buttons:
                yield _wrapped(f"  {next(numbers)}. {button.title}", width, "     ")
        for button in self._changes:
            yield _wrapped(f"  {next(numbers)}. {button.title}", width, "     ")

    def _open_lines(self, lines: Sequence[str]) -> Iterator[str]:
        """Yield the lines of a text, without those below a folded heading."""
        below: set[str] = set()
        for line in lines:
            section = self._folded.get(_name(line))
            if section is not None:
                texts = "\n".join(f"- {item['text']}" for item in section["items"])
                below = set(texts.replace("**", "").split("\n"))
                yield f"{FOLDED}{line}"
            elif line not in below:
                below = set()
                yield line


def _name(heading: str) -> str:
    return " ".join(heading.split()).casefold()


def _wrapped(line: str, width: int, indent: str = "") -> str:
    return textwrap.fill(line, width, subsequent_indent=indent, break_on_hyphens=False)
