"""Who is answered when: whoever is in danger first, and nobody waits longer than is bearable.

Every turn takes a place in the line as it arrives. A few are at work at once. Somebody in danger
overtakes the rest and is never turned away; a short message of theirs overtakes a long one, since
anybody can paste 4,000 characters of alarm. The messages of one person keep their order: whoever
is overtaken by somebody in their own conversation moves up with them. Where the line is longer than
can be answered in time, ordinary turns and new conversations are refused at once (`Busy`).
"""

import asyncio
import itertools
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

from bot.channels.guard import Refused

PLACES = 6
"""Turns at work at once. More would only take longer each."""
PLACES_IN_DANGER = 2
"""Further places that only those in danger may take."""
PLACES_FOR_LONG = 2
"""Places that long messages may take, as many as there are threads to read them."""
LONGEST_WAIT = 0.75
"""Seconds that an ordinary turn may wait for its place."""
OPENING_WAIT = 2.5
"""The same for a new conversation, which begins after all turns: whole classes open it at once."""
MOST_IN_ONE = 20
"""How many turns of one conversation may be in the line."""
RETRY_SECONDS = 5
REMEMBERED_SECONDS = 60 * 60
"""How long a conversation is taken to be in danger after its last urgent answer."""
LONGEST_ANSWER = 40
"""Characters of a bare answer to the question whether there is danger: "2", "yes, now"."""
MOST_REMEMBERED = 20_000
_USUAL_TURN = 0.03
_NEWEST = 0.1
"""The weight of the newest turn in the time that a turn takes."""


class Busy(Refused):
    """There is no place in the line. Nothing of the message was read or kept."""

    def __init__(self) -> None:
        super().__init__(503, "busy", "too_busy", seconds=RETRY_SECONDS)


class Rank(IntEnum):
    """The order in which turns begin."""

    in_danger = 0
    in_danger_and_long = 1
    usual = 2
    opening = 3


@dataclass(eq=False)
class Ticket:
    """One turn's place in the line."""

    conversation: str
    rank: Rank
    number: int
    arrived: float
    long: bool = False
    begins: asyncio.Event = field(default_factory=asyncio.Event)
    began: float = 0.0


@dataclass(frozen=True)
class _Remembered:
    since: float
    calm_answers: frozenset[str]


class Line:
    """The line of one server. Use it in one event loop only. `clock` is in seconds."""

    def __init__(
        self,
        places: int = PLACES,
        longest_wait: float = LONGEST_WAIT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._places = places
        self._longest = longest_wait
        self.clock = clock
        self._waiting: list[Ticket] = []
        self._at_work: list[Ticket] = []
        self._numbers = itertools.count()
        self._remembered: OrderedDict[str, _Remembered] = OrderedDict()
        self._turn_seconds = _USUAL_TURN

    def enter(self, conversation: str, rank: Rank, *, long: bool = False) -> Ticket:
        """Take a place, which may begin at once. Whoever enters must `leave`.

        `long` is for a message that takes long to read.
        """
        ticket = Ticket(conversation, rank, next(self._numbers), self.clock(), long)
        self._waiting.append(ticket)
        self._begin_next()
        return ticket

    def move_up(self, ticket: Ticket, rank: Rank) -> None:
        """Give a ticket a better rank, and with it those before it in its conversation."""
        for other in self._waiting:
            if other.conversation == ticket.conversation:
                other.rank = min(other.rank, rank)
            if other is ticket:
                break
        ticket.rank = min(ticket.rank, rank)
        self._begin_next()

    async def wait(self, ticket: Ticket) -> None:
        """Wait until the turn begins. Raises Busy if that takes, or would take, too long.

        The time that somebody waits for their own earlier message does not count.
        """
        while not ticket.begins.is_set():
            own = sum(1 for other in self._before(ticket) if _same(other, ticket))
            left = self._patience(ticket) - (self.clock() - ticket.arrived)
            late = left <= 0 or self._expected_wait(ticket) > self._patience(ticket)
            if own >= MOST_IN_ONE and ticket.rank >= Rank.usual:
                raise Busy
            if own or any(_same(other, ticket) for other in self._at_work):
                left = self._longest
            elif late:
                raise Busy
            waiting = asyncio.ensure_future(ticket.begins.wait())
            try:
                await asyncio.wait({waiting}, timeout=None if math.isinf(left) else left)
            finally:
                waiting.cancel()

    def leave(self, ticket: Ticket) -> None:
        """Give the place to the next, however the turn ended."""
        if ticket in self._waiting:
            self._waiting.remove(ticket)
        else:
            taken = (self.clock() - ticket.began) / len(self._at_work)
            self._turn_seconds += _NEWEST * (taken - self._turn_seconds)
            self._at_work.remove(ticket)
        self._begin_next()

    def remember(
        self, conversation: str, *, danger: bool, calm_answers: frozenset[str] = frozenset()
    ) -> None:
        """Note what a turn ended with: urgent advice, or the question whether there is danger.

        `calm_answers` are the answers to that question that tell of none.
        """
        before = self._remembered.pop(conversation, None)
        since = self.clock() if danger else before.since if before else -math.inf
        if danger or before or calm_answers:
            self._remembered[conversation] = _Remembered(since, calm_answers)
        if len(self._remembered) > MOST_REMEMBERED:
            self._remembered.popitem(last=False)

    def may_be_in_danger(self, conversation: str, words: str) -> bool:
        """Say whether the conversation was urgent in the last hour, or answers "yes"."""
        kept = self._remembered.get(conversation)
        if kept is None:
            return False
        if self.clock() - kept.since < REMEMBERED_SECONDS:
            return True
        short = len(words) <= LONGEST_ANSWER
        return bool(kept.calm_answers) and short and words.casefold() not in kept.calm_answers

    def __len__(self) -> int:
        return len(self._waiting) + len(self._at_work)

    def _patience(self, ticket: Ticket) -> float:
        if ticket.rank < Rank.usual:
            return math.inf
        return self._longest if ticket.rank is Rank.usual else OPENING_WAIT

    def _expected_wait(self, ticket: Ticket) -> float:
        """How long the turns that begin before this one will take."""
        return len(self._before(ticket)) * self._turn_seconds

    def _before(self, ticket: Ticket) -> list[Ticket]:
        return [other for other in self._waiting if _order(other) < _order(ticket)]

    def _begin_next(self) -> None:
        busy = {ticket.conversation for ticket in self._at_work}
        for ticket in sorted(self._waiting, key=_order):
            extra = PLACES_IN_DANGER if ticket.rank < Rank.usual else 0
            if len(self._at_work) >= self._places + extra:
                break
            if ticket.conversation in busy:
                continue
            busy.add(ticket.conversation)
            if ticket.long and sum(one.long for one in self._at_work) >= PLACES_FOR_LONG:
                continue
            self._waiting.remove(ticket)
            self._at_work.append(ticket)
            ticket.began = self.clock()
            ticket.begins.set()


def _same(ticket: Ticket, other: Ticket) -> bool:
    return ticket.conversation == other.conversation


def _order(ticket: Ticket) -> tuple[int, int]:
    return ticket.rank, ticket.number
