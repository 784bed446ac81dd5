"""React to what people do in Slack: take turns and send the answers."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from bot.channels import enclosed, turn
from bot.channels.choices import is_answer
from bot.channels.deliveries import Deliveries
from bot.channels.messages import Message
from bot.channels.outbound import NotSent
from bot.channels.own_cases import OwnCases, own_cases
from bot.channels.questions import OpenQuestions
from bot.channels.slack import blocks
from bot.channels.slack.api import SlackApi, SlackRefused
from bot.channels.slack.mrkdwn import to_mrkdwn
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
from bot.offered import offered_policies
from bot.privacy.store.database import StoreUnavailable
from bot.privacy.store.threads import in_thread

log = logging.getLogger(__name__)

CHANNEL = "slack"


class Posted(msgspec.Struct, frozen=True):
    """The messages posted in a chat, each with Slack's id for it ("" if it has none)."""

    channel: str
    posts: list[tuple[str, blocks.Post]]

    @property
    def questions(self) -> "Posted":
        """Those of the messages that have the options of a question and can be changed."""
        asking = [(ts, post) for ts, post in self.posts if ts and blocks.has_question(post)]
        return Posted(self.channel, asking)


@dataclass(frozen=True)
class SlackMemory:
    """Kept between turns: options already pressed, and open questions."""

    chosen: Deliveries
    questions: OpenQuestions[Posted]


