"""The rungs of a policy: which parts of the text are about which stage, and at which level."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bot.keepers.draft.amounts import Length, times_read
from bot.keepers.draft.labels import (
    IN_BRACKETS,
    INFORMAL,
    LABEL,
    ORDINAL,
    ROMAN,
    counted,
    informal_in,
    label_in,
)
from bot.keepers.draft.levels import with_levels
from bot.keepers.draft.passages import passages_of
from bot.keepers.draft.rungs import Ladder, Passage, Rung
from bot.keepers.draft.sections import Part
from bot.keepers.draft.unnumbered import told_in_passing
from bot.keepers.draft.words import words

TWO_POLICIES = (
    "The file seems to hold two policies: its stages begin twice. The draft reads the first. Put "
    "the other into a file of its own."
)
TITLE = re.compile(r"\b(?:polic(?:y|ies)|protocol|procedures?)\b", re.IGNORECASE)
"""A heading that may begin another policy."""


def ladder_of(parts: Sequence[Part]) -> Ladder:
    """Return the stages that a text describes."""
    word = _word(parts)
    rows = _summing_up(parts, word)
    parts = [part for part in parts if part not in rows]
    owners: list[int | None] = []
    heads: list[Part] = []
    troubles: list[str] = []
    second = False
    owner: int | None = None
    chapter = ""
    titled = False
    for part in parts:
        rung = part.number is not None and _is(part.label, word) and not part.aside
        titled = titled or (not rung and TITLE.search(part.section.heading) is not None)
        if rung:
            numbered = [head for head in heads if head.number and not head.is_row]
            again = part.number == 1 and len(numbered) > 1 and part.blocks and not part.is_row
            if again and (titled or not _same_title(part, heads)):
                second = True
            known = [at for at, head in enumerate(heads) if head.number == part.number]
            if second:
                owner = None
            elif known:
                owner = known[0]
            else:
                heads.append(part)
                owner = len(heads) - 1
                titled = False
        elif part.aside or owner is None or not _goes_on(part, heads[owner], chapter):
            owner = None
        chapter = _chapter(part) or (chapter if owner is not None and not rung else "")
        owners.append(owner)
    if second:
        troubles.append(TWO_POLICIES)
    if not any(head.number for head in heads):
        return told_in_passing(parts)
    order = sorted(range(len(heads)), key=lambda at: heads[at].number or 0)
    rungs = [
        Rung(
            number=heads[at].number or 0,
            label=_label(_own_label(heads[at])),
            heading=_title(heads[at].section.heading),
            whole_heading=heads[at].section.heading,
            source=heads[at].section.source,
            passages=tuple(_passages(parts, owners, at)),
            aside=tuple(_aside_of(heads[at].number, parts, word)),
            summed_up=tuple(
                passage
                for row in rows
                if row.number == heads[at].number
                for passage in passages_of(row)
            ),
        )
        for at in order
    ]
    numbers = [rung.number for rung in rungs]
    missing = sorted(set(range(1, max(numbers) + 1)) - set(numbers))
    if missing:
        troubles.append(
            f"No heading was found for {rungs[-1].label.split()[0]} "
            f"{' and '.join(map(str, missing))}. Look for it in the document."
        )
    rest = [
        passage
        for part, whose in zip(parts, owners, strict=True)
        if whose is None and not part.aside
        for passage in passages_of(part)
    ]
    aside = [passage for part in parts if part.aside for passage in passages_of(part)]
    return Ladder(with_levels(rungs, rest), tuple(rest), tuple(aside), tuple(troubles))


def _same_title(part: Part, heads: Sequence[Part]) -> bool:
    """Say whether a stage that begins again has the title that it had: it is told twice."""
    title = _title(part.section.heading).lower()
    return any(
        head.number == part.number and _title(head.section.heading).lower() == title
        for head in heads
    )


def _summing_up(parts: Sequence[Part], word: str) -> list[Part]:
    """Return the rows of a table of stages, each of which has a section of its own as well."""
    staged = [part for part in parts if not part.aside and _is(part.label, word)]
    rows = [part for part in staged if part.is_row]
    others = [part for part in staged if part.blocks and not part.is_row]
    sums_up = {row.number for row in rows} <= {part.number for part in others}
    # A table that gives times of its own is the policy itself, and what stands below it are notes.
    return rows if sums_up and _times(rows) <= _times(others) else []


def _times(parts: Sequence[Part]) -> set[Length]:
    return {
        time.length
        for part in parts
        for passage in passages_of(part)
        for time in times_read(passage.text)
    }


def _word(parts: Sequence[Part]) -> str:
    """Return what the policy calls its stages: the word that most of its headings number."""
    found = Counter(
        part.label.partition(" ")[0].lower()
        for part in parts
        if part.label and part.label != INFORMAL and not part.aside and not _of_need(part)
    )
    return found.most_common(1)[0][0] if found else ""


def _of_need(part: Part) -> bool:
    return bool(words().pattern(*words().not_policy).search(part.section.heading))


def _is(label: str | None, word: str) -> bool:
    return bool(label) and bool(word) and (label == INFORMAL or str(label).lower().startswith(word))


def _chapter(part: Part) -> str:
    return part.section.number.partition(".")[0]


def _goes_on(part: Part, head: Part, chapter: str) -> bool:
    """Say whether a part without a label still belongs to the stage before it.

    `chapter` is that of the part before it: "3.1" does not go on where "2.3" was.
    """
    if part.label is not None:
        return False
    before = _chapter(head) or chapter
    if before and _chapter(part) not in {"", before}:
        return False
    heading = part.section.heading
    return not heading or bool(words().pattern(*words().subheadings).fullmatch(heading))


def _own_label(head: Part) -> str:
    """Return what the policy calls a rung: "Final Stage" where it says so."""
    ordinal = ORDINAL.match(head.section.heading)
    return ordinal.group() if ordinal else head.label or ""


def _label(label: str) -> str:
    """Return a label as a sentence has it: "STAGE ONE" as "Stage One"."""
    word, _, number = label.rpartition(" ")
    if word and re.fullmatch(ROMAN, number, re.IGNORECASE):
        return f"{_label(word)} {number.upper()}"
    return label.title() if label.isupper() or label.islower() else label[:1].upper() + label[1:]


def _title(heading: str) -> str:
    """Return a stage's heading without its label and without a time in brackets."""
    found = label_in(heading) or informal_in(heading)
    if not found:
        return IN_BRACKETS.sub("", heading).strip()
    after = re.sub(r"\s*\([^)]*\d[^)]*\)\s*$", "", heading[found.end() :])
    after = re.sub(r"^\s*(?:escalation)?\s*[:.–-]*\s*", "", after, flags=re.IGNORECASE)
    return re.sub(r"\s+procedure$", "", after, flags=re.IGNORECASE).strip()


def _passages(parts: Sequence[Part], owners: Sequence[int | None], at: int) -> Iterator[Passage]:
    for part, owner in zip(parts, owners, strict=True):
        if owner == at:
            time = re.search(r"\(([^)]*\d[^)]*)\)\s*$", part.section.heading)
            if part.label and time:
                yield Passage(part.section.heading, part.section.source)
            yield from passages_of(part)


def _aside_of(number: int | None, parts: Sequence[Part], word: str) -> Iterator[Passage]:
    """Yield what appendices and flowcharts say of a stage."""
    for part in parts:
        if not part.aside:
            continue
        if (
            part.number == number
            and _is(part.label, word)
            and "form" not in part.section.heading.lower()
        ):
            yield Passage(part.section.heading, part.section.source)
            yield from passages_of(part)
            continue
        for passage in passages_of(part):
            found = LABEL.match(passage.text)
            if found and found["word"].lower() == word and counted(found["number"]) == number:
                yield passage
