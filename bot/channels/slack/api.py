"""Calls to Slack's Web API. Their content is never logged."""

import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from bot.channels.outbound import NotSent, Sender
from bot.channels.slack.blocks import Block, Post
from bot.channels.slack.mrkdwn import split_to_fit

log = logging.getLogger(__name__)

RESPONSES = "hooks.slack.com"
LONGEST_TEXT = 4000
"""Slack's recommended limit for a message's text."""
_MORE = "\n…"
NOT_DRAWN = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}
"""Slack's errors for blocks that it does not accept. The message is then sent as text."""


class SlackRefused(Exception):
    """Slack refused a call; `error` is its own name for the reason."""

    def __init__(self, method: str, error: str) -> None:
        super().__init__(f"{method}: {error}")
        self.error = error


class SlackApi:
    """Calls Slack as the app of one workspace, or of one whole organisation."""

    def __init__(self, token: str, sender: Sender, address: str) -> None:
        self._token = token
        self._sender = sender
        self._address = address

    async def post(self, channel: str, post: Post, thread: str = "") -> str:
        """Post to a direct message; return Slack's id of the message. Raises NotSent, SlackRefused.

        The id is "" if Slack did not accept the blocks and the message was posted as text.
        """
        place = {"channel": channel, **({"thread_ts": thread} if thread else {}), **_UNCHANGED}
        try:
            said = await self._call("chat.postMessage", **place, **_message(post.text, post.blocks))
        except SlackRefused as refused:
            if refused.error not in NOT_DRAWN:
                raise
            for piece in split_to_fit(post.text, draw=str, most=LONGEST_TEXT):
                await self._call("chat.postMessage", **place, text=piece)
            return ""
        return str(said.get("ts") or "")

    async def update(self, channel: str, ts: str, text: str, blocks: Sequence[Block]) -> None:
        """Change a message that was posted. Raises NotSent and SlackRefused."""
        shown = _message(text, blocks)
        await self._call("chat.update", channel=channel, ts=ts, parse="none", **shown)

    async def ephemeral(self, channel: str, user: str, post: Post, thread: str = "") -> None:
        """Show a message to one person only. Raises NotSent and SlackRefused."""
        place = {"channel": channel, "user": user, **({"thread_ts": thread} if thread else {})}
        message = _message(post.text, post.blocks)
        await self._call("chat.postEphemeral", **place, parse="none", **message)

    async def open_chat(self, user: str) -> str:
        """Return the direct message with a person, opening it if necessary."""
        answer = await self._call("conversations.open", users=user)
        channel = answer.get("channel")
        if not isinstance(channel, dict) or not isinstance(channel.get("id"), str):
            raise SlackRefused("conversations.open", "no channel")
        return str(channel["id"])

    async def publish(self, user: str, view: Block) -> None:
        """Show a person's home tab. Raises NotSent and SlackRefused."""
        await self._call("views.publish", user_id=user, view=view)

    async def respond(self, response_url: str, text: str, *, replace: bool = False) -> bool:
        """Answer a press or a command where it was made, visible to the person only.

        This needs no token. Sends nothing and returns False if the address is not Slack's.
        """
        if not is_slack_address(response_url):
            return False
        body = {"text": text, "response_type": "ephemeral", "replace_original": replace}
        await self._sender.post(response_url, body)
        return True

    async def _call(self, method: str, **arguments: Any) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}"}
        answer = await self._sender.post(f"{self._address}/{method}", arguments, headers)
        try:
            said = answer.json()
        except ValueError:
            raise NotSent(urlsplit(self._address).hostname or "", answer.status) from None
        if not isinstance(said, dict) or said.get("ok") is not True:
            error = _name(said.get("error") if isinstance(said, dict) else None)
            log.warning("Slack refused %s: %s.", method, error)
            raise SlackRefused(method, error)
        return said


_UNCHANGED = {"parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False}
"""Slack must not turn words into mentions, nor fetch links for a preview."""


def is_slack_address(response_url: str) -> bool:
    """Say whether a response address belongs to Slack."""
    try:
        parts = urlsplit(response_url)
        return (
            parts.scheme == "https"
            and parts.netloc == RESPONSES
            and all(c.isprintable() and not c.isspace() for c in response_url)
        )
    except ValueError:
        return False


def _message(text: str, blocks: Sequence[Block]) -> dict[str, Any]:
    first, *rest = split_to_fit(text, draw=str, most=LONGEST_TEXT - len(_MORE)) or [""]
    return {"text": first + _MORE if rest else first, "blocks": list(blocks)}


def _name(error: object) -> str:
    """Return Slack's name for an error. No other part of an answer is logged."""
    usable = isinstance(error, str) and error.replace("_", "").isalnum() and error.isascii()
    return str(error)[:60] if usable else "unknown"
