"""The line: who begins when, and who is turned away."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.line import (
    MOST_IN_ONE,
    PLACES_FOR_LONG,
    PLACES_IN_DANGER,
    REMEMBERED_SECONDS,
    Busy,
    Line,
    Rank,
    Ticket,
)

RANKS = st.sampled_from([Rank.usual, Rank.opening, Rank.in_danger, Rank.in_danger_and_long])


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def full_line(places: int = 1, clock: Clock | None = None) -> tuple[Line, list[Ticket]]:
    """A line whose places are taken."""
    line = Line(places, clock=clock or Clock())
    return line, [line.enter(f"at work {number}", Rank.usual) for number in range(places)]


def test_a_free_place_is_taken_at_once_and_no_further_one() -> None:
    """As many turns are at work as there are places; the next begins when one ends."""
    line, (first, second) = full_line(2)
    third = line.enter("c", Rank.usual)
    assert [ticket.begins.is_set() for ticket in (first, second, third)] == [True, True, False]
    line.leave(second)
    assert third.begins.is_set()
    assert len(line) == 2


def test_danger_begins_though_all_places_are_taken() -> None:
    """It has places of its own, and takes the next free one before whoever came earlier."""
    line, (busy,) = full_line()
    usual = line.enter("usual", Rank.usual)
    urgent = [line.enter(f"urgent {n}", Rank.in_danger) for n in range(PLACES_IN_DANGER + 1)]
    assert [ticket.begins.is_set() for ticket in urgent] == [True] * PLACES_IN_DANGER + [False]
    line.leave(busy)
    assert urgent[-1].begins.is_set()
    assert not usual.begins.is_set()


def test_twelve_long_alarms_do_not_hold_up_a_short_one() -> None:
    """A short message of danger begins before long ones that came earlier."""
    line = Line(1, clock=Clock())
    long = [line.enter(f"long {n}", Rank.in_danger_and_long) for n in range(12)]
    short = line.enter("short", Rank.in_danger)
    line.leave(long[0])
    assert short.begins.is_set()


def test_long_messages_leave_most_places_to_short_ones() -> None:
    """However many long ones come, and from people in danger, others begin beside them."""
    line = Line(4, clock=Clock())
    long = [line.enter(f"{n}", Rank.in_danger_and_long, long=True) for n in range(12)]
    usual = [line.enter(f"usual {n}", Rank.usual) for n in range(2)]
    assert [ticket.begins.is_set() for ticket in long] == [True] * PLACES_FOR_LONG + [False] * 10
    assert all(ticket.begins.is_set() for ticket in usual)
    later = line.enter("5", Rank.usual)
    assert not later.begins.is_set()
    for ticket in long[:2]:
        line.leave(ticket)
    assert [ticket.begins.is_set() for ticket in long[2:5]] == [True, True, False]


def test_a_persons_messages_stay_in_order() -> None:
    """Whoever writes in danger takes their own earlier message along, and it is answered first."""
    line, (busy,) = full_line()
    others = [line.enter(f"other {n}", Rank.usual) for n in range(3)]
    earlier = line.enter("she", Rank.usual)
    urgent = line.enter("she", Rank.usual)
    line.move_up(urgent, Rank.in_danger)
    assert earlier.begins.is_set()
    assert not urgent.begins.is_set()
    line.leave(earlier)
    assert urgent.begins.is_set()
    assert not any(ticket.begins.is_set() for ticket in others)
    line.leave(busy)


async def test_whoever_waits_too_long_is_told_so() -> None:
    """An ordinary turn that got no place in time is refused; nobody in danger ever is."""
    clock = Clock()
    line, _ = full_line(clock=clock)
    usual, opening = line.enter("usual", Rank.usual), line.enter("opening", Rank.opening)
    urgent = line.enter("usual too", Rank.usual)
    clock.now = 60.0
    line.move_up(urgent, Rank.in_danger)
    await asyncio.wait_for(line.wait(urgent), 1)
    for ticket in (usual, opening):
        with pytest.raises(Busy) as refused:
            await line.wait(ticket)
        assert refused.value.status == 503
        assert refused.value.gaps["seconds"]


async def test_beyond_what_can_be_answered_in_time_turns_are_refused_at_once() -> None:
    """Only as many wait as will be answered in time, and new conversations behind all turns."""
    clock = Clock()
    line, (busy,) = full_line(clock=clock)
    refused: dict[Rank, int] = {}
    waiting = []
    for number in range(60):
        for rank in (Rank.opening, Rank.usual):
            ticket = line.enter(f"{rank} {number}", rank)
            # No clock moves, so whoever is refused is refused at once.
            task = asyncio.ensure_future(line.wait(ticket))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            if task.done():
                assert isinstance(task.exception(), Busy)
                refused.setdefault(rank, number)
                line.leave(ticket)
            else:
                waiting.append((task, ticket))
    assert set(refused) == {Rank.opening, Rank.usual}
    assert all(0 < number < 59 for number in refused.values())
    line.leave(busy)
    assert {ticket.rank for _, ticket in waiting if ticket.begins.is_set()} == {Rank.usual}
    for task, ticket in waiting:
        task.cancel()
        line.leave(ticket)
    assert len(line) == 0


async def test_turns_that_take_long_make_the_line_shorter() -> None:
    """How many may wait follows from how long turns take here."""
    clock = Clock()
    line = Line(1, clock=clock)
    for _ in range(50):
        ticket = line.enter("slow", Rank.usual)
        clock.now += 2.0
        line.leave(ticket)
    line.enter("at work", Rank.usual)
    tickets = [line.enter(f"{n}", Rank.usual) for n in range(2)]
    with pytest.raises(Busy):
        await line.wait(tickets[1])


async def test_waiting_for_ones_own_message_is_not_waiting_in_line() -> None:
    """Whoever writes twice gets both answered, however long the first takes."""
    clock = Clock()
    line = Line(2, longest_wait=0.001, clock=clock)
    first, second = line.enter("she", Rank.usual), line.enter("she", Rank.usual)
    clock.now = 60.0
    waiting = asyncio.ensure_future(line.wait(second))
    done, _ = await asyncio.wait({waiting}, timeout=0.05)
    assert not done
    line.leave(first)
    await waiting


async def test_one_conversation_cannot_fill_the_line() -> None:
    """Past so many of its messages in the line, the next is refused."""
    line = Line(1, longest_wait=1e9, clock=Clock())
    tickets = [line.enter("one", Rank.usual) for _ in range(MOST_IN_ONE + 2)]
    with pytest.raises(Busy):
        await line.wait(tickets[-1])


def test_a_conversation_in_danger_is_remembered_for_an_hour() -> None:
    """Whatever is said in it meanwhile, and whatever was answered since."""
    clock = Clock()
    line = Line(clock=clock)
    line.remember("urgent", danger=True)
    line.remember("urgent", danger=False)
    assert line.may_be_in_danger("urgent", "no answer")
    assert not line.may_be_in_danger("another", "no answer")
    clock.now = REMEMBERED_SECONDS
    assert not line.may_be_in_danger("urgent", "no answer")


@pytest.mark.parametrize("words", ["1", "2", "yes", "Yes, in danger now", "not sure", "now!"])
def test_a_short_answer_to_the_question_of_danger_is_not_turned_away(words: str) -> None:
    """Unless it is one that tells of no danger; once it is answered, nor is anything else."""
    line = Line(clock=Clock())
    line.remember("asked", danger=False, calm_answers=frozenset({"4", "no", "answer:risk:no_harm"}))
    assert line.may_be_in_danger("asked", words)
    assert not line.may_be_in_danger("asked", "No")
    assert not line.may_be_in_danger(
        "asked", "they closed the case although we do not agree at all"
    )
    line.remember("asked", danger=False)
    assert not line.may_be_in_danger("asked", words)


@given(
    arrivals=st.lists(
        st.tuples(st.sampled_from("abcd"), RANKS, st.booleans(), st.booleans()), max_size=40
    ),
    places=st.integers(1, 3),
)
def test_in_any_line_all_begin_once_and_in_their_conversations_order(
    arrivals: list[tuple[str, Rank, bool, bool]], places: int
) -> None:
    """Whatever comes and moves up: one of a conversation at a time, in order, and none is lost."""
    line = Line(places, clock=Clock())
    tickets = []
    for conversation, rank, moves_up, long in arrivals:
        ticket = line.enter(conversation, Rank.usual, long=long)
        tickets.append(ticket)
        if moves_up:
            line.move_up(ticket, rank)
    begun: list[Ticket] = []
    left: list[Ticket] = []
    while len(left) < len(tickets):
        begun += [one for one in tickets if one.begins.is_set() and one not in begun]
        at_work = [one for one in begun if one not in left]
        assert 0 < len(at_work) <= places + PLACES_IN_DANGER
        assert len({one.conversation for one in at_work}) == len(at_work)
        line.leave(at_work[0])
        left.append(at_work[0])
    for conversation in "abcd":
        numbers = [one.number for one in begun if one.conversation == conversation]
        assert numbers == sorted(numbers)
    assert len(line) == 0
