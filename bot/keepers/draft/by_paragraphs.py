"""The stages of running prose: paragraphs that each open with what is not settled yet."""

import re
from collections.abc import Sequence

from bot.keepers.draft.amounts import times_read
from bot.keepers.draft.by_headings import BEGINS
from bot.keepers.draft.passages import passages_of
from bot.keepers.draft.rungs import Passage, Rung
from bot.keepers.draft.sections import Part
from bot.keepers.draft.words import words

TALK = re.compile(
    r"\b(?:speaks?|talk\w*|conversations?|discuss\w*|contact\w*|approach\w*)\b", re.IGNORECASE
)
UNSETTLED = re.compile(
    r"(?:if|where|when|should|failing|in the event|unless|(?:only )?rarely|exceptionally|any)\b"
    r"[^.]{0,120}\b(?:not|no|un\w+|dis\w+|fail\w*|failing|remain\w*|persist\w*|survive\w*|"
    r"dead-?lock\w*|cannot|agreement|difference|matter)\b",
    re.IGNORECASE,
)
"""How a paragraph opens that takes further what is not settled."""
NO_STEP = re.compile(
    r"\b(?:child protection plan|looked after|in care|danger|999|complaints?|allegations?|LADO)\b",
    re.IGNORECASE,
)
"""What a paragraph opens with that is about certain children, or about other procedures."""
CALLED = re.compile(
    r"\b(?:called|known as|spoken of(?: in \w+)? as|referred to as|termed)\s+(?:the\s+)?"
    r"[\"“‘']?(?P<name>[a-z][\w’' -]{2,40}?)[\"”’']?\.$",
    re.IGNORECASE,
)
"""What a text calls the stage that a paragraph told of."""


def by_paragraphs(parts: Sequence[Part]) -> tuple[list[Rung], list[Passage]]:
    """Return the paragraphs that are stages, and the passages of all others.

    The first tells of a talk and of its time; each other opens with what is not settled.
    """
    opened: list[list[Passage]] = []
    rest: list[Passage] = []
    for part in parts:
        paragraph: list[Passage] = []
        for passage in [*passages_of(part), None]:
            if passage is not None and (passage.goes_on or not paragraph):
                paragraph.append(passage)
                continue
            if _is_next(paragraph, first=not opened):
                opened.append(paragraph)
            else:
                rest += paragraph
            paragraph = [passage] if passage is not None else []
    rungs = [
        Rung(at, f"Step {at}", _called(said), "", said[0].source, tuple(said))
        for at, said in enumerate(opened, 1)
    ]
    return rungs, rest


def _is_next(paragraph: Sequence[Passage], *, first: bool) -> bool:
    if not paragraph or not any(times_read(passage.text) for passage in paragraph):
        return False
    opening = " ".join(passage.text for passage in paragraph[:2])
    if NO_STEP.search(paragraph[0].text):
        return False
    if first:
        return bool(TALK.search(opening) or BEGINS.search(opening))
    return bool(UNSETTLED.match(opening) or words().topic("not_resolved").search(opening))


def _called(paragraph: Sequence[Passage]) -> str:
    named = (CALLED.search(passage.text) for passage in paragraph)
    return next((found["name"] for found in named if found), "")
