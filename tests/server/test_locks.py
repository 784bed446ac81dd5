"""One turn at a time in each conversation."""

import asyncio

import pytest
from rasa.core.lock_store import LockError

from bot.server.locks import ConversationLocks


async def test_turns_of_one_conversation_follow_each_other_in_order() -> None:
    """The second begins when the first has ended, at once; another conversation is not held up."""
    locks = ConversationLocks()
    order: list[str] = []
    release = asyncio.Event()

    async def turn(conversation: str, name: str, *, wait: bool = False) -> None:
        async with locks.lock(conversation):
            order.append(f"{name} in")
            if wait:
                await release.wait()
            order.append(f"{name} out")

    first = asyncio.create_task(turn("a", "first", wait=True))
    await asyncio.sleep(0)
    second = asyncio.create_task(turn("a", "second"))
    third = asyncio.create_task(turn("a", "third"))
    await turn("b", "other")
    release.set()
    await asyncio.gather(first, second, third)
    assert order[:3] == ["first in", "other in", "other out"]
    assert order[3:] == ["first out", "second in", "second out", "third in", "third out"]


async def test_waiting_has_an_end_and_leaves_the_lock_usable() -> None:
    """Waiting too long raises an error; the next in line still gets the lock."""
    locks = ConversationLocks()
    async with locks.lock("a"):
        with pytest.raises(LockError):
            async with locks.lock("a", lock_lifetime=0.01):
                raise AssertionError("two turns at once")
    async with locks.lock("a", lock_lifetime=0.01):
        pass


async def test_a_turn_that_fails_or_is_cancelled_lets_go() -> None:
    """Neither an error nor a cancelled turn keeps the conversation shut."""
    locks = ConversationLocks()
    with pytest.raises(ValueError, match="broken"):
        async with locks.lock("a"):
            raise ValueError("broken")

    async def hold() -> None:
        async with locks.lock("a"):
            await asyncio.sleep(60)

    task = asyncio.create_task(hold())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task}, timeout=5)
    assert task.cancelled()
    async with locks.lock("a", lock_lifetime=0.01):
        pass
