"""Blocks as sections: the number and heading by which a statement's source is named."""

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import msgspec

from bot.keepers.draft.amounts import times_in
from bot.keepers.draft.blocks import Block, BlockKind
from bot.keepers.draft.draft import Section
from bot.keepers.draft.labels import (
    INFORMAL,
    LABEL,
    LAST,
    ORDINAL,
    counted,
    informal_in,
    label_in,
    label_of,
)
from bot.keepers.draft.parse import is_sentence
from bot.keepers.draft.tables import with_rows_opened
from bot.keepers.draft.words import words

NUMBERED = re.compile(
    r"^(?P<written>(?P<number>(?:[A-Z]{1,2})?\d{1,2}(?:\.\d{1,3}){0,3})[.)]?)(?:\s+(?P<rest>\S.*))?$"
)
ENDED = re.compile(r"[.,;!]$")
APART = re.compile(r"^(?:appendix|annexe?)\b", re.IGNORECASE)
VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|must|should|will|shall|may|can|could|would|has|have|"
    r"considers?|involves?|requires?|includes?)\b",
    re.IGNORECASE,
)
FIELD = re.compile(r"[A-Z][\w ]{1,20}:\s+\S")
"""A line of a form, and no heading: "When: same day"."""
RUN_IN = re.compile(r"(?P<title>[A-Z][\w’'-]*(?: [\w’'-]+){0,5})\.\s+(?=[A-Z]\w* \w+ \w+)")
"""How paragraphs begin that have their headings on their first lines: "Second contact. Ask …"."""
LETTERED = re.compile(r"(?P<letter>[A-H])[.)]\s+\S")
FEWEST_RUN_IN = 3
ADDRESS = re.compile(r"@|https?:|\b0\d[\d ]{8,}")
"""What stands in no heading: "10.1 Co-ordinator: 020 7946 0512"."""
MOST_WORDS = 20
"""Words of a heading that names a stage. Others have fewer."""
MOST_WORDS_OTHER = 12
MOST_WORDS_ALONE = 9
MOST_WORDS_TITLED = 10
MOST_LED_IN, MOST_WITH_VERB = 10, 4
"""Words of a title before the sentences of its stage: "Stage 1. Have a talk. Contact …"."""
MOST_WORDS_BEHIND_A_LIST = 5
FEWEST_LED_IN = 6
"""Words of "Informal step: talk to each other within 2 days"."""
FROM_THE_END = 60
"""Letters behind the label of "Resolving Differences: Stage One"."""
LATE = 0.3
"""Appendices stand behind the first third of a text: before it, a list of contents names them."""
FEWEST_LINES_OF_CONTENTS = 3
FAR_LONGER = 4
"""Times as long as a heading with a verb is the paragraph behind it."""


class Part(msgspec.Struct, frozen=True):
    """A section with what finding needs of it: its blocks, and whether it stands aside.

    Aside are appendices, flowcharts, forms and lists of contents: what they say is compared, and
    nothing is taken from them alone. `label` is the stage that the heading names.
    """

    section: Section
    blocks: tuple[Block, ...]
    aside: bool = False
    label: str | None = None
    number: int | None = None
    rung: bool = False
    """Whether it is a row of a table of rungs."""

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table, and no more."""
        return bool(self.blocks) and all(block.kind is BlockKind.row for block in self.blocks)


def parts_of(blocks: Sequence[Block]) -> tuple[Part, ...]:
    """Return the text's parts. A part without text, such as a line of contents, is left out."""
    parts: list[Part] = []
    heading, number, inside = "", "", []
    apart = rung = False
    split = list(_split_lead_ins(blocks))
    for at, block in enumerate(split):
        found = _heading(split, at, apart=apart)
        if found is None:
            inside.append(block)
            continue
        parts.append(_part(number, heading, inside, aside=apart, rung=rung))
        number, heading, first = found
        rung = block.rung
        apart = (apart or bool(APART.match(heading))) and at > len(split) * LATE
        inside = [first] if first else []
    parts.append(_part(number, heading, inside, aside=apart, rung=rung))
    parts = with_first_talk(_last_numbered(_rows_numbered(parts)))
    listed = _contents(parts)
    return tuple(
        part
        for at, part in enumerate(parts)
        if part.blocks or (part.number is not None and not part.aside and at not in listed)
    )


