"""The server's settings: from the command line, then from the environment."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_DATABASE = "sqlite:///var/conversations.db"
LONGEST_FILE_SECONDS = 60 * 60
"""A file may be fetched for an hour after it was offered, and never for longer."""

SHORTEST = 0.1
"""The least seconds of a time limit: with none, nobody would get more than the safety message."""
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class CannotStart(Exception):
    """The guide cannot start. The text explains why to whoever started it."""


@dataclass(frozen=True)
class Settings:
    """Where the server listens, what it runs and how long it waits.

    Times are in seconds. `proxies` is the number of trusted proxies in front of the server; with 0
    the client's address is that of the connection. `hosts` are the names under which the guide may
    be asked for.
    """

    host: str = "127.0.0.1"
    port: int = 5005
    model: Path = Path("models")
    database: str = DEFAULT_DATABASE
    credentials: Path = Path("credentials.yml")
    actions: str = "actions"
    widget: Path = Path("bot/widget")
    responses: Path = Path("data/responses")
    turn_seconds: float = 10.0
    action_seconds: float = 5.0
    file_seconds: float = LONGEST_FILE_SECONDS
    proxies: int = 0
    hosts: tuple[str, ...] = ()
    log_level: str = "INFO"

    @property
    def address(self) -> str:
        """The address to open in a browser, without a final slash."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def own_hosts(self) -> frozenset[str]:
        """The names under which the guide may be asked for; empty for any.

        If none are given, those of this machine while it listens to this machine alone. Under any
        other name, a page from elsewhere could have it answer as if it were its own site.
        """
        if self.hosts:
            return frozenset(self.hosts)
        return LOOPBACK if self.host in LOOPBACK and not self.proxies else frozenset()


def settings_from_environment(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the `ESCALATION_GUIDE_…` variables, and defaults for the rest.

    Raises CannotStart, naming the variable, for a value that should be a number and is not, or that
    is below the least.
    """

    def number(name: str, default: float, least: float = 0.0) -> float:
        value = environment.get(name)
        if value is None or not value.strip():
            return default
        try:
            given = float(value)
        except ValueError:
            raise CannotStart(f"{name} must be a number, not {value!r}.") from None
        if not (math.isfinite(given) and given >= least):
            raise CannotStart(f"{name} must be a number from {least:g}, not {value!r}.")
        return given

    usual = Settings()
    return Settings(
        database=environment.get("ESCALATION_GUIDE_DATABASE") or usual.database,
        turn_seconds=number("ESCALATION_GUIDE_TURN_SECONDS", usual.turn_seconds, SHORTEST),
        action_seconds=number("ESCALATION_GUIDE_ACTION_SECONDS", usual.action_seconds, SHORTEST),
        file_seconds=min(
            number("ESCALATION_GUIDE_FILE_SECONDS", usual.file_seconds, SHORTEST),
            LONGEST_FILE_SECONDS,
        ),
        proxies=int(number("ESCALATION_GUIDE_PROXIES", usual.proxies)),
        hosts=tuple(
            environment.get("ESCALATION_GUIDE_HOSTS", "").lower().replace(",", " ").split()
        ),
        log_level=environment.get("ESCALATION_GUIDE_LOG_LEVEL", usual.log_level).upper(),
    )
