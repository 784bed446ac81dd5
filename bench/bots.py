"""The two bots as processes: started on a free loopback port, stopped by process id."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bot.paths import ROOT

LONGEST_START = 180.0


@dataclass(frozen=True)
class BenchBot:
    """A bot that can be started. `command` gets `--port <port>` added and runs in `folder`."""

    name: str
    command: tuple[str, ...]
    folder: Path
    environment: dict[str, str]


@dataclass(frozen=True)
class Running:
    """A started bot: its first process, its address and the file of its output."""

    bot: BenchBot
    process: subprocess.Popen[bytes]
    url: str
    log: Path
    started: float

    def check(self) -> None:
        """Raise RuntimeError, with the end of its output, if the bot has ended or is too slow."""
        ended = self.process.poll() is not None
        if ended or time.perf_counter() - self.started > LONGEST_START:
            tail = self.log.read_text(errors="replace")[-2000:]
            raise RuntimeError(f"{self.bot.name} {'ended' if ended else 'is too slow'}:\n{tail}")

    def memory(self) -> tuple[float, float]:
        """Return (RSS, PSS) of all its processes in MB of 1,000,000 bytes."""
        rss = pss = 0
        for process in family(self.process.pid):
            used = process.memory_full_info()
            rss, pss = rss + used.rss, pss + used.pss
        return rss / 1e6, pss / 1e6

    def spent(self) -> float:
        """Return the processor time of its processes so far, in seconds."""
        times = [process.cpu_times() for process in family(self.process.pid)]
        return float(sum(each.user + each.system for each in times))


def guide(scratch: Path) -> BenchBot:
    """The guide as `make run` starts it, with its own SQLite file in `scratch`."""
    return BenchBot(
        "guide",
        (sys.executable, "-m", "bot", "run", "--drafts"),
        ROOT,
        {
            "ESCALATION_GUIDE_DATABASE": f"sqlite:///{scratch / 'conversations.db'}",
            # Each person has an address, as behind a proxy, since the guard counts by address.
            "ESCALATION_GUIDE_PROXIES": "1",
        },
    )


def stock(scratch: Path) -> BenchBot:
    """The bot of `rasa init`, made and trained in `scratch`; takes about a minute."""
    folder = scratch / "stock"
    folder.mkdir()
    rasa = (sys.executable, "-m", "rasa")
    made = subprocess.run(
        (*rasa, "init", "--no-prompt", "--init-dir", str(folder)),
        cwd=scratch,
        env=_environment({}),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if not list(folder.glob("models/*.tar.gz")):
        raise RuntimeError(f"rasa init made no model:\n{made.stdout[-1000:]}{made.stderr[-2000:]}")
    return BenchBot("stock", (*rasa, "run", "--interface", "127.0.0.1"), folder, {})


@contextmanager
def started_bot(bot: BenchBot, scratch: Path) -> Iterator[Running]:
    """Start the bot, and stop it and all its children when the block ends, however it ends."""
    port = free_port()
    log = scratch / f"{bot.name}-{port}.log"
    with log.open("wb") as output:
        started = time.perf_counter()
        process = subprocess.Popen(
            (*bot.command, "--port", str(port)),
            cwd=bot.folder,
            env=_environment(bot.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield Running(bot, process, f"http://127.0.0.1:{port}", log, started)
    finally:
        _stop(process)


def family(pid: int) -> list[psutil.Process]:
    """A process and its descendants that are still running."""
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def free_port() -> int:
    """A free port of the loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _stop(process: subprocess.Popen[bytes]) -> None:
    members = family(process.pid)
    process.terminate()
    _, left = psutil.wait_procs(members, timeout=10)
    for member in left:
        member.kill()
    process.wait(timeout=10)


def _environment(extra: dict[str, str]) -> dict[str, str]:
    usual = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    return {**os.environ, **usual, **extra}
