"""What the limits of a stage mean today for whoever waits on it."""

from datetime import date
from enum import Enum

import msgspec

from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Cap, Limit, Party, Stage
from bot.core.rules.deadlines import Anchors, Deadline, deadline_for
from bot.core.rules.narrowing import NarrowedPolicy


class Clock(Enum):
    """The state of a waiting stage's limits today."""

    none = "none"
    running = "running"
    running_for_receiver = "running_for_receiver"
    passed = "passed"
    unknown = "unknown"
    undecided = "undecided"
    """Which limit holds depends on a priority that nobody has named, and it matters today."""


class Waiting(msgspec.Struct, frozen=True):
    """A waiting stage's limits today. `decides` is the one that the wait depends on, if any.

    `early` are its other limits that have passed, `spent` those over several stages that had passed
    before it began. Neither makes anybody late.
    """

    clock: Clock
    decides: Deadline | None = None
    running: tuple[Deadline, ...] = ()
    early: tuple[Deadline, ...] = ()
    spent: tuple[Deadline, ...] = ()


def waiting_at(policy: NarrowedPolicy, stage: Stage, anchors: Anchors, phrases: Phrases) -> Waiting:
    """Work out what a stage's limits mean for whoever waits on it.

    Where they depend on a priority that nobody has named, only what is so for each one counts.
    """
    here = _waiting(policy, stage, anchors, phrases)
    if stage.number not in policy.undecided:
        return here
    found = [
        _waiting(track.policy, track.policy.stage(stage.number), anchors, phrases)
        for track in policy.tracks
    ]
    if all(one == here for one in found):
        return here
    same = {one.clock for one in found}
    clock = same.pop() if len(same) == 1 and same <= SURE else Clock.undecided
    return msgspec.structs.replace(here, clock=clock, decides=None)


SURE = {Clock.none, Clock.passed, Clock.unknown}
"""What needs no date: a limit that runs on every track may still end on different days."""


def _waiting(policy: NarrowedPolicy, stage: Stage, anchors: Anchors, phrases: Phrases) -> Waiting:
    began = anchors.started.get(stage.number)
    limits = {
        limit: deadline_for(limit, stage, policy, anchors, phrases)
        for limit in stage.to_answer
        if limit.has_end
    }
    spent = {
        limit: deadline
        for limit, deadline in limits.items()
        if isinstance(limit, Cap) and deadline and began and _ran_out(deadline, began)
    }
    deciding = _deciding([limit for limit in limits if limit not in spent])
    known = [deadline for limit in deciding if (deadline := limits[limit])]
    last = max(known, key=lambda deadline: deadline.due, default=None)
    due = [deadline for limit, deadline in limits.items() if deadline and limit not in spent]
    return Waiting(
        _clock(last, len(deciding), len(known)),
        last,
        running=tuple(deadline for deadline in due if not deadline.overdue),
        # A limit over several stages that has passed beside a stage's own is told as spent.
        early=tuple(one for one in due if one.overdue and one not in {last, *_caps(limits)}),
        spent=(
            *spent.values(),
            *(one for one in _caps(limits) if one.overdue and one is not last and one in due),
        ),
    )


def _ran_out(cap: Deadline, began: date) -> bool:
    """Say whether a limit over several stages left a stage no time: a new day after none is none.

    Whoever was asked on its last day is not late the day after.
    """
    return cap.due < began or (cap.due == began and cap.overdue)


def _deciding(limits: list[Limit]) -> list[Limit]:
    """Return the limits that a wait depends on: theirs, else the partnership's, else ours.

    A limit over several stages counts only where the stage has no limit of its own.
    """
    own = [limit for limit in limits if not isinstance(limit, Cap)] or limits
    for party in (Party.receiver, Party.partnership, Party.raiser):
        bound = [limit for limit in own if limit.who is party]
        if bound:
            return bound
    return []


def _caps(limits: dict[Limit, Deadline | None]) -> list[Deadline]:
    return [one for limit, one in limits.items() if isinstance(limit, Cap) and one]


def _clock(last: Deadline | None, deciding: int, known: int) -> Clock:
    if not deciding:
        return Clock.none
    if last is None or known < deciding:
        return Clock.unknown
    if last.overdue:
        return Clock.passed
    return Clock.running if last.who is Party.raiser else Clock.running_for_receiver
