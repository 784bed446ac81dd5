"""Where Microsoft's servers are, and which addresses an answer may be sent to."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

CHANNEL = "msteams"
"""What the Bot Connector calls Teams."""
MULTI_TENANT = "botframework.com"
"""The authority at which a bot that belongs to no one organisation gets its token."""

_HOST = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])"
)


@dataclass(frozen=True)
class Cloud:
    """Microsoft's public cloud, as its documents name it.

    `hosts` are those that an activity may name as its `serviceUrl`: an answer goes there, with the
    bot's token, so that no other may be believed, whoever signed for it.
    """

    issuer: str = "https://api.botframework.com"
    metadata: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    login: str = "https://login.microsoftonline.com"
    scope: str = "https://api.botframework.com/.default"
    hosts: frozenset[str] = frozenset({"smba.trafficmanager.net"})

    def trusts(self, service_url: str) -> bool:
        """Say whether answers may be sent to an address: https and one of the hosts, no other."""
        try:
            parts = urlsplit(service_url)
        except ValueError:
            return False
        # The whole of what stands between // and /: with a user's name or a port it is another.
        return parts.scheme == "https" and parts.netloc.lower() in self.hosts and not parts.query

    def token_address(self, tenant: str) -> str:
        """Return where a token is to be had."""
        return f"{self.login}/{tenant}/oauth2/v2.0/token"


PUBLIC = Cloud()


def host(name: str) -> str:
    """Return the name of a public host in small letters; raises ValueError where it is none."""
    given = name.strip().lower()
    try:
        ipaddress.ip_address(given)
    except ValueError:
        private = given.endswith((".local", ".localhost", ".internal", ".home.arpa", ".lan"))
        if _HOST.fullmatch(given) and not private:
            return given
    raise ValueError(f"{name!r} is not the name of a public host, such as smba.trafficmanager.net.")
