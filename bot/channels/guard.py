"""Limits on input: how long, which characters, how often.

Whatever a person types is only text. Rasa takes a leading slash for a command that sets slots, so
it is removed here before Rasa sees it.
"""

import math
import unicodedata
from collections import OrderedDict
from dataclasses import dataclass

LONGEST_TEXT = 4000
LARGEST_BODY = 64 * 1024
LARGEST_DELIVERY = 256 * 1024
"""Teams sends a text of 28 KB, its own limit, several times over in one delivery."""


CHARACTERS_A_TOKEN = 500
"""A long text counts as several messages, since it costs as much."""


def cost_of(text: str) -> int:
    """The tokens that a message costs.

    >>> cost_of("Stage 2?"), cost_of("a" * LONGEST_TEXT)
    (1, 8)
    """
    return max(1, math.ceil(len(text[:LONGEST_TEXT]) / CHARACTERS_A_TOKEN))


class Refused(Exception):
    """A refused request: HTTP status, error name, and the response that explains it."""

    def __init__(self, status: int, error: str, response: str, **gaps: object) -> None:
        super().__init__(error)
        self.status = status
        self.error = error
        self.response = response
        self.gaps = gaps


# Cc control, Cf direction marks and zero-width characters, Cs halves of a pair, Co private.
_NOT_TEXT = {"Cc", "Cf", "Cs", "Co"}


def clean_input(text: str) -> str:
    r"""The text without invisible characters, and without blanks and slashes at its start.

    >>> clean_input(' \u200b/restart')
    'restart'
    >>> clean_input('one\r\ntwo\u202e')
    'one\ntwo'
    """
    unified = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c for c in unified if c in "\n\t" or unicodedata.category(c) not in _NOT_TEXT)
    return without_command_slash(kept).rstrip()


def without_command_slash(text: str) -> str:
    """The text without the blanks and slashes at its start."""
    start = 0
    while start < len(text) and (text[start].isspace() or text[start] == "/"):
        start += 1
    return text[start:]


@dataclass(frozen=True)
class Rate:
    """So many at once, and then so many per second."""

    burst: int
    per_second: float


class TokenBucket:
    """Limits the rate of requests by key (a session, an address).

    Each bucket holds `burst` tokens and refills at `per_second`. Full buckets are forgotten, and
    at most `most` are kept.
    """

    def __init__(self, rate: Rate, most: int = 20_000) -> None:
        self.rate = rate
        self.most = most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str, now: float, cost: int = 1) -> int:
        """Take tokens: 0 if there were enough, otherwise the whole seconds to wait for them.

        `now` is in seconds, by any monotonic clock. A full bucket is enough for any cost.
        """
        seconds, tokens = self.wait(key, now, cost), self._tokens(key, now)
        self._buckets.pop(key, None)
        cost = min(cost, self.rate.burst)
        self._buckets[key] = (tokens if seconds else tokens - cost, now)
        self._forget(now)
        return seconds

    def wait(self, key: str, now: float, cost: int = 1) -> int:
        """The whole seconds to wait for tokens, 0 if there are enough. None is taken."""
        missing = min(cost, self.rate.burst) - self._tokens(key, now)
        return max(1, math.ceil(missing / self.rate.per_second)) if missing > 0 else 0

    def __len__(self) -> int:
        return len(self._buckets)

    def _tokens(self, key: str, now: float) -> float:
        tokens, at = self._buckets.get(key, (float(self.rate.burst), now))
        return min(self.rate.burst, tokens + (now - at) * self.rate.per_second)

    def _forget(self, now: float) -> None:
        full_after = self.rate.burst / self.rate.per_second
        while self._buckets:
            key, (_, at) = next(iter(self._buckets.items()))
            if now - at < full_after and len(self._buckets) <= self.most:
                break
            del self._buckets[key]
