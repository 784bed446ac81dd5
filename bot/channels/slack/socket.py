"""Socket Mode: the guide connects to Slack, where nothing may come in from outside.

Slack's own client keeps the connection, by a token of the app's that it asks Slack for an address
with: https://docs.slack.dev/apis/events-api/using-socket-mode. What comes over it is what comes
over https otherwise, and is acknowledged by its id.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.guard import Refused
from bot.channels.slack.settings import SlackSettings

log = logging.getLogger(__name__)

Take = Callable[[str, Any], "dict[str, Any] | None"]
"""Takes what Slack sends, by its kind; returns what goes back with the acknowledgement."""


class SocketMode:
    """The connection of one app. `take` may raise Refused, and then Slack sends it again."""

    def __init__(self, settings: SlackSettings, take: Take) -> None:
        self._take = take
        # Its methods have no annotations.
        self._client: Any = SocketModeClient(
            settings.app_token, web_client=AsyncWebClient(base_url=f"{settings.api}/")
        )
        self._client.socket_mode_request_listeners.append(self._heard)
        self._connecting: asyncio.Task[None] | None = None

    def connect(self) -> None:
        """Connect, and try again for as long as Slack is away. Nobody waits for it."""
        self._connecting = asyncio.ensure_future(self._client.connect())

    async def close(self) -> None:
        """Leave the connection, which Slack then sends nothing more over."""
        if self._connecting is not None:
            self._connecting.cancel()
        await self._client.close()

    async def _heard(self, client: AsyncBaseSocketModeClient, sent: SocketModeRequest) -> None:
        try:
            payload = self._take(sent.type, sent.payload)
        except Refused as refused:
            log.warning("A delivery of Slack's was left for later: %s.", refused.error)
            return
        await client.send_socket_mode_response(SocketModeResponse(sent.envelope_id, payload))
