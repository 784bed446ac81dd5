"""Figures for understanding, over lines that were never trained on. Used by tests and the bench."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from statistics import median

import msgspec

from bot.paths import ROOT
from bot.understanding.components import likeliest, policy_places
from bot.understanding.places import gazetteer, places_from
from bot.understanding.ranker import DANGER, Ranker, rank_both, train_both
from bot.understanding.reading import Reading, read

LINES = Path(__file__).parent / "lines"
TODAY = date(2026, 11, 20)
BATCHES = ("", "_second", "_third")
DANGER_BATCHES = (*BATCHES, "_fourth", "_blind")


class Danger(msgspec.Struct, frozen=True):
    """Shares of urgent lines heard, and of the others taken for urgent, with the lines."""

    recall: float
    false_alarms: float
    missed: tuple[str, ...]
    false: tuple[str, ...]


class Kinds(msgspec.Struct, frozen=True):
    """Shares right first and in the first two; (meant, heard) pairs that were mistaken."""

    first: float
    first_two: float
    lines: int
    mistaken: Counter[tuple[str, str]]


class Grouped(msgspec.Struct, frozen=True):
    """One line with the heading it stands under."""

    heading: str
    text: str


def grouped(name: str) -> list[Grouped]:
    """The lines of a file, each with the last `# heading` above it."""
    return list(_grouped((LINES / f"{name}.txt").read_text("utf-8")))


def _grouped(text: str) -> Iterator[Grouped]:
    heading = ""
    for line in text.splitlines():
        if line.startswith("# "):
            heading = line[2:]
        elif line:
            yield Grouped(heading, line)


def examples() -> list[tuple[str, str]]:
    """Every training line with its intent, read without Rasa."""
    found = []
    for path in sorted((ROOT / "data/nlu").glob("*.yml")):
        for group in msgspec.yaml.decode(path.read_bytes())["nlu"]:
            found += [
                (line[2:].strip(), str(group["intent"])) for line in group["examples"].splitlines()
            ]
    return found


@cache
def rankers() -> tuple[Ranker, Ranker]:
    """The two rankers, trained on data/nlu as the model's are."""
    return train_both(examples())


@cache
def reader() -> Callable[[str], Reading]:
    """What reads one text as the model does, on a fixed day."""
    intents, danger = rankers()
    places = gazetteer(places_from(policy_places(ROOT / "policies")))
    return lambda text: read(text, TODAY, places, rank_both(text, intents, danger))


def intent(text: str) -> str:
    """The intent that a text is acted on as."""
    reading = reader()(text)
    ranked = [{"name": name, "confidence": share} for name, share in rank_both(text, *rankers())]
    return DANGER if reading.urgent else str(likeliest(ranked, reading)["name"])


def danger(*batches: str) -> Danger:
    """How danger is heard in the batches."""
    lines = [line for batch in batches for line in grouped(f"red_flags{batch}")]
    heard = {line: reader()(line.text).urgent for line in lines}
    urgent = [line for line in lines if line.heading == "urgent"]
    calm = [line for line in lines if line.heading != "urgent"]
    missed = tuple(line.text for line in urgent if not heard[line])
    false = tuple(line.text for line in calm if heard[line])
    return Danger(1 - len(missed) / len(urgent), len(false) / len(calm), missed, false)


def kinds(*batches: str) -> Kinds:
    """How the kinds of disagreement are ranked in the batches."""
    lines = [line for batch in batches for line in grouped(f"disagreements{batch}")]
    first = second = 0
    mistaken: Counter[tuple[str, str]] = Counter()
    for line in lines:
        names = [kind.name for kind in reader()(line.text).disagreement[:2]]
        first += names[:1] == [line.heading]
        second += line.heading in names
        if names[:1] != [line.heading]:
            mistaken[line.heading, names[0] if names else "none"] += 1
    return Kinds(first / len(lines), second / len(lines), len(lines), mistaken)


def place(text: str) -> str:
    """Where a text is set, as the headings of places.txt say it."""
    reading = reader()(text)
    if reading.partnership:
        return " ".join(filter(None, (reading.partnership, reading.area)))
    return "outside" if reading.outside_place else "none"


def milliseconds(work: Callable[[str], object]) -> float:
    """The median time that `work` takes for one line of all batches."""
    lines = [line.text for batch in BATCHES for line in grouped(f"disagreements{batch}")]
    work(lines[0])
    spent = []
    for line in lines:
        start = time.perf_counter()
        work(line)
        spent.append(1000 * (time.perf_counter() - start))
    return median(spent)
