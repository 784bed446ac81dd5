"""A button pressed, or its number or title typed: the choice that was offered.

A payload says which intent a press stands for. Only the server writes payloads, and only
one that this conversation has been shown is taken; anything else a client sends is text.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from bot.channels.messages import Button

PAYLOAD = re.compile(r"answer:[a-z_]+:[a-z0-9_.-]+|do:[a-z_]+(:[a-z0-9_.-]+)?")
_NUMBER = re.compile(r"([1-9][0-9]?)[.)]?")


def chosen(text: str, last: Sequence[Button], shown: Iterable[Button]) -> Button | None:
    """The button that the text stands for, or None where it is ordinary text.

    `last` are the buttons of the guide's last turn in order; `shown` all that the
    conversation has been shown, the newest first.
    """
    wanted = text.strip()
    if PAYLOAD.fullmatch(wanted):
        return next((button for button in shown if button.payload == wanted), None)
    number = _NUMBER.fullmatch(wanted)
    if number and int(number[1]) <= len(last):
        return last[int(number[1]) - 1]
    title = _folded(wanted)
    return next((button for button in last if _folded(button.title) == title), None)


def parse_data(button: Button) -> dict[str, Any] | None:
    """What Rasa's understanding would give for a press; None where the payload is not ours.

    >>> parse_data(Button("Kent", "answer:partnership:kent"))["entities"]
    [{'entity': 'question', 'value': 'partnership'}, {'entity': 'value', 'value': 'kent'}]
    """
    if not PAYLOAD.fullmatch(button.payload):
        return None
    kind, name, *value = button.payload.split(":")
    if kind == "answer":
        intent = "answer"
        entities = [entity("question", name), entity("value", value[0])]
    else:
        intent = name
        entities = [entity("value", value[0])] if value else []
    return meant(intent, button.title, entities)


def in_language(code: str, text: str) -> dict[str, Any]:
    """Parse data for a message in another language, of which `text` is all that is kept."""
    return meant("other_language", text, [entity("language", code)])


def meant(intent: str, text: str = "", entities: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    """Parse data for an intent that is known, not guessed."""
    return {
        "intent": {"name": intent, "confidence": 1.0},
        "entities": list(entities),
        "text": text,
        "intent_ranking": [],
    }


def entity(name: str, value: str) -> dict[str, str]:
    """What a message carries beside its intent, as Rasa's understanding would give it."""
    return {"entity": name, "value": value}


def _folded(title: str) -> str:
    return " ".join(title.split()).rstrip(".").rstrip().casefold()
