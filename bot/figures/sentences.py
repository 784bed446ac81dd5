"""The sentences of a report, each made from the numbers of its own table as they are shown."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from bot.core.vocabulary import Agency
from bot.figures.cells import UNKNOWN, YES
from bot.figures.chance import FEW_AT_MOST, STEP
from bot.figures.shown import CountTable
from bot.figures.words import about, listed, sentence, words

NOT_KNOWN = {UNKNOWN, "not_known"}
FEW_TO_SHARE = 20
"""Of fewer no share in a hundred is told."""
MOST_NAMED = 3
"""So many rows at most are named together as the most frequent."""
RAISERS = "raiser"
BY_AGENCY = (RAISERS, "receiver")
PER = 1000
"""Escalations are told for so many contacts or referrals."""


class ReportLine(msgspec.Struct, frozen=True):
    """A row of a section: a count for each column, None for few."""

    label: str
    counts: tuple[int | None, ...]


def table_sentences(now: CountTable, before: CountTable | None) -> Iterator[str]:
    """Yield what a table says in words, from the numbers it shows."""
    kind = now.shape.kind or now.shape.key
    if kind == "answered":
        yield from _in_time(now)
    elif "known" in now.shape.sentences:
        yield _each_row(now)
    elif YES in now.shape.sentences:
        yield _how_many(now, before)
    else:
        yield from _most_frequent(now)
    if kind in BY_AGENCY:
        yield from _silent(now)
    if "not_told" in now.shape.sentences:
        yield sentence(now.shape.sentences["not_told"].format(count=about(now.counts[UNKNOWN])))


def _how_many(now: CountTable, before: CountTable | None) -> str:
    """Say how many are "yes", and how many were before."""
    form = now.shape.sentences[YES]
    said = form.format(count=about(now.counts[YES]), total=about(now.total))
    if before is None:
        return said
    counts = {"count": about(before.counts.get(YES))}
    return f"{said} {words()['before'].format(total=about(before.total), **counts)}"


def _most_frequent(now: CountTable) -> Iterator[str]:
    """Name the most frequent rows. What is one step lower may be as frequent: it is named too."""
    known = {
        value: count
        for value, count in now.counts.items()
        if value not in NOT_KNOWN and count is not None
    }
    if not known:
        return
    said, most = now.shape.sentences, max(known.values())
    top = [value for value, count in known.items() if count >= most - STEP]
    if len(top) > MOST_NAMED or most < 2 * STEP:
        yield words()["none_stands_out"].format(count=about(most))
        return
    names = listed(
        words()["named"].format(label=now.shape.cells[value], count=about(known[value]))
        for value in sorted(top, key=lambda value: -known[value])
    )
    form = said["tied" if len(top) > 1 else "top"]
    yield form.format(listed=names, total=about(now.total))


def _each_row(now: CountTable) -> str:
    """Say the count of each row."""
    counts = {value: about(now.counts.get(value)) for value in now.shape.cells}
    return now.shape.sentences["known"].format(total=about(now.total), **counts)


def _in_time(now: CountTable) -> Iterator[str]:
    """Say what share came in time, of those whose answer is known against the limit.

    Few may be none or not so few, so that the share lies between two.
    """
    said = now.shape.sentences
    yield _each_row(now)
    known = [now.counts.get(value) for value in ("in_time", "late", "overdue")]
    if sum(count or 0 for count in known) < FEW_TO_SHARE:
        yield said["no_share"]
        return
    (in_time, most_in_time), *others = (_bounds(count) for count in known)
    late, most_late = (sum(bounds) for bounds in zip(*others, strict=True))
    least = 10 * round(10 * in_time / (in_time + most_late))
    most = 10 * round(10 * most_in_time / (most_in_time + late))
    yield said["share" if least == most else "between"].format(least=least, most=most)


def _bounds(count: int | None) -> tuple[int, int]:
    return (0, FEW_AT_MOST) if count is None else (count, count)


def _silent(now: CountTable) -> Iterator[str]:
    """Name the agencies of which few are known, or none."""
    silent = [
        label
        for value, label in now.shape.cells.items()
        if value not in {*NOT_KNOWN, Agency.other} and now.counts[value] is None
    ]
    if silent:
        yield now.shape.sentences["silent"].format(listed=listed(silent))


def contacts_sentences(lines: Sequence[ReportLine], said: Mapping[str, Any]) -> Iterator[str]:
    """Name who raised the most for their contacts, as far as chance leaves it standing."""
    ranges = [
        (_least_raised(count) / made, _most_raised(count) / made)
        for made, count, _ in (line.counts for line in lines)
        if made
    ]
    highest = max(least for least, _ in ranges)
    top = [line for line, (_, most) in zip(lines, ranges, strict=True) if most >= highest]
    if highest == 0 or len(top) > MOST_NAMED or len(top) == len(lines):
        yield said["none_stands_out"]
    else:
        named = words()["named"]
        by_rate = sorted(top, key=lambda line: -(line.counts[2] or 0))
        yield said["top"].format(
            listed=listed(
                named.format(label=line.label, count=about(line.counts[2])) for line in by_rate
            )
        )
    silent = [
        said["made"].format(agency=line.label, made=line.counts[0])
        for line in lines
        if line.counts[1] is None
    ]
    if silent:
        yield said["silent"].format(listed=listed(silent))


def _least_raised(count: int | None) -> int:
    return 0 if count is None else count - STEP


def _most_raised(count: int | None) -> int:
    return FEW_AT_MOST if count is None else count + STEP
