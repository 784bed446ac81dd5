"""Recognise repeated deliveries: Teams and Slack send again if they get no answer in time."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from hashlib import sha256

from bot.privacy.store.database import StoreUnavailable
from bot.privacy.store.single_use import SingleUse

log = logging.getLogger(__name__)

KEPT_SECONDS = 60 * 60
"""Longer than either of them keeps trying."""
MOST_KEPT = 50_000


class Deliveries:
    """Tells first deliveries from repeated ones. `clock` is in seconds and monotonic.

    A delivery counts from the moment it is taken, so it is not taken again while its answer is
    still under way. Ids are kept as digests, for `seconds`, and at most `most` of them.
    """

    def __init__(
        self, clock: Callable[[], float], seconds: float = KEPT_SECONDS, most: int = MOST_KEPT
    ) -> None:
        self._clock = clock
        self._seconds = seconds
        self._most = most
        self._taken: OrderedDict[bytes, float] = OrderedDict()

    def take(self, *parts: str) -> bool:
        """Take the delivery that these parts name together; False if it was taken before."""
        now = self._clock()
        self._forget(now)
        key = _key(parts)
        if key in self._taken:
            return False
        self._taken[key] = now
        return True

    def give_back(self, *parts: str) -> None:
        """Count a delivery as not taken, because it could not be handled."""
        self._taken.pop(_key(parts), None)

    def __len__(self) -> int:
        return len(self._taken)

    def _forget(self, now: float) -> None:
        while self._taken:
            key, at = next(iter(self._taken.items()))
            if now - at < self._seconds and len(self._taken) < self._most:
                break
            del self._taken[key]


def is_first_delivery(once: SingleUse, *parts: str) -> bool:
    """Say whether no worker has taken this delivery yet, even before a restart.

    If the database fails it counts as the first: better answered twice than not at all.
    """
    try:
        # Used links, in the same table, have names of this length.
        return once.use(_key(("delivery", *parts)).hex()[:32], time.time() + KEPT_SECONDS)
    except StoreUnavailable:
        log.exception("Whether a delivery was taken before cannot be known.")
        return True


def _key(parts: Iterable[str]) -> bytes:
    named = "\n".join(f"{len(part)}:{part}" for part in parts)
    return sha256(named.encode("utf-8", "surrogatepass")).digest()
