"""Draw the guide's messages for Teams: Adaptive Cards, and drafts as text that can be copied."""

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import msgspec

from bot.channels.choices import is_answer
from bot.channels.messages import Button, Message, is_urgent
from bot.channels.teams import parts
from bot.channels.teams.parts import Part
from bot.channels.wording import Wording

MOST_BUTTONS = 20
"""More options than this are drawn as a list to choose from."""
QUESTION = "question"
"""The id of the part that holds a question's options."""
LONGEST_TITLE = 200
LONGEST_FALLBACK = 3_000
LONGEST_PIECE = 4_000
MOST_BYTES = 80_000
"""Teams takes about 100 KB per message, counted in UTF-16, and advises 80. Larger messages are sent
as text in pieces."""

_STYLES = {"emergency": "attention", "same_day": "warning"}
_RUNGS = {"done": "✓", "current": "●", "next": "→", "later": "○"}


def activities(said: Sequence[Message], wording: Wording) -> Iterator[Part]:
    """Yield the messages of one turn as activities, in order, with numbered options."""
    number = 0
    for message in said:
        numbered = list(enumerate(message.buttons, number + 1))
        number += len(message.buttons)
        yield from _activities(message, numbered, wording)


Numbered = Sequence[tuple[int, Button]]


def _activities(message: Message, numbered: Numbered, wording: Wording) -> Iterator[Part]:
    drawn = message.card or {}
    body = _body(message, numbered, wording)
    activity = card_activity(parts.card(body, _fallback(message, numbered, wording)), wording)
    if len(msgspec.json.encode(activity).decode().encode("utf-16-le")) > MOST_BYTES:
        yield from _in_pieces(message, numbered, wording)
        return
    yield activity
    if drawn.get("kind") == "draft":
        for piece in split_text(str(drawn["body"])):
            # In plain text Teams joins the lines.
            lines = html.escape(piece, quote=False).split("\n")
            yield {"type": "message", "textFormat": "xml", "text": "<br/>".join(lines)}
    if drawn.get("kind") == "case" and str(drawn["code"]).startswith("EG-"):
        yield {"type": "message", "textFormat": "plain", "text": str(drawn["code"])}


def _in_pieces(message: Message, numbered: Numbered, wording: Wording) -> Iterator[Part]:
    """Yield a message too large for one card as several, the options in the last."""
    for number, piece in enumerate(split_text(message.text)):
        more = [parts.text(wording.say("teams_continued"))] if number else []
        yield card_activity(parts.card([*more, *parts.text_parts(piece)], piece), wording)
    rest = Message("", message.buttons, None, message.files)
    body = [*_files(rest, wording), *_asked(numbered, wording)]
    if body:
        yield card_activity(parts.card(body, _fallback(rest, numbered, wording)), wording)


def has_question(activity: Part) -> bool:
    """Say whether an activity is a card with the options of a question."""
    return any(_is_question(part) for card in _cards(activity) for part in card["body"])


def closed(activity: Part, title: str, wording: Wording) -> Part:
    """Return a question's activity with the chosen title, if any, in place of its options."""
    line = wording.say("chosen", title=title) if title else wording.say("teams_closed")
    shown = parts.text(line, size="Small", spacing="Medium")
    (card,) = _cards(activity)
    body = [shown if _is_question(part) else part for part in card["body"]]
    return card_activity({**card, "body": body}, wording)


def _cards(activity: Part) -> list[Part]:
    return [attachment["content"] for attachment in activity.get("attachments", ())]


def _is_question(part: Part) -> bool:
    return part.get("id") == QUESTION


