"""The real server on the tiny bot, with a masking that knows one name.

Started by tests as a process of its own: python tests/support/tiny_server.py MODEL DATABASE
"""

import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

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


def main(model: str, database: str) -> int:
    """Serve on any free port until stopped."""
    from bot.server import command
    from bot.server.settings import from_environment

    settings = replace(
        from_environment(), port=0, model=Path(model), database=database, actions="actions"
    )
    return command.run(settings, tiny_mask)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
