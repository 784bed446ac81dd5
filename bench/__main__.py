"""`python -m bench [guide|stock|core|flat …]`: measure, and print the figures as a Markdown table.

Both bots run side by side and take turns in short blocks, so that other load on the machine
affects both. Takes about eight minutes.
"""

import asyncio
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles

import yaml

from bench.bots import BenchBot, guide, started_bot, stock
from bench.core import advise_milliseconds, load_seconds
from bench.flat import flat_lines
from bench.talk import (
    Conversation,
    Script,
    all_at_once,
    guide_conversation,
    one_after_another,
    stock_conversation,
    until_ready,
)

STARTS = 2
ALONE_BLOCKS, ALONE_CONVERSATIONS = 6, 5
CROWD_BLOCKS, CROWD = 2, 50

MAKERS: dict[str, tuple[Callable[[Path], BenchBot], Conversation]] = {
    "guide": (guide, guide_conversation),
    "stock": (stock, stock_conversation),
}

ALONE = ("core", "flat")
"""Parts that are measured without the stock bot."""


@dataclass
class Measured:
    """The measurements of one bot: seconds, turns per second, and MB."""

    ready: list[float] = field(default_factory=list)
    turns: list[float] = field(default_factory=list)
    crowd: list[float] = field(default_factory=list)
    memory: tuple[float, float] = (0.0, 0.0)

    def figures(self) -> dict[str, tuple[float, str]]:
        """Return each figure of the table with its unit."""
        return {
            "a turn, median": (median(self.turns) * 1000, "ms"),
            "a turn, 95th percentile": (quantiles(self.turns, n=20)[-1] * 1000, "ms"),
            "turns a second, 1 conversation": (len(self.turns) / sum(self.turns), ""),
            f"turns a second, {CROWD} conversations": (median(self.crowd), ""),
            "from start to the first answer": (median(self.ready), "s"),
            "memory of all processes, PSS": (self.memory[1], "MB"),
            "memory of all processes, RSS": (self.memory[0], "MB"),
        }


async def measure_bots(names: Sequence[str], scratch: Path) -> dict[str, Measured]:
    """Measure the bots named, in alternating blocks."""
    scripts = _scripts()
    measured = {name: Measured() for name in names}
    bots = {name: MAKERS[name][0](scratch) for name in names}
    person = 0

    def people(name: str, count: int) -> tuple[list[Script], int]:
        nonlocal person
        person += count
        return list(islice(cycle(scripts[name]), count)), person - count

    with ExitStack() as stack:
        up = {}
        for start in range(STARTS):
            for name, bot in bots.items():
                report_progress(f"starting {name}, {start + 1} of {STARTS}")
                with ExitStack() as this_start:
                    started = this_start.enter_context(started_bot(bot, scratch))
                    ready = await until_ready(started, MAKERS[name][1], scripts[name][0])
                    measured[name].ready.append(ready)
                    if start == STARTS - 1:
                        up[name] = started
                        stack.push(this_start.pop_all())
        for block in range(ALONE_BLOCKS):
            report_progress(f"one conversation at a time, block {block + 1} of {ALONE_BLOCKS}")
            for name, running_bot in up.items():
                those, first = people(name, ALONE_CONVERSATIONS)
                talk = MAKERS[name][1]
                measured[name].turns += await one_after_another(running_bot, talk, those, first)
        for block in range(CROWD_BLOCKS):
            report_progress(f"{CROWD} conversations at once, block {block + 1} of {CROWD_BLOCKS}")
            for name, running_bot in up.items():
                those, first = people(name, CROWD)
                talk = MAKERS[name][1]
                measured[name].crowd.append(await all_at_once(running_bot, talk, those, first))
        for name, running_bot in up.items():
            measured[name].memory = running_bot.memory()
    return measured


def _scripts() -> dict[str, list[Script]]:
    path = Path(__file__).parent / "conversations.yml"
    read: dict[str, list[Script]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read


def bots_table(measured: dict[str, Measured]) -> str:
    """Return the bots' figures as a Markdown table; the ratio where both were measured."""
    both = len(measured) == 2
    columns = [*measured, *(["guide / stock"] if both else [])]
    lines = [f"| | {' | '.join(columns)} |", "|---" + "|---:" * len(columns) + "|"]
    figures = [one.figures() for one in measured.values()]
    for label in figures[0]:
        values = [figure[label] for figure in figures]
        cells = [f"{value:,.{0 if value >= 100 else 1}f} {unit}".strip() for value, unit in values]
        if both:
            cells.append(f"{values[0][0] / values[1][0]:.2f}")
        lines.append(f"| {label} | {' | '.join(cells)} |")
    return "\n".join(lines)


def core_lines() -> str:
    """Return the core's figures as Markdown."""
    middle, slow = advise_milliseconds()
    return (
        f"- `advise`: {middle:.2f} ms median, {slow:.2f} ms 95th percentile\n"
        f"- loading 150 policies: {load_seconds():.2f} s"
    )


def report_progress(what: str) -> None:
    """Print the progress of the bench."""
    print(f"… {what}", file=sys.stderr, flush=True)


def main(argv: list[str]) -> int:
    """Measure the named parts, or everything."""
    wanted = argv or [*MAKERS, *ALONE]
    if not set(wanted) <= {*MAKERS, *ALONE}:
        print("usage: python -m bench [guide] [stock] [core] [flat]", file=sys.stderr)
        return 2
    # When the bench is stopped from outside, the bots must stop too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    names = [name for name in MAKERS if name in wanted]
    if names:
        with tempfile.TemporaryDirectory() as scratch:
            print(bots_table(asyncio.run(measure_bots(names, Path(scratch)))))
    if "core" in wanted:
        print(core_lines())
    if "flat" in wanted:
        with tempfile.TemporaryDirectory() as scratch:
            print(asyncio.run(flat_lines(Path(scratch), _scripts()["guide"][0], report_progress)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
