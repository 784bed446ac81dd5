"""Threads that read what people typed, so that the event loop stays free for everybody else.

Masking and understanding take a few milliseconds for a sentence and up to a quarter of a second for
the longest message. Short texts have threads of their own and never wait for long ones. While one
thread multiplies matrices (most of the time of a long text), the others run.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

SHORT = 500
"""Texts of so many characters are short: reading one takes about as long as any turn."""
THREADS = 2
"""For short texts, and the same for long ones."""

Result = TypeVar("Result")


class ReadingThreads:
    """Two pools of threads, for short texts and for long ones."""

    def __init__(self) -> None:
        self._short = ThreadPoolExecutor(THREADS, thread_name_prefix="short")
        self._long = ThreadPoolExecutor(THREADS, thread_name_prefix="long")

    async def run(self, text: str, work: Callable[[], Result]) -> Result:
        """Do the work on a text in a thread and return its result."""
        pool = self._short if is_short(text) else self._long
        return await asyncio.get_running_loop().run_in_executor(pool, work)

    def close(self) -> None:
        """Shut the threads down without waiting for them."""
        for pool in (self._short, self._long):
            pool.shutdown(wait=False, cancel_futures=True)


def is_short(text: str) -> bool:
    """Say whether reading the text takes no longer than any turn."""
    return len(text) <= SHORT
