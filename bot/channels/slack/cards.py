"""The guide's cards in Slack: advice with its stages, answers to check, drafts and case codes."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from bot.channels.slack.mrkdwn import code, fitting, mrkdwn, shortened
from bot.channels.wording import Wording

LONGEST_HEADING = 150
LONGEST_LABEL = 75
CHANGE = "change"

# A picture of the stages in characters that a screen reader passes over; words say the same.
MARKS = {"done": "✓", "current": "▶", "next": "→", "later": "·"}


def draw(card: Mapping[str, Any], wording: Wording) -> list[dict[str, Any]] | None:
    """Return a card as blocks; None for one without a title, which its message's text says."""
    if not card.get("title"):
        return None
    return [block for part in _parts(card, wording) for block in part]


def heading(text: str) -> list[dict[str, Any]]:
    """Return a heading; one that is too long is shortened, and stands whole below."""
    short = shortened(text, LONGEST_HEADING)
    header = {"type": "header", "text": {"type": "plain_text", "text": short, "emoji": False}}
    return [header] if short == text else [header, *map(section, fitting(f"**{text}**"))]


def section(drawn: str) -> dict[str, Any]:
    """Return text that is mrkdwn already as a block. Slack finds no mentions in it by itself."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": drawn, "verbatim": True}}


def context(drawn: str) -> dict[str, Any]:
    """Return the same in small letters."""
    return {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": drawn, "verbatim": True}],
    }


def _parts(card: Mapping[str, Any], wording: Wording) -> Iterator[Sequence[dict[str, Any]]]:
    yield heading(str(card["title"]))
    if card.get("stages"):
        yield _texts("\n".join(_stage(stage, wording) for stage in card["stages"]))
    if card.get("kind") == "draft":
        yield list(_draft(card, wording))
    if card.get("kind") == "case":
        yield list(_case_code(card, wording))
    for one in card.get("sections", ()):
        yield list(_section(one, wording))
    if card.get("footer"):
        yield [context(piece) for piece in fitting(str(card["footer"]))]


def _texts(text: str) -> list[dict[str, Any]]:
    return [section(piece) for piece in fitting(text)]


def _stage(stage: Mapping[str, Any], wording: Wording) -> str:
    state = stage["state"] if stage["state"] in MARKS else "later"
    named = f"{stage['label']}: {stage['title']}" if stage.get("title") else str(stage["label"])
    line = wording.say(f"card_state_{state}", label=named)
    return f"{MARKS[state]} **{line}**" if state == "current" else f"{MARKS[state]} {line}"


def _section(one: Mapping[str, Any], wording: Wording) -> Iterator[dict[str, Any]]:
    """Draw a heading with its lines. A line that can be changed has a block with a button.

    What may be folded away stands in small letters: Slack folds nothing.
    """
    held = [f"**{one['heading']}**"] if one.get("heading") else []
    items: Sequence[Mapping[str, Any]] = one.get("items", ())
    nothing: Mapping[str, Any] = {}
    for item, after in zip_longest(items, items[1:], fillvalue=nothing):
        if item.get("change"):
            if held:
                yield from _texts("\n".join(held))
            held = []
            yield from _changeable(item, wording)
            continue
        held += list(_item(item, after, wording))
    if held:
        small = context if one.get("folded") else section
        yield from map(small, fitting("\n".join(held)))


def _item(item: Mapping[str, Any], after: Mapping[str, Any], wording: Wording) -> Iterator[str]:
    """Yield the lines of one item. Items in a row with one source name it once, after the last."""
    first, *more = str(item["text"]).split("\n")
    yield from (f"- {first}", *more)
    if item.get("detail"):
        yield wording.say("slack_counted", detail=item["detail"])
    where = _place(item.get("source"))
    if where and where != _place(after.get("source")):
        yield wording.say("slack_source", source=where)


def _changeable(item: Mapping[str, Any], wording: Wording) -> Iterator[dict[str, Any]]:
    *whole, last = _texts(str(item["text"]))
    yield from whole
    button = {
        "type": "button",
        "action_id": f"{CHANGE}:{item['change']}"[:255],
        "text": {
            "type": "plain_text",
            "text": wording.say("slack_change"),
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
    """Draw a draft: whom it goes to, then subject and text each as a block to copy."""
    head = "\n".join(map(str, card.get("head", ())))
    if head:
        yield from _texts(head)
    if card.get("subject"):
        yield from _texts(wording.say("draft_subject", subject="").strip())
        yield from map(section, fitting(str(card["subject"]), draw=code))
    yield from map(section, fitting(str(card.get("body") or ""), draw=code))
    if card.get("gaps"):
        yield from _texts(wording.say("draft_gaps", gaps="; ".join(card["gaps"])))


def _case_code(card: Mapping[str, Any], wording: Wording) -> Iterator[dict[str, Any]]:
    """Draw a case's code to be copied; where it was shown before, the words that say so."""
    given = str(card.get("code") or "")
    if given == wording.say("case_code_shown"):
        yield from _texts(wording.say("case_code", code=given))
        return
    yield section(mrkdwn(wording.say("case_code", code="").strip()))
    yield section(code(given))
