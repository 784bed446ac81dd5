"""The guide's neutral messages as Slack draws them: Block Kit, within Slack's limits.

Pure functions: messages and wording go in, what is posted comes out. Limits are those of
https://docs.slack.dev/reference/block-kit.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from bot.channels.messages import Button, Message
from bot.channels.slack import cards
from bot.channels.slack.mrkdwn import fitting, link, mrkdwn, shortened, size
from bot.channels.wording import Wording

Block = dict[str, Any]

MOST_BLOCKS = 50
LONGEST_POST = 9000
"""Slack refuses a message by all of its blocks together, at some 11,000 to 13,000 characters, and
sends all of it back with every press of a button."""
LONGEST_LIST = 8000
MOST_BUTTONS = 25
MOST_OPTIONS = 100
LONGEST_BUTTON = 75
LONGEST_BUTTON_VALUE = 2000
LONGEST_OPTION_VALUE = 150
SEEN_ON_A_PHONE = 30
"""How much of a button is sure to be seen: Slack says that it may cut the rest off."""

CHOICE = "choose"
"""What the action ids of the guide's own choices begin with."""
OPEN = "open_private_chat"


class Post(msgspec.Struct, frozen=True):
    """One message to post: its blocks, and all of them as text, for where blocks are not drawn."""

    blocks: list[Block]
    text: str


def posts(messages: Sequence[Message], wording: Wording) -> list[Post]:
    """Return one turn of the guide as what is posted, in order. Files have whole addresses.

    The options of the whole turn are numbered through, as a typed number counts them.
    """
    made: list[Post] = []
    number = 0
    for message in messages:
        blocks = list(_blocks(message, number, wording))
        number += len(message.buttons)
        made += map(_post, _within_limits(blocks))
    return made


def private_chat_offer(wording: Wording) -> Post:
    """Return the line said outside a private chat, with the button that opens one."""
    button = _button(Button(wording.say("slack_private_open"), "open"), OPEN)
    text = wording.say("slack_private_only")
    return _post([*sections(text), {"type": "actions", "elements": [button]}])


def line(text: str) -> Post:
    """Return a single line."""
    return _post(sections(text))


def home(wording: Wording, days: float) -> Block:
    """Return the home tab: what the guide is, what becomes of what is typed, and a way in."""
    button = _button(Button(wording.say("slack_private_open"), "open"), OPEN)
    blocks: list[Block] = [
        *cards.heading(wording.say("slack_home_title")),
        *sections(wording.say("slack_home_danger")),
        *sections(wording.say("slack_home_what")),
        {"type": "actions", "elements": [button]},
        *cards.heading(wording.say("slack_home_privacy_title")),
        *sections(wording.say("slack_home_privacy", days=f"{days:g}")),
    ]
    return {"type": "home", "blocks": blocks}


def sections(text: str) -> list[Block]:
    """Return text as blocks."""
    return [cards.section(piece) for piece in fitting(text)]


def after_choice(blocks: Sequence[Block], pressed: Mapping[str, Any], wording: Wording) -> Any:
    """Return a posted message's blocks once one of its options was chosen.

    The options of a question give way to what was chosen. What can be asked for again (a draft,
    the stages) stays, with what was chosen below it. None where the press changes nothing.
    """
    at = pressed.get("block_id")
    here = next((n for n, b in enumerate(blocks) if b.get("block_id") == at), None)
    if here is None or blocks[here].get("type") != "actions":
        return None
    title = title_of(pressed)
    if payload_of(pressed).startswith("answer:"):
        return without_options(blocks, title, wording)
    chosen = _chosen(title, wording)
    kept = [block for block in blocks if block.get("block_id") != chosen["block_id"]]
    last = max(n for n, block in enumerate(kept) if _has_options(block))
    return [*kept[: last + 1], chosen, *kept[last + 1 :]]


def without_options(blocks: Sequence[Block], title: str, wording: Wording) -> list[Block]:
    """Return a question's blocks with what was chosen in place of its options; "" for nothing."""
    first = next((n for n, block in enumerate(blocks) if _has_options(block)), len(blocks))
    chosen = [_chosen(title, wording)] if title else []
    rest = [block for block in blocks[first:] if not _has_options(block)]
    return [*blocks[:first], *chosen, *rest]


def asks(post: Post) -> bool:
    """Say whether options of a question are among those of a post."""
    return any(
        str(option.get("value", "")).startswith("answer:")
        for block in post.blocks
        if _has_options(block)
        for element in block["elements"]
        for option in element.get("options", [element])
    )


def _chosen(title: str, wording: Wording) -> Block:
    drawn = cards.context(mrkdwn(wording.say("slack_chosen", title=title)))
    return {**drawn, "block_id": f"{CHOICE}:chosen"}


