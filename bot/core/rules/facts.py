"""The facts the practitioner gave. Never a child's name."""

from datetime import date

import msgspec

from bot.core.vocabulary import (
    Agency,
    CallOutcome,
    CallTo,
    ChildStatus,
    Disagreement,
    Exit,
    Harm,
    Level,
    Outcome,
    Risk,
    Side,
    Worry,
)


class Step(msgspec.Struct, frozen=True):
    """Something already tried. `on` is None if the practitioner does not know the date.

    `stage` tells which stage it was where a policy has several at a level. `settled_on` is the day
    on which it was settled, which may be later than the day on which it began; `answered_on` the
    day of an answer that did not settle it.
    """

    level: Level
    on: date | None
    outcome: Outcome
    stage: int | None = None
    settled_on: date | None = None
    answered_on: date | None = None


class Person(msgspec.Struct, frozen=True):
    """The person who asks: their side, and the level they themselves stand on, if told."""

    side: Side = Side.raiser
    level: Level | None = None


class Call(msgspec.Struct, frozen=True):
    """What came of trying to get somebody to act today.

    `level`: the rung of whoever was reached, where told. `here`: they came; `by_999`: it sent them.
    `unnamed`: told as one of "the calls": nothing is written of it in the person's name.
    `earlier`: before the danger grew, so that 999 is to be rung again.
    """

    to: CallTo
    outcome: CallOutcome
    level: Level | None = None
    here: bool = False
    unnamed: bool = False
    by_999: bool = False
    earlier: bool = False

    @property
    def by_101(self) -> bool:
        """Whether it was to the police below 999: on 101, which is not for danger now."""
        return self.to is CallTo.police and self.level is Level.practitioner


class OwnSide(msgspec.Struct, frozen=True):
    """Who on the person's own side says no or cannot be asked, by their title, and since when."""

    worry: Worry
    who: str | None = None
    on: date | None = None


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything advice depends on. During a conversation any field may be missing (None).

    `calls` are today's, in the order in which they were made. `head_accused` says of an allegation
    that it is against the head where the person works, so far as the conversation knows;
    `conflict` that whoever would be told is close to whoever it is about. `kept_out` are those
    on the person's own side who are close to the family, or whom it is about.
    `not_lead`: whatever their rung, somebody else is their safeguarding lead.
    """

    partnership: str | None = None
    risk: Risk | None = None
    disagreement: Disagreement | None = None
    my_agency: Agency | None = None
    their_agency: Agency | None = None
    child_status: tuple[ChildStatus, ...] = ()
    area: str | None = None
    priority: str | None = None
    exit: Exit | None = None
    concern_on: date | None = None
    steps: tuple[Step, ...] = ()
    me: Person = Person()
    calls: tuple[Call, ...] = ()
    own_side: OwnSide | None = None
    head_accused: bool = False
    conflict: bool = False
    harms: tuple[Harm, ...] = ()
    kept_out: tuple[CallTo, ...] = ()
    not_lead: bool = False

    @property
    def began(self) -> date | None:
        """The earliest day that is known, on which the case began."""
        days = [self.concern_on, *(step.on for step in self.steps)]
        return min((day for day in days if day is not None), default=None)

    @property
    def as_raised(self) -> "Facts":
        """The facts as the raiser would tell them: policies speak of the two sides in that way."""
        if self.me.side is Side.raiser:
            return self
        return msgspec.structs.replace(
            self, my_agency=self.their_agency, their_agency=self.my_agency, me=Person()
        )
