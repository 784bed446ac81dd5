"""The Teams channel: POST /webhooks/teams/messages, called by Microsoft's Bot Connector.

A delivery is checked, acknowledged at once, and answered by calls of our own. It is answered once,
however often it is delivered. What is written outside a private chat is not taken in at all.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import msgspec
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import turn
from bot.channels.background import Background
from bot.channels.deliveries import Deliveries, first
from bot.channels.guard import Rate, Refused, TokenBucket
from bot.channels.messages import Message
from bot.channels.outbound import NotSent
from bot.channels.published_keys import KeysUnavailable, NotAuthentic
from bot.channels.teams import activity as incoming
from bot.channels.teams import cards, parts
from bot.channels.teams.activity import Activity
from bot.channels.teams.connector import AccessTokens, ChatAddress, Connector
from bot.channels.teams.inbound import Keys, TokenVerifier
from bot.channels.teams.settings import NAME, TeamsSettings, settings
from bot.privacy.store.database import StoreUnavailable
from bot.privacy.store.single_use import SingleUse

log = logging.getLogger(__name__)

PER_PERSON = Rate(15, 0.5)
"""Fewer at once than may wait, so that there is always room to say that it was too much."""
NOTICES = Rate(1, 1 / 30)
"""How often one conversation is told the same that is no answer: too quick, only in private."""

REFUSALS = Rate(10, 1 / 10)
"""How often the same reason to refuse a request is logged: anybody can send such requests."""
USUAL_SECONDS = 1.0
"""How long a turn takes at most, mostly much less."""


@dataclass(frozen=True)
class TeamsServices:
    """All that is at the two ends of the channel while the server runs."""

    settings: TeamsSettings
    gate: TokenVerifier
    connector: Connector
    services: turn.Services
    background: Background
    once: SingleUse
    request: Request

    def conversation(self, activity: Activity) -> str:
        """Return the guide's own name for a conversation with a person: their ids are not kept."""
        named: str = self.request.app.ctx.sessions.keyed(
            NAME, activity.tenant, activity.conversation.id, activity.sender.id
        )
        return named


class TeamsChannel(InputChannel):
    """The channel `teams`, set up in credentials.yml and the environment; otherwise off."""

    def __init__(self, given: TeamsSettings) -> None:
        self.settings = given
        self._deliveries = Deliveries(time.monotonic)
        self._people = TokenBucket(PER_PERSON)
        self._notices = TokenBucket(NOTICES)
        self._refusals = TokenBucket(REFUSALS)
        self._ends: tuple[TokenVerifier, Connector] | None = None

    @classmethod
    def name(cls) -> str:
        """The last part of the channel's address."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "TeamsChannel":
        """The channel as credentials.yml describes it; raises Off or WronglySetUp."""
        return cls(settings(credentials or {}))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The one address. Turns are taken through `app.ctx.services`."""
        teams = Blueprint("teams_channel")

        @teams.post("/messages")
        async def messages(request: Request) -> HTTPResponse:
            line = self._line(request)
            try:
                caller = await line.gate.read(request.headers.get("authorization"))
                activity = incoming.read(request.body)
                caller.check(activity.service_url, activity.channel_id, self.settings.cloud)
            except NotAuthentic as refused:
                if not self._refusals.wait(refused.why, time.monotonic()):
                    log.warning("A request to the Teams channel was refused: %s.", refused.why)
                raise Refused(403, "not_authentic", "not_understood_by_server") from None
            except KeysUnavailable:
                raise Refused(503, "keys_unavailable", "not_understood_by_server") from None
            except ValueError:
                raise Refused(400, "bad_request", "not_understood_by_server") from None
            return HTTPResponse(status=self._receive(activity, line))

        return teams

    def _line(self, request: Request) -> TeamsServices:
        ctx = request.app.ctx
        if self._ends is None:
            given, clock = self.settings, time.monotonic
            gate = TokenVerifier(
                given.bot.app_id, given.cloud, Keys(given.cloud, ctx.sender, clock), time.time
            )
            tokens = AccessTokens(given.bot, given.cloud, ctx.sender, clock)
            self._ends = gate, Connector(given.cloud, ctx.sender, tokens)
        return TeamsServices(
            self.settings, *self._ends, ctx.services, ctx.background, ctx.once, request
        )

    def _receive(self, activity: Activity, line: TeamsServices) -> HTTPStatus:
        """Begin what is to be done about an activity; return the status that acknowledges it."""
        if activity.type == "invoke":
            return HTTPStatus.NOT_IMPLEMENTED
        delivery = (activity.conversation.id, activity.type, activity.id)
        if activity.id and not self._deliveries.take(*delivery):
            return HTTPStatus.OK
        work = self._work(activity, line)
        if work is None:
            return HTTPStatus.OK
        conversation = line.conversation(activity)

        async def once() -> None:
            if not activity.id or first(line.once, NAME, *delivery):
                await work()

        async def failed() -> None:
            await _send(line, activity, line.services.wording.safety())

        if line.background.begin(conversation, once, failed):
            return HTTPStatus.ACCEPTED
        # It is delivered again later, and then it is the first.
        self._deliveries.give_back(*delivery)
        return HTTPStatus.SERVICE_UNAVAILABLE

    def _work(
        self, activity: Activity, line: TeamsServices
    ) -> Callable[[], Awaitable[None]] | None:
        """Return what is to be done about an activity, None where it is nothing."""
        spoken = activity.type == "message"
        if not (spoken or activity.adds_bot or activity.edited):
            return None
        if activity.tenant.lower() not in self.settings.tenants:
            return self._notice("teams_other_organisation", activity, line)
        if not activity.personal:
            return self._notice("teams_private", activity, line)
        if activity.edited:
            return self._notice("teams_edited", activity, line)
        if not spoken:
            return lambda: self._welcome(activity, line)
        seconds = self._people.wait(line.conversation(activity), time.monotonic())
        if seconds:
            return self._notice("too_quick", activity, line, seconds=seconds)
        return lambda: self._answer(activity, line)

    def _notice(
        self, name: str, activity: Activity, line: TeamsServices, **gaps: object
    ) -> Callable[[], Awaitable[None]] | None:
        """Return the sending of one line that is no answer, unless it was said a moment ago."""
        if self._notices.wait(f"{name} {line.conversation(activity)}", time.monotonic()):
            return None
        wording = line.services.wording
        body = [parts.text(wording.say(name, **gaps))]
        if name == "teams_private":
            link = f"https://teams.microsoft.com/l/chat/0/0?users={quote(activity.recipient.id)}"
            title = wording.say("teams_private_button")
            body.append(parts.actions({"type": "Action.OpenUrl", "title": title, "url": link}))
        said = cards.carrying(parts.card(body, wording.say(name, **gaps)), wording)
        return lambda: line.connector.send(_place(activity), said)

    async def _welcome(self, activity: Activity, line: TeamsServices) -> None:
        """Welcome whoever installed the guide: once, though Teams may say so in two ways."""
        conversation = line.conversation(activity)
        if not (_is_new(line, conversation) and first(line.once, NAME, "welcome", conversation)):
            return
        said = await turn.open_conversation(line.services, conversation, NAME)
        await _send(line, activity, _with_copies(said, line))

    async def _answer(self, activity: Activity, line: TeamsServices) -> None:
        conversation = line.conversation(activity)
        heard = incoming.said(activity)
        wording = line.services.wording
        unread = [wording.message("teams_no_files")] if heard.files else []
        if unread and not heard.text:
            await _send(line, activity, unread)
            return
        new = _is_new(line, conversation)
        taking = turn.say(
            line.services, conversation, heard.text, NAME, f"{NAME} {activity.tenant}"
        )
        said = await _at_work(line, activity, taking)
        await _send(line, activity, [*unread, *(_with_copies(said, line) if new else said)])


