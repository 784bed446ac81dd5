"""How long a connection may take, how many there may be, and what is a request at all.

Sanic waits for as long as a byte comes now and then, and reads some requests in another way than a
proxy in front of it may. Here each request has a time limit of its own, however it trickles in, and
one that could be read in two ways is refused before anything of it is looked at.
"""

import re
import resource
from typing import Any, ClassVar

from sanic.compat import Header
from sanic.exceptions import InvalidUsage, RequestTimeout, ServiceUnavailable
from sanic.http import Http, Stage
from sanic.request import Request
from sanic.server import HttpProtocol

REQUEST_SECONDS = 15
"""For the head of a request, from its first byte."""
BODY_SECONDS = 20
"""For its body, beside the time that a turn may take."""
IDLE_SECONDS = 65
"""Between two requests, and for what still comes of one that was refused."""
MOST_CONNECTIONS = 1000
NO_REQUEST = "NONE"
"""Sanic's name for the method of what was no request."""


def most_connections() -> int:
    """Return how many there may be: at most half of the files that the process may open."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    # The database and the model need some.
    return (
        MOST_CONNECTIONS if files == resource.RLIM_INFINITY else min(MOST_CONNECTIONS, files // 2)
    )


_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+")
_LENGTH = re.compile(r"[0-9]{1,10}")
_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]+")
_METHOD = re.compile(r"[A-Z]{1,20}")
_AT = re.compile(rb"\*|/[!-~]*")
# A line break that is half of one, a line that goes on with the one before, and NUL.
_AMBIGUOUS = re.compile(rb"\r(?!\n)|(?<!\r)\n|\n[ \t]|\0")


class StrictRequest(Request):
    """A request that every server reads alike; anything else raises InvalidUsage (400)."""

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
        if method != NO_REQUEST and not _is_plain(url_bytes, headers, version, method, head):
            raise InvalidUsage("Bad Request")
        super().__init__(url_bytes, headers, version, method, transport, app, head)


def _is_plain(at: bytes, headers: Header, version: str, method: str, head: bytes) -> bool:
    lengths = headers.getall("content-length", [])
    codings = headers.getall("transfer-encoding", [])
    hosts = headers.getall("host", [])
    return (
        _AMBIGUOUS.search(head) is None
        and _METHOD.fullmatch(method) is not None
        and _AT.fullmatch(at) is not None
        and all(_NAME.fullmatch(name) for name in headers)
        # Where a body ends is said once.
        and len(lengths) + len(codings) <= 1
        and all(_LENGTH.fullmatch(one) for one in lengths)
        and all(one == "chunked" for one in codings)
        and len(hosts) == (1 if version == "1.1" else len(hosts[:1]))
        and all(_HOST.fullmatch(one) for one in hosts)
        # No address here speaks another protocol, and for one Sanic sets no time limit.
        and "websocket" not in headers.get("upgrade", "").lower()
    )


class GuideHttp(Http):
    """Sanic's reading of requests, which can also say no to an address that is no text."""

    async def http1_request_header(self) -> None:
        """Read the head of a request; raises InvalidUsage where its address is no text."""
        try:
            await super().http1_request_header()  # type: ignore[no-untyped-call]
        except UnicodeEncodeError:
            raise InvalidUsage("Bad Request") from None

    async def error_response(self, exception: Exception) -> None:
        """Answer with an error. Of a request whose time is over, nothing more is taken in."""
        await super().error_response(exception)
        if isinstance(exception, RequestTimeout | ServiceUnavailable):
            self.request_body = None
            self.keep_alive = False

    def create_empty_request(self) -> None:
        """Make what stands for a request that was none."""
        self.url = None
        super().create_empty_request()


class DeadlineProtocol(HttpProtocol):
    """One connection. A request's time begins with its first byte, and no later one extends it."""

    most: ClassVar[int] = most_connections()

    def _setup_connection(self) -> None:
        super()._setup_connection()  # type: ignore[no-untyped-call]
        self._http = GuideHttp(self)  # type: ignore[no-untyped-call]

    def connection_made(self, transport: Any) -> None:
        """Take a connection; where there are too many, in the place of one that is idle."""
        if len(self.connections) >= self.most and not any(
            other.close_if_idle() for other in list(self.connections)
        ):
            transport.abort()
            return
        super().connection_made(transport)  # type: ignore[no-untyped-call]

    def connection_lost(self, exc: Exception | None) -> None:
        """End it, also one that was never taken."""
        if self.transport is not None or self in self.connections:
            super().connection_lost(exc)  # type: ignore[no-untyped-call]

    def data_received(self, data: bytes) -> None:
        """Take some bytes in. Only those that begin a request begin its time."""
        began = self._time
        http = self._reading()
        # The body of a request that was refused is still read, so that the answer is.
        under_way = http is not None and (http.stage is not Stage.IDLE or _has_more(http))
        super().data_received(data)
        if under_way:
            self._time = began

    def _reading(self) -> Http | None:
        # Sanic gives its slots no value before they have one.
        http: Http | None = getattr(self, "_http", None)
        return http


def _has_more(http: Http) -> bool:
    return bool(getattr(http, "request_body", None))
