"""Starts the real server as a process of its own, on a free port, and ends it."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from tests.support.processes import ForkedPython, end_with_tests
from tests.support.web_client import WebClient

ROOT = Path(__file__).resolve().parents[2]
READY = re.compile(r"ready: (http://[^\s/]+)")


class Server:
    """A running server. `written` is all that it has written, to both streams.

    A `fresh` one is a new Python; the others are forks of one that has Rasa loaded.
    """

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        environment: dict[str, str] | None = None,
        *,
        fresh: bool = False,
        patience: float = 120,
    ) -> None:
        self._lines: list[str] = []
        self._ready = threading.Event()
        self.address = ""
        self.folder = folder
        # var/ of the test's own folder is used.
        given = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
        reading, writing = os.pipe()
        self._output = os.fdopen(reading, encoding="utf-8")
        with os.fdopen(writing, "wb") as output:
            self.process = (
                # -u: what is written is seen at once.
                subprocess.Popen(
                    [sys.executable, "-u", *command],
                    cwd=folder,
                    env=given,
                    stdout=output,
                    stderr=output,
                )
                if fresh
                else ForkedPython(command, folder, given, output.fileno())
            )
        end_with_tests(self.process.pid)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._ready.wait(patience)
        if not self.address:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"The server did not start:\n{self.written}")

    def client(self) -> WebClient:
        """A new tab with an open conversation."""
        return WebClient(self.address).open()

    def visitor(self) -> WebClient:
        """A new tab that has opened nothing yet."""
        return WebClient(self.address)

    @property
    def written(self) -> str:
        """All output so far."""
        return "".join(self._lines)

    def writes(self, text: str, patience: float = 30) -> bool:
        """Whether that is in the output, now or in a while: it comes beside the answers."""
        until = time.monotonic() + patience
        while text not in self.written and time.monotonic() < until:
            time.sleep(0.02)
        return text in self.written

    def stop(self, number: int = signal.SIGTERM, patience: float = 20) -> tuple[int, float]:
        """Send the signal and wait; the exit status and the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        status = self.process.wait(patience)
        self._reader.join(patience)
        return status, time.monotonic() - began

    def _read(self) -> None:
        with self._output:
            for line in self._output:
                self._lines.append(line)
                found = READY.search(line)
                if found:
                    self.address = found[1]
                    self._ready.set()
        self._ready.set()


def guide_command() -> list[str]:
    """The guide as `make run` starts it, on any free port."""
    return ["-m", "bot", "run", "--drafts", "--port", "0"]
