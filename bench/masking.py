"""Figures for masking: `python -m bench.masking`."""

import re
import sys
import time
from collections import Counter
from statistics import median

import msgspec

from bot.paths import ROOT
from bot.privacy.masking.lexicon import fold_word
from bot.privacy.masking.masker import mask
from bot.privacy.masking.patterns import PLACEHOLDER

HERE = ROOT / "tests/privacy/masking"
FILES = tuple(
    f"masking_{batch}.txt"
    for batch in ("lines", "fresh", "third", "fourth", "fifth", "sixth", "seventh", "eighth")
)
MARKED = re.compile(r"\{(?P<kind>[a-z_]+) (?P<what>[^}]+)\}")
_WORD = re.compile(r"\w+")


class MarkedLine(msgspec.Struct, frozen=True):
    """One line of the test data: the text as typed, what must go, and the words that stay."""

    text: str
    gone: tuple[tuple[str, str], ...]
    stay: tuple[str, ...]


class LineOutcome(msgspec.Struct, frozen=True):
    """What masking made of one line: stretches left standing, and stay words lost."""

    line: MarkedLine
    masked: str
    left: tuple[str, ...]
    lost: tuple[str, ...]


class MaskingFigures(msgspec.Struct, frozen=True):
    """Share of identifiers gone, share of stay words lost, and milliseconds a line (median)."""

    lines: int
    recall: float
    loss: float
    milliseconds: float


def marked_lines(*names: str) -> list[MarkedLine]:
    """The lines of the data files beside this one."""
    texts = [text for name in names for text in (HERE / name).read_text("utf-8").splitlines()]
    return [_line(text) for text in texts if text and not text.startswith("#")]


SEALED = ("sealed", "sealed_second")
"""Batches that were looked at once, when all else was done."""


class SealedLine(msgspec.Struct, frozen=True):
    """A line of a batch that was looked at once, when all else was done: what goes, what stays."""

    text: str
    secret: tuple[str, ...]
    keep: tuple[str, ...]


def measure_sealed(batch: str) -> MaskingFigures:
    """The figures of a sealed batch. Its identifiers are not marked by kind."""
    raw = (HERE / f"{batch}.jsonl").read_bytes().splitlines()
    lines = [msgspec.json.decode(line, type=SealedLine) for line in raw]
    secrets = gone = words = lost = 0
    spent = []
    for line in lines:
        start = time.perf_counter()
        masked = PLACEHOLDER.sub(" ", mask(line.text).text).lower()
        spent.append(1000 * (time.perf_counter() - start))
        secrets += len(line.secret)
        gone += sum(secret.lower() not in masked for secret in line.secret)
        seen = set(_WORD.findall(masked))
        kept = [word for stretch in line.keep for word in _WORD.findall(stretch.lower())]
        words += len(kept)
        lost += sum(word not in seen for word in kept)
    return MaskingFigures(len(lines), gone / secrets, lost / words, median(spent))


def line_outcome(line: MarkedLine) -> LineOutcome:
    """Mask a line and compare."""
    masked = mask(line.text).text
    seen = Counter(_words(PLACEHOLDER.sub(" ", masked)))
    stay = Counter(line.stay)
    left = [
        what
        for _, what in line.gone
        if any(seen[word] > stay[word] for word in _words(what) if word not in _PLAIN)
    ]
    return LineOutcome(line, masked, tuple(left), tuple((stay - seen).elements()))


# Words inside an address or a date that identify nobody by themselves.
_PLAIN = {"flat", "the", "of", "on", "number"}


def measure_masking(*names: str) -> MaskingFigures:
    """Recall, loss and time over the data files (all of them by default)."""
    mask("so that the lists are read before the clock starts")
    tried, spent = [], []
    for line in marked_lines(*(names or FILES)):
        start = time.perf_counter()
        mask(line.text)
        spent.append(1000 * (time.perf_counter() - start))
        tried.append(line_outcome(line))
    gone = sum(len(one.line.gone) for one in tried)
    stay = sum(len(one.line.stay) for one in tried)
    return MaskingFigures(
        lines=len(tried),
        recall=1 - sum(len(one.left) for one in tried) / max(gone, 1),
        loss=sum(len(one.lost) for one in tried) / max(stay, 1),
        milliseconds=median(spent),
    )


def _line(marked: str) -> MarkedLine:
    gone = tuple((hit["kind"], hit["what"]) for hit in MARKED.finditer(marked))
    return MarkedLine(
        text=MARKED.sub(lambda hit: hit["what"], marked),
        gone=gone,
        stay=tuple(_words(MARKED.sub(" ", marked))),
    )


def _words(text: str) -> list[str]:
    return [fold_word(word) for word in _WORD.findall(text)]


if __name__ == "__main__":
    chosen = tuple(name for name in sys.argv[1:] if name != "-v")
    for one in map(line_outcome, marked_lines(*(chosen or FILES)) if "-v" in sys.argv else []):
        if one.left or one.lost:
            print(f"{one.line.text}\n  -> {one.masked}\n  left {one.left} lost {one.lost}")
    print(measure_masking(*chosen))
