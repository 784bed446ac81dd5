"""Ask the database in threads, so that the event loop answers others meanwhile."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

THREADS = 12
"""More than the turns that one worker takes at once, so that deletion and health do not wait."""
_POOL = ThreadPoolExecutor(THREADS, thread_name_prefix="database")

Result = TypeVar("Result")


async def in_thread(call: Callable[[], Result]) -> Result:
    """The result of the call, made in a thread."""
    return await asyncio.get_running_loop().run_in_executor(_POOL, call)


class CallQueue:
    """Makes calls in threads one after the other, also where nobody waits for them any more.

    A turn that has run out of time is not waited for, but its statement is still under way: what
    comes after it on the same connection has to wait.
    """

    def __init__(self) -> None:
        self._last: asyncio.Future[Any] | None = None

    async def call(self, call: Callable[[], Result]) -> Result:
        """The result of the call, made after those before it."""
        return await asyncio.shield(self.begin(call))

    def begin(self, call: Callable[[], Result]) -> "asyncio.Future[Result]":
        """Begin the call after those before it, and do not wait for it."""
        before, loop = self._last, asyncio.get_running_loop()

        async def after(earlier: "asyncio.Future[Any]") -> Result:
            await asyncio.wait([earlier])
            return await in_thread(call)

        begun: asyncio.Future[Result]
        if before is None or before.done():
            begun = loop.run_in_executor(_POOL, call)
        else:
            begun = loop.create_task(after(before))
        # Nobody else may be left to hear of its failure.
        begun.add_done_callback(lambda done: done.cancelled() or done.exception())
        self._last = begun
        return begun
