"""The pieces that Adaptive Cards are made of, of version 1.5 and no later: Teams draws no more."""

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

    The renderer gives a list in Markdown the whole width and an indent, and cuts off its lines.
    """
    return f"• {words}"


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


def choices(options: Sequence[Part]) -> Iterator[Part]:
    """Yield buttons, one below the other.

    Where one's words are long they are all drawn as boxes to press: there words go on in a second
    line, and in a button they are cut off on a telephone.
    """
    boxed = any(len(str(option["title"])) > LONGEST_BUTTON for option in options)
    for number, option in enumerate(options):
        spacing = "Small" if number else "Medium"
        if boxed:
            words = text(str(option["title"]), weight="Bolder", color="Accent")
            yield container([words], selectAction=option, style="emphasis", spacing=spacing)
        else:
            yield actions(option, spacing=spacing)


def lines(words: str) -> Iterator[Part]:
    """Yield a text as parts, one a line: a heading for a line in bold, a bullet for a dash."""
    spacing = "Medium"
    for line in words.split("\n"):
        bold = _BOLD_LINE.fullmatch(line.strip())
        if bold:
            yield heading(bold[1], spacing=spacing)
        elif line.startswith("- "):
            yield text(bullet(line[2:]), spacing="Small")
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
        "fallbackText": fallback,
        "body": list(body),
        # As wide as the chat: lines of advice are long.
        "msteams": {"width": "Full"},
    }
