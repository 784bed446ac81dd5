"""The channel `slack`: three addresses that Slack calls, each acknowledged at once.

    POST /webhooks/slack/events         messages to the guide, and opened tabs
    POST /webhooks/slack/interactions   pressed options
    POST /webhooks/slack/commands       /escalation

Where Slack cannot call in, one connection of the guide's own takes their place (socket.py).
The guide answers afterwards, by calling Slack's Web API. It talks in direct messages only; where
others can read, it offers a private chat and ignores what was written.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import msgspec
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import enclosed
from bot.channels.deliveries import Deliveries, is_first_delivery
from bot.channels.guard import Rate, Refused, TokenBucket
from bot.channels.questions import OpenQuestions
from bot.channels.slack import requests
from bot.channels.slack.replies import Replies, SlackMemory
from bot.channels.slack.requests import Challenge, Elsewhere, HomeOpened, SlackRequest, Unreadable
from bot.channels.slack.settings import SlackSettings
from bot.channels.slack.settings import slack_settings as read_settings
from bot.channels.slack.signature import NotGenuine, Signature
from bot.channels.wording import SAFETY, Wording
from bot.privacy.retention import days_kept
from bot.privacy.store.threads import in_thread

log = logging.getLogger(__name__)

PER_PERSON = Rate(60, 2.0)
TOLD_TO_WAIT = Rate(1, 1 / 10)
ELSEWHERE = Rate(1, 1 / 60)
"""How often the notice outside a private chat is repeated."""

Read = Callable[[bytes], "SlackRequest | Challenge | None"]


class SlackChannel(InputChannel):
    """The channel as its settings describe it. `clock` gives seconds since 1970."""

    def __init__(
        self,
        settings: SlackSettings,
        days: float,
        clock: Callable[[], float] = time.time,
        per_person: Rate = PER_PERSON,
    ) -> None:
        self._settings = settings
        self._days = days
        self._signature = Signature(settings.signing_secret, clock)
        self._deliveries = Deliveries(time.monotonic)
        self._memory = SlackMemory(Deliveries(time.monotonic), OpenQuestions())
        self._by_person = TokenBucket(per_person)
        self._told_to_wait = TokenBucket(TOLD_TO_WAIT)
        self._elsewhere = TokenBucket(ELSEWHERE)

    @classmethod
    def name(cls) -> str:
        """The last part of the channel's address."""
        return "slack"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "SlackChannel":
        """The channel as it is set up. Raises NotConfigured and Misconfigured."""
        return cls(read_settings(credentials), days_kept())

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The three addresses. Turns are taken by `app.ctx.services`, in `app.ctx.background`."""
        slack = Blueprint("slack_channel")
        if self._settings.app_token:
            self._connect(slack)
            return slack

        @slack.post("/events")
        async def events(request: Request) -> HTTPResponse:
            heard = self._heard(request, requests.read_event)
            if isinstance(heard, Challenge):
                return _json({"challenge": heard.challenge})
            if heard is not None:
                self._check_team(heard)
                self.begin(request.app.ctx, heard)
            return HTTPResponse(status=200)

        @slack.post("/interactions")
        async def interactions(request: Request) -> HTTPResponse:
            heard = self._heard(request, requests.read_press)
            if isinstance(heard, SlackRequest):
                self._check_team(heard)
                self.begin(request.app.ctx, heard)
            return HTTPResponse(status=200)

        @slack.post("/commands")
        async def commands(request: Request) -> HTTPResponse:
            heard = self._heard(request, requests.read_command)
            if not isinstance(heard, SlackRequest):
                return HTTPResponse(status=200)
            return _json(self._commanded(request.app.ctx, heard))

        return slack

    def _connect(self, slack: Blueprint) -> None:
        """Add the connection that takes the addresses' place, while the server runs."""
        # Imported only here: without Socket Mode Slack's library is not needed.
        from bot.channels.slack.socket import SocketMode

        connections: list[SocketMode] = []

        @slack.after_server_start
        async def connect(app: Sanic, _loop: Any) -> None:
            connections.append(SocketMode(self._settings, partial(self._delivered, app.ctx)))
            connections[-1].connect()

        @slack.before_server_stop
        async def leave(_app: Sanic, _loop: Any) -> None:
            while connections:
                await connections.pop().close()

    def _delivered(self, context: Any, kind: str, payload: Any) -> dict[str, Any] | None:
        """Take what came over the connection; return what goes back with its acknowledgement.

        Raises Refused where it is to come again.
        """
        try:
            heard = requests.read_delivery(kind, payload)
        except Unreadable:
            log.warning("Slack sent something that is not read (%s).", kind)
            return None
        if heard is None:
            return None
        if kind == requests.COMMANDS:
            return self._commanded(context, heard)
        if self._serves(heard):
            self.begin(context, heard)
        return None

    def _commanded(self, context: Any, heard: SlackRequest) -> dict[str, Any]:
        """Begin to answer a command; return what the person is told at once."""
        wording: Wording = context.services.wording
        # Slack would show the person its own error for a status, so this is said in words.
        if not heard.person.teams <= self._settings.teams:
            return _only_to_them(wording.say("slack_other_workspace"))
        try:
            self.begin(context, heard)
        except Refused as refused:
            return _only_to_them(wording.say(refused.response, **refused.gaps))
        return _only_to_them(wording.say("slack_writing"))

    def _heard(self, request: Request, read: Read) -> "SlackRequest | Challenge | None":
        """Check that a request is genuine and read it. Raises Refused."""
        given = request.headers
        try:
            self._signature.check(
                given.get("x-slack-request-timestamp") or "",
                given.get("x-slack-signature") or "",
                request.body,
            )
            return read(request.body)
        except NotGenuine:
            raise Refused(401, "not_genuine", "slack_not_genuine") from None
        except Unreadable:
            raise Refused(400, "bad_request", "slack_unreadable") from None

    def _check_team(self, heard: SlackRequest) -> None:
        if not self._serves(heard):
            raise Refused(403, "other_workspace", "slack_other_workspace")

    def _serves(self, heard: SlackRequest) -> bool:
        known = heard.person.team in self._settings.teams
        if not known:
            log.warning("A request of a workspace that is not listed was refused.")
        return known

    def begin(self, context: Any, asked: SlackRequest) -> None:
        """Handle a request after acknowledging it. Raises Refused if too much is waiting.

        `context` is the server's context for channels.
        """
        person = asked.person
        conversation = context.sessions.keyed_name("slack", person.team, person.user)
        replies = Replies(context, conversation, self._settings, self._days, self._memory)

        async def work() -> None:
            # Taken only here, so that a request refused for lack of room may come again.
            if not self._deliveries.take("slack", asked.id):
                return
            first = partial(is_first_delivery, context.once, "slack", asked.id)
            if not await in_thread(first):
                return
            now, seconds = time.monotonic(), 0
            if isinstance(asked.act, Elsewhere):
                # Whoever writes of danger is answered every time.
                just = self._elsewhere.take(f"{conversation} {asked.channel}", now)
                if just and not await enclosed.in_danger(context.services, asked.act.words):
                    return
            elif not isinstance(asked.act, HomeOpened):
                seconds = self._by_person.take(conversation, now)
            if not seconds:
                await replies.answer(asked, known=person.teams <= self._settings.teams)
            elif not self._told_to_wait.take(conversation, now):
                await replies.say_too_quick(asked, seconds)

        if not context.background.begin(conversation, work, lambda: replies.say_failed(asked)):
            raise Refused(503, "busy", SAFETY)


def _only_to_them(text: str) -> dict[str, Any]:
    return {"response_type": "ephemeral", "text": text}


def _json(body: object) -> HTTPResponse:
    return HTTPResponse(body=msgspec.json.encode(body), content_type="application/json")
