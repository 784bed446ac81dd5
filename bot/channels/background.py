"""Turns that go on after their delivery was acknowledged.

Teams and Slack want an answer to the delivery at once, and get the guide's own later. So the turn
is taken in a task. The tasks of one conversation run one after another, in the order in which they
were begun; whatever fails in one, the person is told; and the server does not end under them.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

MOST_TASKS = 2_000
MOST_IN_ONE = 20
"""How many may wait in one conversation."""

Work = Callable[[], Awaitable[None]]


class Background:
    """Keeps the tasks. Used in one event loop."""

    def __init__(self, most: int = MOST_TASKS, most_in_one: int = MOST_IN_ONE) -> None:
        self._most = most
        self._most_in_one = most_in_one
        self._tasks: dict[asyncio.Task[None], str] = {}
        self._last: dict[str, asyncio.Task[None]] = {}

    def begin(self, conversation: str, work: Work, failed: Work) -> bool:
        """Do the work after what was begun before it in the same conversation.

        Where it raises, `failed` is done: it sends the standing safety message. False, and
        nothing is done, where too much is waiting already.
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
        """Wait for what is under way, so long and no longer."""
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
