"""What follows from a policy alone is worked out once for each that is loaded."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

from bot.core.policy.model import Policy

MOST = 1000
"""How many policies each kind of work is remembered for."""

Result = TypeVar("Result")


class _Loaded:
    """A policy as a cache key, compared by identity: comparing whole policies is slow."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy

    def __hash__(self) -> int:
        return id(self.policy)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Loaded) and other.policy is self.policy


def once_per_policy(work: Callable[[Policy], Result]) -> Callable[[Policy], Result]:
    """Make work on a policy remember its result, which nobody may change."""

    @lru_cache(maxsize=MOST)
    def remembered(loaded: _Loaded) -> Result:
        return work(loaded.policy)

    @wraps(work)
    def asked(policy: Policy) -> Result:
        return remembered(_Loaded(policy))

    return asked
