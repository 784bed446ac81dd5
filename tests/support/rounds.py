"""How many rounds the tests take that repeat something.

TEST_ROUNDS says it: "few" for `make test-quick` and `make mutate`, "all" for `make test-long`,
else as many as `make test` has time for.
"""

import os

ROUNDS = os.environ.get("TEST_ROUNDS", "")


def rounds(usual: int, every: int = 0) -> int:
    """Return `usual` in `make test`, a quarter of it where few are wanted, else `every`."""
    if ROUNDS == "few":
        return max(usual // 4, 1)
    return every if every and ROUNDS == "all" else usual
