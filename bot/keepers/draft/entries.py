"""What is proposed before it is numbered: an entry for the policy file, and its passage."""

from collections.abc import Iterable
from typing import Any

import msgspec

from bot.keepers.draft.draft import Kind
from bot.keepers.draft.rungs import Passage

MOST = 25
"""Principles: nobody reads a policy file with more."""


class Entry(msgspec.Struct, frozen=True):
    """An entry of a draft. A path that ends in a full stop is the next place in that list."""

    kind: Kind
    path: str
    value: Any
    passage: Passage


class Entries(msgspec.Struct, frozen=True):
    """Entries, and what a keeper has to know about them."""

    entries: tuple[Entry, ...]
    troubles: tuple[str, ...] = ()


def numbered(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries with their places in lists counted from 0."""
    counts: dict[str, int] = {}
    placed = []
    for entry in entries:
        path = entry.path
        if path.endswith("."):
            at = counts.get(path, 0)
            counts[path] = at + 1
            path += str(at)
        placed.append(msgspec.structs.replace(entry, path=path))
    return placed
