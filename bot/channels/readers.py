"""Read what people typed beside the event loop, which stays free for everybody else.

Masking and understanding take a few milliseconds for a sentence and up to a quarter of a second for
the longest message. A serving guide has a process for that, a fork that shares its memory: so both
cores work, and no long text keeps the guide from answering. In it, short texts have a thread of
their own and never wait for long ones. Until it is started, or where it has ended, threads read.
"""

import asyncio
import logging
import os
import signal
import sys
import threading
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
        self._process = 0

    async def run(self, work: Work[Result], text: str) -> Result:
        """Do the work on a text beside the event loop and return its result."""
        reader = self._short if is_short(text) else self._long
        if not reader.reads(work):
            return await reader.in_thread(work, text)
        try:
            return await reader.in_process(work, text)
        except (EOFError, OSError, TimeoutError):
            self._give_up()
            return await reader.in_thread(work, text)

    def start(self, *works: Work[Any]) -> None:
        """Start the process, which knows these works. Call it before there is any thread."""
        if not hasattr(os, "fork"):
            return
        (short, theirs), (long, theirs_too) = Pipe(), Pipe()
        self._process = os.fork()
        if self._process == 0:
            _read_until_the_end(works, theirs, theirs_too)
        for end in (theirs, theirs_too):
            end.close()
        self._short.ask_over(short, works)
        self._long.ask_over(long, works)

    def _give_up(self) -> None:
        """Go on with threads: a process full of them may not fork another."""
        if self._process:
            log.error("The process that reads texts has ended; threads read on.")
        self._end()

    def _end(self) -> None:
        process, self._process = self._process, 0
        for reader in (self._short, self._long):
            reader.stop_asking()
        if process:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)

    def close(self) -> None:
        """End the process, and shut the threads down without waiting for them."""
        self._end()
        for reader in (self._short, self._long):
            reader.close()


def is_short(text: str) -> bool:
    """Say whether reading the text takes no longer than any turn."""
    return len(text) <= SHORT


class _Reader:
    """A link to the process and the thread that asks it, and threads to read without it."""

    def __init__(self, name: str) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix=name)
        self._asking = ThreadPoolExecutor(1, thread_name_prefix=f"{name}-asking")
        self._works: tuple[Work[Any], ...] = ()
        self._link: Connection | None = None

    def ask_over(self, link: Connection, works: tuple[Work[Any], ...]) -> None:
        self._link, self._works = link, works

    def reads(self, work: Work[Any]) -> bool:
        """Say whether the process is there and knows the work."""
        return self._link is not None and work in self._works

    async def in_process(self, work: Work[Result], text: str) -> Result:
        """Raises EOFError, OSError or TimeoutError where the process has ended or hangs."""
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(self._asking, self._ask, work, text)
        if answer is None:
            raise ReadingFailed
        result: Result = answer[0]
        return result

    async def in_thread(self, work: Work[Result], text: str) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, text)

    def _ask(self, work: Work[Any], text: str) -> tuple[Any] | None:
        link = self._link
        if link is None:
            raise EOFError
        link.send((self._works.index(work), text))
        if not link.poll(LONGEST_SECONDS):
            raise TimeoutError
        answer: tuple[Any] | None = link.recv()
        return answer

    def stop_asking(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.close()

    def close(self) -> None:
        for pool in (self._asking, self._threads):
            pool.shutdown(wait=False, cancel_futures=True)


def _read_until_the_end(
    works: tuple[Work[Any], ...], short: Connection, long: Connection
) -> NoReturn:
    """Answer until the guide closes its end of a link, or is gone itself."""
    try:
        # The guide says when it is over: what stops it stops the whole group.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        _close_all_but(short.fileno(), long.fileno())
        threading.Thread(target=_answer, args=(works, long)).start()
        _answer(works, short)
    finally:
        os._exit(0)


def _answer(works: tuple[Work[Any], ...], link: Connection) -> None:
    """Answer what is asked over a link; at its end, end the process."""
    try:
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


def _close_all_but(*kept: int) -> None:
    """Close what the guide had open, its port, its database and its other links among it."""
    begin = max(2, sys.stdout.fileno(), sys.stderr.fileno()) + 1
    for file in sorted(kept):
        os.closerange(begin, file)
        begin = file + 1
    os.closerange(begin, os.sysconf("SC_OPEN_MAX"))
