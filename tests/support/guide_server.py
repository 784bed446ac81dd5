"""The guide as `make run` starts it, on the day that the file named first says at each look.

One SQLite file is for one server, so a later day cannot be another server beside it. Started by
tests: python tests/support/guide_server.py DAY-FILE run --drafts --port 0
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]


class _OnTheDay(dict[str, str]):
    """The environment, with the day of the file as ESCALATION_GUIDE_TODAY."""

    def __init__(self, file: Path) -> None:
        super().__init__(os.environ)
        self._file = file

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        if name == "ESCALATION_GUIDE_TODAY":
            return self._file.read_text(encoding="utf-8").strip()
        return super().get(name, default)


class _System:
    def __init__(self, environment: dict[str, str]) -> None:
        self.environ = environment


def main(day: str, *command: str) -> int:
    """Start the guide."""
    from bot import clock
    from bot.__main__ import main as guide

    setattr(clock, "os", _System(_OnTheDay(Path(day))))  # noqa: B010 (it is nobody else's)
    return guide(list(command))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
