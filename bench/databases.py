"""`python -m bench.databases [conversations]`: what a turn costs on SQLite and on PostgreSQL.

One conversation after the other: on SQLite, on a PostgreSQL of this machine, and on that
at a distance of 10 and 50 ms. Needs PostgreSQL (deploy/services.sh).
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import yaml

from bench.bots import BenchBot, Running, guide, started_bot
from bench.talk import client, guide_conversation, until_ready
from bot.paths import ROOT
from tests.support.postgres import Postgres
from tests.support.relay import Relay

CONVERSATIONS = 20
DISTANCES = (0.0, 0.010, 0.050)


@contextmanager
def databases() -> Iterator[list[tuple[str, str, Relay | None]]]:
    """Yield a name, an address ("" for SQLite) and the relay of each."""
    server = Postgres()
    try:
        made: list[tuple[str, str, Relay | None]] = [("SQLite", "", None)]
        for seconds in DISTANCES:
            relay = Relay(server.port, seconds)
            address = server.url(f"bench_{int(seconds * 1000)}")
            address = address.replace(f":{server.port}/", f":{relay.port}/")
            made.append((f"PostgreSQL, {seconds * 1000:.0f} ms away", address, relay))
        yield made
    finally:
        server.remove()


def on(bot: BenchBot, address: str) -> BenchBot:
    """The guide with the database at an address."""
    more = {"ESCALATION_GUIDE_SECRET": "of the bench, and long enough for it"}
    if address:
        more["ESCALATION_GUIDE_DATABASE"] = address
    return replace(bot, environment={**bot.environment, **more})


async def measure(bot: Running, relay: Relay | None, many: int) -> str:
    """One line of the table."""
    text = (ROOT / "bench/conversations.yml").read_text(encoding="utf-8")
    scripts: list[Any] = yaml.safe_load(text)["guide"]
    await until_ready(bot, guide_conversation, scripts[0])
    turns: list[float] = []
    async with client(bot.url) as shared:
        began, spent, trips = time.perf_counter(), bot.spent(), relay.trips if relay else 0
        for person, script in enumerate(islice(cycle(scripts), many), 1):
            turns += await guide_conversation(shared, person, script)
        took, spent = time.perf_counter() - began, bot.spent() - spent
        made = relay.trips - trips if relay else 0
    return (
        f"| {median(turns) * 1000:.1f} ms | {quantiles(turns, n=20)[-1] * 1000:.1f} ms "
        f"| {spent / len(turns) * 1000:.1f} ms | {len(turns) / took:.0f} "
        f"| {made / (len(turns) + many):.1f} |"
    )


def main(argv: list[str]) -> int:
    """Print the table."""
    many = int(argv[0]) if argv else CONVERSATIONS
    print("| database | median | p95 | processor time | turns/s, one person | round trips |")
    print("|---" * 6 + "|")
    with databases() as all_of_them:
        for name, address, relay in all_of_them:
            with tempfile.TemporaryDirectory() as scratch:
                bot = on(guide(Path(scratch)), address)
                with started_bot(bot, Path(scratch)) as running:
                    line = asyncio.run(measure(running, relay, many))
            print(f"| {name} {line}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
