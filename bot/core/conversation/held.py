"""What a `State` holds beside single answers: a saved advice, another case, a rehearsal."""

from typing import Any

import msgspec

from bot.core.vocabulary import Action, Child


class FollowUp(msgspec.Struct, frozen=True):
    """The advice of a saved case, and the day it was saved (an ISO text)."""

    on: str
    action: Action
    to_stage: int | None = None


class OtherCase(msgspec.Struct, frozen=True):
    """A case that was put aside in this conversation: what is saved of it, and its next date.

    `case` is its reference, "" until it has one, and `figure` the row of its escalation till then;
    `due` is an ISO text; `child` is the word that tells the child apart from the others.
    """

    case: str
    answers: dict[str, Any]
    due: str | None = None
    child: Child | None = None
    figure: str | None = None


class Rehearsal(msgspec.Struct, frozen=True):
    """The progress of a rehearsal: the number of the reply, and what is shown with it.

    `shown` is reply, suggest (the practitioner asked what to say) or answered.
    """

    reply: int = 1
    shown: str = "reply"
