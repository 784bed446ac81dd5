"""What the guide does about each thing that a person does in Slack: turns taken, answers sent."""

import logging
from collections.abc import Sequence
from typing import Any

import msgspec

from bot.channels import turn
from bot.channels.deliveries import Deliveries
from bot.channels.messages import Message
from bot.channels.outbound import NotSent
from bot.channels.slack import blocks
from bot.channels.slack.api import SlackApi, SlackRefused
from bot.channels.slack.mrkdwn import mrkdwn
from bot.channels.slack.questions import Posted, Questions
from bot.channels.slack.requests import (
    ChatOpened,
    Elsewhere,
    HomeOpened,
    Pressed,
    PrivateChat,
    SlackRequest,
    TypedText,
)
from bot.channels.slack.settings import SlackSettings
from bot.documents.downloads import Links
from bot.privacy.store.database import StoreUnavailable

log = logging.getLogger(__name__)

CHANNEL = "slack"


class Memory(msgspec.Struct, frozen=True):
    """What is kept between turns: options that were pressed, and the questions that are open."""

    chosen: Deliveries
    questions: Questions


class Replies:
    """Answers one person in one conversation. `context` is what the server holds for channels."""

    def __init__(
        self,
        context: Any,
        conversation: str,
        settings: SlackSettings,
        days: float,
        memory: Memory,
    ) -> None:
        self._services: turn.Services = context.services
        self._links: Links = context.links
        self._conversation = conversation
        self._public = settings.public_address
        self._days = days
        self._memory = memory
        self._api = SlackApi(settings.bot_token, context.sender, settings.api)

    async def answer(self, asked: SlackRequest, *, known: bool = True) -> None:
        """Do what is to be done about it; only a line for who is of another workspace."""
        what = asked.what
        if not known:
            await self._other_workspace(asked)
        elif isinstance(what, TypedText):
            await self._typed(asked, what)
        elif isinstance(what, Pressed):
            await self._pressed(asked, what)
        elif isinstance(what, PrivateChat):
            await self._private_chat(asked, what)
        elif isinstance(what, Elsewhere):
            await self._elsewhere(asked)
        elif isinstance(what, HomeOpened):
            await self._home(asked)
        else:
            await self._chat_opened(asked)

    async def too_quick(self, asked: SlackRequest, seconds: int) -> None:
        """Say that it was too much at once."""
        await self._say(asked, [self._services.wording.message("too_quick", seconds=seconds)])

    async def failed(self, asked: SlackRequest) -> None:
        """Say the standing safety message, by whatever way is left."""
        what = asked.what
        if isinstance(what, HomeOpened):
            # Nobody asked anything.
            return
        try:
            await self._say(asked, self._services.wording.safety())
        except (NotSent, SlackRefused):
            # It needs no token of the app's, which may be what is wrong.
            address = what.response_url if isinstance(what, PrivateChat | Pressed) else ""
            text = "\n\n".join(one.text for one in self._services.wording.safety())
            if not await self._api.respond(address, mrkdwn(text)):
                raise

    async def _typed(self, asked: SlackRequest, what: TypedText) -> None:
        unread = [self._services.wording.message("slack_no_files")] if what.files else []
        if unread and not what.text:
            await self._say(asked, unread)
            return
        said = await self._take(asked, what.text)
        # Beside a file there may be words of danger, and those are answered first.
        await self._answer(asked, [*said, *unread], what.text)

    async def _pressed(self, asked: SlackRequest, what: Pressed) -> None:
        payload, title = blocks.payload_of(what.pressed), blocks.title_of(what.pressed)
        ts = str(what.message.get("ts") or "")
        press = (self._conversation, ts, payload)
        if payload.startswith("answer:") and not self._memory.chosen.take(*press):
            # Pressed twice before the options were gone.
            return
        well = False
        try:
            said = await self._take(asked, payload, title)
            await self._answer(asked, said, pressed=ts)
            well = not self._failed(said)
        finally:
            if not well:
                self._memory.chosen.give_back(*press)
        changed = blocks.after_choice(
            what.message.get("blocks") or [], what.pressed, self._services.wording
        )
        if well and ts and changed is not None:
            await self._update(asked.channel, ts, str(what.message.get("text") or ""), changed)

    async def _answer(
        self, asked: SlackRequest, said: list[Message], typed: str = "", pressed: str = ""
    ) -> None:
        """Post a turn. The options of the question before it go, unless the turn failed.

        They give way to what was `typed` where that is one of them. Those of the message that was
        `pressed` are seen to by the press.
        """
        posted = await self._say(asked, said)
        questions = self._memory.questions
        before = questions.get(self._conversation)
        chosen = before.answered(typed) if before and typed else ""
        asks = any(blocks.asks(post) for _, post in posted.posts)
        if self._failed(said) or not (asks or chosen):
            return
        questions.close(self._conversation)
        if asks:
            questions.open(self._conversation, posted, said)
        if before is None:
            return
        for ts, post in before.posted.posts:
            if ts != pressed:
                changed = blocks.without_options(post.blocks, chosen, self._services.wording)
                await self._update(before.posted.channel, ts, post.text, changed)

    async def _update(self, channel: str, ts: str, text: str, changed: list[blocks.Block]) -> None:
        """Change a message. The answer is there without it."""
        try:
            await self._api.update(channel, ts, text, changed)
        except (NotSent, SlackRefused):
            log.warning("What was chosen could not be shown.")

    async def _private_chat(self, asked: SlackRequest, what: PrivateChat) -> None:
        await self._answer(asked, await self._take(asked, what.text or None))
        if not what.by_button:
            # The command's acknowledgement has said it.
            return
        line = mrkdwn(self._services.wording.say("slack_written"))
        try:
            await self._api.respond(what.response_url, line, replace=True)
        except NotSent:
            log.warning("That a private chat was opened could not be said where it was asked for.")

    async def _elsewhere(self, asked: SlackRequest) -> None:
        offer = blocks.private_chat_offer(self._services.wording)
        user = asked.person.user
        try:
            await self._api.ephemeral(asked.channel, user, offer, asked.thread)
        except SlackRefused:
            # The guide is no member there: the line goes to the person by direct message.
            await self._api.post(await self._api.open_chat(user), offer)

    async def _home(self, asked: SlackRequest) -> None:
        await self._api.publish(asked.person.user, blocks.home(self._services.wording, self._days))

    async def _chat_opened(self, asked: SlackRequest) -> None:
        """Welcome who opens the chat for the first time."""
        if self._is_new():
            await self._answer(asked, await self._take(asked, None))

    async def _other_workspace(self, asked: SlackRequest) -> None:
        """Say where it was asked that the guide is not for the person's organisation."""
        line = "slack_other_workspace"
        if isinstance(asked.what, TypedText | Pressed):
            await self._say(asked, [self._services.wording.message(line)])
        if isinstance(asked.what, PrivateChat):
            text = mrkdwn(self._services.wording.say(line))
            await self._api.respond(asked.what.response_url, text, replace=True)
        if isinstance(asked.what, Elsewhere):
            post = blocks.line(self._services.wording.say(line))
            await self._api.ephemeral(asked.channel, asked.person.user, post, asked.thread)

    async def _take(self, asked: SlackRequest, text: str | None, title: str = "") -> list[Message]:
        """Take a turn: what was typed or pressed, or without either the welcome."""
        new = self._is_new()
        if text is not None:
            place = f"{CHANNEL} {asked.person.team}"
            said = await turn.say(
                self._services, self._conversation, text, CHANNEL, place, title=title
            )
        else:
            said = await turn.open_conversation(self._services, self._conversation, CHANNEL)
        begun = new and not self._is_new()
        if not begun or said[0].card or self._failed(said):
            return said
        # Said once, with the welcome and never before danger.
        first = f"{said[0].text}\n\n{self._services.wording.say('slack_copies')}"
        return [msgspec.structs.replace(said[0], text=first), *said[1:]]

    def _failed(self, said: list[Message]) -> bool:
        wording = self._services.wording
        return said in (wording.safety(), wording.safety(stored=False))

    def _is_new(self) -> bool:
        try:
            return not self._services.store.conversation(self._conversation)
        except StoreUnavailable:
            # The turn finds the same, and says so.
            return False

    async def _say(self, asked: SlackRequest, messages: Sequence[Message]) -> Posted:
        """Post what the guide says in the person's direct messages, one after the other."""
        here = isinstance(asked.what, TypedText | Pressed | ChatOpened) and asked.channel
        channel = here or await self._api.open_chat(asked.person.user)
        thread = asked.thread if here else ""
        linked = [one.linked(self._address) for one in messages]
        posts = blocks.posts(linked, self._services.wording)
        return Posted(channel, [(await self._api.post(channel, one, thread), one) for one in posts])

    def _address(self, url: str) -> str:
        """Return the address of a link to the file that a message offers at `url`."""
        return self._public + self._links.issue(self._conversation, url)
