"""Draw the guide's messages in Slack's Block Kit, within Slack's limits.

The functions are pure. The limits are those of https://docs.slack.dev/reference/block-kit.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from bot.channels.choices import is_answer
from bot.channels.messages import Button, Message
from bot.channels.own_cases import OwnCases
from bot.channels.slack import cards
from bot.channels.slack.mrkdwn import link, shortened, slack_length, split_to_fit, to_mrkdwn
from bot.channels.wording import Wording

Block = dict[str, Any]

MOST_BLOCKS = 50
LONGEST_POST = 9000
"""Slack refuses messages whose blocks together exceed some 11,000 to 13,000 characters, and sends
the whole message back with every press of a button."""
LONGEST_LIST = 8000
MOST_BUTTONS = 25
MOST_OPTIONS = 100
LONGEST_BUTTON = 75
LONGEST_BUTTON_VALUE = 2000
LONGEST_OPTION_VALUE = 150
SEEN_ON_A_PHONE = 30
"""Characters of a button that are certainly visible: Slack may cut off the rest."""

CHOICE = "choose"
"""The prefix of the action ids of the guide's choices."""
OPEN = "open_private_chat"
"""The action that opens a private chat. Its value is what is then said there for the person, and in
a second line the option to choose of those that are then offered."""
NO_WORDS = "open"
MOST_CASES = 20
"""Cases put aside that the home tab shows; "my cases" lists all of them."""
NO_CASES = OwnCases()


class Post(msgspec.Struct, frozen=True):
    """A message to post: its blocks, and the same as text where blocks cannot be drawn."""

    blocks: list[Block]
    text: str


def posts(messages: Sequence[Message], wording: Wording) -> list[Post]:
    """Return the posts of one turn, in order. Files must have absolute addresses.

    Options are numbered through the whole turn, so that people can type the number.
    """
    made: list[Post] = []
    number = 0
    for message in messages:
        blocks = list(_blocks(message, number, wording))
        number += len(message.buttons)
        made += map(_post, _within_limits(blocks))
    return [msgspec.structs.replace(post, text=_discreet(post.text, wording)) for post in made]


def private_chat_offer(wording: Wording) -> Post:
    """Return the notice shown outside a private chat, with the button that opens one."""
    opening = _opening(wording.say("slack_private_open"), NO_WORDS)
    return _post([*text_blocks(wording.say("slack_private_only")), opening])


def line_post(text: str) -> Post:
    """Return a single line."""
    return _post(text_blocks(text))


def home_view(wording: Wording, days: float, cases: OwnCases = NO_CASES) -> Block:
    """Return the home tab: the person's open cases, what the guide is, and how to begin."""
    blocks: list[Block] = [
        *cards.header_blocks(wording.say("slack_home_title")),
        *text_blocks(wording.say("slack_home_danger")),
        *_own_cases(wording, cases),
        *text_blocks(wording.say("slack_home_what")),
        _opening(wording.say("slack_private_open"), NO_WORDS),
        *cards.header_blocks(wording.say("slack_home_privacy_title")),
        *text_blocks(wording.say("slack_home_privacy", days=f"{days:g}")),
    ]
    return {"type": "home", "blocks": blocks}


def _own_cases(wording: Wording, cases: OwnCases) -> Iterator[Block]:
    if cases.present or cases.others:
        yield from cards.header_blocks(wording.say("slack_home_cases"))
    if cases.present:
        yield from text_blocks(cases.present)
        yield from text_blocks(f"**{cases.advice}**") if cases.advice else ()
        again = wording.say("slack_home_case_button")
        yield _opening(again, again)
    for case in cases.others[:MOST_CASES]:
        yield from text_blocks(case)
        # What is said in the chat: the list of cases, and then its line for this one.
        chosen = f"{wording.say('slack_my_cases')}\n{wording.say('option_go_on_with', case=case)}"
        yield _opening(wording.say("slack_home_other_button"), chosen)


def _opening(title: str, said: str) -> Block:
    """Return a button that opens the private chat and says something there for the person."""
    return {"type": "actions", "elements": [_button(Button(title, said), OPEN)]}


def text_blocks(text: str) -> list[Block]:
    """Return text as blocks."""
    return [cards.section_block(piece) for piece in split_to_fit(text)]


def after_choice(blocks: Sequence[Block], pressed: Mapping[str, Any], wording: Wording) -> Any:
    """Return a posted message's blocks once one of its options was chosen.

    The choice replaces the options of a question. Options that can be chosen again (a draft, the
    stages) stay, with the choice below them. None if the press changes nothing.
    """
    at = pressed.get("block_id")
    here = next((n for n, b in enumerate(blocks) if b.get("block_id") == at), None)
    if here is None or blocks[here].get("type") != "actions":
        return None
    title = title_of(pressed)
    if is_answer(payload_of(pressed)):
        return without_options(blocks, title, wording)
    chosen = _chosen(title, wording)
    kept = [block for block in blocks if block.get("block_id") != chosen["block_id"]]
    last = max(n for n, block in enumerate(kept) if _has_options(block))
    return [*kept[: last + 1], chosen, *kept[last + 1 :]]


