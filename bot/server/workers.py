"""Several workers behind one port: they share its socket, and the system gives each its requests.

The parent starts them, tells once all answer, replaces one that ends, and stops them with itself.
A worker that cannot start ends all, since another would end the same way. Between parent and worker
is a pair of sockets: a byte on it says that the worker answers, and its end that the parent is
gone.
"""

import logging
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType

MOST = 32
GOODBYE_SECONDS = 10.0
"""Longer than a worker takes to finish its answers."""
PAUSE_SECONDS = 1.0
"""Before a worker is replaced, so that one that ends at once does not use up the processor."""

log = logging.getLogger(__name__)


@dataclass
class _Worker:
    process: subprocess.Popen[bytes]
    link: socket.socket
    answers: bool = False


class _Stopped(Exception):
    """The parent was told to stop."""


class Workers:
    """The workers of one socket. `command` starts one, with two numbers of files added to it."""

    def __init__(self, command: Sequence[str], listening: socket.socket, count: int) -> None:
        self._command = command
        self._listening = listening
        self._count = count
        self._workers: list[_Worker] = []
        self._ready = False
        self._selector = selectors.DefaultSelector()

    def run(self, ready: Callable[[], None]) -> int:
        """Run them until SIGTERM or SIGINT; call `ready` once all answer.

        Returns the exit status.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        try:
            for _ in range(self._count):
                self._start()
            while not all(worker.answers for worker in self._workers):
                if not self._listen():
                    return 1
            ready()
            self._ready = True
            # One that is replaced could start before, so that it is tried again if it cannot now.
            while True:
                self._listen()
        except _Stopped:
            return 0
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            self._end()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            files = (self._listening.fileno(), theirs.fileno())
            process = subprocess.Popen(
                [*self._command, "--worker", *map(str, files)], pass_fds=files
            )
        worker = _Worker(process, ours)
        self._workers.append(worker)
        self._selector.register(ours, selectors.EVENT_READ, worker)

    def _listen(self) -> bool:
        """Wait for news of a worker, and replace one that ended. False if one did not start."""
        for key, _ in self._selector.select():
            worker: _Worker = key.data
            if _heard(worker.link):
                worker.answers = True
                continue
            self._selector.unregister(worker.link)
            worker.link.close()
            self._workers.remove(worker)
            status = worker.process.wait()
            log.error("Worker %d ended with status %d.", worker.process.pid, status)
            if not worker.answers and not self._ready:
                return False
            time.sleep(PAUSE_SECONDS)
            self._start()
        return True

    def _end(self) -> None:
        for worker in self._workers:
            worker.process.terminate()
        until = time.monotonic() + GOODBYE_SECONDS
        for worker in self._workers:
            try:
                worker.process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.process.kill()
                worker.process.wait()
            worker.link.close()


def worker_command(arguments: Sequence[str]) -> list[str]:
    """The command that starts a worker with these arguments of `bot run`."""
    return [sys.executable, "-m", "bot", "run", *arguments]


def _heard(link: socket.socket) -> bool:
    try:
        return bool(link.recv(1))
    except ConnectionError:
        return False


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise _Stopped
