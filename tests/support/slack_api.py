"""A stand-in for Slack's Web API on this machine: it keeps what was called and checks it.

A call that Slack would not take is answered as Slack answers it, and is a problem: tests end with
`problems` empty. Blocks are read by slack-sdk's own models; limits that those do not know are
checked here.
"""

import itertools
import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

TOKEN = "xoxb-1-stand-in"
MOST_BLOCKS = 50
LONGEST_TEXT = 4000
LONGEST_MESSAGE = 11_000
LIMITS = {"header": 150, "section": 3000, "context": 3000, "button": 75, "option": 75}
FORBIDDEN = ("<!", "<@", "<#", "@here", "@channel", "@everyone")
NEEDED = {
    "chat.postMessage": {"channel", "text"},
    "chat.update": {"channel", "ts", "text"},
    "chat.postEphemeral": {"channel", "user", "text"},
    "conversations.open": {"users"},
    "views.publish": {"user_id", "view"},
}
PATIENCE = 60


@dataclass
class Call:
    """One call: its method, what it carried, and whether it was answered with ok."""

    method: str
    body: dict[str, Any]
    ok: bool = True

    @property
    def text(self) -> str:
        """The text that is said where blocks are not drawn."""
        return str(self.body.get("text", ""))

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The blocks."""
        return list(self.body.get("blocks", []))

    @property
    def drawn(self) -> str:
        """All that the blocks show, a line for each."""
        return "\n".join(text["text"] for _, text in texts(self.blocks))

    @property
    def options(self) -> list[str]:
        """The titles of all options shown, buttons and entries of lists alike."""
        return [option["text"]["text"] for _, option in options(self.blocks)]


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
        self.faults: dict[str, list[Fault]] = defaultdict(list)
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


def wrong_message(call: Call) -> Iterator[str]:
    """What Slack would not take of a message, or would do with it that is not meant."""
    if len(call.text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        yield "a text over 4,000 characters"
    if call.body.get("parse") != "none":
        yield "Slack is left to find mentions"
    if call.method == "chat.postMessage" and (
        call.body.get("unfurl_links") is not False or call.body.get("unfurl_media") is not False
    ):
        yield "Slack is left to fetch links"
    if any(word in call.text for word in FORBIDDEN):
        yield f"a text that calls people: {call.text[:80]}"
    if len(json.dumps(call.blocks, ensure_ascii=False)) > LONGEST_MESSAGE:
        yield "blocks too long together"
    yield from wrong_blocks(call.blocks)


def wrong_view(view: dict[str, Any]) -> Iterator[str]:
    """What Slack would not take of a home tab."""
    try:
        View(**view).to_dict()
    except SlackObjectFormationError as error:
        yield str(error)
    if view.get("type") != "home":
        yield "not a home tab"
    yield from wrong_blocks(view["blocks"])


def wrong_blocks(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """What is wrong with blocks, by slack-sdk's models and by Slack's documented limits."""
    if len(blocks) > MOST_BLOCKS:
        yield f"{len(blocks)} blocks"
    names = [block["block_id"] for block in blocks if "block_id" in block]
    if len(set(names)) < len(names):
        yield "two blocks of one name"
    for block in blocks:
        try:
            read = Block.parse(block)
            assert read is not None, block["type"]
            made = read.to_dict()
        except (SlackObjectFormationError, AssertionError, TypeError) as error:
            yield f"{block.get('type')}: {error}"
            continue
        if made != block:
            yield f"slack-sdk reads another block: {made} of {block}"
    for kind, text in texts(blocks):
        drawn = text["text"]
        if not 0 < len(drawn.encode("utf-16-le")) // 2 <= LIMITS[kind]:
            yield f"a text of {len(drawn)} characters in a {kind}"
        if text["type"] == "mrkdwn":
            if any(word in drawn for word in FORBIDDEN):
                yield f"a text that calls people: {drawn[:80]}"
            if text.get("verbatim") is not True:
                yield "Slack is left to find mentions"
    for block, option in options(blocks):
        longest = 2000 if option.get("type") == "button" else 150
        if not 0 < len(option["value"]) <= longest:
            yield f"a value of {len(option['value'])} characters in {block['type']}"


def texts(blocks: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every text of some blocks, with the kind of place it stands in."""
    for block in blocks:
        if block["type"] in {"header", "section"}:
            yield block["type"], block["text"]
        for element in block.get("elements", []) if block["type"] == "context" else []:
            yield "context", element
    for _, option in options(blocks):
        yield ("button" if option.get("type") == "button" else "option"), option["text"]


def options(
    blocks: list[dict[str, Any]],
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Every option of some blocks, with its block: buttons, and the entries of lists."""
    for block in blocks:
        elements = block.get("elements", []) if block["type"] == "actions" else []
        for element in [*elements, *([block["accessory"]] if "accessory" in block else [])]:
            for option in element.get("options", [element]):
                yield block, option


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
