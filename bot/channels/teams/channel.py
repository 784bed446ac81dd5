"""The Teams channel: POST /webhooks/teams/messages, called by Microsoft's Bot Connector.

A delivery is checked, acknowledged at once, and answered later by calls of our own, but only once
if it is repeated. Messages outside a private chat are ignored.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import msgspec
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import enclosed, turn
from bot.channels.background import Background
from bot.channels.deliveries import Deliveries, is_first_delivery
from bot.channels.guard import Rate, Refused, TokenBucket
from bot.channels.messages import Message
from bot.channels.outbound import NotSent
from bot.channels.published_keys import KeysUnavailable, NotAuthentic
from bot.channels.questions import OpenQuestions
from bot.channels.teams import activity as incoming
from bot.channels.teams import cards, parts
from bot.channels.teams.activity import Activity
from bot.channels.teams.connector import AccessTokens, ChatAddress, Connector
from bot.channels.teams.inbound import ConnectorKeys, TokenVerifier
from bot.channels.teams.playground import NoTokens, check_from_here
from bot.channels.teams.settings import NAME, PLAYGROUND, TeamsSettings, teams_settings
from bot.privacy.store.database import StoreUnavailable
from bot.privacy.store.single_use import SingleUse
from bot.privacy.store.threads import in_thread

log = logging.getLogger(__name__)

PER_PERSON = Rate(15, 0.5)
"""Fewer than may wait at once, so that there is always room to say that it was too much."""
NOTICES = Rate(1, 1 / 30)
"""How often the same notice is repeated in a conversation."""

Asked = list[tuple[str, parts.Part]]
"""The cards with a question's options, each with Teams' id of its activity."""
REFUSALS = Rate(10, 1 / 10)
"""How often the same reason for a refusal is logged: anybody can send such requests."""
USUAL_SECONDS = 1.0
"""How long a turn may take before the guide shows that it is at work."""


@dataclass(frozen=True)
class TeamsContext:
    """What handling a delivery needs: the settings, both ends of the channel, and the services."""

    settings: TeamsSettings
    verifier: TokenVerifier
    connector: Connector
    services: turn.Services
    background: Background
    once: SingleUse
    request: Request

    def conversation(self, activity: Activity) -> str:
        """Return the guide's own name for a conversation, which contains none of Teams' ids."""
        named: str = self.request.app.ctx.sessions.keyed_name(
            NAME, activity.tenant, activity.conversation.id, activity.sender.id
        )
        return named


class TeamsChannel(InputChannel):
    """The channel `teams`, set up in credentials.yml and the environment; otherwise off."""

    def __init__(self, given: TeamsSettings) -> None:
        self.settings = given
        if given.playground:
            log.warning(
                "Teams is open to Microsoft's playground on this machine, and checks no token. "
                "This is for trying it only: %s=yes.", PLAYGROUND,
            )  # fmt: skip
        self._deliveries = Deliveries(time.monotonic)
        self._people = TokenBucket(PER_PERSON)
        self._notices = TokenBucket(NOTICES)
        self._refusals = TokenBucket(REFUSALS)
        self._questions: OpenQuestions[Asked] = OpenQuestions()
        self._ends: tuple[TokenVerifier, Connector] | None = None

    @classmethod
    def name(cls) -> str:
        """The last part of the channel's address."""
        return NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "TeamsChannel":
        """The channel as credentials.yml describes it. Raises NotConfigured or Misconfigured."""
        return cls(teams_settings(credentials or {}))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The one address. Turns are taken through `app.ctx.services`."""
        teams = Blueprint("teams_channel")

        @teams.post("/messages")
        async def messages(request: Request) -> HTTPResponse:
            context = self._context(request)
            try:
                activity = await self._heard(request, context)
            except NotAuthentic as refused:
                if not self._refusals.take(refused.why, time.monotonic()):
                    log.warning("A request to the Teams channel was refused: %s.", refused.why)
                raise Refused(403, "not_authentic", "not_understood_by_server") from None
            except KeysUnavailable:
                raise Refused(503, "keys_unavailable", "not_understood_by_server") from None
            except ValueError:
                raise Refused(400, "bad_request", "not_understood_by_server") from None
            return HTTPResponse(status=self._receive(activity, context))

        return teams

    async def _heard(self, request: Request, context: TeamsContext) -> Activity:
        """Return a request's activity. Raises NotAuthentic, KeysUnavailable and ValueError."""
        cloud = self.settings.cloud
        if self.settings.playground:
            check_from_here(str(request.ip), request.headers)
            activity = incoming.read_activity(request.body)
            if not cloud.trusts(activity.service_url):
                raise NotAuthentic("a serviceUrl that is not on this machine")
            return activity
        # The body is read only once its token holds.
        caller = await context.verifier.verify(request.headers.get("authorization"))
        activity = incoming.read_activity(request.body)
        caller.check(activity.service_url, activity.channel_id, cloud)
        return activity

    def _context(self, request: Request) -> TeamsContext:
        ctx = request.app.ctx
        if self._ends is None:
            given, clock = self.settings, time.monotonic
            verifier = TokenVerifier(
                given.bot.app_id,
                given.cloud,
                ConnectorKeys(given.cloud, ctx.sender, clock),
                time.time,
            )
            real = AccessTokens(given.bot, given.cloud, ctx.sender, clock)
            tokens = NoTokens() if given.playground else real
            self._ends = verifier, Connector(given.cloud, ctx.sender, tokens)
        return TeamsContext(
            self.settings, *self._ends, ctx.services, ctx.background, ctx.once, request
        )

    def _receive(self, activity: Activity, context: TeamsContext) -> HTTPStatus:
        """Begin to handle an activity; return the status that acknowledges it."""
        if activity.type == "invoke":
            return HTTPStatus.NOT_IMPLEMENTED
        delivery = (activity.conversation.id, activity.type, activity.id)
        if activity.id and not self._deliveries.take(*delivery):
            return HTTPStatus.OK
        work = self._work(activity, context)
        if work is None:
            return HTTPStatus.OK
        conversation = context.conversation(activity)

        async def once() -> None:
            first = partial(is_first_delivery, context.once, NAME, *delivery)
            if not activity.id or await in_thread(first):
                await work()

        async def failed() -> None:
            await _send(context, activity, context.services.wording.safety())

        if context.background.begin(conversation, once, failed):
            return HTTPStatus.ACCEPTED
        # Teams will deliver it again, and then it must count as the first.
        self._deliveries.give_back(*delivery)
        return HTTPStatus.SERVICE_UNAVAILABLE

    def _work(
        self, activity: Activity, context: TeamsContext
    ) -> Callable[[], Awaitable[None]] | None:
        """Return the work for an activity, or None if there is nothing to do."""
        spoken = activity.type == "message"
        if not (spoken or activity.adds_bot or activity.edited):
            return None
        if not self.settings.serves(activity.tenant):
            return self._notice("teams_other_organisation", activity, context)
        if activity.adds_bot:
            if not activity.personal:
                return self._notice("teams_private", activity, context)
            return lambda: self._welcome(activity, context)
        seconds = self._people.take(context.conversation(activity), time.monotonic())
        if not activity.personal:
            return None if seconds else lambda: self._elsewhere(activity, context)
        if seconds:
            return self._notice("too_quick", activity, context, seconds=seconds)
        return lambda: (self._answer if spoken else self._edited)(activity, context)

    def _notice(
        self,
        name: str,
        activity: Activity,
        context: TeamsContext,
        *,
        again: bool = False,
        **gaps: object,
    ) -> Callable[[], Awaitable[None]] | None:
        """Return the work of sending a notice; None if it was just sent, unless `again`."""
        just = self._notices.take(f"{name} {context.conversation(activity)}", time.monotonic())
        if just and not again:
            return None
        wording = context.services.wording
        body = [parts.text(wording.say(name, **gaps))]
        if name == "teams_private":
            link = f"https://teams.microsoft.com/l/chat/0/0?users={quote(activity.recipient.id)}"
            title = wording.say("teams_private_button")
            body.append(parts.actions({"type": "Action.OpenUrl", "title": title, "url": link}))
        said = cards.card_activity(parts.card(body, wording.say(name, **gaps)), wording)

        async def send() -> None:
            await context.connector.send(_place(activity), said)

        return send

    async def _elsewhere(self, activity: Activity, context: TeamsContext) -> None:
        """Say where the guide helps: every time that somebody writes of danger."""
        danger = await _in_danger(activity, context)
        notice = self._notice("teams_private", activity, context, again=danger)
        if notice is not None:
            await notice()

    async def _edited(self, activity: Activity, context: TeamsContext) -> None:
        """Answer a change that tells of danger; of any other, say that it does not count."""
        if await _in_danger(activity, context):
            await self._answer(activity, context)
            return
        notice = self._notice("edited", activity, context)
        if notice is not None:
            await notice()

    async def _welcome(self, activity: Activity, context: TeamsContext) -> None:
        """Welcome whoever installed the guide, once, though Teams may report it in two ways."""
        conversation = context.conversation(activity)
        if not (
            await in_thread(lambda: _is_new(context, conversation))
            and await in_thread(
                partial(is_first_delivery, context.once, NAME, "welcome", conversation)
            )
        ):
            return
        said = await turn.open_conversation(context.services, conversation, NAME)
        await self._send(activity, context, _with_copies(said, context))

    async def _answer(self, activity: Activity, context: TeamsContext) -> None:
        conversation = context.conversation(activity)
        heard = incoming.read_teams_message(activity)
        words, notices = await enclosed.words_and_notices(context.services, heard)
        if notices and not words:
            await _send(context, activity, notices)
            return
        new = await in_thread(lambda: _is_new(context, conversation))
        taking = turn.say(context.services, conversation, words, NAME, f"{NAME} {activity.tenant}")
        said = await _at_work(context, activity, taking)
        # The words may tell of danger, so they are answered first.
        shown = _with_copies(said, context) if new else said
        if context.services.wording.is_safety(said):
            # The question is still open.
            await _send(context, activity, [*shown, *notices])
        else:
            await self._send(activity, context, [*shown, *notices], words)

    async def _send(
        self, activity: Activity, context: TeamsContext, said: Sequence[Message], words: str = ""
    ) -> None:
        """Send a turn, and close the question before it if it was answered or another is asked.

        What is `words` was typed or pressed. Raises NotSent.
        """
        conversation = context.conversation(activity)
        asked = await _send(context, activity, said)
        before = self._questions.get(conversation)
        chosen = before.chosen_title(words) if before else ""
        if not (asked or chosen):
            return
        self._questions.close(conversation)
        if asked:
            self._questions.open(conversation, asked, said)
        for sent, card in before.posted if before else ():
            changed = cards.closed(card, chosen, context.services.wording)
            try:
                await context.connector.update(_place(activity), sent, changed)
            except NotSent as failed:
                log.warning("A question that is done could not be closed (%s).", failed)


