"""`python -m bench.load [seconds] [people]`: more people than the guide can answer, of every kind.

People who press buttons, who tell an account, who paste the worst texts known, who are in danger,
and who only leave the page open, all at once on one guide. Prints what was accepted and what was
turned away, how long each took, and whether everything that was answered is in the history.
"""

import asyncio
import itertools
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

import httpx

from bench.bots import guide, started_bot
from bench.talk import client, until_ready

SECONDS, PEOPLE = 60, 120
IDLE, WORST, IN_DANGER = 200, 12, 100
OK, BUSY, TOO_QUICK = 200, 503, 429

URGENT = (
    "he is hitting her right now with a hammer",
    "mum just rang, her ex is at the house and he has got a knife",
    "she has taken an overdose and nobody is picking up",
)
ACCOUNTS = (
    "they say it does not meet the threshold and I am a health visitor in Kent",
    "I rang the team manager last Monday and got nowhere, we say it needs an assessment",
    "I'm the designated safeguarding lead at a school in Luton and they closed the case",
    "who do I ring if the service manager does not answer?",
)
BUTTONS = ("4", "No", "help", "Kent", "Show all the stages")
_MAIL = (
    "Dear team, thank you for the minutes. We made a referral on 3 November and were told that it "
    "does not meet the threshold. The manager, Mrs Qorvath, rang on Thursday and said that it is "
    "closed. We disagree: bruises were seen twice, and mum does not answer the door. "
)
WORST_TEXTS = tuple(
    text[:4000]
    for text in (
        _MAIL * 12,
        "he hit her " * 400,
        '"' * 4000,
        "a@" * 2000,
        "if he hit her on monday " * 170,
        "no bruises " * 400,
        " ".join(f"z{a}q{b}x" for a in "bcdfghjkl" for b in "mnpqrstvwxz") * 6,
        "".join(random.Random(7).choices("'\".,;:!?()@#/-=+*", k=4000)),  # noqa: S311 - no secret
    )
)


_NUMBERS = itertools.count()


@dataclass
class Kind:
    """What one kind of people met with: seconds of what was accepted, and other answers."""

    seconds: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    def line(self, name: str) -> str:
        """Return a row of the table."""
        cells = [name, f"{len(self.seconds):,}"]
        cells += [f"{self.refused[why]:,}" for why in ("busy", "too_quick", "failed")]
        for share in (50, 95, 99):
            known = len(self.seconds) > 1
            cells.append(f"{quantiles(self.seconds, n=100)[share - 1]:.2f} s" if known else "")
        return f"| {' | '.join(cells)} |"


@dataclass
class Person:
    """One person's conversation, and the messages that were answered in it."""

    number: int
    http: httpx.AsyncClient
    """Their own, as a browser is: a shared one looks through all its connections each time."""
    token: str = ""
    answered: int = 0

    @property
    def headers(self) -> dict[str, str]:
        """Their own address, and the token if the conversation is open."""
        address = f"10.{self.number >> 16 & 255}.{self.number >> 8 & 255}.{self.number & 255}"
        given = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {"X-Forwarded-For": address, **given}


class Load:
    """The people and what they met with."""

    def __init__(self, url: str, until: float) -> None:
        self._url = url
        self._until = until
        self.kinds: dict[str, Kind] = {}
        self.people: list[Person] = []

    def over(self) -> bool:
        """Say whether the time is up."""
        return time.perf_counter() >= self._until

    async def open(self, kind: str) -> Person | None:
        """Open a conversation, or None if it was refused."""
        person = Person(next(_NUMBERS), client(self._url))
        self.people.append(person)
        answer = await self._ask(f"{kind}: opened", person, "session", {})
        if answer is None:
            await person.http.aclose()
            return None
        person.token = answer.json()["token"]
        return person

    async def say(self, kind: str, person: Person, text: str) -> bool:
        """Say something; False if it was refused."""
        answer = await self._ask(kind, person, "message", {"text": text})
        person.answered += answer is not None
        return answer is not None

    async def _ask(
        self, kind: str, person: Person, what: str, body: dict[str, str]
    ) -> httpx.Response | None:
        met = self.kinds.setdefault(kind, Kind())
        began = time.perf_counter()
        answer = await person.http.post(f"/webhooks/web/{what}", json=body, headers=person.headers)
        took = time.perf_counter() - began
        if answer.status_code == OK and "not working" not in answer.text:
            met.seconds.append(took)
            return answer
        why = {BUSY: "busy", TOO_QUICK: "too_quick"}.get(answer.status_code, "failed")
        met.refused[why] += 1
        # As the widget does: whoever is turned away waits before the next try.
        await asyncio.sleep(float(answer.headers.get("Retry-After", 1)))
        return None

    async def lost(self) -> int:
        """Return how many answered messages are not in the history of their conversation."""
        missing = 0
        async with client(self._url) as http:
            for person in self.people:
                if person.answered:
                    answer = await http.get("/webhooks/web/history", headers=person.headers)
                    said = [one for one in answer.json()["messages"] if one["from"] == "person"]
                    missing += max(0, person.answered - len([one for one in said if one["text"]]))
        return missing


