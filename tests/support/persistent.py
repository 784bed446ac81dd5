"""A client that does not give up: it sends a message again, with its id, until it is answered."""

import time
from difflib import unified_diff
from typing import Any
from uuid import uuid4

import httpx

from tests.support.web_client import WebClient

NOT_TAKEN = ("Nothing is being recorded", "not working")
LATER = (429, 502, 503, 504)
PATIENCE = 90


class Persistent:
    """One conversation. `said` is what was acknowledged; `again` how often it was sent again."""

    def __init__(self, address: str, name: str) -> None:
        self.address = address
        self.name = name
        self.said: list[str] = []
        self.again = 0
        self._http = self._connect()
        opened = self._until_answered("/webhooks/web/session", {})
        self._headers = {"Authorization": f"Bearer {opened['token']}"}

    def say(self) -> None:
        """Say the next thing, and check that the answer is the answer to it."""
        text = f"social care for {self.name}, number {len(self.said)}"
        body = {"text": text, "id": str(uuid4())}
        answer = self._until_answered("/webhooks/web/message", body)
        (message,) = answer["messages"]
        assert message["text"].startswith(f"You said: {text}\n"), message
        self.said.append(text)

    def check(self) -> None:
        """What is kept is what was said and answered: in order, nothing lost, nothing twice."""
        tab = WebClient(self.address)
        tab.http.headers.update(self._headers)
        kept = tab.history()
        heard = [m["text"] for m in kept if m["from"] == "person"]
        assert heard == self.said, _difference(self.said, heard)
        answers = [m["text"].split("\n")[0] for m in kept if m["from"] == "guide"][1:]
        expected = [f"You said: {text}" for text in self.said]
        assert answers == expected, _difference(expected, answers)

    def _until_answered(self, path: str, body: dict[str, str]) -> Any:
        until, pause = time.monotonic() + PATIENCE, 0.02
        while time.monotonic() < until:
            try:
                answer = self._http.post(path, json=body, headers=getattr(self, "_headers", {}))
            except httpx.TransportError:
                self._http.close()
                self._http = self._connect()
            else:
                if answer.status_code not in LATER:
                    assert answer.status_code == 200, answer.text
                    if not any(words in answer.text for words in NOT_TAKEN):
                        return answer.json()
            self.again += 1
            time.sleep(pause)
            pause = min(pause * 2, 0.5)
        raise AssertionError(f"{self.name} was not answered: {body}")

    def _connect(self) -> httpx.Client:
        return httpx.Client(base_url=self.address, timeout=20, trust_env=False)


def _difference(expected: list[str], kept: list[str]) -> str:
    return "\n".join(unified_diff(expected, kept, "expected", "kept", lineterm="", n=1))
