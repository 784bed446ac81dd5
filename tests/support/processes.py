"""Processes of the tests: servers that start at once, and none that outlives the tests."""

import io
import multiprocessing
import multiprocessing.forkserver
import os
import runpy
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from unittest.mock import patch

from bot.paths import ROOT

PRELOADED = "tests.support.preloaded"

_one_at_a_time = threading.Lock()


class ForkedPython:
    """Python at a command, as `Popen([sys.executable, "-u", *command])`, but with Rasa loaded.

    It is a fork of a process that has imported PRELOADED, once for all. Both its streams are the
    file `output`.
    """

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str], output: int
    ) -> None:
        # Tests that may start no process may not start this either (tests/conftest.py).
        sys.audit("subprocess.Popen", sys.executable, command, folder, environment)
        with Connection(os.dup(output), readable=False) as given:
            arguments = (list(command), folder, dict(environment), given)
            self._process = _forks().Process(target=_run, args=arguments, daemon=True)
            self._process.start()
        assert self._process.pid
        self.pid = self._process.pid

    def poll(self) -> int | None:
        """Return the exit status, or None while it runs; -9 if signal 9 ended it."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return the exit status. Raises TimeoutExpired."""
        self._process.join(timeout)
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        """Send it a signal if it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it if it runs."""
        self.send_signal(signal.SIGKILL)


def end_with_tests(pid: int) -> None:
    """End a process once this one has ended, even if it was killed."""
    with _one_at_a_time:
        told = _ending().stdin
        assert told
        told.write(f"{pid}\n")
        told.flush()


@cache
def _ending() -> subprocess.Popen[str]:
    # In a session of its own, so that Ctrl-C does not end it too.
    script = str(ROOT / "tests/support/leftovers.py")
    return subprocess.Popen(
        [sys.executable, script], stdin=subprocess.PIPE, text=True, start_new_session=True
    )


@cache
def _forks() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([PRELOADED])
    with patch.dict(os.environ, PYTHONPATH=str(ROOT)):
        multiprocessing.forkserver.ensure_running()
    return context


def _run(command: list[str], folder: Path, environment: dict[str, str], output: Connection) -> None:
    for stream in (sys.stdout, sys.stderr):
        assert isinstance(stream, io.TextIOWrapper)
        os.dup2(output.fileno(), stream.fileno())
        stream.reconfigure(write_through=True)
    output.close()
    # The fork server says nothing of what it cannot import.
    assert PRELOADED in sys.modules, f"{PRELOADED} could not be imported."
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    # Before the folders of tests that were collected: one of them is called "actions" too.
    sys.path[:0] = [str(ROOT)]
    if command[0] == "-m":
        sys.argv = command[1:]
        runpy.run_module(command[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = command
        runpy.run_path(command[0], run_name="__main__")
