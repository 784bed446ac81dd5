"""Calls to the Bot Connector: fetch the bot's token, and send messages."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import quote

import msgspec

from bot.channels.outbound import NotSent, Sender
from bot.channels.teams.cloud import MULTI_TENANT, Cloud

log = logging.getLogger(__name__)

RENEW_BEFORE = 5 * 60
"""A token is renewed this long before it expires, so that it cannot expire in transit."""


@dataclass(frozen=True)
class Bot:
    """The bot as it is registered. `tenant` is "" for a bot of several organisations."""

    app_id: str
    password: str
    tenant: str = ""

    def __repr__(self) -> str:
        """Hide the password, wherever this is printed."""
        return f"Bot({self.app_id!r})"


@dataclass(frozen=True)
class ChatAddress:
    """Where an answer goes: a conversation, the bot and the person in it (Teams' ids)."""

    service_url: str
    conversation: str
    bot: str
    person: str

    def __repr__(self) -> str:
        """Hide the ids, wherever this is printed."""
        return "ChatAddress()"


class _Token(msgspec.Struct):
    access_token: str
    expires_in: int


class AccessTokens:
    """Fetches the bot's tokens for the Bot Connector. `clock` is in seconds and monotonic."""

    def __init__(self, bot: Bot, cloud: Cloud, sender: Sender, clock: Callable[[], float]) -> None:
        self._bot = bot
        self._cloud = cloud
        self._sender = sender
        self._clock = clock
        self._token = ""
        self._good_until = float("-inf")
        self._one_at_a_time = asyncio.Lock()

    async def get(self, refused: str = "") -> str:
        """Return a token other than the `refused` one. Raises NotSent."""
        async with self._one_at_a_time:
            if not self._token or self._clock() >= self._good_until or self._token == refused:
                await self._renew()
            return self._token

    async def _renew(self) -> None:
        address = self._cloud.token_address(self._bot.tenant or MULTI_TENANT)
        self._token = ""
        asked = self._clock()
        answer = await self._sender.post_form(
            address,
            {
                "grant_type": "client_credentials",
                "client_id": self._bot.app_id,
                "client_secret": self._bot.password,
                "scope": self._cloud.scope,
            },
        )
        try:
            given = msgspec.convert(answer.json(), _Token)
        except (ValueError, msgspec.ValidationError):
            log.exception("The login server's answer holds no token.")
            raise NotSent(self._cloud.login, answer.status) from None
        self._token = given.access_token
        # A short-lived token is used for at least half its life.
        self._good_until = asked + max(given.expires_in - RENEW_BEFORE, given.expires_in / 2)


class Tokens(Protocol):
    """Where the bot's tokens come from."""

    async def get(self, refused: str = "") -> str:
        """Return a token other than the `refused` one. Raises NotSent."""


class Connector:
    """Sends messages to Teams."""

    def __init__(self, cloud: Cloud, sender: Sender, tokens: Tokens) -> None:
        self._cloud = cloud
        self._sender = sender
        self._tokens = tokens

    async def send(
        self, place: ChatAddress, activity: dict[str, Any], tries: int | None = None
    ) -> None:
        """Send one activity. A refused token is renewed once. Raises NotSent."""
        if not self._cloud.trusts(place.service_url):
            raise NotSent("an address that is not on the list of hosts", None)
        base = place.service_url.rstrip("/")
        address = f"{base}/v3/conversations/{quote(place.conversation, safe='')}/activities"
        body = {
            **activity,
            "from": {"id": place.bot},
            "recipient": {"id": place.person},
            "conversation": {"id": place.conversation},
        }
        token = await self._tokens.get()
        try:
            await self._post(address, body, token, tries)
        except NotSent as failed:
            if failed.status != HTTPStatus.UNAUTHORIZED:
                raise
            await self._post(address, body, await self._tokens.get(refused=token), tries)

    async def _post(
        self, address: str, body: dict[str, Any], token: str, tries: int | None
    ) -> None:
        await self._sender.post(address, body, {"Authorization": f"Bearer {token}"}, tries)