async def _in_danger(activity: Activity, context: TeamsContext) -> bool:
    heard = incoming.read_teams_message(activity)
    words = f"{heard.text}\n\n{heard.passed_on or ''}"
    return await enclosed.in_danger(context.services, words)


def _with_copies(said: Sequence[Message], context: TeamsContext) -> list[Message]:
    """Add to a welcome that Microsoft keeps a copy of the chat, but never to a card."""
    if not said or said[0].card:
        return list(said)
    text = f"{said[0].text}\n\n{context.services.wording.say('teams_copies')}"
    return [msgspec.structs.replace(said[0], text=text), *said[1:]]


async def _send(context: TeamsContext, activity: Activity, said: Sequence[Message]) -> Asked:
    """Send the messages, in order; return the cards that ask, by Teams' ids. Raises NotSent."""
    conversation, place = context.conversation(activity), _place(activity)
    links, address = context.request.app.ctx.links, context.settings.public_address
    linked = [
        one.with_file_addresses(lambda url: address + links.issue(conversation, url))
        for one in said
    ]
    asked: Asked = []
    for one in cards.activities(linked, context.services.wording):
        sent = await context.connector.send(place, one)
        if sent and cards.has_question(one):
            asked.append((sent, one))
    return asked


def _is_new(context: TeamsContext, conversation: str) -> bool:
    try:
        return not context.services.store.conversation(conversation)
    except StoreUnavailable:
        # The turn will fail in the same way and say so.
        return False


async def _at_work(
    context: TeamsContext, activity: Activity, taking: Coroutine[Any, Any, list[Message]]
) -> list[Message]:
    """Take a turn, and show that the guide is at work if it takes longer than usual."""
    task = asyncio.create_task(taking)
    typing: asyncio.Task[None] | None = None
    try:
        done, _ = await asyncio.wait({task}, timeout=USUAL_SECONDS)
        if not done:
            typing = asyncio.create_task(_typing(context, activity))
        return await task
    finally:
        task.cancel()
        if typing is not None:
            typing.cancel()


async def _typing(context: TeamsContext, activity: Activity) -> None:
    """Show that the guide is at work. Nothing is lost if that fails."""
    try:
        await context.connector.send(_place(activity), {"type": "typing"}, tries=1)
    except NotSent as failed:
        log.warning("That the guide is at work could not be shown (%s).", failed)


def _place(activity: Activity) -> ChatAddress:
    return ChatAddress(
        activity.service_url, activity.conversation.id, activity.recipient.id, activity.sender.id
    )