async def _talk(load: Load, kind: str, texts: tuple[str, ...], pause: float, turns: int) -> None:
    """Hold one conversation after another, with a pause before each message."""
    chooser = random.Random(len(load.people))  # noqa: S311 - the same run each time
    await asyncio.sleep(chooser.random() * max(pause, 1.0))
    while not load.over():
        person = await load.open(kind)
        if person is None:
            continue
        async with aclosing(person.http):
            for _ in range(turns):
                if load.over():
                    break
                await asyncio.sleep(pause * (0.5 + chooser.random()))
                await load.say(kind, person, chooser.choice(texts))


async def _in_danger(load: Load, person: Person, when: float) -> None:
    """Have had the guide open, and write at some moment that a child is in danger."""
    await asyncio.sleep(when)
    await load.say("in danger", person, URGENT[person.number % len(URGENT)])


async def measure(url: str, seconds: float, people: int) -> str:
    """Return the table of one run."""
    async with AsyncExitStack() as pages:
        before = Load(url, time.perf_counter())
        opened = [await before.open("before") for _ in range(IDLE + IN_DANGER)]
        having = [person for person in opened if person]
        for person in having:
            await pages.enter_async_context(aclosing(person.http))
        load = Load(url, time.perf_counter() + seconds)
        load.people += having
        jobs: list[Awaitable[None]] = [
            _talk(load, "buttons", BUTTONS, 0.5, 12) for _ in range(people // 2)
        ]
        jobs += [_talk(load, "accounts", ACCOUNTS, 1.0, 5) for _ in range(people - people // 2)]
        jobs += [_talk(load, "worst texts", WORST_TEXTS, 0.0, 10) for _ in range(WORST)]
        jobs += [
            _in_danger(load, person, seconds * (number + 0.5) / IN_DANGER)
            for number, person in enumerate(having[:IN_DANGER])
        ]
        await asyncio.gather(*jobs)
    head = "| | accepted | busy | too quick | failed | median | p95 | p99 |\n|---" + "|---:" * 7
    rows = [load.kinds[name].line(name) for name in sorted(load.kinds)]
    taken = sum(len(kind.seconds) for kind in load.kinds.values())
    lost = await load.lost()
    return "\n".join(
        [f"{head}|", *rows, "", f"{taken / seconds:.0f} requests a second accepted; {lost} lost."]
    )


async def run(scratch: Path, seconds: float, people: int) -> str:
    """Start a guide, put the load on it, and return the table."""
    with started_bot(guide(scratch), scratch) as bot:
        await until_ready(bot, _nothing, None)
        before = bot.spent()
        table = await measure(bot.url, seconds, people)
        spent = bot.spent() - before
        rss, pss = bot.memory()
    return f"{table}\n{spent:.0f} s of processor time; {pss:.0f} MB (PSS), {rss:.0f} MB (RSS)."


async def _nothing(http: httpx.AsyncClient, _person: int, _script: object) -> list[float]:
    (await http.get("/health/ready")).raise_for_status()
    return []


def main(argv: list[str]) -> int:
    """Measure and print."""
    seconds = float(argv[0]) if argv else SECONDS
    people = int(argv[1]) if len(argv) > 1 else PEOPLE
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory() as scratch, suppress(KeyboardInterrupt):
        print(f"{people} people, {WORST} with the worst texts, {IN_DANGER} in danger, {IDLE} idle:")
        print(asyncio.run(run(Path(scratch), seconds, people)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
