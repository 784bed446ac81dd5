"""Recognise a choice: a button pressed, or its number or title typed.

A payload names the intent of a button. The server writes all payloads, and only those that this
conversation was shown are accepted; anything else a client sends is text.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from bot.channels.messages import Button

PAYLOAD = re.compile(r"answer:[a-z_]+:[a-z0-9_.-]+|do:[a-z_]+(:[a-z0-9_.-]+)?")
_NUMBER = re.compile(r"([1-9][0-9]?)[.)]?")


def find_chosen_button(text: str, last: Sequence[Button], shown: Iterable[Button]) -> Button | None:
    """The button that the text stands for, or None for ordinary text.

    `last` are the buttons of the guide's last turn in order, `shown` all buttons that the
    conversation was shown, newest first.
    """
    wanted = text.strip()
    if PAYLOAD.fullmatch(wanted):
        return next((button for button in shown if button.payload == wanted), None)
    number = _NUMBER.fullmatch(wanted)
    if number and int(number[1]) <= len(last):
        return last[int(number[1]) - 1]
    title = _comparable(wanted)
    return next((button for button in last if _comparable(button.title) == title), None)


def parse_data(button: Button) -> dict[str, Any] | None:
    """Parse data for a pressed button, as Rasa would give it; None if the payload is not ours.

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
    return certain_intent(intent, button.title, entities)


def other_language_intent(code: str, text: str) -> dict[str, Any]:
    """Parse data for a message in another language, stored as `text` only."""
    return certain_intent("other_language", text, [entity("language", code)])


def certain_intent(
    intent: str, text: str = "", entities: Sequence[dict[str, str]] = ()
) -> dict[str, Any]:
    """Parse data for an intent that is known, not guessed."""
    return {
        "intent": {"name": intent, "confidence": 1.0},
        "entities": list(entities),
        "text": text,
        "intent_ranking": [],
    }


def entity(name: str, value: str) -> dict[str, str]:
    """An entity as Rasa's understanding would give it."""
    return {"entity": name, "value": value}


def _comparable(title: str) -> str:
    return " ".join(title.split()).rstrip(".").rstrip().casefold()
