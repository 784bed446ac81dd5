"""The level of each stage, guessed from its heading and its first sentences."""

import re
from collections.abc import Sequence

import msgspec

from bot.core.vocabulary import Level
from bot.keepers.draft.rungs import Passage, Rung
from bot.keepers.draft.words import posts_in, words

BEFORE = re.compile(
    r"\b(?:practitioner|professional|worker)s?\b.{0,60}\b(?:unable to resolve|resolve (?:any )?"
    r"(?:difficulties|differences|disagreements))",
    re.IGNORECASE,
)
HEADING_COUNTS, TEXT_COUNTS, POST_COUNTS, PLACE_COUNTS = 6.0, 1.0, 0.5, 0.5
LAST_COUNTS = 1.5
"""What it counts that the last stage names a body of the partnership at once."""
"""What a level's words in the heading and in the first sentences count, a post, the usual place."""
FIRST_SENTENCES = 2
FAILED = re.compile(r"^(?:if|where|when)\b.{0,160}?(?:,|;|\bthen\b)", re.IGNORECASE)
"""Who could not settle it before: "If professionals are unable to agree then …"."""


def with_levels(rungs: Sequence[Rung], rest: Sequence[Passage]) -> tuple[Rung, ...]:
    """Return the rungs with their levels, and with the talk that comes before the first."""
    levels = _levels([_scores(rung, at, len(rungs)) for at, rung in enumerate(rungs)])
    placed = [
        msgspec.structs.replace(rung, level=level)
        for rung, level in zip(rungs, levels, strict=True)
    ]
    first = placed[0] if placed else None
    if first and first.level is not Level.practitioner and first.number == 1:
        talk = [passage for passage in rest if BEFORE.search(passage.text)]
        if talk:
            label = f"Before {first.label}"
            begin = Rung(0, label, "", "", talk[-1].source, tuple(talk))
            placed.insert(0, begin)
    return tuple(placed)


def _scores(rung: Rung, at: int, of: int) -> dict[Level, float]:
    """Return how much speaks for each level."""
    usual = list(Level) if of > 4 else [*list(Level)[: of - 1], Level.partnership]  # noqa: PLR2004
    early = " ".join(FAILED.sub("", passage.text) for passage in rung.passages[:FIRST_SENTENCES])
    scores: dict[Level, float] = {}
    for level, named in words().levels.items():
        pattern = words().pattern(*named)
        scores[level] = HEADING_COUNTS * min(1, len(pattern.findall(rung.heading)))
        scores[level] += TEXT_COUNTS * min(2, len(pattern.findall(early)))
        if level is Level.partnership and at == of - 1 and pattern.search(early):
            scores[level] += LAST_COUNTS
    for post in posts_in(early):
        if post.level in scores:
            scores[Level(post.level)] += POST_COUNTS
    if at < len(usual):
        scores[usual[at]] += PLACE_COUNTS
    return scores


def _levels(scores: Sequence[dict[Level, float]]) -> list[Level]:
    """Return the levels for which most speaks, going up; with more rungs than levels, not down."""
    ladder = list(Level)
    step = 1 if len(scores) <= len(ladder) else 0
    best: dict[int, tuple[float, list[Level]]] = {-step: (0.0, [])}
    for rung in scores:
        following: dict[int, tuple[float, list[Level]]] = {}
        for rank, level in enumerate(ladder):
            before = [best[at] for at in best if at + step <= rank]
            if before:
                total, path = max(before, key=lambda found: found[0])
                following[rank] = (total + rung.get(level, 0.0), [*path, level])
        best = following
    return max(best.values(), key=lambda found: found[0])[1] if scores else []
