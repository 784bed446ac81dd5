"""The training lines of `data/nlu`, each with its author, and what unseen encoders said of them."""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec
import numpy as np

from bot.paths import ROOT

NLU = ROOT / "data/nlu"
HELD_OUT = Path(__file__).with_name("held_out.npz")
"""What `make tune` writes beside the encoder: how encoders heard lines that they had not seen."""
NOW, TODAY = "now", "today"
"""Danger that is happening or about to (999), and danger to act on the same day."""


class Example(msgspec.Struct, frozen=True):
    """A training line. `by` is its author's batch and `when` NOW, TODAY or "" if not said."""

    text: str
    intent: str
    by: str = ""
    when: str = ""
    topic: str = ""
    outcome: str = ""


def training_lines(folder: Path = NLU) -> list[Example]:
    """Return every training line, in the order of the files."""
    return [
        Example(
            line[2:].strip(),
            str(group["intent"]),
            str(about.get("by", "")),
            str(about.get("when", "")),
            str(about.get("topic", "")),
            str(about.get("outcome", "")),
        )
        for path in sorted(folder.glob("*.yml"))
        for group in msgspec.yaml.decode(path.read_bytes())["nlu"]
        for about in [group.get("metadata") or {}]
        for line in group["examples"].splitlines()
    ]


def authors(examples: Iterable[Example]) -> dict[str, list[Example]]:
    """Return the lines by author's batch, in the order in which they come."""
    found: dict[str, list[Example]] = {}
    for example in examples:
        found.setdefault(example.by, []).append(example)
    return found


def halves(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """Split the lines in two halves that share no author.

    Of lines without a name the first half of every intent is apart from the second: whoever wrote
    one after another is then mostly in one of them.
    """
    batches = authors(examples)
    unnamed: dict[str, list[Example]] = {}
    for example in batches.pop("", []):
        unnamed.setdefault(example.intent, []).append(example)
    first, second = [], []
    for lines in unnamed.values():
        first += lines[: len(lines) // 2]
        second += lines[len(lines) // 2 :]
    for number, lines in enumerate(batches.values()):
        (second if number % 2 else first).extend(lines)
    return first, second


def line_key(text: str) -> int:
    """Return the number under which what was heard in a line is kept."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def heard_unseen(path: Path = HELD_OUT) -> Mapping[int, tuple[float, float]]:
    """Return log odds of danger, and of it being now, by key of the line."""
    with np.load(path, allow_pickle=False) as arrays:
        pairs = zip(arrays["danger"].tolist(), arrays["now"].tolist(), strict=True)
        return dict(zip(arrays["keys"].tolist(), pairs, strict=True))
