"""The addresses of Microsoft's servers, and which of them an answer may be sent to."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

CHANNEL = "msteams"
"""The Bot Connector's name for Teams."""
MULTI_TENANT = "botframework.com"
"""The authority that gives tokens to bots of several organisations."""

_HOST = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])"
)


@dataclass(frozen=True)
class Cloud:
    """Microsoft's public cloud, as its documents name it.

    `hosts` may be named as an activity's `serviceUrl`. Answers go there with the bot's token, so
    no other host is trusted, whoever signed the activity.
    """

    issuer: str = "https://api.botframework.com"
    metadata: str = "https://login.botframework.com/v1/.well-known/openidconfiguration"
    login: str = "https://login.microsoftonline.com"
    scope: str = "https://api.botframework.com/.default"
    hosts: frozenset[str] = frozenset({"smba.trafficmanager.net"})

    def trusts(self, service_url: str) -> bool:
        """Say whether answers may be sent to an address: https, and one of the hosts."""
        try:
            parts = urlsplit(service_url)
        except ValueError:
            return False
        # All between // and / is compared, so a user name or a port makes it another host.
        return parts.scheme == "https" and parts.netloc.lower() in self.hosts and not parts.query

    def fitted(self, activity: dict[str, Any]) -> dict[str, Any]:
        """Return an activity as it is sent there."""
        return activity

    def token_address(self, tenant: str) -> str:
        """Return the address at which a tenant's bot gets its token."""
        return f"{self.login}/{tenant}/oauth2/v2.0/token"


PUBLIC = Cloud()


def public_host(name: str) -> str:
    """Return the name of a public host in small letters; raises ValueError if it is not one."""
    given = name.strip().lower()
    try:
        ipaddress.ip_address(given)
    except ValueError:
        private = given.endswith((".local", ".localhost", ".internal", ".home.arpa", ".lan"))
        if _HOST.fullmatch(given) and not private:
            return given
    raise ValueError(f"{name!r} is not the name of a public host, such as smba.trafficmanager.net.")
