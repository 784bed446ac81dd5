"""Changes each count by chance, and rounds what is shown: nobody can be found in the figures.

The discrete Laplace ("geometric") mechanism of Ghosh, Roughgarden and Sundararajan (2009): a count
is changed by k with a probability of 3/5 · 4^-|k|. So whatever is published, one escalation more or
fewer in a count is at most four times as likely, for whoever knows everything else and has planted
any number. No count can be excluded: a linear programme over all that is published finds nothing.
"""

import secrets
from collections.abc import Callable, Mapping
from math import log

LIKELIER = 4
"""How many times as likely one count can become as the next. Smaller hides more and tells less."""
STEP = 5
"""What is shown is a multiple of it; less is shown as few."""
FEW_AT_MOST = 7
"""A larger count is shown as few in less than 1 of 20 cases, also in a year. A 5 may well be."""
WITHIN = 5
"""How far what is shown is from the count in at least 19 of 20 cases, also for a year."""

Chance = Callable[[], int]


def change() -> int:
    """Draw a change: the difference of two geometric numbers, drawn exactly."""
    return _geometric() - _geometric()


def _geometric() -> int:
    number = 0
    while secrets.randbelow(LIKELIER) == 0:
        number += 1
    return number


def changed(counts: Mapping[str, int], chance: Chance = change) -> dict[str, int]:
    """Return counts, zeros included, each changed by itself."""
    return {value: count + chance() for value, count in counts.items()}


def log_probability(by: int) -> float:
    """Return the logarithm of the probability that a count is changed by a number."""
    return log((LIKELIER - 1) / (LIKELIER + 1)) - abs(by) * log(LIKELIER)


def shown(count: int, least: int = STEP) -> int | None:
    """Return a changed count as it is shown, or None below `least`.

    >>> [shown(count) for count in (-2, 4, 5, 7, 8, 12)], shown(9, least=10)
    ([None, None, 5, 5, 10, 10], None)
    """
    return None if count < least else STEP * ((count + STEP // 2) // STEP)
