"""Calls to Microsoft's and Slack's servers, bounded in time, size and number.

After a failure that may pass (429, 5xx, no connection, no answer in time) a call is tried again
after a pause. Logs and exceptions contain only the server's name and the status.
"""

import asyncio
import email.utils
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import msgspec

log = logging.getLogger(__name__)

MOST_BYTES = 2 * 1024 * 1024
"""No answer that we need is larger; Microsoft's published keys are about 100 KB."""
TRANSIENT = {
    HTTPStatus.REQUEST_TIMEOUT,
    # Teams answers this while the conversation is being changed, and asks for another try.
    HTTPStatus.PRECONDITION_FAILED,
    HTTPStatus.TOO_MANY_REQUESTS,
}


class NotSent(Exception):
    """A call failed after all tries. `status` is None if there was no answer."""

    def __init__(self, host: str, status: int | None) -> None:
        super().__init__(f"{host}: {status or 'no answer'}")
        self.host = host
        self.status = status


@dataclass(frozen=True)
class Answer:
    """A server's answer to a successful call (200 to 299). Header names are in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """Return the decoded JSON of the body; raises ValueError if it is not JSON."""
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise ValueError("The answer is not JSON.") from None


@dataclass(frozen=True)
class RetryPolicy:
    """How long to wait and how often to try. Times are in seconds.

    The pause before the second try is up to `first_pause`, and doubles with each further try.
    `longest_pause` caps it, and also what a server asks for with Retry-After.
    """

    tries: int = 4
    connect: float = 5.0
    whole: float = 15.0
    first_pause: float = 0.5
    longest_pause: float = 30.0


class Sender:
    """Makes calls. `sleep` waits, `jitter` gives 0 to 1, `clock` gives seconds since 1970."""

    def __init__(
        self,
        retry_policy: RetryPolicy = RetryPolicy(),
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.retry_policy = retry_policy
        self._sleep = sleep
        self._jitter = jitter
        self._clock = clock
        self._session: aiohttp.ClientSession | None = None

    async def get(
        self, url: str, headers: Mapping[str, str] | None = None, tries: int | None = None
    ) -> Answer:
        """Fetch an address. Raises NotSent."""
        return await self._send("GET", url, headers, None, tries)

    async def post(
        self,
        url: str,
        body: object,
        headers: Mapping[str, str] | None = None,
        tries: int | None = None,
    ) -> Answer:
        """Send a body as JSON. Raises NotSent."""
        return await self._send_json("POST", url, body, headers, tries)

    async def put(self, url: str, body: object, headers: Mapping[str, str] | None = None) -> Answer:
        """Send a body as JSON in place of what is there. Raises NotSent."""
        return await self._send_json("PUT", url, body, headers)

    async def post_form(
        self, url: str, form: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a form, as login servers expect. Raises NotSent."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        content = urlencode(form).encode()
        return await self._send("POST", url, {**kind, **(headers or {})}, content)

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _send_json(
        self,
        method: str,
        url: str,
        body: object,
        headers: Mapping[str, str] | None,
        tries: int | None = None,
    ) -> Answer:
        content = msgspec.json.encode(body)
        kind = {"Content-Type": "application/json; charset=utf-8"}
        return await self._send(method, url, {**kind, **(headers or {})}, content, tries)

    async def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        content: bytes | None,
        tries: int | None = None,
    ) -> Answer:
        host = urlsplit(url).hostname or ""
        most = tries or self.retry_policy.tries
        for number in range(1, most + 1):
            answer = await self._try(method, url, headers, content)
            if answer is not None and HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
                return answer
            status = None if answer is None else answer.status
            log.warning("Call to %s, try %d of %d: %s.", host, number, most, status or "no answer")
            if number == most or not _is_transient(status):
                raise NotSent(host, status)
            await self._sleep(self._pause(number, answer))
        raise AssertionError("The last try returns or raises.")

    async def _try(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        content: bytes | None,
    ) -> Answer | None:
        """Make one call; None if no complete answer came in time."""
        try:
            async with self._open().request(
                method,
                url,
                data=content,
                headers=headers,
                # A trusted server must not redirect us to one that is not.
                allow_redirects=False,
            ) as response:
                body = await response.content.read(MOST_BYTES)
                while len(body) < MOST_BYTES and not response.content.at_eof():
                    body += await response.content.read(MOST_BYTES - len(body))
                if not response.content.at_eof():
                    return None
                given = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status, given, body)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            return None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            wait = aiohttp.ClientTimeout(
                total=self.retry_policy.whole, connect=self.retry_policy.connect
            )
            self._session = aiohttp.ClientSession(
                timeout=wait,
                # Many organisations reach the internet through a proxy (HTTPS_PROXY, NO_PROXY).
                trust_env=True,
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    def _pause(self, number: int, answer: Answer | None) -> float:
        most = self.retry_policy.longest_pause
        asked = self._asked(answer)
        if asked is not None:
            return min(asked, most)
        full = min(self.retry_policy.first_pause * 2.0 ** (number - 1), most)
        # Half of it is random, so that calls that failed together are not repeated together.
        return full * (0.5 + self._jitter() / 2)

    def _asked(self, answer: Answer | None) -> float | None:
        """Return how long the server asks us to wait: seconds, or until a date."""
        written = answer.headers.get("retry-after", "").strip() if answer else ""
        if not written:
            return None
        if written.isdecimal() and written.isascii():
            return float(written[:9])
        try:
            until = email.utils.parsedate_to_datetime(written)
        except (TypeError, ValueError):
            return None
        return max(0.0, until.timestamp() - self._clock())


def _is_transient(status: int | None) -> bool:
    """Say whether a failure may pass."""
    return status is None or status in TRANSIENT or status >= HTTPStatus.INTERNAL_SERVER_ERROR
