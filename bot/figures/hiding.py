"""Which counts of a table are held back, so that no small one is shown or can be worked out.

Whoever attacks the figures may know this rule as well as every other number that is published.
"""

from collections.abc import Sequence

LEAST = 5
"""The smallest count that is shown."""


def places_to_hide(counts: Sequence[int]) -> set[int]:
    """Return the places of the counts of one table that are not shown; its total is.

    `counts` stand in the order in which more are held back. That order must not depend on them:
    "the smallest one" would tell of itself that it is at most the smallest that is shown.

    Where none is small all are shown. Else those below 5 are held back, the zeros among them, and
    so many others, at least one, that each small one could also be 0 and (but where more than one
    other is needed) 4.

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
        # Each of the others is known to be at least 5: what is above that must hide up to 4.
        if together >= LEAST * others + LEAST - 1:
            break
    return held
