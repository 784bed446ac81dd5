"""What should cost the same: turn 200 as turn 5, the thousandth conversation as the first.

And with 150 policies as with five.
"""

import asyncio
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import yaml

from bench.bots import Bot, guide, running
from bench.talk import Script, client, guide_conversation, one_after_another, until_ready
from bot.paths import POLICIES, ROOT

LONG, LONG_TURNS, PAUSE = 10, 202, 0.55
EARLY, LATE = range(3, 8), range(198, 203)
SHORT, EDGE = 1000, 50
MANY = 150
STARTS, HELD = 3, 10
ASKED = "what is stage 2 in Kent?"
BEGIN = ["worried but it isn't immediate", "No"]
START = (
    "import sys; from pathlib import Path; from bot import paths; "
    "paths.POLICIES = Path(sys.argv.pop(1)); from bot.server.command import main; "
    "sys.exit(main(sys.argv[1:]))"
)


async def flat_lines(scratch: Path, script: Script, say: Callable[[str], None]) -> str:
    """Measure all of it; return Markdown."""
    few = guide(scratch)
    ready, turn = await _policies([few, _with_many_policies(few, scratch)], scratch, script, say)
    with running(few, scratch) as bot:
        await until_ready(bot, guide_conversation, script)
        say(f"{LONG} conversations of {LONG_TURNS} turns, which takes {LONG_TURNS * PAUSE:.0f} s")
        async with client(bot.url) as shared:
            long = await asyncio.gather(*(_long(shared, number) for number in range(LONG)))
        early, late = (median(turns[n - 1] for turns in long for n in at) for at in (EARLY, LATE))
        say(f"{SHORT} conversations, one after another")
        async with client(bot.url) as shared:
            short = [await _short(shared, number) for number in range(SHORT)]
        first, last = median(short[:EDGE]), median(short[-EDGE:])
    rows = [
        ("a turn: number 5, and number 200 of a conversation", early * 1000, late * 1000, "ms"),
        ("a turn: of the first conversations, and the thousandth", first * 1000, last * 1000, "ms"),
        (f"a turn: with five policies, and with {MANY}", turn[0] * 1000, turn[1] * 1000, "ms"),
        (f"until ready: with five policies, and with {MANY}", ready[0], ready[1], "s"),
    ]
    lines = ["| | before | after | after / before |", "|---|---:|---:|---:|"]
    lines += [f"| {w} | {b:.1f} {u} | {a:.1f} {u} | {a / b:.2f} |" for w, b, a, u in rows]
    return "\n".join(lines)


async def _policies(
    bots: list[Bot], scratch: Path, script: Script, say: Callable[[str], None]
) -> tuple[list[float], list[float]]:
    """The median seconds until each is ready, and of a turn of each, measured in turns."""
    ready: list[list[float]] = [[] for _ in bots]
    turns: list[list[float]] = [[] for _ in bots]
    for start in range(STARTS):
        for number, bot in enumerate(bots):
            say(f"starting with {bot.name}, {start + 1} of {STARTS}")
            with running(bot, scratch) as started:
                ready[number].append(await until_ready(started, guide_conversation, script))
                held = [script] * HELD
                turns[number] += await one_after_another(started, guide_conversation, held, 1)
    return [median(each) for each in ready], [median(each) for each in turns]


def _with_many_policies(few: Bot, scratch: Path) -> Bot:
    folder = scratch / "policies"
    shutil.copytree(POLICIES, folder)
    kent: dict[str, Any] = yaml.safe_load((POLICIES / "kent.yml").read_text(encoding="utf-8"))
    for number in range(len(list(POLICIES.glob("*.yml"))), MANY):
        name = f"Testshire {number}"
        names = {"id": f"testshire_{number}", "name": name, "short_name": name, "names": [name]}
        other = kent | names | {"partnership": f"{name} partnership", "places": [f"{name} Town"]}
        text = yaml.safe_dump(other, sort_keys=False, allow_unicode=True)
        (folder / f"testshire_{number}.yml").write_text(text, encoding="utf-8")
    command = (sys.executable, "-c", START, str(folder))
    database = f"sqlite:///{scratch / 'many.db'}"
    environment = few.environment | {"ESCALATION_GUIDE_DATABASE": database}
    return replace(
        few, name=f"{MANY} policies", command=command, folder=ROOT, environment=environment
    )


async def _long(shared: httpx.AsyncClient, person: int) -> list[float]:
    """The seconds of each turn of one conversation, as slow as the guide lets one be."""
    await asyncio.sleep(person * PAUSE / LONG)
    headers = await _open(shared, person)
    turns = []
    for number in range(LONG_TURNS):
        began = time.perf_counter()
        text = BEGIN[number] if number < len(BEGIN) else ASKED
        turns.append(await _turn(shared, headers, text))
        await asyncio.sleep(max(0.0, PAUSE - (time.perf_counter() - began)))
    return turns


async def _short(shared: httpx.AsyncClient, person: int) -> float:
    headers = await _open(shared, 1000 + person)
    await _turn(shared, headers, BEGIN[0])
    return await _turn(shared, headers, ASKED)


async def _open(shared: httpx.AsyncClient, person: int) -> dict[str, str]:
    headers = {"X-Forwarded-For": f"10.9.{person >> 8 & 255}.{person & 255}"}
    opened = await shared.post("/webhooks/web/session", json={}, headers=headers)
    opened.raise_for_status()
    return headers | {"Authorization": f"Bearer {opened.json()['token']}"}


async def _turn(shared: httpx.AsyncClient, headers: dict[str, str], text: str) -> float:
    began = time.perf_counter()
    answer = await shared.post("/webhooks/web/message", json={"text": text}, headers=headers)
    seconds = time.perf_counter() - began
    answer.raise_for_status()
    return seconds
