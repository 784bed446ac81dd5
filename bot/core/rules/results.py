"""The shapes of advice (design, section 4)."""

from datetime import date

import msgspec

from bot.core.policy.model import Party, Source
from bot.core.rules.deadlines import Deadline
from bot.core.vocabulary import URGENT_ROUTES, Action, Agency, CallTo, Exit, Level, Route


class StageRef(msgspec.Struct, frozen=True):
    """A stage by the policy's own number and label."""

    number: int
    label: str
    title: str
    level: Level


class Next(msgspec.Struct, frozen=True):
    """What to do next. `to_stage` is the number of the stage to go to, or None."""

    action: Action
    to_stage: int | None
    summary: str


class Contact(msgspec.Struct, frozen=True):
    """Whom to speak to. `address` is None unless a policy gives an address.

    `post` is the post alone, as a sentence names it: "team manager".
    """

    role: str
    party: Party
    agency: Agency | None
    address: str | None
    source: Source
    post: str | None = None


class Notify(msgspec.Struct, frozen=True):
    """Somebody to notify. `carried`: due at an earlier stage, and so very likely done."""

    who: str
    what: str
    address: str | None
    source: Source
    carried: bool = False


class Item(msgspec.Struct, frozen=True):
    """A statement with its source."""

    what: str
    source: Source


class TurnTo(msgspec.Struct, frozen=True):
    """Somebody to turn to today: how to reach them, why, what to say and what to note.

    `to` is what a call to them counts as. `address` is None unless there is a number to ring.
    """

    role: str
    agency: Agency | None
    to: CallTo
    do: str
    why: str
    say: str
    note: str
    address: str | None
    source: Source


class Headline(msgspec.Struct, frozen=True):
    """The first thing to read: one sentence, whom it concerns, and by when if a date is due."""

    do: str
    who: str
    by: date | None


class FormRef(msgspec.Struct, frozen=True):
    """A form or set message to fill in."""

    id: str
    name: str
    what: str
    send_to: str
    address: str | None
    source: Source


class Reason(msgspec.Struct, frozen=True):
    """Why a policy is for this, or is not, with its source."""

    text: str
    source: Source


class Scope(msgspec.Struct, frozen=True):
    """Whether this is what the policy is for; None where that is not stated."""

    in_scope: bool | None
    because: tuple[Reason, ...]


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """The whole advice. Every item of every list carries its source (design, section 4).

    `first` are the warnings to read before anything else: that another policy may hold. `acting`
    says who acts at the next stage, where the headline has no room for them.
    """

    route: Route
    exit: Exit | None
    stage: StageRef | None
    next: Next
    headline: Headline | None = None
    turn_to: tuple[TurnTo, ...] = ()
    scope: Scope | None = None
    deadlines: tuple[Deadline, ...] = ()
    contacts: tuple[Contact, ...] = ()
    notify: tuple[Notify, ...] = ()
    records: tuple[Item, ...] = ()
    forms: tuple[FormRef, ...] = ()
    first: tuple[Item, ...] = ()
    acting: tuple[Item, ...] = ()
    guidance: tuple[Item, ...] = ()
    grounds: tuple[Item, ...] = ()
    support: tuple[Item, ...] = ()
    warnings: tuple[Item, ...] = ()
    not_stated: tuple[Item, ...] = ()

    @property
    def urgent(self) -> bool:
        """Whether somebody must act today and the stages do not apply."""
        return self.route in URGENT_ROUTES
