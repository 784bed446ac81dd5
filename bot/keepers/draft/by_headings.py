"""The stages of a text whose headings name them and number none: "The first conversation"."""

import re
from collections.abc import Sequence

from bot.keepers.draft.amounts import times_read
from bot.keepers.draft.labels import FIRST
from bot.keepers.draft.passages import passages_of
from bot.keepers.draft.rungs import Passage, Rung
from bot.keepers.draft.sections import Part
from bot.keepers.draft.words import posts_in, words

OPENING = 2
"""Sentences at the beginning of a section that say whether it is the next stage."""
BEGINS = re.compile(
    r"\bin the first (?:instance|place)\b|\b(?:first|initial) (?:approach|conversation|step|"
    r"contact|discussion|talk|attempt)\b|\bas a first step\b|\binformal(?:ly)?\b|\bto begin with\b",
    re.IGNORECASE,
)
"""How a text tells of the talk that everything begins with."""
GOES_UP = re.compile(
    r"\b(?:escalat\w+|refer(?:ral|ence|red|ring)\b|arbitrat\w+|mediat\w+|panel|adjudicat\w+|"
    r"determination|last resort)",
    re.IGNORECASE,
)
"""How a heading takes it further."""
HEADS = re.compile(
    r"\b(?:managers?|leads?|leaders?|heads?|officers?|executives?|chiefs?|supervisors?|seniors?|"
    r"specialists?)\b",
    re.IGNORECASE,
)


def by_headings(parts: Sequence[Part]) -> tuple[list[Rung], list[Passage]]:
    """Return the sections that are stages, and the passages of all others.

    The first tells how it begins; each other opens with what is not settled yet.
    """
    opened: list[Part] = []
    rest: list[Passage] = []
    for part in parts:
        passages = list(passages_of(part))
        if passages and part.section.heading and _is_next(part, passages, opened):
            opened.append(part)
        else:
            rest += passages
    rungs = [
        Rung(
            number=at,
            label=f"Step {at}",
            heading=part.section.heading,
            whole_heading=part.section.heading,
            source=part.section.source,
            passages=tuple(passages_of(part)),
        )
        for at, part in enumerate(opened, 1)
    ]
    return rungs, rest


def _is_next(part: Part, passages: Sequence[Passage], opened: Sequence[Part]) -> bool:
    heading, first = part.section.heading, not opened
    ordinal = heading.lower().split(" ")[0]
    if part.rung or ordinal in {*FIRST[len(opened) : len(opened) + 1], "final", "last"}:
        return True
    if words().pattern(*words().no_stage).search(heading):
        return False
    opening = " ".join(passage.text for passage in passages[:OPENING])
    timed = any(times_read(passage.text) for passage in passages)
    if first:
        talk = timed and words().pattern(*words().first_talk).search(heading)
        return bool(BEGINS.search(f"{heading}. {opening}") or talk)
    if words().topic("not_resolved").search(opening):
        return True
    return timed and (_names_people(heading) or bool(GOES_UP.search(heading)))


def _names_people(heading: str) -> bool:
    """Say whether a heading names who acts: "Consideration by senior officers"."""
    levels = words().levels.values()
    named = any(words().pattern(*patterns).search(heading) for patterns in levels)
    return named or bool(posts_in(heading)) or bool(HEADS.search(heading))
