"""Work that goes on after a delivery was acknowledged."""

import asyncio

from bot.channels.background import Background


class Told:
    """Keeps what was done, in order."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    async def __call__(self, line: str = "safety") -> None:
        """Keep a line."""
        self.lines.append(line)


async def test_one_conversation_is_answered_in_order() -> None:
    """The second message waits for the first, though the first takes longer; others do not."""
    told, background = Told(), Background()
    first_may_end, other_done = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        await first_may_end.wait()
        await told("first")

    async def other() -> None:
        await told("other")
        other_done.set()

    assert background.begin("a", slow, told)
    assert background.begin("a", lambda: told("second"), told)
    assert background.begin("b", other, told)
    await other_done.wait()
    first_may_end.set()
    await background.finish(10)
    assert told.lines == ["other", "first", "second"]
    assert len(background) == 0


async def test_a_failed_turn_sends_the_safety_message() -> None:
    """A failure sends the safety message, and the next message is still answered."""
    told, background = Told(), Background()

    async def breaks() -> None:
        raise RuntimeError("what somebody typed")

    background.begin("a", breaks, told)
    background.begin("a", lambda: told("next"), told)
    await background.finish(10)
    assert told.lines == ["safety", "next"]


async def test_a_safety_message_that_cannot_be_sent_stops_nothing() -> None:
    """The conversation goes on when that fails as well."""
    told, background = Told(), Background()

    async def breaks() -> None:
        raise RuntimeError

    background.begin("a", breaks, breaks)
    background.begin("a", lambda: told("next"), told)
    await background.finish(10)
    assert told.lines == ["next"]


async def test_tasks_over_the_limit_are_refused() -> None:
    """Past the limit of one conversation, or of all, nothing more is taken in."""
    told, never = Told(), asyncio.Event()

    async def hangs() -> None:
        await never.wait()

    background = Background(most=3, most_in_one=2)
    assert [background.begin("a", hangs, told) for _ in range(3)] == [True, True, False]
    assert [background.begin("b", hangs, told) for _ in range(2)] == [True, False]
    await background.finish(0)
    assert len(background) == 0
