"""The real server on the tiny bot, with a masking that knows one name.

Started by tests as a process of its own: python tests/support/tiny_server.py MODEL DATABASE
"""

import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "tests/server/tiny_bot"
sys.path[:0] = [str(TINY), str(ROOT)]

NAME = "Zebedee"


@dataclass(frozen=True)
class TinyMasked:
    """What masking gives."""

    text: str
    kinds: tuple[str, ...]


def tiny_mask(text: str) -> TinyMasked:
    """Mask the one name."""
    masked = re.sub(NAME, "[name]", text, flags=re.IGNORECASE)
    return TinyMasked(masked, ("name",) if masked != text else ())


def _full_by_file() -> None:
    """Let a file `full` there be a disk that has no room for another page of the database."""
    from sqlalchemy import event
    from sqlalchemy.pool import Pool

    def limit(connection: Any, _record: Any, _proxy: Any) -> None:
        # SQLite takes the pages that there are where that is more than 1.
        pages = 1 if Path("full").exists() else 1_000_000_000
        connection.execute(f"PRAGMA max_page_count={pages}").close()

    event.listen(Pool, "checkout", limit)


def main(model: str, database: str) -> int:
    """Serve on any free port until stopped."""
    from bot.server import command
    from bot.server.settings import settings_from_environment
    from tests.support import moved_clock

    if database.startswith("sqlite"):
        # In the server's folder.
        moved_clock.follow(Path("clock"))
        _full_by_file()

    settings = replace(
        settings_from_environment(), port=0, model=Path(model), database=database, actions="actions"
    )
    return command.run(settings, tiny_mask)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
