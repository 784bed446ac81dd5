"""Calls to the Bot Connector: fetch the bot's token, and send messages."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import quote

import msgspec

from bot.channels.outbound import Answer, NotSent, Sender
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


class _Sent(msgspec.Struct):
    id: str = ""


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
    """Sends messages to Teams, and changes them."""

    def __init__(self, cloud: Cloud, sender: Sender, tokens: Tokens) -> None:
        self._cloud = cloud
        self._sender = sender
        self._tokens = tokens

    async def send(
        self, place: ChatAddress, activity: dict[str, Any], tries: int | None = None
    ) -> str:
        """Send one activity; return Teams' id of it, "" if it gives none. Raises NotSent."""
        address, body = self._addressed(place, activity)
        answer = await self._with_token(
            lambda headers: self._sender.post(address, body, headers, tries)
        )
        try:
            return msgspec.convert(answer.json(), _Sent).id
        except (ValueError, msgspec.ValidationError):
            # It is there all the same, and only cannot be changed.
            return ""

    async def update(self, place: ChatAddress, sent: str, activity: dict[str, Any]) -> None:
        """Change an activity that was sent, by Teams' id of it. Raises NotSent."""
        address, body = self._addressed(place, {**activity, "id": sent})
        changed = f"{address}/{quote(sent, safe='')}"
        await self._with_token(lambda headers: self._sender.put(changed, body, headers))

    def _addressed(
        self, place: ChatAddress, activity: dict[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        """Return where a conversation's activities are, and the body of one. Raises NotSent."""
        if not self._cloud.trusts(place.service_url):
            raise NotSent("an address that is not on the list of hosts", None)
        base = place.service_url.rstrip("/")
        body = {
            **self._cloud.fitted(activity),
            "from": {"id": place.bot},
            "recipient": {"id": place.person},
            "conversation": {"id": place.conversation},
        }
        return f"{base}/v3/conversations/{quote(place.conversation, safe='')}/activities", body

    async def _with_token(
        self, call: Callable[[dict[str, str]], Coroutine[Any, Any, Answer]]
    ) -> Answer:
        """Make a call; if its token is refused, once more with a new one. Raises NotSent."""
        token = await self._tokens.get()
        try:
            return await call({"Authorization": f"Bearer {token}"})
        except NotSent as failed:
            if failed.status != HTTPStatus.UNAUTHORIZED:
                raise
            token = await self._tokens.get(refused=token)
            return await call({"Authorization": f"Bearer {token}"})