class Replies:
    """Answers a person in a conversation. `context` is the server's context for channels."""

    def __init__(
        self,
        context: Any,
        conversation: str,
        settings: SlackSettings,
        days: float,
        memory: SlackMemory,
    ) -> None:
        self._services: turn.Services = context.services
        self._links: Links = context.links
        self._conversation = conversation
        self._public = settings.public_address
        self._days = days
        self._memory = memory
        self._api = SlackApi(settings.bot_token, context.sender, settings.api)

    async def answer(self, asked: SlackRequest, *, known: bool = True) -> None:
        """Handle a request. People from other workspaces only get a notice."""
        act = asked.act
        if not known:
            await self._other_workspace(asked)
        elif isinstance(act, TypedText):
            await self._typed(asked, act)
        elif isinstance(act, Pressed):
            await self._pressed(asked, act)
        elif isinstance(act, PrivateChat):
            await self._private_chat(asked, act)
        elif isinstance(act, Elsewhere):
            await self._elsewhere(asked)
        elif isinstance(act, HomeOpened):
            await self._home(asked)
        else:
            await self._chat_opened(asked)

    async def say_too_quick(self, asked: SlackRequest, seconds: int) -> None:
        """Say that the person was too quick."""
        await self._say(asked, [self._services.wording.message("too_quick", seconds=seconds)])

    async def say_failed(self, asked: SlackRequest) -> None:
        """Send the standing safety message by any way that still works."""
        act = asked.act
        if isinstance(act, HomeOpened):
            # Nobody asked anything.
            return
        try:
            await self._say(asked, self._services.wording.safety())
        except (NotSent, SlackRefused):
            # This works without the app's token, which may be the cause.
            address = act.response_url if isinstance(act, PrivateChat | Pressed) else ""
            text = "\n\n".join(message.text for message in self._services.wording.safety())
            if not await self._api.respond(address, to_mrkdwn(text)):
                raise

    async def _typed(self, asked: SlackRequest, act: TypedText) -> None:
        """Answer what was typed. A change counts only if it tells of danger."""
        words, notices = await enclosed.words_and_notices(self._services, act.heard)
        if act.edited and not await enclosed.in_danger(self._services, words):
            words, notices = "", [self._services.wording.message("edited")]
        if notices and not words:
            await self._say(asked, notices)
            return
        said = await self._take(asked, words)
        # The words may tell of danger, so they are answered first.
        await self._answer(asked, [*said, *notices], words)

    async def _pressed(self, asked: SlackRequest, act: Pressed) -> None:
        payload, title = blocks.payload_of(act.pressed), blocks.title_of(act.pressed)
        ts = str(act.message.get("ts") or "")
        press = (self._conversation, ts, payload)
        if is_answer(payload) and not self._memory.chosen.take(*press):
            # It was pressed twice before the options were removed.
            return
        well = False
        try:
            said = await self._take(asked, payload, title)
            await self._answer(asked, said, pressed=ts)
            well = not self._services.wording.is_safety(said)
        finally:
            if not well:
                self._memory.chosen.give_back(*press)
        changed = blocks.after_choice(
            act.message.get("blocks") or [], act.pressed, self._services.wording
        )
        if well and ts and changed is not None:
            await self._update(asked.channel, ts, str(act.message.get("text") or ""), changed)

    async def _answer(
        self, asked: SlackRequest, said: list[Message], typed: str = "", pressed: str = ""
    ) -> None:
        """Post a turn and remove the options of the question before it, unless the turn failed.

        If one of them was `typed`, it takes their place. The press itself handles the options of
        the `pressed` message.
        """
        posted = await self._say(asked, said)
        questions = self._memory.questions
        before = questions.get(self._conversation)
        chosen = before.chosen_title(typed) if before and typed else ""
        asks = any(blocks.has_question(post) for _, post in posted.posts)
        if self._services.wording.is_safety(said) or not (asks or chosen):
            return
        questions.close(self._conversation)
        if asks:
            questions.open(self._conversation, posted.questions, said)
        if before is None:
            return
        for ts, post in before.posted.posts:
            if ts != pressed:
                changed = blocks.without_options(post.blocks, chosen, self._services.wording)
                await self._update(before.posted.channel, ts, post.text, changed)

    async def _update(self, channel: str, ts: str, text: str, changed: list[blocks.Block]) -> None:
        """Change a message. If that fails, the answer is there all the same."""
        try:
            await self._api.update(channel, ts, text, changed)
        except (NotSent, SlackRefused):
            log.warning("What was chosen could not be shown.")

    async def _private_chat(self, asked: SlackRequest, act: PrivateChat) -> None:
        said = await self._take(asked, act.text or None)
        offered = {button.title: button.payload for one in said for button in one.buttons}
        if act.option in offered:
            said = await self._take(asked, offered[act.option], act.option)
        await self._answer(asked, said)
        if not act.by_button:
            # The acknowledgement of the command has said so already.
            return
        line = to_mrkdwn(self._services.wording.say("slack_written"))
        try:
            await self._api.respond(act.response_url, line, replace=True)
        except NotSent:
            log.warning("That a private chat was opened could not be said where it was asked for.")

    async def _elsewhere(self, asked: SlackRequest) -> None:
        offer = blocks.private_chat_offer(self._services.wording)
        user = asked.person.user
        try:
            await self._api.ephemeral(asked.channel, user, offer, asked.thread)
        except SlackRefused:
            # The guide is not a member there, so it tells the person by direct message.
            await self._api.post(await self._api.open_chat(user), offer)

    async def _home(self, asked: SlackRequest) -> None:
        cases = await in_thread(self._own_cases)
        view = blocks.home_view(self._services.wording, self._days, cases)
        await self._api.publish(asked.person.user, view)

    async def _chat_opened(self, asked: SlackRequest) -> None:
        """Welcome a person who opens the chat for the first time."""
        if await in_thread(self._is_new):
            await self._answer(asked, await self._take(asked, None))

    async def _other_workspace(self, asked: SlackRequest) -> None:
        """Say, where the person asked, that the guide is not for their organisation."""
        line = "slack_other_workspace"
        if isinstance(asked.act, TypedText | Pressed):
            await self._say(asked, [self._services.wording.message(line)])
        if isinstance(asked.act, PrivateChat):
            text = to_mrkdwn(self._services.wording.say(line))
            await self._api.respond(asked.act.response_url, text, replace=True)
        if isinstance(asked.act, Elsewhere):
            post = blocks.line_post(self._services.wording.say(line))
            await self._api.ephemeral(asked.channel, asked.person.user, post, asked.thread)

    async def _take(self, asked: SlackRequest, text: str | None, title: str = "") -> list[Message]:
        """Take a turn for typed or pressed text; without text, give the welcome."""
        new = await in_thread(self._is_new)
        if text is not None:
            place = f"{CHANNEL} {asked.person.team}"
            said = await turn.say(
                self._services, self._conversation, text, CHANNEL, place, title=title
            )
        else:
            said = await turn.open_conversation(self._services, self._conversation, CHANNEL)
        begun = new and not await in_thread(self._is_new)
        if not begun or said[0].card or self._services.wording.is_safety(said):
            return said
        # Said once, with the welcome, and never before danger.
        first = f"{said[0].text}\n\n{self._services.wording.say('slack_copies')}"
        return [msgspec.structs.replace(said[0], text=first), *said[1:]]

    def _own_cases(self) -> OwnCases:
        try:
            events = self._services.store.conversation(self._conversation)
            return own_cases(events, offered_policies(), self._services.wording)
        except StoreUnavailable:
            return blocks.NO_CASES

    def _is_new(self) -> bool:
        try:
            return not self._services.store.conversation(self._conversation)
        except StoreUnavailable:
            # The turn will fail in the same way and say so.
            return False

    async def _say(self, asked: SlackRequest, messages: Sequence[Message]) -> Posted:
        """Post messages in the person's direct messages, in order."""
        here = isinstance(asked.act, TypedText | Pressed | ChatOpened) and asked.channel
        channel = here or await self._api.open_chat(asked.person.user)
        thread = asked.thread if here else ""
        linked = [message.with_file_addresses(self._address) for message in messages]
        posts = blocks.posts(linked, self._services.wording)
        sent = [(await self._api.post(channel, post, thread), post) for post in posts]
        return Posted(channel, sent)

    def _address(self, url: str) -> str:
        """Return the address of a single-use link to the file that a message offers at `url`."""
        return self._public + self._links.issue(self._conversation, url)
