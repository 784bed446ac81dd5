"""The guide's messages, before a channel draws them in its own way."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
from rasa.core.channels.channel import OutputChannel
from typing_extensions import override

from bot.core.vocabulary import URGENT_ROUTES


def is_urgent(card: Mapping[str, Any] | None) -> bool:
    """Say whether a card tells what to do now: nothing is said before it."""
    return (card or {}).get("kind") in URGENT_ROUTES


class Button(msgspec.Struct, frozen=True):
    """A choice on offer. Only the server understands the payload."""

    title: str
    payload: str


class File(msgspec.Struct, frozen=True):
    """A file to fetch: `type` is its media type."""

    title: str
    url: str
    type: str


class Message(msgspec.Struct, frozen=True):
    """A message of the guide; `text` says everything that `card` draws."""

    text: str
    buttons: tuple[Button, ...] = ()
    card: dict[str, Any] | None = None
    files: tuple[File, ...] = ()

    @property
    def urgent(self) -> bool:
        """Whether it tells what to do now."""
        return is_urgent(self.card)

    def with_file_addresses(self, address: Callable[[str], str]) -> "Message":
        """Return the message with each file's address replaced by `address` of it."""
        files = tuple(msgspec.structs.replace(file, url=address(file.url)) for file in self.files)
        return msgspec.structs.replace(self, files=files)

    def change_buttons(self) -> Iterator[Button]:
        """The buttons beside the card's lines, which have no number."""
        for section in (self.card or {}).get("sections", ()):
            for item in section["items"]:
                if item.get("change"):
                    yield Button(str(item["change_title"]), str(item["change"]))


def from_rasa(said: dict[str, Any]) -> Message | None:
    """A response of Rasa's as one message; None if there is nothing to show.

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
    """Something an action wants done once the turn is stored.

    `what` is "save" (the case, under a new code unless it has one), "renew" (under a new code),
    "keep" (update the case if it exists), "delete" (the case and the conversation), "log"
    (`answers` as a row of the figures), "log_saved" (that of a saved case, unless it was changed
    elsewhere) or "feedback" (`answers` as a report on a statement). `revision` names the state of
    the case that it leads to.
    """

    what: str
    reference: str = ""
    answers: dict[str, Any] = {}
    revision: str = ""


class NeutralOutput(OutputChannel):
    """Collects the messages of a turn. Rasa's own outputs would split text at blank lines."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.effects: list[Effect] = []

    @classmethod
    @override
    def name(cls) -> str:
        """The channel name by which responses can vary."""
        return "neutral"

    @override
    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a response as one message."""
        add_response(self, message)


def add_response(output: NeutralOutput, said: dict[str, Any]) -> None:
    """Add a response, as Rasa sends or stores it, to an output."""
    neutral = from_rasa(said)
    if neutral is not None:
        output.messages.append(neutral)
    effect = (said.get("custom") or {}).get("effect")
    if effect is not None:
        output.effects.append(msgspec.convert(effect, Effect))
