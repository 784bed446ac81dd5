"""The neutral message: what the guide says, before any one channel draws it."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from rasa.core.channels.channel import OutputChannel
from typing_extensions import override


class Button(msgspec.Struct, frozen=True):
    """A choice that is offered. The payload means something to the server only."""

    title: str
    payload: str


class File(msgspec.Struct, frozen=True):
    """A file to fetch: `type` is its media type."""

    title: str
    url: str
    type: str


class Message(msgspec.Struct, frozen=True):
    """One thing the guide says; `card` is advice to be drawn, which `text` says as well."""

    text: str
    buttons: tuple[Button, ...] = ()
    card: dict[str, Any] | None = None
    files: tuple[File, ...] = ()

    def linked(self, address: Callable[[str], str]) -> "Message":
        """Return the message with its files at the addresses that `address` gives for theirs."""
        files = tuple(msgspec.structs.replace(file, url=address(file.url)) for file in self.files)
        return msgspec.structs.replace(self, files=files)

    def changes(self) -> Iterator[Button]:
        """The buttons that stand in the card's own lines: they have no number."""
        for section in (self.card or {}).get("sections", ()):
            for item in section["items"]:
                if item.get("change"):
                    yield Button(str(item["change_title"]), str(item["change"]))


def from_rasa(said: dict[str, Any]) -> Message | None:
    """What Rasa gives a channel to send, as one message; None where there is nothing to show.

    >>> from_rasa({"text": "Kent?", "buttons": [{"title": "Yes", "payload": "do:yes"}]}).buttons
    (Button(title='Yes', payload='do:yes'),)
    """
    custom = said.get("custom") or {}
    message = Message(
        text=str(said.get("text") or "").strip(),
        buttons=tuple(
            Button(str(b["title"]), str(b.get("payload") or b["title"]))
            for b in said.get("buttons") or []
        ),
        card=custom.get("card"),
        files=tuple(
            File(str(f["title"]), str(f["url"]), str(f["type"])) for f in custom.get("files") or []
        ),
    )
    if not (message.text or message.buttons or message.card or message.files):
        return None
    return message


class Effect(msgspec.Struct, frozen=True):
    """What an action wants done once the turn is stored.

    With the conversation's case, `what` is "save" (under a code: a new one, unless the case has
    one), "renew" (under a new code in any case), "keep" (only if it is there) or "delete" (the
    conversation as well). "log" keeps `answers` as the row of the figures.
    """

    what: str
    reference: str = ""
    answers: dict[str, Any] = {}


class NeutralOutput(OutputChannel):
    """Gathers what the guide says in one turn. Rasa's own outputs split text on blank lines."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.effects: list[Effect] = []

    @classmethod
    @override
    def name(cls) -> str:
        """The name under which responses may be varied by channel."""
        return "neutral"

    @override
    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one response, whole."""
        gather(self, message)


def gather(output: NeutralOutput, said: dict[str, Any]) -> None:
    """Add to an output what Rasa gives it to send, or what is stored of that."""
    neutral = from_rasa(said)
    if neutral is not None:
        output.messages.append(neutral)
    effect = (said.get("custom") or {}).get("effect")
    if effect is not None:
        output.effects.append(msgspec.convert(effect, Effect))
