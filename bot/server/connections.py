"""Limits on connections: how long a request may take, how many there may be, which are valid.

Where there are too many, idle ones give way to a new one, then the oldest request that has not come
in whole, of the address that has most of them.

Sanic waits as long as a byte comes now and then, and may read a request differently than a proxy
in front of it. Here each request has a time limit, however slowly it trickles in, and ambiguous
requests are refused before anything else is done with them.
"""

import re
import resource
from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar

from sanic.compat import Header
from sanic.exceptions import InvalidUsage, RequestTimeout, ServiceUnavailable
from sanic.http import Http, Stage
from sanic.request import Request
from sanic.server import HttpProtocol

REQUEST_SECONDS = 15
"""Time for the head of a request, from its first byte."""
BODY_SECONDS = 20
"""Time for its body, in addition to the time of a turn."""
IDLE_SECONDS = 65
"""Time between two requests, and for the rest of a refused request."""
MOST_CONNECTIONS = 1000
NO_REQUEST = "NONE"
"""Sanic's method name for something that is not a request."""


def most_connections() -> int:
    """Return the limit of connections: at most half of the files that the process may open."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    # The database and the model need some.
    return (
        MOST_CONNECTIONS if files == resource.RLIM_INFINITY else min(MOST_CONNECTIONS, files // 2)
    )


_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+")
_LENGTH = re.compile(r"[0-9]{1,10}")
_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]+")
_METHOD = re.compile(r"[A-Z]{1,20}")
_TARGET = re.compile(rb"\*|/[!-~]*")
# A bare CR or LF, a folded header line, and NUL.
_AMBIGUOUS = re.compile(rb"\r(?!\n)|(?<!\r)\n|\n[ \t]|\0")


class StrictRequest(Request):
    """A request that every server reads alike. Any other raises InvalidUsage (400)."""

    def __init__(  # noqa: PLR0913, PLR0917 - as Sanic calls it
        self,
        url_bytes: bytes,
        headers: Header,
        version: str,
        method: str,
        transport: Any,
        app: Any,
        head: bytes = b"",
    ) -> None:
        if method != NO_REQUEST and not _is_unambiguous(url_bytes, headers, version, method, head):
            raise InvalidUsage("Bad Request")
        super().__init__(url_bytes, headers, version, method, transport, app, head)


def _is_unambiguous(at: bytes, headers: Header, version: str, method: str, head: bytes) -> bool:
    lengths = headers.getall("content-length", [])
    codings = headers.getall("transfer-encoding", [])
    hosts = headers.getall("host", [])
    return (
        _AMBIGUOUS.search(head) is None
        and _METHOD.fullmatch(method) is not None
        and _TARGET.fullmatch(at) is not None
        and all(_NAME.fullmatch(name) for name in headers)
        # The length of the body is given only once.
        and len(lengths) + len(codings) <= 1
        and all(_LENGTH.fullmatch(length) for length in lengths)
        and all(coding == "chunked" for coding in codings)
        and len(hosts) == (1 if version == "1.1" else len(hosts[:1]))
        and all(_HOST.fullmatch(host) for host in hosts)
        # We have no websockets, and Sanic sets no time limit for them.
        and "websocket" not in headers.get("upgrade", "").lower()
    )


class GuideHttp(Http):
    """Sanic's reading of requests, which also refuses addresses that are not text."""

    async def http1_request_header(self) -> None:
        """Read the head of a request; raises InvalidUsage if its address is not text."""
        try:
            await super().http1_request_header()  # type: ignore[no-untyped-call]
        except UnicodeEncodeError:
            raise InvalidUsage("Bad Request") from None

    async def error_response(self, exception: Exception) -> None:
        """Answer with an error. The rest of a request that timed out is not read."""
        await super().error_response(exception)
        if isinstance(exception, RequestTimeout | ServiceUnavailable):
            self.request_body = None
            self.keep_alive = False

    def create_empty_request(self) -> None:
        """Create the substitute for an invalid request."""
        self.url = None
        super().create_empty_request()


class DeadlineProtocol(HttpProtocol):
    """A connection. A request's time begins with its first byte; later bytes do not extend it."""

    __slots__ = ("address",)
    most: ClassVar[int] = most_connections()
    most_of_one: ClassVar[int] = most // 2
    """How many one address may have, unless it is that of a proxy, which speaks for many."""
    address: str

    def _setup_connection(self) -> None:
        super()._setup_connection()  # type: ignore[no-untyped-call]
        self._http = GuideHttp(self)  # type: ignore[no-untyped-call]

    def connection_made(self, transport: Any) -> None:
        """Accept a connection; if there are too many, let another give way or refuse this one."""
        peer = transport.get_extra_info("peername")
        self.address = str(peer[0]) if isinstance(peer, tuple) else ""
        if not self._has_room():
            transport.abort()
            return
        super().connection_made(transport)  # type: ignore[no-untyped-call]

    def _has_room(self) -> bool:
        others = list(self.connections)
        if len(others) < min(self.most, self.most_of_one):
            return True
        own = [other for other in others if other.address == self.address]
        if len(own) >= self.most_of_one and not self.app.config.PROXIES_COUNT:
            return _gives_way(own)
        return len(others) < self.most or _gives_way(others)

    def connection_lost(self, exc: Exception | None) -> None:
        """Close the connection, including one we refused."""
        if self.transport is not None or self in self.connections:
            super().connection_lost(exc)  # type: ignore[no-untyped-call]

    def data_received(self, data: bytes) -> None:
        """Receive bytes. Only the first bytes of a request start its time."""
        began = self._time
        http = self._reading()
        # The body of a refused request is still read, so that the client reads the answer.
        under_way = http is not None and (http.stage is not Stage.IDLE or _has_more(http))
        super().data_received(data)
        if under_way:
            self._time = began

    @property
    def is_unfinished(self) -> bool:
        """Whether a request is coming in and is not there yet."""
        http = self._reading()
        return http is not None and (http.stage is Stage.REQUEST or _has_more(http))

    @property
    def since(self) -> float:
        """When its request began to come in, or its last answer was sent."""
        return self._time

    @property
    def is_closing(self) -> bool:
        """Whether it gives way already."""
        return self.transport is None or bool(self.transport.is_closing())

    def _reading(self) -> Http | None:
        # Sanic's slots have no default values.
        http: Http | None = getattr(self, "_http", None)
        return http


def _gives_way(connections: Sequence[DeadlineProtocol]) -> bool:
    """Close the connection that may best be closed; False if each is at work."""
    there = [one for one in connections if not one.is_closing]
    if any(one.close_if_idle() for one in there):
        return True
    unfinished = [one for one in there if one.is_unfinished]
    if not unfinished:
        return False
    by_address = Counter(one.address for one in unfinished)
    most = max(by_address.values())
    oldest = min(
        (one for one in unfinished if by_address[one.address] == most), key=lambda one: one.since
    )
    oldest.abort()  # type: ignore[no-untyped-call]
    return True


def _has_more(http: Http) -> bool:
    return bool(getattr(http, "request_body", None))
