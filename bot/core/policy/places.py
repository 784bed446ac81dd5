"""The place of every statement in a policy's file: "stages[1].to_answer[0]"."""

from collections.abc import Iterator

import msgspec

from bot.core.policy.model import Policy, Quoted

WORDS = ("role", "what", "name")
"""Where a part holds its words; the first that it has counts."""


class Placed(msgspec.Struct, frozen=True):
    """A statement's own words and its section."""

    words: str
    section: str


def statement_places(policy: Policy) -> dict[str, Placed]:
    """Return every statement of a policy by its place, in the file's order."""
    return dict(_places("", policy))


def _places(place: str, part: object) -> Iterator[tuple[str, Placed]]:
    if isinstance(part, Quoted):
        words = next((getattr(part, name) for name in WORDS if hasattr(part, name)), "")
        yield place, Placed(str(words), part.source)
    if isinstance(part, tuple):
        for at, one in enumerate(part):
            yield from _places(f"{place}[{at}]", one)
    elif isinstance(part, msgspec.Struct):
        for name in part.__struct_fields__:
            yield from _places(f"{place}.{name}" if place else name, getattr(part, name))