def card_activity(card: Part, wording: Wording) -> Part:
    """Return the activity that carries a card."""
    return {
        "type": "message",
        # A notification, which a locked screen may show, reveals nothing of what was said.
        "summary": wording.say("teams_notification"),
        "attachments": [
            {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
        ],
    }


def split_text(words: str, longest: int = LONGEST_PIECE) -> Iterator[str]:
    r"""Yield a text in pieces that are not too long, split between lines if possible.

    >>> list(split_text("one\ntwo\nthree", 7))
    ['one\ntwo', 'three']
    """
    piece = ""
    for line in words.split("\n"):
        parted = [line[at : at + longest] for at in range(0, len(line), longest)] or [""]
        for part in parted:
            if piece and len(piece) + 1 + len(part) > longest:
                yield piece
                piece = part
            else:
                piece = f"{piece}\n{part}" if piece else part
    if piece.strip():
        yield piece


def _fallback(message: Message, numbered: Numbered, wording: Wording) -> str:
    """Return all that a card says as text, for an app that cannot draw it."""
    listed = [f"{number}. {button.title}" for number, button in numbered]
    words = "\n".join([wording.say("teams_not_shown"), message.text, *listed])
    return _short(words, LONGEST_FALLBACK)


def _body(message: Message, numbered: Numbered, wording: Wording) -> list[Part]:
    drawn = message.card
    if drawn is None:
        said = list(parts.text_parts(message.text))
    else:
        middle = list(_middle(drawn, wording)) or list(parts.text_parts(message.text))
        said = [*_top(drawn), *middle, *_end(drawn, wording)]
    return [*said, *_files(message, wording), *_asked(numbered, wording)]


def _top(drawn: Mapping[str, Any]) -> Iterator[Part]:
    style = _STYLES.get(str(drawn.get("kind")))
    title = parts.heading(str(drawn["title"]), size="Large")
    yield parts.container([title], style=style, bleed=True) if style else title


def _middle(drawn: Mapping[str, Any], wording: Wording) -> Iterator[Part]:
    if drawn.get("stages"):
        yield _picture(drawn["stages"], wording)
    if drawn.get("kind") == "draft":
        yield from _draft(drawn, wording)
    if drawn.get("kind") == "case":
        code = str(drawn["code"])
        yield parts.text(code, size="Large", weight="Bolder", fontType="Monospace")
    for number, section in enumerate(drawn.get("sections") or ()):
        if _is_folded(section):
            shown = list(_section(section, wording, counted=True))
            yield from _behind_a_button(str(section["heading"]), f"section_{number}", shown)
        else:
            yield from _section(section, wording, sources=not is_urgent(drawn))


def _end(drawn: Mapping[str, Any], wording: Wording) -> Iterator[Part]:
    """Yield, behind buttons, how the dates of open sections were counted; then the last lines.

    The sources of what is to be done now are there as well, out of its way.
    """
    opened = [one for one in drawn.get("sections") or () if not _is_folded(one)]
    items = [item for section in opened for item in section["items"]]
    counted = [str(item["detail"]) for item in items if item.get("detail")]
    sources = dict.fromkeys(map(_source, items)) if is_urgent(drawn) else ()
    for named, lines in (("counted", counted), ("sources", list(filter(None, sources)))):
        if lines:
            title = wording.say(f"teams_{named}_button")
            yield from _behind_a_button(title, named, list(map(parts.text, lines)))
    if drawn.get("footer"):
        yield parts.container(list(parts.text_parts(str(drawn["footer"]))), separator=True)


def _is_folded(section: Mapping[str, Any]) -> bool:
    return bool(section.get("folded") and section.get("heading"))


def _picture(stages: Iterable[Mapping[str, Any]], wording: Wording) -> Part:
    """Return a list of the policy's stages that says where the case stands."""
    rows = [parts.text(wording.say("teams_stages"), size="Small")]
    for stage in stages:
        state = str(stage["state"])
        weight = "Bolder" if state in {"current", "next"} else "Default"
        name = f"{stage['label']}: {stage['title']}"
        where = wording.say(f"teams_state_{state}")
        rows.append(
            parts.column_set(
                parts.column("20px", parts.text(_RUNGS.get(state, ""))),
                parts.column("stretch", parts.text(name, weight=weight)),
                parts.column("auto", parts.text(where, weight=weight, size="Small")),
                spacing="Small",
            )
        )
    return parts.container(rows, style="emphasis", spacing="Medium")


def _draft(drawn: Mapping[str, Any], wording: Wording) -> Iterator[Part]:
    yield from (parts.text(str(line), spacing="Small") for line in drawn.get("head") or ())
    if drawn.get("subject"):
        yield parts.text(wording.say("teams_draft_subject", subject=drawn["subject"]))
    yield parts.text(wording.say("teams_draft_below"))
    if drawn.get("gaps"):
        gaps = "; ".join(map(str, drawn["gaps"]))
        yield parts.text(wording.say("teams_draft_gaps", gaps=gaps))


def _section(
    section: Mapping[str, Any], wording: Wording, *, sources: bool = True, counted: bool = False
) -> Iterator[Part]:
    """Yield a heading and its lines. A source shared by several lines in a row is named once."""
    if section.get("heading"):
        yield parts.heading(str(section["heading"]), spacing="Medium")
    items = section["items"]
    for item, after in zip_longest(items, items[1:]):
        yield _line(item, wording)
        if counted and item.get("detail"):
            yield parts.text(str(item["detail"]), size="Small", spacing="Small")
        source = _source(item)
        if sources and source and source != _source(after):
            named = wording.say("teams_source", source=source)
            yield parts.text(named, size="Small", spacing="Small")


def _behind_a_button(title: str, named: str, shown: Sequence[Part]) -> Iterator[Part]:
    """Yield parts that are shown when their title is pressed."""
    toggle = {"type": "Action.ToggleVisibility", "title": _short(title), "targetElements": [named]}
    yield parts.actions(toggle, spacing="Small")
    yield parts.container(shown, id=named, isVisible=False)


def _line(item: Mapping[str, Any], wording: Wording) -> Part:
    words = str(item["text"])
    if not item.get("change"):
        return parts.text(parts.bullet(words), spacing="Small")
    button = Button(str(item["change_title"]), str(item["change"]))
    change = parts.submit_button(
        button,
        str(item.get("label") or wording.say("teams_change_button")),
        tooltip=_short(button.title),
    )
    return parts.column_set(
        parts.column("stretch", parts.text(words)),
        parts.column("auto", parts.actions(change)),
        spacing="Small",
    )


def _source(item: Mapping[str, Any] | None) -> str:
    source = (item or {}).get("source") or {}
    return ", ".join(str(source[key]) for key in ("document", "section") if source.get(key))


def _files(message: Message, wording: Wording) -> Iterator[Part]:
    if message.files:
        yield parts.text(wording.say("teams_files"), spacing="Medium")
    yield from parts.choices(
        [
            {"type": "Action.OpenUrl", "title": _short(file.title), "url": file.url}
            for file in message.files
        ]
    )


def _asked(numbered: Numbered, wording: Wording) -> list[Part]:
    """Return the options. Those of a question can be taken away by `closed`."""
    options = list(_options(numbered, wording))
    if any(is_answer(button.payload) for _, button in numbered):
        return [parts.container(options, id=QUESTION, spacing="Medium")]
    return options


def _options(numbered: Numbered, wording: Wording) -> Iterator[Part]:
    """Yield the options as buttons, or as a list to choose from if there are many."""
    if len(numbered) <= MOST_BUTTONS:
        yield from parts.choices(
            [parts.submit_button(button, _numbered(number, button)) for number, button in numbered]
        )
        return
    yield {
        "type": "Input.ChoiceSet",
        "id": "choice",
        "label": wording.say("teams_choose"),
        "style": "compact",
        "isRequired": True,
        "errorMessage": wording.say("teams_choose"),
        "choices": [
            {"title": _numbered(number, button), "value": button.payload}
            for number, button in numbered
        ],
    }
    yield parts.actions({"type": "Action.Submit", "title": wording.say("teams_choose_button")})


def _numbered(number: int, button: Button) -> str:
    # With an ordinary blank, Markdown would make it a list, and cut off its lines.
    return _short(f"{number}.\N{NO-BREAK SPACE}{button.title}")


def _short(words: str, longest: int = LONGEST_TITLE) -> str:
    return words if len(words) <= longest else f"{words[: longest - 1]}…"
