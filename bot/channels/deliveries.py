"""Deliveries that come twice: Teams and Slack send one again where they saw no answer in time."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from hashlib import sha256

from bot.privacy.store.database import StoreUnavailable
from bot.privacy.store.single_use import SingleUse

log = logging.getLogger(__name__)

KEPT_SECONDS = 60 * 60
"""Longer than either of them goes on trying."""
MOST_KEPT = 50_000


class Deliveries:
    """Says of each delivery whether it is the first. `clock` is in seconds and only goes forward.

    A delivery counts from the moment it is taken, so that one whose answer is still under way is
    not taken again. Ids are kept as digests, for a time, and never more than `most` of them.
    """

    def __init__(
        self, clock: Callable[[], float], seconds: float = KEPT_SECONDS, most: int = MOST_KEPT
    ) -> None:
        self._clock = clock
        self._seconds = seconds
        self._most = most
        self._taken: OrderedDict[bytes, float] = OrderedDict()

    def take(self, *parts: str) -> bool:
        """Take the delivery that these parts name together; False where it was taken before."""
        now = self._clock()
        self._forget(now)
        key = _key(parts)
        if key in self._taken:
            return False
        self._taken[key] = now
        return True

    def give_back(self, *parts: str) -> None:
        """Count a delivery as not taken: nothing could be done about it."""
        self._taken.pop(_key(parts), None)

    def __len__(self) -> int:
        return len(self._taken)

    def _forget(self, now: float) -> None:
        while self._taken:
            key, at = next(iter(self._taken.items()))
            if now - at < self._seconds and len(self._taken) < self._most:
                break
            del self._taken[key]


def first(once: SingleUse, *parts: str) -> bool:
    """Say whether no other worker, and none before a restart, has taken what these parts name.

    Where the database fails it counts as the first: better answered twice than not at all.
    """
    try:
        # As long as the names of used links, with which they share a table.
        return once.use(_key(("delivery", *parts)).hex()[:32], time.time() + KEPT_SECONDS)
    except StoreUnavailable:
        log.exception("Whether a delivery was taken before cannot be known.")
        return True


def _key(parts: Iterable[str]) -> bytes:
    named = "\n".join(f"{len(part)}:{part}" for part in parts)
    return sha256(named.encode("utf-8", "surrogatepass")).digest()
