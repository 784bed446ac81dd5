"""A stand-in for Slack's Web API on this machine: it keeps what was called and checks it.

A call that Slack would not take is answered as Slack answers it, and is a problem: tests end with
`problems` empty.
"""

import itertools
import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.slack_limits import Call, wrong_message, wrong_view
from tests.support.slack_socket import APP_TOKEN

TOKEN = "xoxb-1-stand-in"  # noqa: S105
NEEDED = {
    "chat.postMessage": {"channel", "text"},
    "chat.update": {"channel", "ts", "text"},
    "chat.postEphemeral": {"channel", "user", "text"},
    "conversations.open": {"users"},
    "views.publish": {"user_id", "view"},
}
PATIENCE = 60


@dataclass
class Fault:
    """An answer to give instead; with no status, the connection is closed without one."""

    status: int | None
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class SlackApi:
    """The stand-in. `address` is given to the guide as Slack's own."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.problems: list[str] = []
        self.socket = ""
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        # Cleared, it takes calls and answers none.
        self.answers = threading.Event()
        self.answers.set()
        self._changed = threading.Condition()
        self._ids = itertools.count(1)
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                stand_in.take(self)

            def log_message(self, *_: Any) -> None:
                """Say nothing: the tests look at `calls`."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/api"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def by(self, method: str, **carrying: Any) -> list[Call]:
        """The calls of one method that carried these values."""
        return [
            call
            for call in list(self.calls)
            if call.method == method and carrying.items() <= call.body.items()
        ]

    def wait_for(self, many: int, method: str, **carrying: Any) -> list[Call]:
        """Wait until there are so many such calls."""
        with self._changed:
            came = self._changed.wait_for(
                lambda: len(self.by(method, **carrying)) >= many, PATIENCE
            )
        assert came, f"{method} was not called; calls: {[call.method for call in self.calls]}"
        return self.by(method, **carrying)

    def take(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one call."""
        method = request.path.removeprefix("/api/")
        content = request.rfile.read(int(request.headers.get("content-length") or 0))
        self.answers.wait(PATIENCE)
        if method == "apps.connections.open":
            self._connect(request)
            return
        call = Call(method, json.loads(content))
        if self.faults[method]:
            call.ok = False
            self._keep(call)
            _answer_wrongly(request, self.faults[method].pop(0))
            return
        wrong = list(self._wrong(call, dict(request.headers)))
        said = {"ok": False, "error": "invalid_blocks"} if wrong else self._done(call)
        call.ok = not wrong
        self.problems += [f"{method}: {one}" for one in wrong]
        _answer(request, 200, json.dumps(said).encode())
        self._keep(call)

    def _connect(self, request: BaseHTTPRequestHandler) -> None:
        """Say where the connection of Socket Mode is, to the app's token only."""
        good = request.headers.get("authorization") == f"Bearer {APP_TOKEN}"
        said = {"ok": True, "url": self.socket} if good else {"ok": False, "error": "invalid_auth"}
        _answer(request, 200, json.dumps(said).encode())

    def _keep(self, call: Call) -> None:
        with self._changed:
            self.calls.append(call)
            self._changed.notify_all()

    def _done(self, call: Call) -> dict[str, Any]:
        number = next(self._ids)
        if call.method == "conversations.open":
            return {"ok": True, "channel": {"id": direct(call.body["users"])}}
        call.body["ts"] = call.body.get("ts", f"{1_700_000_000 + number}.000100")
        for place, block in enumerate(call.blocks):
            # Slack names every block that has no name.
            block.setdefault("block_id", f"b{number}-{place}")
        return {"ok": True, "ts": call.body["ts"], "channel": call.body.get("channel")}

    def _wrong(self, call: Call, headers: dict[str, str]) -> Iterator[str]:
        given = {name.lower(): value for name, value in headers.items()}
        if given.get("authorization") != f"Bearer {TOKEN}":
            yield "not authorised"
        if not given.get("content-type", "").startswith("application/json"):
            yield "not JSON"
        if call.method not in NEEDED:
            yield "no such method is meant to be called"
            return
        missing = NEEDED[call.method] - {name for name, value in call.body.items() if value}
        if missing:
            yield f"without {sorted(missing)}"
        if call.method == "chat.update":
            posted = {one.body["ts"] for one in self.by("chat.postMessage") if one.ok}
            if call.body["ts"] not in posted:
                yield "an update of nothing"
        if call.method == "views.publish":
            yield from wrong_view(call.body["view"])
        elif call.method.startswith("chat."):
            yield from wrong_message(call)


def direct(user: str) -> str:
    """The id of the direct message with a person."""
    return f"D{user[1:]}"


def _answer(
    request: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str] | None = None
) -> None:
    request.send_response(status)
    for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def _answer_wrongly(request: BaseHTTPRequestHandler, fault: Fault) -> None:
    if fault.status is None:
        request.close_connection = True
        return
    _answer(request, fault.status, fault.body, fault.headers)
