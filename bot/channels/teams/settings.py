"""The settings of the Teams channel: in credentials.yml and in the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.channels.configured import (
    PREFIX,
    PUBLIC_ADDRESS,
    Misconfigured,
    NotConfigured,
    Setting,
    channel_settings,
)
from bot.channels.teams.cloud import PUBLIC, Cloud, public_host
from bot.channels.teams.connector import Bot
from bot.channels.teams.playground import Playground

NAME = "teams"
WANTED = (
    Setting("app_id", "the bot's application (client) id in Microsoft Entra"),
    Setting("app_password", "the value of its client secret", secret=True),
    Setting(
        "tenant_id",
        "the id of the organisation that the bot is registered in; for an older bot that is "
        "registered for several, the word multi",
    ),
    Setting("tenants", "the ids of the organisations whose people may use it", needed=False),
    Setting("service_hosts", "further hosts of the Bot Connector", needed=False),
    PUBLIC_ADDRESS,
)
MULTI = "multi"
PLAYGROUND = f"{PREFIX}_TEAMS_PLAYGROUND"
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class TeamsSettings:
    """The channel's settings. `public_address` has no final slash."""

    bot: Bot
    cloud: Cloud
    tenants: frozenset[str]
    public_address: str

    @property
    def playground(self) -> bool:
        """Whether it is only tried, in Microsoft's playground on this machine."""
        return isinstance(self.cloud, Playground)

    def serves(self, tenant: str) -> bool:
        """Say whether an organisation's people may use it."""
        return self.playground or tenant.lower() in self.tenants


def teams_settings(file: Mapping[str, Any], cloud: Cloud | None = None) -> TeamsSettings:
    """Return the settings that are given. Raises NotConfigured and Misconfigured."""
    if os.environ.get(PLAYGROUND, "").strip().lower() == "yes":
        return _playground(file)
    given = channel_settings(NAME, WANTED, file)
    cloud = PUBLIC if cloud is None else cloud
    app_id = _id("app_id", given["app_id"])
    multi = given["tenant_id"].lower() == MULTI
    tenant = "" if multi else _id("tenant_id", given["tenant_id"])
    listed = given["tenants"].replace(",", " ").split()
    tenants = frozenset(_id("tenants", tenant_id) for tenant_id in listed)
    if multi and not tenants:
        raise Misconfigured(
            "The channel teams is set up only in part. Missing: ESCALATION_GUIDE_TEAMS_TENANTS "
            "(a bot that is registered for several organisations says which may use it)."
        )
    try:
        hosts = frozenset(map(public_host, given["service_hosts"].replace(",", " ").split()))
    except ValueError as wrong:
        raise Misconfigured(f"service_hosts of the channel teams: {wrong}") from None
    return TeamsSettings(
        Bot(app_id, given["app_password"], tenant),
        Cloud(cloud.issuer, cloud.metadata, cloud.login, cloud.scope, cloud.hosts | hosts),
        tenants or frozenset({tenant}),
        public_address(given["public_address"]),
    )


def _playground(file: Mapping[str, Any]) -> TeamsSettings:
    """Return the settings for trying it; raises Misconfigured for a bot that is registered."""
    try:
        channel_settings(NAME, WANTED, file)
    except NotConfigured:
        return TeamsSettings(Bot("", ""), Playground(), frozenset(), "http://localhost:5005")
    except Misconfigured:
        pass
    raise Misconfigured(
        f"{PLAYGROUND} is for trying the channel teams without a registered bot. Leave it out, or "
        "leave out all other settings of the channel."
    )


def public_address(given: str) -> str:
    """Return an address without a final slash; raises Misconfigured if it is not https."""
    parts = urlsplit(given)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise Misconfigured(
            f"ESCALATION_GUIDE_PUBLIC_ADDRESS must be an https address, such as "
            f"https://guide.example.org, not {given!r}."
        )
    return given.rstrip("/")


def _id(name: str, given: str) -> str:
    """Return one of Microsoft's ids in small letters; raises Misconfigured for anything else."""
    if not _ID.fullmatch(given.lower()):
        raise Misconfigured(
            f"{name} of the channel teams must be an id such as "
            f"00000000-0000-0000-0000-000000000000, not {given!r}."
        )
    return given.lower()