def without_options(blocks: Sequence[Block], title: str, wording: Wording) -> list[Block]:
    """Return a question's blocks with the chosen title, if any, in place of its options."""
    first = next((n for n, block in enumerate(blocks) if _has_options(block)), len(blocks))
    chosen = [_chosen(title, wording)] if title else []
    rest = [block for block in blocks[first:] if not _has_options(block)]
    return [*blocks[:first], *chosen, *rest]


def has_question(post: Post) -> bool:
    """Say whether a post has the options of a question."""
    return any(
        is_answer(str(option.get("value", "")))
        for block in post.blocks
        if _has_options(block)
        for element in block["elements"]
        for option in element.get("options", [element])
    )


def _chosen(title: str, wording: Wording) -> Block:
    drawn = cards.context_block(to_mrkdwn(wording.say("chosen", title=title)))
    return {**drawn, "block_id": f"{CHOICE}:chosen"}


def payload_of(pressed: Mapping[str, Any]) -> str:
    """Return the payload of the pressed option."""
    return str((pressed.get("selected_option") or pressed).get("value") or "")


def title_of(pressed: Mapping[str, Any]) -> str:
    """Return the title of the pressed option, perhaps shortened, without its number."""
    option = pressed.get("selected_option") or pressed
    title = str((option.get("text") or {}).get("text") or "")
    number, _, rest = title.partition(". ")
    return rest if number.isdigit() and rest else title


def _blocks(message: Message, number: int, wording: Wording) -> Iterator[Block]:
    drawn = cards.draw(message.card, wording) if message.card else None
    yield from text_blocks(message.text) if drawn is None else drawn
    if message.files:
        links = (f"• {link(file.url, file.title)}" for file in message.files)
        yield from map(cards.section_block, split_to_fit("\n".join(links), draw=str))
    yield from _options(message.buttons, number, wording)


def _options(buttons: Sequence[Button], number: int, wording: Wording) -> Iterator[Block]:
    named = [(f"{number + n}. {button.title}", button) for n, button in enumerate(buttons, 1)]
    most = LONGEST_BUTTON_VALUE if len(buttons) <= MOST_BUTTONS else LONGEST_OPTION_VALUE
    fit = [(name, button) for name, button in named if slack_length(button.payload) <= most]
    if len(fit) < len(named) or _unclear([name for name, _ in named]):
        # An option without a button of its own is chosen by its number.
        yield from text_blocks("\n".join(name for name, _ in named))
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
    """Yield the entries of as many lists as needed, each with the position of its first entry."""
    held: list[Block] = []
    filled = 0
    for place, (name, button) in enumerate(named):
        entry = {"text": _plain(shortened(name, LONGEST_BUTTON)), "value": button.payload}
        long = _length(entry)
        if held and (len(held) == MOST_OPTIONS or filled + long > LONGEST_LIST):
            yield place - len(held), held
            held, filled = [], 0
        held.append(entry)
        filled += long
    if held:
        yield len(named) - len(held), held


def _unclear(names: Sequence[str]) -> bool:
    """Say whether options are shortened, or two could look alike on a phone."""
    seen = {name.partition(". ")[2][:SEEN_ON_A_PHONE] for name in names}
    return len(seen) < len(names) or any(slack_length(name) > LONGEST_BUTTON for name in names)


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
    """Yield the blocks as messages, each as full as Slack allows."""
    held: list[Block] = []
    filled = 0
    for block in blocks:
        long = _length(block)
        if held and (len(held) == MOST_BLOCKS or filled + long > LONGEST_POST):
            yield held
            held, filled = [], 0
        held.append(block)
        filled += long
    if held:
        yield held


def _length(block: Block) -> int:
    return slack_length(msgspec.json.encode(block).decode())


def _post(blocks: list[Block]) -> Post:
    return Post(blocks, "\n".join(line for block in blocks for line in _block_lines(block)))


def _discreet(text: str, wording: Wording) -> str:
    """Return a text without the line that repeats the person's own words.

    Slack shows the text in notifications, which a locked screen may show, and reads it out to
    people who cannot see the blocks, so the rest of it stays.
    """
    repeated = wording.say("card_heard", heard="").rstrip(" .")
    return "\n".join(line for line in text.split("\n") if repeated not in line)


def _block_lines(block: Block) -> Iterator[str]:
    """Yield the text of a block, for notifications and screen readers."""
    if block["type"] == "header":
        yield to_mrkdwn(f"**{block['text']['text']}**")
    elif block["type"] == "section":
        yield block["text"]["text"]
    elif block["type"] == "context":
        yield from (element["text"] for element in block["elements"])
    elif block["type"] == "actions":
        for element in block["elements"]:
            for option in element.get("options", [element]):
                yield to_mrkdwn(option["text"]["text"])


def _has_options(block: Mapping[str, Any]) -> bool:
    return block.get("type") == "actions" and any(
        str(element.get("action_id", "")).startswith(f"{CHOICE}:")
        for element in block.get("elements", ())
    )
