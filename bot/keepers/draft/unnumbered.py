"""The stages of a text that has no headings for them."""

import re
from collections.abc import Sequence

from bot.core.vocabulary import Level
from bot.keepers.draft.by_headings import by_headings
from bot.keepers.draft.by_paragraphs import by_paragraphs
from bot.keepers.draft.labels import LABEL, counted
from bot.keepers.draft.levels import with_levels
from bot.keepers.draft.passages import passages_of, sentences_of
from bot.keepers.draft.rungs import Ladder, Passage, Rung
from bot.keepers.draft.sections import Part
from bot.keepers.draft.words import posts_in, words

FIRST = re.compile(r"\b(?:initial|first) (?:informal )?stage\b", re.IGNORECASE)
AFTER = re.compile(
    rf"\b(?:resol\w+|agreement|unresolved|settled)\b.{{0,40}}?\b(?:at|after|following|by)\s+"
    rf"(?:the\s+)?(?P<label>{LABEL.pattern.removeprefix(chr(92) + 'b')})",
    re.IGNORECASE,
)
STILL = re.compile(
    r"\b(?:despite|after|following) (?:all )?(?:the )?previous stages\b", re.IGNORECASE
)
FIRST_TO_LAST = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
OPENS = re.compile(
    rf"(?:(?:at|in|during|for|under|on|as)\s+)?(?:the|a)?\s*"
    rf"(?P<ordinal>{'|'.join(FIRST_TO_LAST)}|final|last)(?:,?\s+(?:and|or)\s+(?:final|last))?\s+"
    rf"(?:\w+\s+)?(?P<word>{'|'.join(words().labels)})\b(?P<number>\s+\d)?",
    re.IGNORECASE,
)
"""How a paragraph opens a stage: "At the second stage, …", "The third and final step is …"."""
LABELLED = re.compile(
    rf"(?:(?:at|in|during|for|under|on)\s+)?{LABEL.pattern.removeprefix(chr(92) + 'b')}"
    r"(?=,|\s+(?:is|involves|consists|takes|begins|means|requires|should|must|will|shall|the)\b)",
    re.IGNORECASE,
)
"""Or by its number: "Stage 2 is a meeting of managers", "At Step 3, …"."""
BEGINS = re.compile(
    r"\b(?:attempts?|aim|should|try)\b.{0,60}\b(?:resolve|resolved|resolution)\b|"
    r"\bresolve differences\b",
    re.IGNORECASE,
)
FEWEST = 2
"""Stages of a ladder."""
LONGEST = 400
"""Letters of a paragraph that still belongs to the stage before it."""
NO_STAGES = "No stages were found. The draft looks for headings such as Stage 1, Step 1 or Level 1."
NO_HEADINGS = "The stages have no headings in the text. Check where each begins and ends."
NO_NUMBERS = (
    "The text does not number its stages. The draft calls them Step 1, Step 2 and so on. Check "
    "where each begins and ends, and give them the policy's own names."
)


def told_in_passing(parts: Sequence[Part]) -> Ladder:
    """Return the stages that sentences tell of, by their numbers or else by who acts."""
    aside = tuple(passage for part in parts if part.aside for passage in passages_of(part))
    plain = [part for part in parts if not part.aside]
    named = max(
        ((*by_headings(plain), NO_NUMBERS), (*_by_number(plain), NO_HEADINGS)),
        key=lambda way: len(way[0]),
    )
    told = max(
        ((*_by_who_acts(plain), NO_NUMBERS), (*by_paragraphs(plain), NO_NUMBERS)),
        key=lambda way: len(way[0]),
    )
    for rungs, rest, trouble in (named, told):
        if len(rungs) >= FEWEST:
            return Ladder(with_levels(rungs, rest), tuple(rest), aside, (trouble,))
    everything = tuple(passage for part in plain for passage in passages_of(part))
    return Ladder((), everything, aside, (NO_STAGES,))


# "If it cannot be resolved at Stage 1 …"


def _by_number(parts: Sequence[Part]) -> tuple[list[Rung], list[Passage]]:
    rest: list[Passage] = []
    inside: list[Passage] | None = None
    opened: list[tuple[int, str, str, list[Passage]]] = []
    for part in parts:
        for block in part.blocks:
            said = [
                Passage(sentence, part.section.source, listed=block.kind.name == "item")
                for sentence in sentences_of(block.text)
            ]
            number, label = _opened(block.text, len(opened), opened[-1][1] if opened else "")
            if number is not None:
                inside = said
                opened.append((number, label, part.section.source, inside))
            elif inside is not None and not block.text.endswith(":") and len(block.text) < LONGEST:
                inside += said
            else:
                inside = None
                rest += said
    rungs = [Rung(n, label, "", "", source, tuple(said)) for n, label, source, said in opened]
    return rungs, rest


def _opened(text: str, so_far: int, label: str) -> tuple[int | None, str]:
    """Return the number and label of the stage that a paragraph opens, or None."""
    begins = OPENS.match(text)
    if begins:
        named = (begins["ordinal"] or "").lower()
        number = FIRST_TO_LAST.index(named) + 1 if named in FIRST_TO_LAST else so_far + 1
        if named and begins["number"] is None and number == so_far + 1:
            return number, f"{begins['word'].title()} {number}"
    if LABELLED.match(text):
        found = LABELLED.match(text)
        if found and counted(found["number"]) == so_far + 1:
            return so_far + 1, f"{found['word'].title()} {found['number']}"
    after = AFTER.search(text[:250])
    if after:
        number = counted(after["number"]) + 1
        return (number, f"{after['word'].title()} {number}") if number > so_far else (None, "")
    if so_far == 0 and FIRST.search(text[:120]):
        return 1, "Stage 1"
    if so_far and STILL.search(text[:250]):
        return so_far + 1, f"{label.partition(' ')[0]} {so_far + 1}"
    return None, ""


# "If it is unresolved, refer it to your line manager."


def _by_who_acts(parts: Sequence[Part]) -> tuple[list[Rung], list[Passage]]:
    rest: list[Passage] = []
    opened: list[list[Passage]] = []
    level: Level | None = None
    unsettled: list[Passage] = []
    failed = False
    for passage in (passage for part in parts for passage in passages_of(part)):
        fails = bool(words().topic("not_resolved").search(passage.text))
        above = _level_above(passage.text, level) if fails or failed else None
        if level is None and BEGINS.search(passage.text):
            level, failed = Level.practitioner, fails
            opened.append([passage])
        elif level is None or words().topic("at_each_stage").search(passage.text):
            rest.append(passage)
        elif above:
            level, failed = above, False
            opened.append([*unsettled, passage])
            unsettled = []
        elif fails:
            failed = True
            unsettled.append(passage)
        else:
            opened[-1] += [*unsettled, passage]
            unsettled = []
    rest += unsettled
    rungs = [
        Rung(at, f"Step {at}", "", "", said[0].source, tuple(said))
        for at, said in enumerate(opened, 1)
    ]
    return rungs, rest


def _level_above(text: str, level: Level | None) -> Level | None:
    """Return the next level above one that a sentence names."""
    known = set(map(str, Level))
    named = {Level(post.level) for post in posts_in(text) if post.level in known}
    named |= {
        found
        for found, patterns in words().levels.items()
        if words().pattern(*patterns).search(text)
    }
    above = [found for found in named if level is None or found.rank > level.rank]
    return min(above, key=lambda found: found.rank, default=None)
