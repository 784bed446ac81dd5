"""Training lines as they stand inside an account: who writes before them, what was tried after.

A ranker that has only seen a line alone loses it among introductions and contacts.
"""

from collections.abc import Iterable

import msgspec

from bot.core.vocabulary import Disagreement, Exit
from bot.understanding.words.patterns import SHEETS

WRAPPED = frozenset({*map(str, Disagreement), *map(str, Exit)})


class Wrapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`words/wrapping.yml`: what stands before a line and after it in an account."""

    before: tuple[str, ...]
    after: tuple[str, ...]


def wrapped(examples: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return each line of a kind or an exit once more, inside an account.

    Neighbouring lines get different surroundings, the same at every training.
    """
    around = msgspec.yaml.decode((SHEETS / "wrapping.yml").read_bytes(), type=Wrapping)
    lines = [(text, intent) for text, intent in examples if intent in WRAPPED]
    found = []
    for number, (text, intent) in enumerate(lines):
        before = around.before[number % len(around.before)]
        after = around.after[number % len(around.after)]
        stop = "" if text.endswith((".", "?", "!")) else "."
        found.append((f"{before} {text}{stop} {after}".strip(), intent))
    return found
