"""`python -m bench.soak [minutes] [turns a second]`: steady load, and what changes under it.

Whole conversations follow each other at a steady rate. Every turn is checked to be an answer.
With ESCALATION_GUIDE_DATABASE set, on that database.
"""

import asyncio
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from itertools import count, cycle
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
import yaml

from bench.bots import Running, guide, started_bot
from bench.talk import client, guide_conversation, until_ready

MINUTES, RATE = 30.0, 20.0
PEOPLE = 60
WINDOWS = 10
FAILED = "not working"


@dataclass
class Seen:
    """The measurements of one part of the run."""

    turns: list[float] = field(default_factory=list)
    late: float = 0.0
    memory: float = 0.0


class Paced(httpx.AsyncBaseTransport):
    """Sends messages at a steady rate and measures each."""

    def __init__(self, rate: float, windows: list[Seen], seconds: float) -> None:
        self._inner = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=None))
        self._rate, self._windows, self._seconds = rate, windows, seconds
        self._began = time.perf_counter()
        self._numbers = count()
        self.errors: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request when it is due."""
        if not request.url.path.endswith("/message"):
            return await self._inner.handle_async_request(request)
        due = self._began + next(self._numbers) / self._rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        began = time.perf_counter()
        answer = await self._inner.handle_async_request(request)
        await answer.aread()
        ended = time.perf_counter()
        part = min(int((began - self._began) / self._seconds * WINDOWS), WINDOWS - 1)
        seen = self._windows[part]
        seen.turns.append(ended - began)
        seen.late = max(seen.late, began - due)
        if answer.status_code != 200 or FAILED in answer.text:
            self.errors.append(f"{answer.status_code} {answer.text[:200]}")
        return answer


async def soak(minutes: float, rate: float, scratch: Path) -> tuple[list[Seen], list[str]]:
    """Hold conversations for the given minutes."""
    scripts = yaml.safe_load(
        (Path(__file__).parent / "conversations.yml").read_text(encoding="utf-8")
    )["guide"]
    bot = guide(scratch)
    given = os.environ.get("ESCALATION_GUIDE_DATABASE")
    if given:
        environment = bot.environment | {"ESCALATION_GUIDE_DATABASE": given}
        bot = replace(bot, environment=environment)
    with started_bot(bot, scratch) as started:
        await until_ready(started, guide_conversation, scripts[0])
        return await _hold(started, minutes * 60, rate, scripts)


async def _hold(
    bot: Running, seconds: float, rate: float, scripts: list[Any]
) -> tuple[list[Seen], list[str]]:
    windows = [Seen() for _ in range(WINDOWS)]
    paced = Paced(rate, windows, seconds)
    until = time.perf_counter() + seconds
    persons, shared_scripts = count(1), cycle(scripts)

    async def people(shared: httpx.AsyncClient, number: int) -> None:
        # Not all at once: sessions are opened as they come.
        await asyncio.sleep(number / rate)
        while time.perf_counter() < until:
            try:
                await guide_conversation(shared, next(persons), next(shared_scripts))
            except (RuntimeError, httpx.HTTPError) as error:
                paced.errors.append(f"{type(error).__name__}: {str(error)[:200]}")

    async def watch() -> None:
        for part, seen in enumerate(windows, 1):
            await asyncio.sleep(seconds / WINDOWS)
            seen.memory = bot.memory()[0]
            print(f"… {part} of {WINDOWS}", file=sys.stderr, flush=True)

    async with client(bot.url, paced) as shared:
        await asyncio.gather(watch(), *(people(shared, number) for number in range(PEOPLE)))
    return windows, paced.errors


def soak_table(windows: list[Seen], minutes: float) -> str:
    """Return the measurements as Markdown."""
    lines = ["| minutes | turns | median | p95 | longest | late | memory |", "|---" * 7 + "|"]
    for part, seen in enumerate(windows, 1):
        slow = quantiles(seen.turns, n=20)[-1]
        lines.append(
            f"| {part * minutes / WINDOWS:.1f} | {len(seen.turns)} "
            f"| {median(seen.turns) * 1000:.0f} ms | {slow * 1000:.0f} ms "
            f"| {max(seen.turns) * 1000:.0f} ms | {seen.late:.1f} s | {seen.memory:.0f} MB |"
        )
    turns = [turn for seen in windows for turn in seen.turns]
    lines.append(f"| all | {len(turns)} | {median(turns) * 1000:.0f} ms ")
    lines[-1] += f"| {quantiles(turns, n=20)[-1] * 1000:.0f} ms | {max(turns) * 1000:.0f} ms | | |"
    return "\n".join(lines)


def main(argv: list[str]) -> int:
    """Run 30 minutes at 20 turns a second, or as asked. Exit status 1 for any error."""
    minutes = float(argv[0]) if argv else MINUTES
    rate = float(argv[1]) if argv[1:] else RATE
    with tempfile.TemporaryDirectory() as scratch:
        windows, errors = asyncio.run(soak(minutes, rate, Path(scratch)))
    print(soak_table(windows, minutes))
    print(f"\nErrors: {len(errors)}")
    for error in errors[:10]:
        print(f"- {error}")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
