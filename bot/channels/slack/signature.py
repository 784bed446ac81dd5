"""Check that Slack sent a request within the last five minutes.

Slack signs the time and the body with a secret that it shares with the app:
https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hmac
from collections.abc import Callable
from hashlib import sha256

WINDOW_SECONDS = 5 * 60
LONGEST_TIMESTAMP = 12


class NotGenuine(Exception):
    """The request is not from Slack, or not recent."""


class Signature:
    """Checks signatures. `clock` gives seconds since 1970."""

    def __init__(self, secret: str, clock: Callable[[], float]) -> None:
        self._secret = secret.encode()
        self._clock = clock

    def check(self, timestamp: str, signature: str, body: bytes) -> None:
        """Raise NotGenuine unless the request is genuine."""
        digits = timestamp.isascii() and timestamp.isdigit()
        if not digits or len(timestamp) > LONGEST_TIMESTAMP:
            raise NotGenuine("no time")
        if abs(self._clock() - int(timestamp)) > WINDOW_SECONDS:
            raise NotGenuine("not from now")
        # Compared as bytes, since compare_digest refuses text that is not ASCII.
        if not hmac.compare_digest(
            self.sign(timestamp, body).encode(), signature.encode("utf-8", "replace")
        ):
            raise NotGenuine("wrong signature")

    def sign(self, timestamp: str, body: bytes) -> str:
        """Return Slack's signature of a body at a time."""
        base = b"v0:" + timestamp.encode() + b":" + body
        return f"v0={hmac.new(self._secret, base, sha256).hexdigest()}"
