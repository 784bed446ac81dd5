"""The elements of Adaptive Cards, of version 1.5, the latest that Teams draws."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from bot.channels.messages import Button

Part = dict[str, Any]

VERSION = "1.5"
LONGEST_BUTTON = 32
_BOLD_LINE = re.compile(r"\*\*([^*]+)\*\*")


def text(words: str, **more: Any) -> Part:
    """Return text that wraps."""
    return {"type": "TextBlock", "text": words, "wrap": True, **more}


def heading(words: str, **more: Any) -> Part:
    """Return a heading, for screen readers as well."""
    return text(words, **{"size": "Medium", "weight": "Bolder", "style": "heading", **more})


def bullet(words: str) -> str:
    """Return one line of a list.

    It is not Markdown, because Teams cuts off the lines of indented Markdown lists.
    """
    return f"• {words}"


def container(items: Sequence[Part], **more: Any) -> Part:
    """Return several parts in a container."""
    return {"type": "Container", "items": list(items), **more}


def column_set(*columns: Part, **more: Any) -> Part:
    """Return columns side by side."""
    return {"type": "ColumnSet", "columns": list(columns), **more}


def column(width: str, *items: Part) -> Part:
    """Return a column: as wide as its content ("auto") or as the room ("stretch")."""
    return {
        "type": "Column",
        "width": width,
        "verticalContentAlignment": "Center",
        "items": [*items],
    }


def actions(*buttons: Part, **more: Any) -> Part:
    """Return a row of buttons."""
    return {"type": "ActionSet", "actions": list(buttons), **more}


def submit_button(button: Button, title: str = "", **more: Any) -> Part:
    """Return a button that sends its payload and shows in the chat what was chosen.

    The payload is included twice, since Teams' apps differ in what they send back. If they send
    neither, the title remains, which works as if typed.
    """
    chosen = {"choice": button.payload}
    shown = {
        "type": "messageBack",
        "displayText": button.title,
        "text": button.title,
        "value": chosen,
    }
    return {
        "type": "Action.Submit",
        "title": title or button.title,
        "data": {**chosen, "msteams": shown},
        **more,
    }


def choices(options: Sequence[Part]) -> Iterator[Part]:
    """Yield buttons below each other.

    If any title is long, all are drawn as boxes to press: there text wraps, while phones cut off
    the text of buttons.
    """
    boxed = any(len(str(option["title"])) > LONGEST_BUTTON for option in options)
    for number, option in enumerate(options):
        spacing = "Small" if number else "Medium"
        if boxed:
            words = text(str(option["title"]), weight="Bolder", color="Accent")
            yield container([words], selectAction=option, style="emphasis", spacing=spacing)
        else:
            yield actions(option, spacing=spacing)


def text_parts(words: str) -> Iterator[Part]:
    """Yield each line of a text as a part: a bold line as a heading, a dash as a bullet."""
    spacing = "Medium"
    for line in words.split("\n"):
        bold = _BOLD_LINE.fullmatch(line.strip())
        if bold:
            yield heading(bold[1], spacing=spacing)
        elif line.startswith("- "):
            yield text(bullet(line[2:]), spacing="Small")
        elif line.strip():
            yield text(line, spacing=spacing)
        # Lines of a paragraph are set close together.
        spacing = "Small" if line.strip() else "Medium"


def card(body: Sequence[Part], fallback: str) -> Part:
    """Return a card. Apps that cannot draw it show `fallback`."""
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": VERSION,
        "fallbackText": fallback,
        "body": list(body),
        # As wide as the chat: lines of advice are long.
        "msteams": {"width": "Full"},
    }
