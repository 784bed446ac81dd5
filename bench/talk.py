"""Conversations over HTTP, with the same client for both bots."""

import asyncio
import re
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import uuid4

import httpx

from bench.bots import Running

# What one person says (bench/conversations.yml).
Script = Any
# (client, number of the person, script) -> seconds of each turn
Conversation = Callable[[httpx.AsyncClient, int, Script], Awaitable[list[float]]]

QUESTION = re.compile(r"answer:([a-z_]+):")
MOST_QUESTIONS = 20
OK, BUSY = 200, 503
AGAIN_SECONDS = 0.2
# Reading the certificates takes longer than many turns, so all clients share them.
_CERTIFICATES = ssl.create_default_context()


async def guide_conversation(client: httpx.AsyncClient, person: int, script: Script) -> list[float]:
    """One whole conversation through the web channel. Opening the session is not a turn.

    The script's `first` is sent first, then its answer to each question until advice comes, then
    the messages under `afterwards`. Raises RuntimeError where a turn fails, a question has no
    answer in the script, or no advice comes.
    """
    headers = {"X-Forwarded-For": f"10.{person >> 16 & 255}.{person >> 8 & 255}.{person & 255}"}
    opened = await _patient(client, "/webhooks/web/session", {}, headers)
    messages = _messages(opened)
    headers["Authorization"] = f"Bearer {opened.json()['token']}"
    turns: list[float] = []

    async def turn(line: str) -> list[dict[str, Any]]:
        began = time.perf_counter()
        answer = await _patient(client, "/webhooks/web/message", {"text": line}, headers)
        turns.append(time.perf_counter() - began)
        return _messages(answer)

    for line in script.get("first", []):
        messages = await turn(line)
    while not any(message["card"] for message in messages):
        question = _question(messages)
        if question not in script["answers"] or len(turns) > MOST_QUESTIONS:
            raise RuntimeError(f"no answer in the script, or asked too long: {messages}")
        messages = await turn(script["answers"][question])
    for line in script["afterwards"]:
        await turn(line)
    return turns


async def _patient(
    client: httpx.AsyncClient, path: str, body: dict[str, str], headers: dict[str, str]
) -> httpx.Response:
    """Post; a guide that is busy is asked again, which counts as waiting for its answer."""
    while True:
        answer = await client.post(path, json=body, headers=headers)
        if answer.status_code != BUSY:
            return answer
        await asyncio.sleep(AGAIN_SECONDS)


def _question(messages: Sequence[dict[str, Any]]) -> str | None:
    buttons = messages[-1]["buttons"]
    found = QUESTION.match(buttons[0]["payload"]) if buttons else None
    return found[1] if found else None


async def stock_conversation(client: httpx.AsyncClient, person: int, script: Script) -> list[float]:
    """One whole conversation through Rasa's REST channel."""
    turns = []
    sender = f"{person}-{uuid4()}"
    for line in script:
        began = time.perf_counter()
        answer = await client.post(
            "/webhooks/rest/webhook", json={"sender": sender, "message": line}
        )
        turns.append(time.perf_counter() - began)
        answer.raise_for_status()
    return turns


def _messages(answer: httpx.Response) -> list[dict[str, Any]]:
    messages = answer.json().get("messages") if answer.status_code == OK else None
    if not messages:
        raise RuntimeError(f"{answer.request.url}: {answer.status_code} {answer.text[:500]}")
    return list(messages)


def client(url: str, transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """A client for the bot at `url` that waits long and keeps its connection."""
    return httpx.AsyncClient(
        base_url=url, timeout=60, verify=_CERTIFICATES, trust_env=False, transport=transport
    )


async def until_ready(bot: Running, conversation: Conversation, script: Script) -> float:
    """Wait until the bot has answered a first message; return seconds since it was started."""
    while True:
        bot.check()
        try:
            async with client(bot.url) as fresh:
                turns = await conversation(fresh, 0, script)
        except (httpx.ConnectError, httpx.ReadError):
            await asyncio.sleep(0.02)
        else:
            return time.perf_counter() - bot.started - sum(turns[1:])


async def one_after_another(
    bot: Running, conversation: Conversation, scripts: Sequence[Script], first: int
) -> list[float]:
    """Hold each conversation alone; return the seconds of every turn."""
    turns = []
    async with client(bot.url) as shared:
        for number, script in enumerate(scripts, first):
            turns += await conversation(shared, number, script)
    return turns


async def all_at_once(
    bot: Running, conversation: Conversation, scripts: Sequence[Script], first: int
) -> float:
    """Hold all conversations at the same time; return turns a second.

    Each has a client of its own, as people do. A shared one looks through all its connections for
    each request, and takes the time that is to be measured.
    """

    async def hold(number: int, script: Script) -> list[float]:
        async with client(bot.url) as own:
            return await conversation(own, number, script)

    began = time.perf_counter()
    held = await asyncio.gather(
        *(hold(number, script) for number, script in enumerate(scripts, first))
    )
    return sum(map(len, held)) / (time.perf_counter() - began)
