"""Marks every answer of a practice, so that nobody takes it for real, or danger for practice."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from rasa.shared.core.events import Event, SlotSet

from bot.channels.messages import Message
from bot.channels.wording import Wording

SLOT = "practice"
"""The slot that is true while a case is invented."""


def is_practice(events: Iterable[Event]) -> bool:
    """Say whether the conversation is in a practice after these events."""
    practice = False
    for event in events:
        if isinstance(event, SlotSet) and event.key == SLOT:
            practice = bool(event.value)
    return practice


def marked(messages: Sequence[Message], wording: Wording) -> list[Message]:
    """Return the messages of a practice, marked.

    Urgent advice stays as it is, since it may be meant; what it is to somebody who practises is
    said after it.
    """
    urgent = any(message.urgent for message in messages)
    said = [_marked(message, wording) for message in messages]
    return [*said, Message(wording.say("practice_urgent"))] if urgent else said


def _marked(message: Message, wording: Wording) -> Message:
    card = message.card
    if message.urgent:
        return message
    mark = wording.say("practice_mark")
    text = wording.say("practice_marked", text=message.text) if message.text else mark
    return msgspec.structs.replace(message, text=text, card=card and _card(card, wording))


def _card(card: dict[str, Any], wording: Wording) -> dict[str, Any]:
    """Return a card with its title marked; a draft's subject too, since it is copied out."""
    names = [name for name in ("title", "subject") if card.get(name)]
    return card | {name: wording.say("practice_marked", text=card[name]) for name in names}
