"""Turns that go on after their delivery was acknowledged.

Teams and Slack want a delivery acknowledged at once; the guide's answer may come later. So each
turn is a task. The tasks of a conversation run in the order in which they were begun, the person
is told if one fails, and the server waits for them before it stops.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

MOST_TASKS = 2_000
MOST_IN_ONE = 20
"""How many tasks may wait in one conversation."""

Work = Callable[[], Awaitable[None]]


class Background:
    """Keeps the tasks. Use it in one event loop only."""

    def __init__(self, most: int = MOST_TASKS, most_in_one: int = MOST_IN_ONE) -> None:
        self._most = most
        self._most_in_one = most_in_one
        self._tasks: dict[asyncio.Task[None], str] = {}
        self._last: dict[str, asyncio.Task[None]] = {}

    def begin(self, conversation: str, work: Work, failed: Work) -> bool:
        """Do the work once the earlier work of the same conversation is done.

        If it raises, `failed` runs, which sends the standing safety message. Returns False and
        does nothing if too much is waiting already.
        """
        here = sum(1 for name in self._tasks.values() if name == conversation)
        if len(self._tasks) >= self._most or here >= self._most_in_one:
            return False
        before = self._last.get(conversation)
        task = asyncio.get_running_loop().create_task(_in_turn(before, work, failed))
        self._tasks[task] = conversation
        self._last[conversation] = task
        task.add_done_callback(self._done)
        return True

    async def finish(self, seconds: float) -> None:
        """Wait for running tasks, but no longer than `seconds`."""
        if self._tasks:
            _, late = await asyncio.wait(list(self._tasks), timeout=seconds)
            for task in late:
                task.cancel()
            if late:
                log.warning("%d answers were not sent before the end.", len(late))
                await asyncio.wait(late)

    def __len__(self) -> int:
        return len(self._tasks)

    def _done(self, task: asyncio.Task[None]) -> None:
        conversation = self._tasks.pop(task)
        if self._last.get(conversation) is task:
            del self._last[conversation]


async def _in_turn(before: asyncio.Task[None] | None, work: Work, failed: Work) -> None:
    if before is not None:
        await asyncio.wait([before])
    try:
        await work()
    except Exception:
        # Whatever it is, the person must not be left without an answer (safety rule 7).
        log.exception("A turn or its sending failed.")
        try:
            await failed()
        except Exception:
            # There is no other way left to reach the person.
            log.exception("The standing safety message could not be sent.")
