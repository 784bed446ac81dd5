"""How a `State` is held in the conversation's slots, and read from them again."""

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.core.conversation.state import NOTHING, UNKNOWN, State
from bot.core.policy.model import AND_NUMBER, Policy
from bot.core.vocabulary import (
    Agency,
    ChildStatus,
    Disagreement,
    Level,
)

SLOTS = tuple(State.__struct_fields__)
"""The names of the slots that hold a State, in order."""
_LISTS: Mapping[str, frozenset[str]] = {
    "disagreement": frozenset({UNKNOWN, *map(str, Disagreement)}),
    "my_agency": frozenset({UNKNOWN, *map(str, Agency)}),
    "their_agency": frozenset({UNKNOWN, *map(str, Agency)}),
    "child_status": frozenset({UNKNOWN, *map(str, ChildStatus)}),
    "reached": frozenset({UNKNOWN, NOTHING, *map(str, Level)}),
}
"""The closed lists of answers that are kept as text, because they may be unknown as well."""


def from_slots(slots: Mapping[str, Any]) -> State:
    """Read a State from slot values, ignoring other slots and answers that no longer fit."""
    given = {name: slots[name] for name in SLOTS if slots.get(name) is not None}
    unfit = [name for name, allowed in _LISTS.items() if not _listed(given.get(name), allowed)]
    for name in unfit:
        del given[name]
    try:
        return msgspec.convert(given, State)
    except msgspec.ValidationError:
        return msgspec.convert({n: v for n, v in given.items() if _converts(n, v)}, State)


def unfit_answers(slots: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the answers in slots that an earlier version stored and that no longer fit."""
    read = from_slots(slots)
    blank = State()
    return tuple(
        name
        for name in SLOTS
        if slots.get(name) not in (None, getattr(blank, name), [], {})
        and getattr(read, name) == getattr(blank, name)
    )


def _listed(value: Any, allowed: frozenset[str]) -> bool:
    if value is None:
        return True
    parts = value if isinstance(value, list | tuple) else [value]
    return all(isinstance(part, str) and part.partition(AND_NUMBER)[0] in allowed for part in parts)


def _converts(name: str, value: Any) -> bool:
    try:
        msgspec.convert({name: value}, State)
    except msgspec.ValidationError:
        return False
    return True


def without_lapsed_policy(state: State, policies: Mapping[str, Policy]) -> State:
    """Return the state without a partnership that is no longer on offer, to ask for it again."""
    if state.partnership is None or state.partnership in policies:
        return state
    return msgspec.structs.replace(state, partnership=None, area=None, lapsed=state.partnership)


def to_slots(state: State) -> dict[str, Any]:
    """Return the slot values that hold a State."""
    values: dict[str, Any] = msgspec.to_builtins(state)
    return values
