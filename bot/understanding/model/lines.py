"""The training lines of `data/nlu`, each with its author, and what unseen encoders said of them."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec
import numpy as np

from bot.paths import ROOT

NLU = ROOT / "data/nlu"
HELD_OUT = Path(__file__).with_name("held_out.npz")
"""What `make tune` writes beside the encoder: how encoders heard lines before they saw them."""
OPEN = "open"
"""What the metadata of a line say of danger where neither yes nor no is learned of it."""
NOW, TODAY = "now", "today"
"""Danger that is happening or about to (999), and danger to act on the same day."""


PARTS = 3
"""Of so many parts of the lines each is heard by a ranker that learned from the others."""


class Example(msgspec.Struct, frozen=True):
    """A training line. `by` is its author's batch and `when` NOW, TODAY or "" if not said.

    `open` is a line about something else in which a child may be in danger as well.
    """

    text: str
    intent: str
    by: str = ""
    when: str = ""
    topic: str = ""
    outcome: str = ""
    open: bool = False


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
            about.get("danger") == OPEN,
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


def parts(examples: Sequence[Example]) -> list[list[Example]]:
    """Split the lines in PARTS that share no author.

    Of lines without a name those of an intent that follow each other stay together: whoever wrote
    one after another is then mostly in one part.
    """
    batches = authors(examples)
    unnamed: dict[str, list[Example]] = {}
    for example in batches.pop("", []):
        unnamed.setdefault(example.intent, []).append(example)
    found: list[list[Example]] = [[] for _ in range(PARTS)]
    for lines in unnamed.values():
        for at, example in enumerate(lines):
            found[at * PARTS // len(lines)].append(example)
    for number, lines in enumerate(batches.values()):
        found[number % PARTS].extend(lines)
    return found


def line_key(text: str) -> int:
    """Return the number under which what was heard in a line is kept."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def heard_unseen(path: Path = HELD_OUT) -> dict[int, tuple[float, float]]:
    """Return log odds of danger, and of it being now, by key of the line."""
    with np.load(path, allow_pickle=False) as arrays:
        pairs = zip(arrays["danger"].tolist(), arrays["now"].tolist(), strict=True)
        return dict(zip(arrays["keys"].tolist(), pairs, strict=True))
