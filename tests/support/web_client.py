"""A person at the web channel: opens a conversation, types, presses buttons."""

import time
from typing import Any

import httpx

# A worker's tests open more conversations from one address than people do: on a quick machine
# some are asked to wait a second or two, as a page would be.
_TRIES = 10


class WebClient:
    """One browser tab. `messages` is what the guide said last; `log` all of it."""

    def __init__(self, address: str, token: str | None = None) -> None:
        # trust_env: a proxy set for the machine must not stand between test and server.
        self.http = httpx.Client(base_url=address, timeout=30, trust_env=False)
        self.token = token
        self.messages: list[dict[str, Any]] = []
        self.log: list[dict[str, Any]] = []

    def open(self) -> "WebClient":
        """Begin a conversation; wait as long as the guide asks, as its page does."""
        answer = self.http.post("/webhooks/web/session", json={})
        for _ in range(_TRIES):
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            time.sleep(float(answer.headers["Retry-After"]))
            answer = self.http.post("/webhooks/web/session", json={})
        answer.raise_for_status()
        self.token = answer.json()["token"]
        self._heard(answer.json()["messages"])
        return self

    def say(self, text: str) -> list[dict[str, Any]]:
        """Type a text and give what the guide says to it."""
        answer = self.send({"text": text})
        answer.raise_for_status()
        return self._heard(answer.json()["messages"])

    def press(self, title: str) -> list[dict[str, Any]]:
        """Press the newest button with this title, as the page does: by its payload."""
        for message in reversed(self.log):
            for button in message["buttons"]:
                if button["title"] == title:
                    return self.say(button["payload"])
        shown = [b["title"] for message in self.messages for b in message["buttons"]]
        raise AssertionError(f"No button {title!r} was shown; the last were {shown}.")

    def history(self) -> list[dict[str, Any]]:
        """What was said so far, with who said it."""
        answer = self.http.get("/webhooks/web/history", headers=self.headers())
        answer.raise_for_status()
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    def send(self, body: Any, **headers: str) -> httpx.Response:
        """Post a body that may be wrong; give the bare answer."""
        return self.http.post("/webhooks/web/message", json=body, headers=self.headers() | headers)

    def headers(self) -> dict[str, str]:
        """The header that carries this tab's token."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    @property
    def text(self) -> str:
        """All that the guide said last, as one text."""
        return "\n\n".join(message["text"] for message in self.messages)

    @property
    def buttons(self) -> list[str]:
        """The titles of the buttons shown last."""
        return [button["title"] for message in self.messages for button in message["buttons"]]

    def _heard(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self.messages = messages
        self.log += messages
        return messages
