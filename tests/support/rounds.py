"""How many rounds the tests take that repeat something.

TEST_ROUNDS says it: "few" for `make test-quick` and `make mutate`, "all" for `make test-long`,
else as many as `make test` has time for.
"""

import os

ROUNDS = os.environ.get("TEST_ROUNDS", "")


def rounds(every: int, usual: int = 0) -> int:
    """Return `every` where all are wanted, else `usual`, or half of them; half of that if few."""
    if ROUNDS == "all":
        return every
    wanted = usual or every // 2
    return max(wanted // 2 if ROUNDS == "few" else wanted, 1)
