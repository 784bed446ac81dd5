"""Which stage a sentence is about that stands in no stage's section: notices, areas, exceptions."""

import re
from collections.abc import Iterator
from functools import lru_cache

from bot.keepers.draft.amounts import SAME_PERIOD
from bot.keepers.draft.labels import COUNTED, FIRST, LABEL, LETTERS, ORDINAL, ROMAN, counted
from bot.keepers.draft.rungs import Ladder, Passage, Rung
from bot.keepers.draft.words import posts_in, words

NUMBER = rf"(?:\d|{COUNTED}|{ROMAN}|{LETTERS})"
RANGE = re.compile(
    rf"\b(?:{'|'.join(words().labels)})s?\s+(?P<first>{NUMBER})(?:\s*,\s*{NUMBER})*\s*"
    rf"(?:to|-|–|—|through|and|&|until)\s*(?:(?:{'|'.join(words().labels)})s?\s+)?(?P<last>{NUMBER})"
    r"(?![\w.]\d|\w)",
    re.IGNORECASE,
)
"""Several stages in one: "Stages 1 to 3", "Step 1, 2 and 3", "Stage 1 through Stage 3"."""
AT_STAGE = re.compile(rf"(?:at|in|during|for|from)\s+{LABEL.pattern}", re.IGNORECASE)
SINCE = re.compile(r"\b(?:of|from|after|following|since)\s+(?:the\s+)?$", re.IGNORECASE)
"""What stands before a stage that only tells since when."""
BEGINS = re.compile(
    r"\s+(?:(?:is|was|has|had|have|having|been|being)\s+){0,3}"
    r"(?:start|begin|begun|began|open|reach|invok|initiat|enter)\w*",
    re.IGNORECASE,
)
"""What stands behind a stage whose beginning is told: "24 hours of Stage 1 being started"."""
HEADS = re.compile(
    r"\b(?:supervisors?|line managers?|team managers?|heads? of service)\b", re.IGNORECASE
)
"""Who acts, in the title of a stage."""
PARAGRAPH = re.compile(
    r"(?<![\w.£])(?P<deep>\d{1,2}\.\d{1,2})(?![\w.]\d|\w)|"
    r"\bpara(?:graph|\.)?\s+(?P<plain>\d{1,2})(?![\w.]\d|\w)",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"\d{1,2}\. ")
"""A paragraph of the text that a sentence points to: "the period in 5.3 is three days"."""


def about_stages(ladder: Ladder) -> Iterator[int | None]:
    """Yield for each passage outside the stages the number of the one that it is about, or None.

    A sentence that names none is about the stage of the sentence before it in its paragraph.
    """
    before: int | None = None
    for passage in ladder.rest:
        named = [rung.number for rung in ladder.rungs if of_stage(passage, rung)]
        told = named or [rung.number for rung in ladder.rungs if _points_to(passage, rung)]
        told = told or [rung.number for rung in ladder.rungs if _tells_at(passage, rung)]
        goes_on = passage.goes_on or SAME_PERIOD.search(passage.text)
        alone = LABEL.search(passage.text) or RANGE.search(passage.text) or not goes_on
        yield told[0] if len(told) == 1 else (None if alone else before)
        before = named[0] if len(named) == 1 else None


def of_stage(passage: Passage, rung: Rung) -> bool:
    """Say whether a sentence elsewhere names this stage and no other."""
    ordinal = ORDINAL.match(rung.label)
    word = (ordinal["word"] if ordinal else rung.label.partition(" ")[0]).lower()
    opening = AT_STAGE.match(passage.text)
    if opening and opening["word"].lower() == word:
        return counted(opening["number"]) == rung.number and not RANGE.search(passage.text)
    if _by_title(passage, rung):
        return True
    named = {
        counted(found["number"])
        for found in LABEL.finditer(passage.text)
        if found["word"].lower() == word
        and (
            not SINCE.search(passage.text[: found.start()])
            or BEGINS.match(passage.text[found.end() :])
        )
    }
    ordinals = {
        FIRST.index(found["ordinal"].lower()) + 1
        for found in ORDINAL.finditer(passage.text)
        if found["word"].lower() == word
        and found["ordinal"].lower() in FIRST
        and not SINCE.search(passage.text[: found.start()])
    }
    return named | ordinals == {rung.number} and not RANGE.search(passage.text)


def limited_by(passage: Passage, rung: Rung) -> tuple[Passage, ...]:
    """Return the passages of a stage whose paragraph a sentence elsewhere points to."""
    numbers = {found["deep"] or found["plain"] for found in PARAGRAPH.finditer(passage.text)}
    if not numbers:
        return ()
    return tuple(
        said
        for said in rung.passages
        if said.source.split(" ")[0].rstrip(".") in numbers
        or (NUMBERED.match(said.text) or [""])[0].rstrip(". ") in numbers
    )


def _by_title(passage: Passage, rung: Rung) -> bool:
    """Say whether a sentence names a stage that has no number by what the text calls it."""
    title = rung.heading.lower()
    return (
        rung.label.startswith("Step ") and " " in title and f"the {title}" in passage.text.lower()
    )


def _tells_at(passage: Passage, rung: Rung) -> bool:
    """Say whether somebody whom a stage's title names is to tell the chair or the like."""
    own = words()
    if not own.pattern(*own.told).search(passage.text) or LABEL.search(passage.text):
        return False
    if not own.pattern(*own.bound["told_of_it"]).search(passage.text):
        return False
    text = passage.text.lower()
    return any(re.search(rf"\b{re.escape(title)}", text) for title in _acting_by(rung.heading))


@lru_cache(maxsize=64)
def _acting_by(heading: str) -> frozenset[str]:
    """Return who acts by a stage's title, in small letters and in the singular."""
    posts = {post.title.lower().rstrip("s") for post in posts_in(heading)}
    return frozenset(posts | {word.lower().rstrip("s") for word in HEADS.findall(heading)})


def _points_to(passage: Passage, rung: Rung) -> bool:
    return not LABEL.search(passage.text) and bool(limited_by(passage, rung))
