"""A call that a text tells of, and what the text says of whose it was though it names nobody."""

import msgspec

from bot.core.vocabulary import CallOutcome, CallTo, Level
from bot.understanding.danger.people import says, spoken_by


class FoundCall(msgspec.Struct, frozen=True):
    """A call told of. `to` is None where the text does not say to whom.

    `manager`: it says only "the manager". `again`: they did so before. `put_off`: until an office
    is open. `level` is the rung of whoever was reached, where their title says it; `here`: whoever
    was to come is there. `taken_back`: it was never told, or was not today. `by_999`: 999 sends it.
    `one_person`: nobody is named, and it is of a single person: "she's on leave". `service`: whose
    words they are, or whose post it is, if nobody's is said. `comes`: it is of coming to a child;
    `several`: of more than one person; `not_theirs`: they say that it is for another council;
    `spoken_with`: one's own manager was told, or answered.
    """

    to: CallTo | None
    outcome: CallOutcome
    manager: bool = False
    again: bool = False
    put_off: bool = False
    level: Level | None = None
    here: bool = False
    taken_back: bool = False
    by_999: bool = False
    one_person: bool = False
    service: CallTo | None = None
    comes: bool = False
    several: bool = False
    not_theirs: bool = False
    spoken_with: bool = False


def with_hints(call: FoundCall, text: str, *, again: bool) -> FoundCall:
    """Return a call with what a normal text says of whose it was."""
    return msgspec.structs.replace(
        call,
        again=again,
        one_person=_is_of_one(call, text),
        service=spoken_by(text) if call.to in {None, CallTo.their_manager} else None,
        comes=call.to is None and says(text, "comes"),
        several=call.to is None and says(text, "several"),
        not_theirs=says(text, "not_theirs"),
        spoken_with=call.to is CallTo.own_manager and says(text, "spoken_with"),
    )


def _is_of_one(call: FoundCall, text: str) -> bool:
    """Say whether a call is of a single person who is not named, or of that person's manager."""
    if call.to is CallTo.their_manager:
        return says(text, "ones_manager")
    return call.to is None and says(text, "one_person")
