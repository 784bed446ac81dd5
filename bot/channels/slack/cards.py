"""Draw the guide's cards in Slack: advice with stages, answers to check, drafts, case codes."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from bot.channels.messages import is_urgent
from bot.channels.slack.mrkdwn import code_block, shortened, split_to_fit, to_mrkdwn
from bot.channels.wording import Wording

LONGEST_HEADING = 150
LONGEST_LABEL = 75
CHANGE = "change"

# Marks for the stages, which screen readers skip; words say the same.
MARKS = {"done": "✓", "current": "▶", "next": "→", "later": "·"}


def draw(card: Mapping[str, Any], wording: Wording) -> list[dict[str, Any]] | None:
    """Return a card as blocks; None if it has no title, since the message's text says it all."""
    if not card.get("title"):
        return None
    return [block for part in _parts(card, wording) for block in part]


def header_blocks(text: str) -> list[dict[str, Any]]:
    """Return a heading. If it is too long it is shortened and repeated in full below."""
    short = shortened(text, LONGEST_HEADING)
    header = {"type": "header", "text": {"type": "plain_text", "text": short, "emoji": False}}
    return [header] if short == text else [header, *map(section_block, split_to_fit(f"**{text}**"))]


def section_block(drawn: str) -> dict[str, Any]:
    """Return mrkdwn text as a block in which Slack must not look for mentions."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": drawn, "verbatim": True}}


def context_block(drawn: str) -> dict[str, Any]:
    """Return mrkdwn text as a block of small print."""
    return {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": drawn, "verbatim": True}],
    }


def _parts(card: Mapping[str, Any], wording: Wording) -> Iterator[Sequence[dict[str, Any]]]:
    yield header_blocks(str(card["title"]))
    if card.get("stages"):
        yield _texts("\n".join(_stage(stage, wording) for stage in card["stages"]))
    if card.get("kind") == "draft":
        yield list(_draft(card, wording))
    if card.get("kind") == "case":
        yield list(_case_code(card, wording))
    sections, urgent = card.get("sections", ()), is_urgent(card)
    for part in sections:
        yield list(_section(part, wording, sources=not urgent))
    if urgent:
        # Out of the way of what is to be done now.
        named = (_place(item.get("source")) for part in sections for item in part["items"])
        sources = "; ".join(dict.fromkeys(filter(None, named)))
        said = wording.say("card_sources", sources=sources) if sources else ""
        yield [context_block(piece) for piece in split_to_fit(said)]
    if card.get("footer"):
        yield [context_block(piece) for piece in split_to_fit(str(card["footer"]))]


def _texts(text: str) -> list[dict[str, Any]]:
    return [section_block(piece) for piece in split_to_fit(text)]


def _stage(stage: Mapping[str, Any], wording: Wording) -> str:
    state = stage["state"] if stage["state"] in MARKS else "later"
    named = f"{stage['label']}: {stage['title']}" if stage.get("title") else str(stage["label"])
    line = wording.say(f"card_state_{state}", label=named)
    return f"{MARKS[state]} **{line}**" if state == "current" else f"{MARKS[state]} {line}"


def _section(
    part: Mapping[str, Any], wording: Wording, *, sources: bool = True
) -> Iterator[dict[str, Any]]:
    """Draw a heading with its lines. A source shared by several lines in a row is named once.

    A line that can be changed is a block with a button.

    Foldable sections are small print, since Slack cannot fold anything.
    """
    held = [f"**{part['heading']}**"] if part.get("heading") else []
    items: Sequence[Mapping[str, Any]] = part.get("items", ())
    nothing: Mapping[str, Any] = {}
    for item, after in zip_longest(items, items[1:], fillvalue=nothing):
        if item.get("change"):
            if held:
                yield from _texts("\n".join(held))
            held = []
            yield from _changeable(item, wording)
            continue
        held += _item(item, wording)
        where = _place(item.get("source"))
        if sources and where and where != _place(after.get("source")):
            held.append(wording.say("slack_source", source=where))
    if held:
        small = context_block if part.get("folded") else section_block
        yield from map(small, split_to_fit("\n".join(held)))


def _item(item: Mapping[str, Any], wording: Wording) -> Iterator[str]:
    first, *more = str(item["text"]).split("\n")
    yield from (f"- {first}", *more)
    if item.get("detail"):
        yield wording.say("slack_counted", detail=item["detail"])


def _changeable(item: Mapping[str, Any], wording: Wording) -> Iterator[dict[str, Any]]:
    *whole, last = _texts(str(item["text"]))
    yield from whole
    button = {
        "type": "button",
        "action_id": f"{CHANGE}:{item['change']}"[:255],
        "text": {
            "type": "plain_text",
            "text": str(item.get("label") or wording.say("slack_change")),
            "emoji": False,
        },
        "value": str(item["change"]),
        "accessibility_label": shortened(str(item["change_title"]), LONGEST_LABEL),
    }
    yield {**last, "accessory": button}


def _place(source: Mapping[str, Any] | None) -> str:
    parts = [source.get("document"), source.get("section")] if source else []
    return ", ".join(str(part) for part in parts if part)


def _draft(card: Mapping[str, Any], wording: Wording) -> Iterator[dict[str, Any]]:
    """Draw a draft: its recipient, then subject and text, each as a block to copy."""
    head = "\n".join(map(str, card.get("head", ())))
    if head:
        yield from _texts(head)
    if card.get("subject"):
        yield from _texts(wording.say("draft_subject", subject="").strip())
        yield from map(section_block, split_to_fit(str(card["subject"]), draw=code_block))
    yield from map(section_block, split_to_fit(str(card.get("body") or ""), draw=code_block))
    if card.get("gaps"):
        yield from _texts(wording.say("draft_gaps", gaps="; ".join(card["gaps"])))


def _case_code(card: Mapping[str, Any], wording: Wording) -> Iterator[dict[str, Any]]:
    """Draw a case code as a block to copy, or say that it was shown before."""
    given = str(card.get("code") or "")
    if given == wording.say("case_code_shown"):
        yield from _texts(wording.say("case_code", code=given))
        return
    yield section_block(to_mrkdwn(wording.say("case_code", code="").strip()))
    yield section_block(code_block(given))
