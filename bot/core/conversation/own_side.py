"""What somebody tells of their own side: a manager or lead who says no, or who cannot be asked.

It is told in the middle of anything else, and answers no question. Where the words do not say whose
manager is meant, the agencies do; where these do not either, it is asked.
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from bot.core.conversation.state import UNKNOWN, State, own_side_told
from bot.core.vocabulary import Agency, Worry

IN_DOUBT = "in_doubt"
"""In place of the worry while it is asked whose manager it is."""


def with_own_side(state: State, told: Mapping[str, Any] | None) -> State | None:
    """Return the state with what is told of one's own side; None where it is about nobody there."""
    if told is None or state.urgent:
        return None
    ours = _is_ours(state, told)
    if ours is False or (ours is None and told["worry"] != Worry.own_manager):
        return None
    worry = told["worry"] if ours else IN_DOUBT
    return replace(state, own_side=_held(worry, told.get("who"), told.get("on")))


def answered_whose(state: State, *, ours: bool) -> State:
    """Return the state once it is known whose manager somebody spoke of."""
    _, *rest = str(state.own_side).split(".")
    return replace(state, own_side=".".join([Worry.own_manager, *rest]) if ours else None)


def is_in_doubt(state: State) -> bool:
    """Say whether it is still open whose manager somebody spoke of."""
    return str(state.own_side).startswith(IN_DOUBT)


def who_says_no(state: State) -> str:
    """Return the title of whoever was spoken of, to ask whose they are."""
    return (state.own_side or "").partition(".")[2].partition(".")[0]


def worry_told(state: State) -> str | None:
    """Return the worry about one's own side that is known, or None."""
    known = own_side_told(state.own_side)
    return str(known.worry) if known else None


def _held(worry: str, who: str | None, on: str | None) -> str:
    return f"{worry}.{who or ''}.{on or ''}"


def _is_ours(state: State, told: Mapping[str, Any]) -> bool | None:
    """Say whether somebody is on one's own side; None where nothing told so far says it."""
    agency = told.get("agency")
    mine, theirs = state.my_agency, state.their_agency
    if told["is_told"] or (agency is not None and agency == mine):
        return True
    if agency is None:
        return None
    if agency == theirs:
        return False
    # Most who have not said for whom they work disagree with social care.
    against_others = theirs not in {None, UNKNOWN} or (
        told["surely"] and agency != Agency.childrens_social_care
    )
    refused = told["worry"] == Worry.own_manager
    return True if mine is None and refused and against_others else None
