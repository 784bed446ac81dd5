"""Training lines as they stand inside an account: who writes before them, what was tried after.

A ranker that has only seen a line alone loses it among introductions and contacts.
"""

from collections.abc import Iterable
from functools import cache

import msgspec

from bot.core.vocabulary import Disagreement, Exit
from bot.understanding.words.patterns import SHEETS

WRAPPED = frozenset({*map(str, Disagreement), *map(str, Exit)})


class Wrapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`words/wrapping.yml`: what stands before a line and after it in an account.

    `calm` stands only after lines without danger.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    calm: tuple[str, ...]


def wrapped(examples: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return each line of a kind or an exit once more, inside an account.

    Neighbouring lines get different surroundings, the same at every training.
    """
    lines = [(text, intent) for text, intent in examples if intent in WRAPPED]
    return [(inside(text, number), intent) for number, (text, intent) in enumerate(lines)]


def inside(text: str, number: int, *, calm: bool = True) -> str:
    """Return a line inside the account of this number; `calm` if it tells of no danger."""
    around = _wrapping()
    ends = (*around.after, *around.calm) if calm else around.after
    stop = "" if text.endswith((".", "?", "!")) else "."
    before, after = around.before[number % len(around.before)], ends[number % len(ends)]
    return f"{before} {text}{stop} {after}".strip()


@cache
def _wrapping() -> Wrapping:
    return msgspec.yaml.decode((SHEETS / "wrapping.yml").read_bytes(), type=Wrapping)
