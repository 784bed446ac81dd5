"""The channel `slack`: three addresses that Slack calls, each acknowledged at once.

    POST /webhooks/slack/events         what is written to the guide, and its tabs being opened
    POST /webhooks/slack/interactions   options that are pressed
    POST /webhooks/slack/commands       /escalation

The guide's own answer is a call to Slack's Web API, made afterwards. It talks in direct messages
only; where others can read, it offers a private chat and takes in nothing.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.deliveries import Deliveries, first
from bot.channels.guard import Rate, Refused, TokenBucket
from bot.channels.slack import requests
from bot.channels.slack.questions import Questions
from bot.channels.slack.replies import Memory, Replies
from bot.channels.slack.requests import Challenge, Elsewhere, HomeOpened, SlackRequest, Unreadable
from bot.channels.slack.settings import SlackSettings
from bot.channels.slack.settings import read as read_settings
from bot.channels.slack.signature import NotGenuine, Signature
from bot.channels.wording import SAFETY, Wording
from bot.privacy.retention import days_kept

log = logging.getLogger(__name__)

PER_PERSON = Rate(60, 2.0)
TOLD_TO_WAIT = Rate(1, 1 / 10)
ELSEWHERE = Rate(1, 1 / 60)
"""The line outside a private chat is not said again and again."""

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
        self._memory = Memory(Deliveries(time.monotonic), Questions())
        self._by_person = TokenBucket(per_person)
        self._told_to_wait = TokenBucket(TOLD_TO_WAIT)
        self._elsewhere = TokenBucket(ELSEWHERE)

    @classmethod
    def name(cls) -> str:
        """The last part of the channel's address."""
        return "slack"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "SlackChannel":
        """The channel as it is set up. Raises Off and WronglySetUp."""
        return cls(read_settings(credentials), days_kept())

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The three addresses. Turns are taken by `app.ctx.services`, in `app.ctx.background`."""
        slack = Blueprint("slack_channel")

        @slack.post("/events")
        async def events(request: Request) -> HTTPResponse:
            heard = self._heard(request, requests.event)
            if isinstance(heard, Challenge):
                return _json({"challenge": heard.challenge})
            if heard is not None:
                self._check_team(heard)
                self.begin(request.app.ctx, heard)
            return HTTPResponse(status=200)

        @slack.post("/interactions")
        async def interactions(request: Request) -> HTTPResponse:
            heard = self._heard(request, requests.press)
            if isinstance(heard, SlackRequest):
                self._check_team(heard)
                self.begin(request.app.ctx, heard)
            return HTTPResponse(status=200)

        @slack.post("/commands")
        async def commands(request: Request) -> HTTPResponse:
            heard = self._heard(request, requests.command)
            wording: Wording = request.app.ctx.services.wording
            if not isinstance(heard, SlackRequest):
                return HTTPResponse(status=200)
            # Slack shows a status of its own making to the person, so this one is in words.
            if not heard.person.teams <= self._settings.teams:
                return _only_to_them(wording.say("slack_other_workspace"))
            try:
                self.begin(request.app.ctx, heard)
            except Refused as refused:
                return _only_to_them(wording.say(refused.response, **refused.gaps))
            return _only_to_them(wording.say("slack_writing"))

        return slack

    def _heard(self, request: Request, read: Read) -> "SlackRequest | Challenge | None":
        """Return what a genuine request says. Raises Refused."""
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
        if heard.person.team not in self._settings.teams:
            log.warning("A request of a workspace that is not listed was refused.")
            raise Refused(403, "other_workspace", "slack_other_workspace")

    def begin(self, context: Any, asked: SlackRequest) -> None:
        """See to it after the acknowledgement. Raises Refused where there is no room.

        `context` holds what the server holds for its channels.
        """
        person = asked.person
        conversation = context.sessions.keyed("slack", person.team, person.user)
        replies = Replies(context, conversation, self._settings, self._days, self._memory)

        async def work() -> None:
            # Taken only here: what there was no room for may come again.
            if not self._deliveries.take("slack", asked.id):
                return
            if not first(context.once, "slack", asked.id):
                return
            now, seconds = time.monotonic(), 0
            if isinstance(asked.what, Elsewhere):
                if self._elsewhere.wait(f"{conversation} {asked.channel}", now):
                    return
            elif not isinstance(asked.what, HomeOpened):
                seconds = self._by_person.wait(conversation, now)
            if not seconds:
                await replies.answer(asked, known=person.teams <= self._settings.teams)
            elif not self._told_to_wait.wait(conversation, now):
                await replies.too_quick(asked, seconds)

        if not context.background.begin(conversation, work, lambda: replies.failed(asked)):
            raise Refused(503, "busy", SAFETY)


def _only_to_them(text: str) -> HTTPResponse:
    return _json({"response_type": "ephemeral", "text": text})


def _json(body: object) -> HTTPResponse:
    return HTTPResponse(body=msgspec.json.encode(body), content_type="application/json")
