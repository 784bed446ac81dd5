"""Trying the bot in Microsoft's test playground, before Microsoft has given any credentials.

Nothing is signed there, so only this machine is answered: neither a proxy nor a page in a browser,
which could both stand for somebody else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.channels.published_keys import NotAuthentic
from bot.channels.teams.cloud import Cloud

HERE = frozenset({"127.0.0.1", "::1", "localhost"})
OF_OTHERS = ("origin", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@dataclass(frozen=True)
class Playground(Cloud):
    """The playground in place of Microsoft's cloud."""

    def trusts(self, service_url: str) -> bool:
        """Say whether an address is on this machine."""
        try:
            parts = urlsplit(service_url)
        except ValueError:
            return False
        return parts.scheme == "http" and parts.hostname in HERE and not parts.username

    def fitted(self, activity: dict[str, Any]) -> dict[str, Any]:
        """Return an activity without `msteams`: a button that carries it cannot be pressed there.

        The button then sends its choice, and the chat does not show what was pressed.
        """
        return {name: _without_msteams(part) for name, part in activity.items()}


def _without_msteams(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _without_msteams(each) for name, each in part.items() if name != "msteams"}
    return list(map(_without_msteams, part)) if isinstance(part, list) else part


def check_from_here(peer: str, headers: Mapping[str, str]) -> None:
    """Check that a request comes from a program on this machine. Raises NotAuthentic.

    `peer` is the address of the connection.
    """
    if peer.removeprefix("::ffff:") not in HERE:
        raise NotAuthentic("the playground on another machine")
    if any(headers.get(name) for name in OF_OTHERS):
        raise NotAuthentic("the playground behind a proxy, or a page in a browser")


class NoTokens:
    """What the playground asks for in place of the bot's tokens."""

    async def get(self, refused: str = "") -> str:
        """Return nothing."""
        return ""
