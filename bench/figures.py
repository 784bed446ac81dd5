"""`python -m bench.figures`: three simulated years, and what each way of hiding costs a reader.

Three partnerships, with 40, 160 and 640 escalations a year. Each method publishes the same year;
what is lost is the share of all that is counted in the tables that a reader cannot see, and how far
what they see is from the count. `--report` prints the year's report of a partnership instead, to be
read as its chair would.
"""

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from statistics import mean

from bot.commands.figures import plain_report
from bot.core.policy.loader import load_library
from bot.figures.chance import LIKELIER, STEP, shown
from bot.figures.counting import ExactTable, count_quarter
from bot.figures.log import new_row
from bot.figures.published import PublishedQuarters
from bot.figures.quarters import QUARTERS, Period, Quarter
from bot.figures.report import period_report
from bot.paths import POLICIES
from tests.figures.rows import database
from tests.figures.year import simulated_year

SIZES = {"pan_dorset": 40, "pan_bedfordshire": 160, "kent": 640}
YEARS = (2024, 2025, 2026)
LAST = Quarter(2027, 1)
TODAY = date(2027, 6, 1)

Counts = list[list[int]]
"""The counts of the tables of a period."""
Method = Callable[[Sequence[int], random.Random], list[int | None]]


def suppressed(counts: Sequence[int], _: random.Random) -> list[int | None]:
    """Hide each count below 5, and others from the end until each hidden one may be 0 or 4."""
    held = {place for place, count in enumerate(counts) if count < STEP}
    together = sum(counts[place] for place in held)
    others = 0
    for place in reversed(range(len(counts))):
        if not held or (others and together >= STEP * others + STEP - 1):
            break
        if place not in held:
            held.add(place)
            together += counts[place]
            others += 1
    return [None if place in held else count for place, count in enumerate(counts)]


def rounded(counts: Sequence[int], chance: random.Random) -> list[int | None]:
    """Round each count at random to a multiple of 5 above or below it."""
    found = []
    for count in counts:
        over = count % STEP
        found.append(count - over + (STEP if chance.random() < over / STEP else 0))
    return list(found)


def changed(counts: Sequence[int], chance: random.Random, quarters: int = 1) -> list[int | None]:
    """Change each count by chance, and round it."""

    def geometric() -> int:
        number = 0
        while chance.randrange(LIKELIER) == 0:
            number += 1
        return number

    moved = (count + sum(geometric() - geometric() for _ in range(quarters)) for count in counts)
    return [shown(count) for count in moved]


def changed_quarterly(counts: Sequence[int], chance: random.Random) -> list[int | None]:
    """Change a year's counts as often as it has quarters, as is published."""
    return changed(counts, chance, QUARTERS)


METHODS: dict[str, Method] = {
    "complementary suppression": suppressed,
    "random rounding to 5": rounded,
    "changed by chance (published)": changed_quarterly,
}


def main() -> None:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.figures", description=__doc__)
    parser.add_argument("--report", choices=SIZES, help="print this partnership's last year")
    given = parser.parse_args()
    rows = [
        new_row(row)
        for seed, year in enumerate(YEARS)
        for row in simulated_year(seed, SIZES, date(year, 4, 1))
    ]
    with tempfile.TemporaryDirectory() as folder:
        engine = database(Path(folder), rows)
        library = load_library(POLICIES)
        if given.report:
            published = PublishedQuarters(engine, library, lambda: TODAY)
            found = published.periods_back(given.report, Period(LAST, year=True))
            print(plain_report(period_report(published.names()[given.report], found)))
            return
        print("| a year | method | not seen | off by, where seen | a lone 5 where none is |")
        print("|---:|---|---:|---:|---:|")
        for policy, many in SIZES.items():
            with engine.begin() as connection:
                tables = [
                    list(count_quarter(connection, (policy, at), library.newest()[policy]))
                    for at in Period(LAST, year=True).quarters
                ]
            for line in _compared(many, _added(tables)):
                print(line)


def _added(quarters: Sequence[Sequence[ExactTable]]) -> Counts:
    return [
        [sum(table.counts[value] for table in same) for value in same[0].counts]
        for same in zip(*quarters, strict=True)
        if same[0].shape.key not in {"pair", "endings"}
    ]


def _compared(many: int, counts: Counts) -> Iterator[str]:
    for name, method in METHODS.items():
        chance = random.Random(1)  # noqa: S311 - a simulation
        unseen: list[float] = []
        off: list[float] = []
        false: list[float] = []
        for _ in range(50):
            seen = [method(table, chance) for table in counts]
            pairs = [
                (count, told)
                for table, as_seen in zip(counts, seen, strict=True)
                for count, told in zip(table, as_seen, strict=True)
            ]
            whole = sum(count for count, _ in pairs)
            unseen.append(sum(count for count, told in pairs if told is None) / whole)
            off.append(mean(abs(count - told) for count, told in pairs if told) if whole else 0)
            empty = [told for count, told in pairs if count == 0]
            false.append(sum(bool(told) for told in empty) / max(len(empty), 1))
        yield (f"| {many} | {name} | {mean(unseen):.0%} | {mean(off):.1f} | {mean(false):.1%} |")


if __name__ == "__main__":
    main()
