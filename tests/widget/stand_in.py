"""A small server that keeps the web channel's contract with answers written beforehand.

The widget's tests run against it, so that they say what the widget does, whatever the guide
would have answered. It sends the strictest policy that the widget promises to live under.
"""

from __future__ import annotations

import json
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.widget.answers import ANSWERS, EMERGENCY, RECORD, WELCOME, Message, folded, message

WIDGET = Path(__file__).parents[2] / "bot" / "widget"
ENTRY = WIDGET / "escalation-guide.js"
STYLE = WIDGET / "escalation-guide.css"
_OF_OWN_PAGES = {"attributes.js", "framed.js"}
MODULES = sorted(file for file in WIDGET.glob("*.js") if file.name not in _OF_OWN_PAGES)
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
PAGES = {f"/widget/{file.name}": file for file in WIDGET.iterdir()} | {
    "/": WIDGET / "demo.html",
    "/framed": WIDGET / "framed.html",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


class StandIn(ThreadingHTTPServer):
    """The server. `refusals` are answered first, oldest first: (status, code, sentence).

    `faults` come next: "reset" ends the connection without an answer, "cut" in the middle of one,
    "page" is a gateway's page, "noise" a good status without JSON. `answers` can be added to.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.histories: dict[str, list[Message]] = {}
        self.refusals: list[tuple[int, str, str]] = []
        self.sent: list[str] = []
        self.ids: list[str] = []
        self.fetched: list[str] = []
        self.begun: list[Message] = []
        self.deleted: list[str] = []
        self.faults: list[str] = []
        self.answers = dict(ANSWERS)
        self.lasts = 12 * 60 * 60
        self.hold = threading.Event()
        self.hold.set()

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[StandIn]:
        """The server in a thread of its own, on a free port of this machine."""
        with cls() as started:
            thread = threading.Thread(target=started.serve_forever, args=(0.05,))
            thread.start()
            yield started
            started.hold.set()
            started.shutdown()
            thread.join()

    @property
    def url(self) -> str:
        """The address of the demonstration page."""
        return f"http://127.0.0.1:{self.server_port}/"

    def begin(self) -> Message:
        """A new conversation."""
        token = secrets.token_urlsafe(16)
        self.histories[token] = [{**said, "from": "guide"} for said in WELCOME]
        return {"token": token, "lasts": self.lasts, "messages": WELCOME}

    def renew(self, token: str) -> Message:
        """Another token for a conversation; the old one still opens it."""
        another = secrets.token_urlsafe(16)
        self.histories[another] = self.histories[token]
        return {"token": another, "lasts": self.lasts}

    def reply(self, token: str, text: str) -> list[Message]:
        """What the script says to a text, a button's payload, its number or its title."""
        self.sent.append(text)
        history = self.histories[token]
        last = max((i for i, said in enumerate(history) if said["from"] == "person"), default=-1)
        options = [option for said in history[last + 1 :] for option in said["buttons"]]
        shown = [option for said in history for option in said.get("buttons", [])]
        chosen = next(
            (
                option
                for number, option in enumerate(options, start=1)
                if folded(text) in (str(number), folded(option["title"]))
            ),
            next((option for option in shown if option["payload"] == text), None),
        )
        history.append({"text": chosen["title"] if chosen else text, "from": "person"})
        if chosen:
            answer = self.answers.get(chosen["payload"], [message("That is noted.")])
        elif "knife" in text:
            answer = EMERGENCY
        else:
            answer = self.answers.get(text, [message(f"You wrote: {text}")])
        history.extend({**said, "from": "guide"} for said in answer)
        return answer


class Handler(BaseHTTPRequestHandler):
    """Static files and the three calls of the web channel."""

    protocol_version = "HTTP/1.1"
    server: StandIn

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Says nothing: what is typed does not belong in a log."""

    def do_GET(self) -> None:
        """The page and its files, or what was said before."""
        path = self.path.partition("?")[0]
        if path == "/webhooks/web/history":
            history = self.server.histories.get(self._token())
            if history is None:
                self._refuse(401, "expired", "This conversation has ended.")
            else:
                self._json(200, {"messages": history})
        elif path.startswith("/webhooks/web/files/"):
            self._file(path)
        elif path in PAGES:
            file = PAGES[path]
            self._send(200, TYPES[file.suffix], file.read_bytes())
        elif path == "/favicon.ico":
            self._send(204, "image/x-icon", b"")
        else:
            self._refuse(404, "not_found", "There is no such page.")

    def do_POST(self) -> None:
        """A new conversation, or one message of it."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.hold.wait(30)
        if self.server.refusals:
            self.server.ids.append(body.get("id", ""))
            self._refuse(*self.server.refusals.pop(0))
        elif self.server.faults:
            self._fail(self.server.faults.pop(0))
        elif self.path == "/webhooks/web/session":
            self.server.begun.append(body)
            if body.get("partnership") in {None, "kent"}:
                self._json(200, self.server.begin())
            else:
                self._refuse(400, "partnership_unknown", "The page asks for one I don't know.")
        elif self._token() not in self.server.histories:
            self._refuse(401, "expired", "This conversation has ended.")
        else:
            self.server.ids.append(body["id"])
            self._json(200, {"messages": self.server.reply(self._token(), body["text"])})

    def do_PUT(self) -> None:
        """A token that lasts longer."""
        if self.server.refusals:
            self._refuse(*self.server.refusals.pop(0))
        elif self._token() not in self.server.histories:
            self._refuse(401, "expired", "This conversation has ended.")
        else:
            self._json(200, self.server.renew(self._token()))

    def do_DELETE(self) -> None:
        """A conversation is deleted."""
        if self.server.refusals:
            self._refuse(*self.server.refusals.pop(0))
            return
        self.server.deleted.append(self.path)
        self.server.histories.pop(self._token(), None)
        self._send(204, "application/json", b"")

    def _fail(self, how: str) -> None:
        if how == "page":
            self._send(502, "text/html", b"<h1>Bad gateway</h1>")
        elif how == "noise":
            self._send(200, "application/json", b"no JSON at all")
        else:
            if how == "cut":
                self.send_response(200)
                self.send_header("Content-Length", "1000")
                self.end_headers()
                self.wfile.write(b'{"messages": [{"te')
                self.wfile.flush()
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    def _file(self, path: str) -> None:
        self.server.fetched.append(path)
        if self._token() not in self.server.histories:
            self._refuse(401, "session_unknown", "This conversation is not known.")
        elif path.endswith("over.ics"):
            self._refuse(410, "file_over", "Its hour is over. Ask for the files again.")
        else:
            self._send(200, "application/octet-stream", RECORD)

    def _token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def _refuse(self, status: int, code: str, sentence: str) -> None:
        self._json(status, {"error": code, "message": sentence})

    def _json(self, status: int, content: Message) -> None:
        self._send(status, "application/json", json.dumps(content).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(HTTPStatus(status))
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            self.send_header("Retry-After", "1")
        if status != HTTPStatus.NO_CONTENT:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
