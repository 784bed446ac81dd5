"""The pieces that Adaptive Cards are made of, of version 1.5 and no later: Teams draws no more."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from bot.channels.messages import Button

Part = dict[str, Any]

VERSION = "1.5"
_BOLD_LINE = re.compile(r"\*\*([^*]+)\*\*")


def text(words: str, **more: Any) -> Part:
    """Return text that wraps."""
    return {"type": "TextBlock", "text": words, "wrap": True, **more}


def heading(words: str, **more: Any) -> Part:
    """Return a heading, for screen readers as well."""
    return text(words, weight="Bolder", style="heading", **more)


def container(items: Sequence[Part], **more: Any) -> Part:
    """Return several parts as one."""
    return {"type": "Container", "items": list(items), **more}


def columns(*each: Part, **more: Any) -> Part:
    """Return columns, side by side."""
    return {"type": "ColumnSet", "columns": list(each), **more}


def column(width: str, *items: Part) -> Part:
    """Return one column: as wide as it needs ("auto") or as there is room ("stretch")."""
    return {
        "type": "Column",
        "width": width,
        "verticalContentAlignment": "Center",
        "items": [*items],
    }


def actions(*each: Part, **more: Any) -> Part:
    """Return buttons."""
    return {"type": "ActionSet", "actions": list(each), **more}


def press(button: Button, title: str = "", **more: Any) -> Part:
    """Return a button that answers with its payload, and shows in the chat what was chosen.

    The payload is sent twice since Teams' apps differ in what they send back; where they sent
    neither, the title is left, which works typed in.
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


def lines(words: str) -> Iterator[Part]:
    """Yield a text as parts: a heading for a line in bold, a list for lines with dashes."""
    listed: list[str] = []
    spacing = "Medium"
    for line in [*words.split("\n"), ""]:
        if line.startswith("- "):
            listed.append(line)
            continue
        if listed:
            yield text("\n".join(listed), spacing="Small")
            listed = []
        bold = _BOLD_LINE.fullmatch(line.strip())
        if bold:
            yield heading(bold[1], spacing=spacing)
        elif line.strip():
            yield text(line, spacing=spacing)
        # Lines of one paragraph stand close together.
        spacing = "Small" if line.strip() else "Medium"


def card(body: Sequence[Part], fallback: str) -> Part:
    """Return a whole card. `fallback` is shown by an app that cannot draw it."""
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": VERSION,
        "lang": "en",
        "fallbackText": fallback,
        "body": list(body),
        # As wide as the chat: lines of advice are long.
        "msteams": {"width": "Full"},
    }
