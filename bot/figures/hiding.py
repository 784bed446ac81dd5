"""Chooses the counts to hold back, so that no small count is shown or can be worked out.

An attacker may know this rule and every published number.
"""

from collections.abc import Sequence

LEAST = 5
"""The smallest count that is shown."""


def places_to_hide(counts: Sequence[int]) -> set[int]:
    """Return the indexes of the hidden counts of a table whose total is shown.

    `counts` are in the order in which further counts are held back. That order must not depend on
    the counts: holding back "the smallest" would reveal that it is at most the smallest shown.

    Without small counts all are shown. Otherwise those below 5 are hidden, zeros included, and
    enough others, at least one, that each small count could be 0 and (unless more than one other
    is needed) 4.

    >>> hidden([7, 9, 12]), sorted(hidden([7, 2, 12]))
    (set(), [0, 1])
    """
    held = {place for place, count in enumerate(counts) if count < LEAST}
    if not held:
        return held
    together = sum(counts[place] for place in held)
    others = 0
    for place, count in enumerate(counts):
        if count < LEAST:
            continue
        held.add(place)
        together += count
        others += 1
        # Each other is known to be at least 5: only its excess hides a small count of up to 4.
        if together >= LEAST * others + LEAST - 1:
            break
    return held