def _rows_numbered(parts: Sequence[Part]) -> list[Part]:
    """Return the parts; a row of a table of rungs without a number has its place's.

    Before the first numbered row it is the informal one; where no row has a number, none gets one.
    """
    parts = [_lettered(part) for part in parts]
    if not any(part.rung and part.number for part in parts):
        return parts
    numbered: list[Part] = []
    before = 0
    for part in parts:
        same = [
            row
            for row in numbered
            if row.rung and _bare(row.section.heading) == _bare(part.section.heading)
        ]
        if part.rung and same:
            label, number = same[0].label, same[0].number
            numbered.append(msgspec.structs.replace(part, label=label, number=number))
        elif part.rung and part.number is None:
            label = f"{words().labels[0].title()} {before + 1}" if before else INFORMAL
            number = before + 1 if before else 0
            numbered.append(msgspec.structs.replace(part, label=label, number=number))
        else:
            numbered.append(part)
        before = numbered[-1].number or before if part.rung else before
    return numbered


def _lettered(part: Part) -> Part:
    """Return a row of a table whose rungs have letters, "B. Supervisors (reply)", as Stage B."""
    found = LETTERED.match(part.section.heading) if part.rung and part.number is None else None
    if found is None:
        return part
    label = f"{words().labels[0].title()} {found['letter']}"
    return msgspec.structs.replace(part, label=label, number=counted(found["letter"]))


def with_first_talk(parts: Sequence[Part]) -> list[Part]:
    """Return the parts; the section on a talk right before the first stage is the informal rung."""
    if any(part.number == 0 for part in parts):
        return list(parts)
    found = list(parts)
    talks = words().pattern(*words().first_talk)
    for at, part in enumerate(parts):
        before = parts[at - 1] if at else None
        if part.number != 1 or part.aside or before is None or before.aside:
            continue
        heading = before.section.heading
        if before.label is None and before.blocks and talks.search(heading):
            if words().pattern(*words().no_stage).search(heading):
                continue
            found[at - 1] = msgspec.structs.replace(before, label=INFORMAL, number=0)
    return found


def _last_numbered(parts: Sequence[Part]) -> list[Part]:
    """Return the parts; a "final stage" has the number behind those before it."""
    highest, numbered = 0, []
    for part in parts:
        if part.number == LAST and ORDINAL.match(part.section.heading):
            label = f"{str(part.label).partition(' ')[0]} {highest + 1}"
            numbered.append(msgspec.structs.replace(part, number=highest + 1, label=label))
            continue
        if part.number and not part.aside:
            highest = max(highest, part.number)
        numbered.append(part)
    return numbered


def _contents(parts: Sequence[Part]) -> set[int]:
    """Return the places of headings that are lines of a list of contents: no text between them."""
    listed: set[int] = set()
    run: list[int] = []
    for at, part in enumerate(parts):
        run = [] if part.blocks else [*run, at]
        if len(run) >= FEWEST_LINES_OF_CONTENTS:
            listed |= set(run)
    return listed


def _part(
    number: str, heading: str, blocks: list[Block], *, aside: bool, rung: bool = False
) -> Part:
    text = "\n".join(block.text for block in blocks)
    label, at = label_of(heading)
    return Part(
        Section(number=number, heading=heading, text=text),
        tuple(blocks),
        aside=aside or bool(words().pattern(*words().aside).search(heading)),
        label=label,
        number=at,
        rung=rung,
    )


