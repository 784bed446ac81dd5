"""What Slack would not take, or would do with it that is not meant.

Blocks are read by slack-sdk's own models; limits that those do not know are checked beside them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

MOST_BLOCKS = 50
LONGEST_TEXT = 4000
LONGEST_MESSAGE = 11_000
LIMITS = {"header": 150, "section": 3000, "context": 3000, "button": 75, "option": 75}
FORBIDDEN = ("<!", "<@", "<#", "@here", "@channel", "@everyone")


@dataclass
class Call:
    """One call: its method, what it carried, and whether it was answered with ok."""

    method: str
    body: dict[str, Any]
    ok: bool = True

    @property
    def text(self) -> str:
        """The text that is said where blocks are not drawn."""
        return str(self.body.get("text", ""))

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The blocks."""
        return list(self.body.get("blocks", []))

    @property
    def drawn(self) -> str:
        """All that the blocks show, a line for each."""
        return "\n".join(text["text"] for _, text in texts(self.blocks))

    @property
    def options(self) -> list[str]:
        """The titles of all options shown, buttons and entries of lists alike."""
        return [option["text"]["text"] for _, option in options(self.blocks)]


def wrong_message(call: Call) -> Iterator[str]:
    """What Slack would not take of a message, or would do with it that is not meant."""
    if len(call.text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        yield "a text over 4,000 characters"
    if call.body.get("parse") != "none":
        yield "Slack is left to find mentions"
    if call.method == "chat.postMessage" and (
        call.body.get("unfurl_links") is not False or call.body.get("unfurl_media") is not False
    ):
        yield "Slack is left to fetch links"
    if any(word in call.text for word in FORBIDDEN):
        yield f"a text that calls people: {call.text[:80]}"
    if len(json.dumps(call.blocks, ensure_ascii=False)) > LONGEST_MESSAGE:
        yield "blocks too long together"
    yield from wrong_blocks(call.blocks)


def wrong_view(view: dict[str, Any]) -> Iterator[str]:
    """What Slack would not take of a home tab."""
    try:
        View(**view).to_dict()
    except SlackObjectFormationError as error:
        yield str(error)
    if view.get("type") != "home":
        yield "not a home tab"
    yield from wrong_blocks(view["blocks"])


def wrong_blocks(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """What is wrong with blocks, by slack-sdk's models and by Slack's documented limits."""
    if len(blocks) > MOST_BLOCKS:
        yield f"{len(blocks)} blocks"
    names = [block["block_id"] for block in blocks if "block_id" in block]
    if len(set(names)) < len(names):
        yield "two blocks of one name"
    for block in blocks:
        yield from _wrong_by_the_library(block)
    yield from _wrong_texts(blocks)
    for block, option in options(blocks):
        longest = 2000 if option.get("type") == "button" else 150
        if not 0 < len(option["value"]) <= longest:
            yield f"a value of {len(option['value'])} characters in {block['type']}"


def _wrong_by_the_library(block: dict[str, Any]) -> Iterator[str]:
    try:
        read = Block.parse(block)
        assert read is not None, block["type"]
        made = read.to_dict()
    except (SlackObjectFormationError, AssertionError, TypeError) as error:
        yield f"{block.get('type')}: {error}"
        return
    if made != block:
        yield f"slack-sdk reads another block: {made} of {block}"


def _wrong_texts(blocks: list[dict[str, Any]]) -> Iterator[str]:
    for kind, text in texts(blocks):
        drawn = text["text"]
        if not 0 < len(drawn.encode("utf-16-le")) // 2 <= LIMITS[kind]:
            yield f"a text of {len(drawn)} characters in a {kind}"
        if text["type"] == "mrkdwn":
            if any(word in drawn for word in FORBIDDEN):
                yield f"a text that calls people: {drawn[:80]}"
            if text.get("verbatim") is not True:
                yield "Slack is left to find mentions"


def texts(blocks: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every text of some blocks, with the kind of place it stands in."""
    for block in blocks:
        if block["type"] in {"header", "section"}:
            yield block["type"], block["text"]
        for element in block.get("elements", []) if block["type"] == "context" else []:
            yield "context", element
    for _, option in options(blocks):
        yield ("button" if option.get("type") == "button" else "option"), option["text"]


def options(
    blocks: list[dict[str, Any]],
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every option of some blocks, with its block: buttons, and the entries of lists."""
    for block in blocks:
        elements = block.get("elements", []) if block["type"] == "actions" else []
        for element in [*elements, *([block["accessory"]] if "accessory" in block else [])]:
            for option in element.get("options", [element]):
                yield block, option
