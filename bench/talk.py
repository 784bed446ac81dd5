"""Conversations over HTTP, with the same client for both bots."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from uuid import uuid4

import httpx

from bench.bots import Running

# (client, number of the person, lines) -> seconds of each turn
Conversation = Callable[[httpx.AsyncClient, int, Sequence[str]], Awaitable[list[float]]]


async def guide_conversation(
    client: httpx.AsyncClient, person: int, lines: Sequence[str]
) -> list[float]:
    """One whole conversation through the web channel. Opening the session is not a turn.

    Raises RuntimeError where a turn fails or the conversation ends without advice.
    """
    address = {"X-Forwarded-For": f"10.{person >> 16 & 255}.{person >> 8 & 255}.{person & 255}"}
    opened = await client.post("/webhooks/web/session", json={}, headers=address)
    _good(opened, said=bool(opened.json().get("messages")))
    headers = {**address, "Authorization": f"Bearer {opened.json()['token']}"}
    turns = []
    advised = False
    for line in lines:
        began = time.perf_counter()
        answer = await client.post("/webhooks/web/message", json={"text": line}, headers=headers)
        turns.append(time.perf_counter() - began)
        messages = answer.json().get("messages")
        _good(answer, said=bool(messages))
        advised = advised or any(message.get("card") for message in messages)
    if not advised:
        raise RuntimeError(f"the conversation {list(lines)} ended without advice: {answer.text}")
    return turns


async def stock_conversation(
    client: httpx.AsyncClient, person: int, lines: Sequence[str]
) -> list[float]:
    """One whole conversation through Rasa's REST channel."""
    turns = []
    sender = f"{person}-{uuid4()}"
    for line in lines:
        began = time.perf_counter()
        answer = await client.post(
            "/webhooks/rest/webhook", json={"sender": sender, "message": line}
        )
        turns.append(time.perf_counter() - began)
        _good(answer, said=isinstance(answer.json(), list))
    return turns


def _good(answer: httpx.Response, *, said: bool) -> None:
    if answer.status_code != 200 or not said:
        raise RuntimeError(f"{answer.request.url}: {answer.status_code} {answer.text[:500]}")


def client(url: str) -> httpx.AsyncClient:
    """A client for the bot at `url` that waits long and keeps its connections."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    return httpx.AsyncClient(base_url=url, timeout=60, limits=limits, trust_env=False)


async def until_ready(bot: Running, conversation: Conversation, lines: Sequence[str]) -> float:
    """Wait until the bot has answered a first message; return seconds since it was started."""
    while True:
        bot.check()
        try:
            async with client(bot.url) as fresh:
                turns = await conversation(fresh, 0, lines)
        except (httpx.ConnectError, httpx.ReadError):
            await asyncio.sleep(0.02)
        else:
            return time.perf_counter() - bot.started - sum(turns[1:])


async def one_after_another(
    bot: Running, conversation: Conversation, scripts: Sequence[Sequence[str]], first: int
) -> list[float]:
    """Hold each conversation alone; return the seconds of every turn."""
    turns = []
    async with client(bot.url) as shared:
        for number, lines in enumerate(scripts, first):
            turns += await conversation(shared, number, lines)
    return turns


async def all_at_once(
    bot: Running, conversation: Conversation, scripts: Sequence[Sequence[str]], first: int
) -> float:
    """Hold all conversations at the same time; return turns a second."""
    async with client(bot.url) as shared:
        began = time.perf_counter()
        held = await asyncio.gather(
            *(conversation(shared, number, lines) for number, lines in enumerate(scripts, first))
        )
        seconds = time.perf_counter() - began
    return sum(map(len, held)) / seconds
