"""Costs that should stay flat: turn 200 as turn 5, conversation 1,000 as the first.

Likewise 150 policies as five. Measured in processor time of the guide's processes, which does not
depend on other load on the machine.
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

from bench.bots import BenchBot, Running, guide, started_bot
from bench.talk import Script, client, guide_conversation, one_after_another, until_ready
from bot.paths import POLICIES, ROOT

LONG, ROUNDS, PAUSE = 10, 202, 0.55
EARLY, LATE = 3, 193
WINDOW = 10
SHORT, EDGE = 1000, 100
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
    many = _with_many_policies(few, scratch)
    (ready, turn), (ready_many, turn_many) = [
        await _policies(bot, scratch, script, say) for bot in (few, many)
    ]
    with started_bot(few, scratch) as bot:
        await until_ready(bot, guide_conversation, script)
        say(f"{LONG} conversations of {ROUNDS} turns, which takes {ROUNDS * PAUSE:.0f} s or more")
        async with client(bot.url) as shared:
            early, late = await _long(shared, bot)
        say(f"{SHORT} conversations, one after another")
        async with client(bot.url) as shared:
            first, last = await _short(shared, bot)
    rows = [
        ("turn 5, and turn 200 of a conversation", early * 1000, late * 1000, "ms"),
        ("a conversation, the first, and the thousandth", first * 1000, last * 1000, "ms"),
        (f"a turn with five policies, and with {MANY}", turn * 1000, turn_many * 1000, "ms"),
        (f"from start to first answer with five policies, and with {MANY}", ready, ready_many, "s"),
    ]
    lines = ["| processor time of | before | after | after / before |", "|---|---:|---:|---:|"]
    lines += [f"| {w} | {b:.1f} {u} | {a:.1f} {u} | {a / b:.2f} |" for w, b, a, u in rows]
    return "\n".join(lines)


async def _policies(
    bot: BenchBot, scratch: Path, script: Script, say: Callable[[str], None]
) -> tuple[float, float]:
    """The median seconds until the bot has answered, and of a turn."""
    ready, turns = [], []
    for start in range(STARTS):
        say(f"starting {bot.name}, {start + 1} of {STARTS}")
        with started_bot(bot, scratch) as started:
            await until_ready(started, guide_conversation, script)
            before = started.spent()
            ready.append(before)
            held = await one_after_another(started, guide_conversation, [script] * HELD, 1)
            turns.append((started.spent() - before) / len(held))
    return median(ready), median(turns)


def _with_many_policies(few: BenchBot, scratch: Path) -> BenchBot:
    folder = scratch / "policies"
    shutil.copytree(POLICIES, folder)
    kent: dict[str, Any] = yaml.safe_load((POLICIES / "kent.yml").read_text(encoding="utf-8"))
    for number in range(len(list(POLICIES.glob("*.yml"))), MANY):
        name = f"Testshire {number}"
        names = {"id": f"testshire_{number}", "name": name, "short_name": name, "names": [name]}
        other = kent | names | {"partnership": f"{name} partnership", "places": [f"{name} Town"]}
        text = yaml.safe_dump(other, sort_keys=False, allow_unicode=True)
        (folder / f"testshire_{number}.yml").write_text(text, encoding="utf-8")
    command = (sys.executable, "-c", START, str(folder), "--drafts")
    database = f"sqlite:///{scratch / 'many.db'}"
    environment = few.environment | {"ESCALATION_GUIDE_DATABASE": database}
    return replace(
        few, name=f"{MANY} policies", command=command, folder=ROOT, environment=environment
    )


async def _long(shared: httpx.AsyncClient, bot: Running) -> tuple[float, float]:
    """A turn at the beginning and at the end of long conversations, all going on at once."""
    people = [await _open(shared, number) for number in range(LONG)]
    spent = []
    for number in range(ROUNDS):
        spent.append(bot.spent())
        began = time.perf_counter()
        text = BEGIN[number] if number < len(BEGIN) else ASKED
        for headers in people:
            await _turn(shared, headers, text)
        # The guide allows about two messages a second per person.
        await asyncio.sleep(max(0.0, PAUSE - (time.perf_counter() - began)))
    spent.append(bot.spent())

    def window(at: int) -> float:
        return (spent[at + WINDOW - 1] - spent[at - 1]) / (WINDOW * LONG)

    return window(EARLY), window(LATE)


async def _short(shared: httpx.AsyncClient, bot: Running) -> tuple[float, float]:
    """A conversation of two turns, among the first and among the last."""
    spent = []
    for number in range(SHORT):
        spent.append(bot.spent())
        headers = await _open(shared, 1000 + number)
        for text in (BEGIN[0], ASKED):
            await _turn(shared, headers, text)
    spent.append(bot.spent())
    return (spent[EDGE] - spent[0]) / EDGE, (spent[-1] - spent[-1 - EDGE]) / EDGE


async def _open(shared: httpx.AsyncClient, person: int) -> dict[str, str]:
    headers = {"X-Forwarded-For": f"10.9.{person >> 8 & 255}.{person & 255}"}
    opened = await shared.post("/webhooks/web/session", json={}, headers=headers)
    opened.raise_for_status()
    return headers | {"Authorization": f"Bearer {opened.json()['token']}"}


async def _turn(shared: httpx.AsyncClient, headers: dict[str, str], text: str) -> None:
    answer = await shared.post("/webhooks/web/message", json={"text": text}, headers=headers)
    answer.raise_for_status()
