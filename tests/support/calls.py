"""A stand-in for calls to other servers, and a clock that is moved by hand."""

import json
from typing import Any

from bot.channels.outbound import Answer


class Calls:
    """Stands in for calls: returns prepared answers and records the requests.

    What is given for an address is a body, or an exception to raise; a function makes it.
    """

    def __init__(self, **given: Any) -> None:
        self.given = given
        self.asked: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.authorized: list[str] = []

    async def get(self, url: str, **_more: Any) -> Answer:
        """Fetch an address."""
        return self._answer(url)

    async def post_form(self, url: str, form: dict[str, str]) -> Answer:
        """Send a form."""
        self.forms.append(form)
        return self._answer(url)

    async def post(self, url: str, *given: Any) -> Answer:
        """Send a body."""
        self.authorized.append(given[1]["Authorization"])
        return self._answer(url)

    def _answer(self, url: str) -> Answer:
        self.asked.append(url)
        name = next(name for name in self.given if url.endswith(name))
        given = self.given[name]
        given = given() if callable(given) else given
        if isinstance(given, Exception):
            raise given
        return Answer(200, {}, given if isinstance(given, bytes) else json.dumps(given).encode())


class Clock:
    """A clock that is moved by hand."""

    now = 1_000_000.0

    def __call__(self) -> float:
        """Give the time."""
        return self.now
