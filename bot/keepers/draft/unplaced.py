"""The times of a text that no entry of its draft holds. None is lost without a word.

What only looks like a limit ("24 hours a day", "10 days old") is left out; whatever else counts
time is told, and a person says whether it limits anything.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from bot.keepers.draft.amounts import (
    COUNT,
    SPELT,
    Length,
    Span,
    length_of,
    times_in,
    times_read,
)
from bot.keepers.draft.draft import Kind
from bot.keepers.draft.elsewhere import of_stage
from bot.keepers.draft.entries import Entry
from bot.keepers.draft.outside import FOR_TODAY
from bot.keepers.draft.rungs import Ladder, Passage, Rung
from bot.keepers.draft.stage import of_other_stages, stages_covered
from bot.keepers.draft.words import words

UNKNOWN_UNIT = re.compile(
    rf"(?<!\w){COUNT}\s+(?:school days?|half[- ]days?|(?:half )?terms?)(?!\w)|\bhalf a \w+ ?day\b",
    re.IGNORECASE,
)
"""Amounts in a unit that the policy file does not have."""


WEEKDAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
UNCOUNTABLE = re.compile(
    r"\b(?:on the day (?:of|that|on which)|"
    r"(?:first|second|third|fourth|fifth|sixth|seventh|tenth|\d{1,2}(?:st|nd|rd|th))"
    rf"\s+(?:(?:working|calendar|business) )?day|day\s+(?:\d{{1,2}}|{'|'.join(SPELT)})|overnight|"
    rf"(?:by|until|before)\s+(?:the\s+)?(?:return|noon|midday|{WEEKDAY}|\d{{1,2}}\s?[ap]m|"
    r"\d{1,2}[.:]\d\d)|(?:next|following|same|end of (?:the|that)) (?:working )?(?:week|month))\b",
    re.IGNORECASE,
)
"""Times that no unit of the policy file counts as they stand."""


class _Held(msgspec.Struct, frozen=True):
    """The lengths of the limits of a draft: by passage, and by stage (None for the caps)."""

    passages: dict[str, set[Length]]
    stages: dict[int | None, set[Length]]


def unplaced_times(ladder: Ladder, entries: Sequence[Entry]) -> Iterator[str]:
    """Yield a sentence for a keeper about each passage with a time that no limit holds."""
    held = _held(ladder, entries)
    today = " ".join(entry.passage.text for entry in entries if entry.path.startswith(FOR_TODAY))
    for passage, rung, aside in _everything(ladder):
        for told in UNKNOWN_UNIT.findall(passage.text):
            yield (
                f"“{told}” ({passage.source}) is counted in a way that the guide does not know. "
                "Agree with the partnership how many working days it means."
            )
        left = list(_left(passage, rung, ladder, held, aside=aside, today=today))
        if left:
            yield (
                f"“{passage.text}” ({passage.source}): no time limit of the draft holds "
                f"{_joined(left)}. If it limits something, add it where it belongs: to its stage, "
                "or to all the stages it covers. If a sentence has several times, say of each when "
                "it holds: on which track, or for whom."
            )


def _everything(ladder: Ladder) -> Iterator[tuple[Passage, Rung | None, bool]]:
    """Yield each passage once, with the one stage it is about and whether it stands aside."""
    for rung in ladder.rungs:
        yield from ((passage, rung, False) for passage in rung.passages)
    numbered = {rung.number: rung for rung in ladder.rungs}
    for passage, number in zip(ladder.rest, ladder.about, strict=True):
        yield passage, numbered.get(number) if number is not None else None, False
    for passage in ladder.aside:
        about = [rung for rung in ladder.rungs if passage in rung.aside or of_stage(passage, rung)]
        yield passage, about[0] if about else None, True


def _left(
    passage: Passage, rung: Rung | None, ladder: Ladder, held: _Held, *, aside: bool, today: str
) -> Iterator[str]:
    """Yield the times of a passage that no limit holds, as the text writes them."""
    own = held.passages.get(passage.text, set())
    if stages_covered(passage, ladder):
        own = own | held.stages.get(None, set())
    # A flowchart or another section that says the same of a stage adds nothing.
    same = held.stages.get(rung.number, set()) if rung else set()
    if aside and not rung:
        same = set().union(*held.stages.values())
    danger = "999" in passage.text or any(
        words().topic(topic).search(passage.text) for topic in ("urgent", "trigger")
    )
    days_work = any(each.days_work for each in ladder.rungs)
    found = times_read(passage.text, days_work=days_work, staged=rung is not None)
    read = {time.start: time for time in found}
    counted = list(times_in(passage.text))
    for time in counted:
        if time.start in read and read[time.start].length in own | same:
            continue
        if time.amount is None and (danger or passage.text in today):
            continue
        yield f"“{passage.text[time.start : time.end]}”"
    yield from _uncountable(passage.text, counted)


def _uncountable(text: str, counted: Sequence[Span]) -> Iterator[str]:
    """Yield the times that no unit counts, but for those inside a time that one counts."""
    for match in UNCOUNTABLE.finditer(text):
        if not any(time.start < match.end() and match.start() < time.end for time in counted):
            yield f"“{match.group()}”"


def _held(ladder: Ladder, entries: Iterable[Entry]) -> _Held:
    passages: dict[str, set[Length]] = {}
    stages: dict[int | None, set[Length]] = {}
    for entry in entries:
        if entry.kind is not Kind.limit:
            continue
        length = length_of(entry.value["unit"], entry.value.get("amount"))
        passages.setdefault(entry.passage.text, set()).add(length)
        where, _, at = entry.path.partition(".")
        number = ladder.rungs[int(at.split(".")[0])].number if where == "stages" else None
        stages.setdefault(number, set()).add(length)
        # What ends a stage is often told as what begins the next.
        if number is not None:
            stages.setdefault(number - 1, set()).add(length)
    for rung in ladder.rungs:
        for passage in rung.passages:
            if of_other_stages(passage, rung, ladder):
                continue
            # Told twice at its stage it stands in the draft once.
            passages.setdefault(passage.text, set()).update(stages.get(rung.number, set()))
    return _Held(passages, stages)


def _joined(told: Sequence[str]) -> str:
    *first, last = told
    return f"{', '.join(first)} and {last}" if first else last
