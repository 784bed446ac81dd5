"""Read what people typed beside the event loop, which stays free for everybody else.

Masking and understanding take a few milliseconds for a sentence and up to a quarter of a second for
the longest message. Short texts have a reader of their own and never wait for long ones. A serving
guide has a process for each, a fork that shares its memory: so both cores work, and no long text
keeps the guide from answering. Until they are started, or where one has ended, threads read.
"""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any, NoReturn, TypeVar

SHORT = 500
"""Texts of so many characters are short: reading one takes about as long as any turn."""
THREADS = 2
"""For short texts, and the same for long ones, where no process reads them."""
LONGEST_SECONDS = 20.0
"""A process that has not read a text by then hangs, and is ended. No turn waits so long."""
NICENESS = 5
"""How far the process for long texts steps back behind the guide and the one for short texts."""

Result = TypeVar("Result")
Work = Callable[[str], Result]
"""What is done with a text: it needs nothing else, and its result can be pickled."""

log = logging.getLogger(__name__)


class ReadingFailed(Exception):
    """A text could not be read. The log of the process that tried says why."""


class Readers:
    """A reader for short texts, and one for long ones."""

    def __init__(self) -> None:
        self._short = _Reader("short")
        self._long = _Reader("long")

    async def run(self, work: Work[Result], text: str) -> Result:
        """Do the work on a text beside the event loop and return its result."""
        return await (self._short if is_short(text) else self._long).run(work, text)

    def start(self, *works: Work[Any]) -> None:
        """Start the processes, which know these works. Call it before there is any thread."""
        self._short.start(works)
        self._long.start(works, NICENESS)

    def close(self) -> None:
        """End the processes, and shut the threads down without waiting for them."""
        self._short.close()
        self._long.close()


def is_short(text: str) -> bool:
    """Say whether reading the text takes no longer than any turn."""
    return len(text) <= SHORT


class _Reader:
    """A process and the thread that asks it, or threads alone."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=name)
        self._asking = ThreadPoolExecutor(1, thread_name_prefix=f"{name}-asking")
        self._works: tuple[Work[Any], ...] = ()
        self._process = 0
        self._link: Connection | None = None

    def start(self, works: tuple[Work[Any], ...], niceness: int = 0) -> None:
        if not hasattr(os, "fork"):
            return
        ours, theirs = Pipe()
        process = os.fork()
        if process == 0:
            _read_until_the_end(theirs, works, niceness)
        theirs.close()
        self._works, self._process, self._link = works, process, ours

    async def run(self, work: Work[Result], text: str) -> Result:
        loop = asyncio.get_running_loop()
        if self._link is not None and work in self._works:
            try:
                answer = await loop.run_in_executor(self._asking, self._ask, work, text)
            except (EOFError, OSError, TimeoutError):
                self._give_up()
            else:
                if answer is None:
                    raise ReadingFailed
                result: Result = answer[0]
                return result
        return await loop.run_in_executor(self._threads, work, text)

    def _ask(self, work: Work[Any], text: str) -> tuple[Any] | None:
        link = self._link
        if link is None:
            raise EOFError
        link.send((self._works.index(work), text))
        if not link.poll(LONGEST_SECONDS):
            raise TimeoutError
        answer: tuple[Any] | None = link.recv()
        return answer

    def _give_up(self) -> None:
        """Go on with threads: a process full of them may not fork another."""
        if self._link is not None:
            log.error("The process that reads %s texts has ended; threads read on.", self._name)
            self._end()

    def _end(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.close()
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)

    def close(self) -> None:
        self._end()
        for pool in (self._asking, self._threads):
            pool.shutdown(wait=False, cancel_futures=True)


def _read_until_the_end(link: Connection, works: tuple[Work[Any], ...], niceness: int) -> NoReturn:
    """Answer until the guide closes its end of the link, or is gone itself."""
    try:
        # The guide says when it is over: what stops it stops the whole group.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        _close_all_but(link.fileno())
        os.nice(niceness)
        while True:
            which, text = link.recv()
            try:
                answer = (works[which](text),)
            except Exception:
                log.exception("A text could not be read.")
                answer = None
            link.send(answer)
    finally:
        os._exit(0)


def _close_all_but(kept: int) -> None:
    """Close what the guide had open, its port, its database and its other links among it."""
    first = max(2, sys.stdout.fileno(), sys.stderr.fileno()) + 1
    os.closerange(first, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))
