"""What a text defines for all its stages: its words for the sides, and what its days are."""

import re

import msgspec

from bot.keepers.draft.elsewhere import about_stages
from bot.keepers.draft.rungs import Ladder
from bot.keepers.draft.sides import sides_of

DAYS_WORK = re.compile(
    r"[\"“‘']?\bdays?[\"”’']?\s+(?:means?|refers? to|are|is|should be read as|are to be read as)\s+"
    r"(?:an? |all )?working days?\b|\ball (?:days|time ?scales|time ?limits|times)\b[^.;]{0,60}"
    r"\b(?:are|in|mean)\b[^.;]{0,20}\bworking days\b",
    re.IGNORECASE,
)


def with_terms(ladder: Ladder) -> Ladder:
    """Return the ladder whose rungs know the text's words for the sides and its kind of days.

    It then knows of each passage elsewhere which stage it is about.
    """
    sides = sides_of(ladder.everything)
    days_work = any(DAYS_WORK.search(passage.text) for passage in ladder.everything)
    rungs = tuple(
        msgspec.structs.replace(rung, sides=sides.at(rung.passages), days_work=days_work)
        for rung in ladder.rungs
    )
    about = tuple(about_stages(ladder))
    return msgspec.structs.replace(ladder, rungs=rungs, about=about)