def _split_lead_ins(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield "Stage 1: The manager rings …" as a heading and a paragraph, and rows alike."""
    titles: set[str] = set()
    run_in = sum(bool(RUN_IN.match(block.text)) for block in blocks) >= FEWEST_RUN_IN
    for block in with_rows_opened(blocks):
        title = RUN_IN.match(block.text) if run_in else None
        known = title and _bare(title["title"]) in titles
        verb = title and (VERB.search(title["title"]) or is_sentence(title["title"]))
        if title and block.kind is BlockKind.paragraph and not known and not verb:
            yield Block(BlockKind.heading, title["title"])
            yield Block(BlockKind.paragraph, block.text[title.end() :])
            continue
        if block.rung:
            titles.add(_bare(block.text))
        lead, stop, rest = block.text.partition(". ")
        if block.kind is BlockKind.paragraph and stop and _bare(lead) in titles:
            # A note to the table: "Talk it through. Pick up the telephone."
            yield Block(BlockKind.heading, lead, rung=True)
            yield Block(BlockKind.paragraph, rest)
            continue
        cells = block.text.split(" | ")
        if block.kind is BlockKind.row and len(cells) > 1 and LABEL.match(cells[0]):
            yield Block(BlockKind.heading, cells[0])
            yield Block(BlockKind.row, " | ".join(cells[1:]))
            continue
        if block.kind is BlockKind.row and len(cells) > 1 and NUMBERED.fullmatch(cells[0]):
            yield Block(BlockKind.paragraph, " ".join([cells[0], *cells[1:]]))
            continue
        informal = informal_in(block.text)
        bare = re.sub(r"^\d+\.?\s+", "", block.text)
        found = LABEL.match(bare) or ORDINAL.match(bare) or informal
        long = len(block.text.split()) > (FEWEST_LED_IN if informal else MOST_WORDS)
        if block.kind is BlockKind.paragraph and found and long:
            lead, rest = _lead_in(block.text)
            if lead:
                yield Block(BlockKind.heading, lead)
                yield Block(BlockKind.paragraph, rest)
                continue
        yield block


def _bare(title: str) -> str:
    """Return a title without what it has in brackets, to tell it again."""
    return re.sub(r"\s*\([^)]*\)", "", title).strip(" .:").lower()


def _lead_in(text: str) -> tuple[str, str]:
    label = label_in(text)
    informal = informal_in(text)
    if informal and (label is None or informal.end() < label.start()):
        label = informal
    if label is None:
        return "", text
    after = text[label.end() :]
    named = re.match(r"\s*[:.–-]?\s*(?P<title>[^.:]{0,80})[.:]\s+(?=\S)", after)
    words_in_it = len(named["title"].split()) if named else 0
    if named and words_in_it <= (MOST_WITH_VERB if VERB.search(named["title"]) else MOST_LED_IN):
        end = label.end() + named.end()
        return text[:end].rstrip(" .:"), text[end:]
    bare = re.match(r"\s*[:.–-]\s+", after)
    if bare:
        end = label.end() + bare.end()
        return text[: label.end()], text[end:]
    return "", text


Heading: TypeAlias = tuple[str, str, Block | None]
"""A number and a heading, and the text that stands behind them on the same line."""


def _heading(blocks: Sequence[Block], at: int, *, apart: bool) -> Heading | None:
    """Return a block as a heading, or None. Behind an appendix only another one begins a part."""
    block = blocks[at]
    if block.kind in {BlockKind.item, BlockKind.row}:
        return None
    numbered = NUMBERED.match(block.text)
    written = numbered["written"] if numbered else ""
    rest = (numbered["rest"] or "") if numbered else block.text
    if block.kind is BlockKind.heading:
        return written, rest.rstrip(" :"), None
    if apart and not APART.match(block.text):
        return None
    if _names_a_stage(rest):
        return written, rest, None
    if numbered:
        return _numbered(numbered)
    if APART.match(rest) and len(rest.split()) <= MOST_WORDS_OTHER:
        return "", rest, None
    return ("", rest.rstrip(" :"), None) if _stands_alone(blocks, at) else None


def _names_a_stage(text: str) -> bool:
    """Say whether a line is a stage's heading: its label stands at the beginning or the end."""
    label = label_in(text)
    if not label or len(text.split()) > MOST_WORDS or ENDED.search(text):
        return False
    if label.start() != 0 and (FIELD.match(text) or any(times_in(text))):
        # "Reply within 2 days of the Step 1 call" is no heading of Step 1.
        return False
    # "Level 2 - Involve your managers" is a heading, though it has a verb.
    titled = label.start() == 0 and re.match(r"\s*[:–—-]\s", text[label.end() :])
    if VERB.search(text) and not (titled and len(text.split()) <= MOST_WORDS_TITLED):
        return False
    return label.start() == 0 or label.end() > len(text) - FROM_THE_END


def _numbered(numbered: re.Match[str]) -> Heading | None:
    """Return "3. Recording" as a heading, and "3.1 At all stages …" as a number with its text."""
    rest, deep = numbered["rest"] or "", "." in numbered["number"]
    short = (
        bool(rest)
        and not ADDRESS.search(rest)
        and len(rest.split()) <= MOST_WORDS_OTHER
        and not ENDED.search(rest)
    )
    if short and not (deep and VERB.search(rest)):
        return numbered["written"], rest.rstrip(":"), None
    if deep or not rest:
        return numbered["written"], "", Block(BlockKind.paragraph, rest) if rest else None
    return None


def _stands_alone(blocks: Sequence[Block], at: int) -> bool:
    """Say whether a short line without a verb is the heading of what follows."""
    text = blocks[at].text
    count = len(text.split())
    after = blocks[at + 1] if at + 1 < len(blocks) else None
    # "Where a child may be in danger" is a heading, before a paragraph of its own.
    leads = after is not None and len(after.text) > FAR_LONGER * len(text) and count > 1
    plain = text[:1].isupper() and not ENDED.search(text) and (leads or not VERB.search(text))
    if FIELD.match(text):
        return False
    if not plain or count > MOST_WORDS_ALONE or ADDRESS.search(text):
        return False
    if after is None or (after.kind is not BlockKind.item and len(after.text) <= len(text)):
        return False
    behind_a_list = at > 0 and blocks[at - 1].kind is BlockKind.item
    return not (behind_a_list and count > MOST_WORDS_BEHIND_A_LIST)