def payload_of(pressed: Mapping[str, Any]) -> str:
    """Return what the pressed option stands for."""
    return str((pressed.get("selected_option") or pressed).get("value") or "")


def title_of(pressed: Mapping[str, Any]) -> str:
    """Return the option's title, as far as it stood on the button, without its number."""
    option = pressed.get("selected_option") or pressed
    title = str((option.get("text") or {}).get("text") or "")
    number, _, rest = title.partition(". ")
    return rest if number.isdigit() and rest else title


def _blocks(message: Message, number: int, wording: Wording) -> Iterator[Block]:
    drawn = cards.draw(message.card, wording) if message.card else None
    yield from sections(message.text) if drawn is None else drawn
    if message.files:
        links = (f"• {link(file.url, file.title)}" for file in message.files)
        yield from map(cards.section, fitting("\n".join(links), draw=str))
    yield from _options(message.buttons, number, wording)


def _options(buttons: Sequence[Button], number: int, wording: Wording) -> Iterator[Block]:
    named = [(f"{number + n}. {button.title}", button) for n, button in enumerate(buttons, 1)]
    most = LONGEST_BUTTON_VALUE if len(buttons) <= MOST_BUTTONS else LONGEST_OPTION_VALUE
    fit = [(name, button) for name, button in named if size(button.payload) <= most]
    if len(fit) < len(named) or _unclear([name for name, _ in named]):
        # An option without a button of its own is chosen by its number.
        yield from sections("\n".join(name for name, _ in named))
    if len(buttons) <= MOST_BUTTONS:
        elements = [
            _button(Button(name, button.payload), f"{CHOICE}:{name.partition('.')[0]}")
            for name, button in fit
        ]
        if elements:
            yield {"type": "actions", "block_id": f"{CHOICE}:{number}", "elements": elements}
        return
    for start, entries in _lists(fit):
        select = {
            "type": "static_select",
            "action_id": f"{CHOICE}:{number + start}",
            "placeholder": _plain(wording.say("slack_choose")),
            "options": entries,
        }
        block_id = f"{CHOICE}:{number + start}"
        yield {"type": "actions", "block_id": block_id, "elements": [select]}


def _lists(named: Sequence[tuple[str, Button]]) -> Iterator[tuple[int, list[Block]]]:
    """Yield the entries of as many lists as it takes, each with the place of its first."""
    held: list[Block] = []
    filled = 0
    for place, (name, button) in enumerate(named):
        entry = {"text": _plain(shortened(name, LONGEST_BUTTON)), "value": button.payload}
        long = _long(entry)
        if held and (len(held) == MOST_OPTIONS or filled + long > LONGEST_LIST):
            yield place - len(held), held
            held, filled = [], 0
        held.append(entry)
        filled += long
    if held:
        yield len(named) - len(held), held


def _unclear(names: Sequence[str]) -> bool:
    """Say whether options are cut short, or two could look alike on a phone."""
    seen = {name.partition(". ")[2][:SEEN_ON_A_PHONE] for name in names}
    return len(seen) < len(names) or any(size(name) > LONGEST_BUTTON for name in names)


def _button(button: Button, action: str) -> Block:
    return {
        "type": "button",
        "action_id": action,
        "text": _plain(shortened(button.title, LONGEST_BUTTON)),
        "value": button.payload,
    }


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def _within_limits(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Yield the blocks as messages, each as full as Slack takes it."""
    held: list[Block] = []
    filled = 0
    for block in blocks:
        long = _long(block)
        if held and (len(held) == MOST_BLOCKS or filled + long > LONGEST_POST):
            yield held
            held, filled = [], 0
        held.append(block)
        filled += long
    if held:
        yield held


def _long(block: Block) -> int:
    return size(msgspec.json.encode(block).decode())


def _post(blocks: list[Block]) -> Post:
    return Post(blocks, "\n".join(line for block in blocks for line in _said(block)))


def _said(block: Block) -> Iterator[str]:
    """Yield what a block says, for where blocks are not drawn: notices and screen readers."""
    if block["type"] == "header":
        yield mrkdwn(f"**{block['text']['text']}**")
    elif block["type"] == "section":
        yield block["text"]["text"]
    elif block["type"] == "context":
        yield from (element["text"] for element in block["elements"])
    elif block["type"] == "actions":
        for element in block["elements"]:
            for option in element.get("options", [element]):
                yield mrkdwn(option["text"]["text"])


def _has_options(block: Mapping[str, Any]) -> bool:
    return block.get("type") == "actions" and any(
        str(element.get("action_id", "")).startswith(f"{CHOICE}:")
        for element in block.get("elements", ())
    )
