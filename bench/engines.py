"""Three browsers, each driven by its own protocol, in one shape."""

import asyncio
import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import httpx
from playwright import sync_api as playwright
from websockets.legacy.client import connect

from tests.support.ports import free_port
from tests.support.processes import end_with_tests
from tests.widget.chromium import start

PATIENCE = 30
"""Seconds for what comes a moment later."""


class Engine(Protocol):
    """A browser with one window."""

    def open(self, url: str) -> None:
        """Go to a page."""

    def run(self, script: str) -> Any:
        """Run the body of a function in the page; what it returns."""

    def size(self, width: int, height: int) -> None:
        """Make the window as large as that."""

    def picture(self) -> bytes:
        """What is seen, as a PNG."""


class Firefox:
    """Firefox, by WebDriver BiDi."""

    def __init__(self, address: str) -> None:
        self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        self._socket = soon(lambda: self._wait(connect(address, max_size=None)))
        self._calls = 0
        self._call("session.new", capabilities={})
        (window,) = self._call("browsingContext.getTree")["contexts"]
        self._window = window["context"]

    def open(self, url: str) -> None:
        """Go to a page."""
        self._call("browsingContext.navigate", context=self._window, url=url, wait="complete")

    def run(self, script: str) -> Any:
        """Run the body of a function in the page; what it returns, which crosses as JSON."""
        answer = self._call(
            "script.evaluate",
            expression=f"JSON.stringify((() => {{ {script} }})() ?? null)",
            target={"context": self._window},
            awaitPromise=False,
        )
        if answer["type"] == "exception":
            raise AssertionError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def size(self, width: int, height: int) -> None:
        """Make the window as large as that."""
        viewport = {"width": width, "height": height}
        self._call("browsingContext.setViewport", context=self._window, viewport=viewport)

    def picture(self) -> bytes:
        """What is seen, as a PNG."""
        return base64.b64decode(
            self._call("browsingContext.captureScreenshot", context=self._window)["data"]
        )

    def _call(self, method: str, **parameters: Any) -> Any:
        self._calls += 1
        asked = {"id": self._calls, "method": method, "params": parameters}
        self._wait(self._socket.send(json.dumps(asked)))
        while True:
            answer = json.loads(self._wait(self._socket.recv()))
            if answer.get("id") == self._calls:
                assert answer["type"] == "success", answer
                return answer["result"]

    def _wait(self, coming: Awaitable[Any]) -> Any:
        async def waiting() -> Any:
            return await asyncio.wait_for(coming, PATIENCE)

        return self._loop.run_until_complete(waiting())


class WebKit:
    """WebKitGTK's own small browser, by WebDriver."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        browser = next(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
        wanted = {
            "browserName": "MiniBrowser",
            "webkitgtk:browserOptions": {"binary": str(browser), "args": ["--automation"]},
        }
        opened = self._post("/session", {"capabilities": {"alwaysMatch": wanted}})
        self._session = f"/session/{opened['sessionId']}"

    def open(self, url: str) -> None:
        """Go to a page."""
        self._post(f"{self._session}/url", {"url": url})

    def run(self, script: str) -> Any:
        """Run the body of a function in the page; what it returns."""
        return self._post(f"{self._session}/execute/sync", {"script": script, "args": []})

    def size(self, width: int, height: int) -> None:
        """Make the window as large as that."""
        self._post(f"{self._session}/window/rect", {"width": width, "height": height})

    def picture(self) -> bytes:
        """What is seen, as a PNG."""
        answer = self._http.get(f"{self._session}/screenshot").json()
        return base64.b64decode(answer["value"])

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        value = self._http.post(path, json=body).json()["value"]
        assert not (isinstance(value, dict) and "error" in value), value
        return value


class Chromium:
    """Chromium, by Playwright, as in the tests."""

    def __init__(self, page: playwright.Page) -> None:
        self._page = page

    def open(self, url: str) -> None:
        """Go to a page."""
        self._page.goto(url)

    def run(self, script: str) -> Any:
        """Run the body of a function in the page; what it returns."""
        return self._page.evaluate(f"() => {{ {script} }}")

    def size(self, width: int, height: int) -> None:
        """Make the window as large as that."""
        self._page.set_viewport_size({"width": width, "height": height})

    def picture(self) -> bytes:
        """What is seen, as a PNG."""
        return self._page.screenshot()


@contextmanager
def chromium() -> Iterator[Engine]:
    """Chromium without a screen."""
    with playwright.sync_playwright() as programs:
        browser = start(programs)
        yield Chromium(browser.new_page())
        browser.close()


@contextmanager
def started(*command: str) -> Iterator[None]:
    """A program that runs meanwhile; it must be installed."""
    assert shutil.which(command[0]), f"{command[0]} is not installed: deploy/browser.sh --others"
    running = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    end_with_tests(running.pid)
    try:
        yield
    finally:
        # What it has started itself ends as well.
        os.killpg(running.pid, signal.SIGTERM)
        running.wait()


@contextmanager
def firefox() -> Iterator[Engine]:
    """Firefox without a screen, with a profile of its own."""
    port = free_port()
    with tempfile.TemporaryDirectory() as profile:
        options = ("--headless", "--no-remote", "--profile", profile)
        with started("firefox-esr", *options, "--remote-debugging-port", str(port)):
            yield Firefox(f"ws://127.0.0.1:{port}/session")


@contextmanager
def webkit() -> Iterator[Engine]:
    """WebKitGTK on a screen that is not there."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with (
        started("xvfb-run", "-a", "WebKitWebDriver", f"--port={port}", "--host=127.0.0.1"),
        httpx.Client(base_url=address, timeout=PATIENCE, trust_env=False) as http,
    ):
        soon(lambda: http.get("/status"))
        yield WebKit(http)


def soon(make: Callable[[], Any]) -> Any:
    """What can be made once another program has started."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return make()
        except (OSError, httpx.TransportError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


BROWSERS = {"chromium": chromium, "firefox": firefox, "webkit": webkit}
