"""Calls to other servers: tried again where that may help, and never without end."""

import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.channels.outbound import MOST_BYTES, NotSent, RetryPolicy, Sender

QUICK = RetryPolicy(tries=4, connect=5, whole=5, first_pause=1, longest_pause=20)


class Other:
    """A server on loopback that gives the answers it was told, the last one again and again."""

    def __init__(self, *answers: web.Response) -> None:
        self.answers = list(answers)
        self.heard: list[tuple[str, str, dict[str, str]]] = []
        self.address = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Keep what came and give the next answer."""
        self.heard.append((request.method, await request.text(), dict(request.headers)))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return web.Response(status=answer.status, body=answer.body, headers=answer.headers)


@asynccontextmanager
async def running(*answers: web.Response) -> AsyncIterator[Other]:
    """Run such a server."""
    other = Other(*answers)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", other.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    other.address = f"http://127.0.0.1:{runner.addresses[0][1]}/v3/activities"
    yield other
    await runner.cleanup()


class Hands:
    """A sender whose pauses are noted and not waited for."""

    def __init__(self, patience: RetryPolicy = QUICK, now: float = 0.0) -> None:
        self.pauses: list[float] = []
        self.sender = Sender(patience, self.sleep, lambda: 1.0, lambda: now)

    async def sleep(self, seconds: float) -> None:
        """Note a pause."""
        self.pauses.append(seconds)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy set for the machine does not stand between test and server."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


async def test_a_body_arrives_as_json_with_its_headers() -> None:
    """What is sent is what arrives, and the answer can be read."""
    async with running(web.json_response({"id": "1"}, status=201)) as other:
        hands = Hands()
        answer = await hands.sender.post(
            other.address, {"text": "ü"}, {"Authorization": "Bearer t"}
        )
        await hands.sender.close()
    assert (answer.status, answer.json()) == (201, {"id": "1"})
    method, body, headers = other.heard[0]
    assert (method, body) == ("POST", '{"text":"ü"}')
    assert headers["Authorization"] == "Bearer t"
    assert headers["Content-Type"].startswith("application/json")
    assert hands.pauses == []


async def test_a_form_is_encoded() -> None:
    """Signs with a meaning in forms do not end a value."""
    async with running(web.Response()) as other:
        hands = Hands()
        await hands.sender.post_form(other.address, {"a": "1&b=2 ü"})
        await hands.sender.close()
    assert other.heard[0][1] == "a=1%26b%3D2+%C3%BC"


@pytest.mark.parametrize("status", [408, 412, 429, 500, 502, 503, 504])
async def test_a_failure_that_may_pass_is_retried_with_longer_pauses(status: int) -> None:
    """Each pause is twice the last, and the last try succeeds."""
    async with running(*[web.Response(status=status)] * 3, web.Response()) as other:
        hands = Hands()
        assert (await hands.sender.post(other.address, {})).status == 200
        await hands.sender.close()
    assert hands.pauses == [1, 2, 4]
    assert len(other.heard) == 4


async def test_a_server_that_keeps_failing_is_given_up() -> None:
    """After the last try the error names the server and the status."""
    async with running(web.Response(status=500)) as other:
        hands = Hands()
        with pytest.raises(NotSent) as failed:
            await hands.sender.post(other.address, {})
        await hands.sender.close()
    assert failed.value.status == 500
    assert len(other.heard) == 4


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 404, 413])
async def test_a_refusal_is_not_retried(status: int) -> None:
    """A refusal is final, and a redirect is never followed."""
    headers = {"Location": "http://127.0.0.1:1/"}
    async with running(web.Response(status=status, headers=headers)) as other:
        hands = Hands()
        with pytest.raises(NotSent) as failed:
            await hands.sender.post(other.address, {})
        await hands.sender.close()
    assert failed.value.status == status
    assert len(other.heard) == 1


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ("7", 7),
        ("0", 0),
        ("3600", 20),
        ("9" * 400, 20),
        ("Thu, 01 Jan 1970 00:00:09 GMT", 9),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Fri, 02 Jan 1970 00:00:00 GMT", 20),
        ("soon", 1),
        ("-5", 1),
        ("", 1),
    ],
)
async def test_retry_after_is_honoured_up_to_a_cap(asked: str, waited: float) -> None:
    """Seconds and dates are honoured, unreadable values are ignored."""
    refusal = web.Response(status=429, headers={"Retry-After": asked})
    async with running(refusal, web.Response()) as other:
        hands = Hands()
        await hands.sender.post(other.address, {})
        await hands.sender.close()
    assert hands.pauses == [waited]


async def test_jitter_halves_a_pause_at_most() -> None:
    """Pauses differ by chance, and are never nothing."""
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)

    async with running(web.Response(status=503), web.Response()) as other:
        sender = Sender(QUICK, sleep, lambda: 0.0)
        await sender.post(other.address, {})
        await sender.close()
    assert pauses == [0.5]


async def test_a_closed_port_counts_as_no_answer() -> None:
    """A port that nobody listens on is tried again, and then given up without a status."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        hands = Hands()
        with pytest.raises(NotSent) as failed:
            await hands.sender.get(f"http://127.0.0.1:{taken.getsockname()[1]}/")
        await hands.sender.close()
    assert failed.value.status is None
    assert len(hands.pauses) == 3


async def test_a_server_that_says_nothing_is_given_up() -> None:
    """A connection that is taken and never answered ends with the time for the whole call."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        hands = Hands(RetryPolicy(tries=1, whole=0.05))
        with pytest.raises(NotSent):
            await hands.sender.get(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        await hands.sender.close()


async def test_an_oversized_answer_is_refused() -> None:
    """An answer larger than any we need counts as no answer."""
    async with running(web.Response(body=b"x" * (MOST_BYTES + 1))) as other:
        hands = Hands(RetryPolicy(tries=1))
        with pytest.raises(NotSent):
            await hands.sender.get(other.address)
        await hands.sender.close()


async def test_neither_text_nor_token_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The log names the server and the status, and the exception no more."""
    caplog.set_level(logging.DEBUG)
    async with running(web.Response(status=500, text="the child's name")) as other:
        hands = Hands()
        with pytest.raises(NotSent) as failed:
            await hands.sender.post(other.address, {"text": "typed"}, {"Authorization": "secret"})
        await hands.sender.close()
    said = caplog.text + repr(failed.value)
    assert "127.0.0.1" in said
    assert "500" in said
    for word in ("typed", "secret", "child", "activities"):
        assert word not in said