def _with_copies(said: Sequence[Message], line: TeamsServices) -> list[Message]:
    """Add to a welcome that Microsoft keeps a copy of the chat; nothing is put before danger."""
    if not said or said[0].card:
        return list(said)
    text = f"{said[0].text}\n\n{line.services.wording.say('teams_copies')}"
    return [msgspec.structs.replace(said[0], text=text), *said[1:]]


async def _send(line: TeamsServices, activity: Activity, said: Sequence[Message]) -> None:
    """Say everything, in order. Raises NotSent."""
    conversation, place = line.conversation(activity), _place(activity)
    links, address = line.request.app.ctx.links, line.settings.public_address
    linked = [one.linked(lambda url: address + links.issue(conversation, url)) for one in said]
    for one in cards.activities(linked, line.services.wording):
        await line.connector.send(place, one)


def _is_new(line: TeamsServices, conversation: str) -> bool:
    try:
        return not line.services.store.conversation(conversation)
    except StoreUnavailable:
        # The turn finds the same, and says so.
        return False


async def _at_work(
    line: TeamsServices, activity: Activity, taking: Coroutine[Any, Any, list[Message]]
) -> list[Message]:
    """Take a turn, and show that the guide is at work where it takes longer than usual."""
    task = asyncio.create_task(taking)
    typing: asyncio.Task[None] | None = None
    try:
        done, _ = await asyncio.wait({task}, timeout=USUAL_SECONDS)
        if not done:
            typing = asyncio.create_task(_typing(line, activity))
        return await task
    finally:
        task.cancel()
        if typing is not None:
            typing.cancel()


async def _typing(line: TeamsServices, activity: Activity) -> None:
    """Show that the guide is at work. Nothing is lost where that fails."""
    try:
        await line.connector.send(_place(activity), {"type": "typing"}, tries=1)
    except NotSent as failed:
        log.warning("That the guide is at work could not be shown (%s).", failed)


def _place(activity: Activity) -> ChatAddress:
    return ChatAddress(
        activity.service_url, activity.conversation.id, activity.recipient.id, activity.sender.id
    )
