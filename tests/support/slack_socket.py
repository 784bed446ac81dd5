"""Slack's end of Socket Mode on this machine: it delivers, and keeps what is acknowledged."""

import asyncio
import itertools
import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiohttp import WSMsgType, web

APP_TOKEN = "xapp-1-A0GUIDE-2-stand-in"  # noqa: S105 It opens nothing.
PATIENCE = 30


class SlackSocket:
    """One connection at a time. `acknowledged` holds what came back, by envelope."""

    def __init__(self) -> None:
        self.address = ""
        self.acknowledged: queue.Queue[dict[str, Any]] = queue.Queue()
        self.connections = 0
        self._loop = asyncio.new_event_loop()
        self._open: web.WebSocketResponse | None = None
        self._changed = threading.Condition()
        self._ids = itertools.count(1)

    @contextmanager
    def running(self) -> Iterator["SlackSocket"]:
        """Run it on a free port, in a thread of its own."""
        app = web.Application()
        app.router.add_get("/link", self._link)
        runner = web.AppRunner(app, access_log=None)
        self._loop.run_until_complete(runner.setup())
        self._loop.run_until_complete(web.TCPSite(runner, "127.0.0.1", 0).start())
        self.address = f"ws://127.0.0.1:{runner.addresses[0][1]}/link"
        thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        thread.start()
        yield self
        asyncio.run_coroutine_threadsafe(runner.cleanup(), self._loop).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        thread.join(PATIENCE)

    def wait_for_connection(self, count: int = 1) -> None:
        """Wait until the guide has connected so many times."""
        with self._changed:
            came = self._changed.wait_for(lambda: self.connections >= count, PATIENCE)
        assert came, "the guide did not connect"

    def deliver(self, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Send a delivery; return what the guide acknowledged it with."""
        envelope = f"envelope-{next(self._ids)}"
        sent = {"type": kind, "envelope_id": envelope, "payload": payload}
        self._send({**sent, "accepts_response_payload": kind != "events_api"})
        answer = self.acknowledged.get(timeout=PATIENCE)
        assert answer["envelope_id"] == envelope
        return answer

    def disconnect(self) -> None:
        """Ask the guide to connect anew, as Slack does every few hours."""
        self._send({"type": "disconnect", "reason": "refresh_requested"})

    def _send(self, message: dict[str, Any]) -> None:
        assert self._open is not None
        sending = self._open.send_str(json.dumps(message))
        asyncio.run_coroutine_threadsafe(sending, self._loop).result(PATIENCE)

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        connection = web.WebSocketResponse()
        await connection.prepare(request)
        await connection.send_str(json.dumps({"type": "hello", "num_connections": 1}))
        with self._changed:
            self._open = connection
            self.connections += 1
            self._changed.notify_all()
        async for message in connection:
            if message.type == WSMsgType.TEXT:
                self.acknowledged.put(json.loads(message.data))
        return connection
