"""The real server on the tiny bot, which waits for nobody and lets few connections in.

Started by tests as a process of its own: python tests/support/hasty_server.py MODEL DATABASE
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.support import tiny_server

MOST, MOST_OF_ONE = 12, 8


def main(model: str, database: str) -> int:
    """Serve on any free port until stopped."""
    from sanic.config import DEFAULT_CONFIG

    from bot.server import connections

    # How long what is still to be sent waits for who does not take it.
    DEFAULT_CONFIG["GRACEFUL_SHUTDOWN_TIMEOUT"] = 1.0
    vars(connections).update(REQUEST_SECONDS=0.5, BODY_SECONDS=0.5, IDLE_SECONDS=3)
    connections.DeadlineProtocol.most = MOST
    connections.DeadlineProtocol.most_of_one = MOST_OF_ONE
    return tiny_server.main(model, database)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
