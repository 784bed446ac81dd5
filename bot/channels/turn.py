"""Take one turn: a person's message goes in, the guide's answer comes out, never silence.

Every channel takes its turns here. The order matters. Text that is too long or empty is answered
and not stored; a choice is recognised; case codes are taken out; a message in another language is
answered and not stored; the rest is masked; only then does Rasa see it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered, Event, UserUttered

from bot.channels import choices, guard, idempotency
from bot.channels.cases import CaseService, perform, with_case
from bot.channels.messages import Button, Message, NeutralOutput, from_rasa
from bot.channels.wording import Wording
from bot.clock import today
from bot.core.vocabulary import URGENT_ROUTES
from bot.figures.log import FigureLog
from bot.privacy.cases.codes import redact_codes
from bot.privacy.retention import delete_conversation
from bot.privacy.store.database import StoreUnavailable, raising_store_unavailable
from bot.privacy.store.store_masking import RememberingMasker
from bot.privacy.store.threads import in_thread
from bot.privacy.store.tracker_store import GuideTrackerStore, last_bot_messages
from bot.understanding.languages import LANGUAGE_PLACEHOLDER, other_language

log = logging.getLogger(__name__)

OPENING = "greet"


@dataclass(frozen=True)
class Services:
    """What a turn needs. It may take `seconds`, including its wait for other turns.

    Without `figures` nothing is logged for the figures.
    """

    agent: Agent
    store: GuideTrackerStore
    mask: RememberingMasker
    wording: Wording
    cases: CaseService
    figures: FigureLog | None = None
    seconds: float = 10.0
    longest: int = guard.LONGEST_TEXT


async def open_conversation(
    services: Services, conversation: str, channel: str, partnership: str | None = None
) -> list[Message]:
    """Begin a conversation with the welcome. `partnership` is the one the page is set up for."""

    async def opening(_events: list[Event], _processor: MessageProcessor) -> UserMessage:
        return _opening(conversation, channel, partnership)

    return await _within_time(services, _turn(services, conversation, opening))


async def say(  # noqa: PLR0913 - three of them may be left out
    services: Services,
    conversation: str,
    text: str,
    channel: str,
    address: str = "",
    message_id: str = "",
    *,
    title: str = "",
) -> list[Message]:
    """Answer what a person typed or pressed. `address` is where it came from, if known.

    A message whose `message_id` was answered before gets the same answer again
    (bot/channels/idempotency.py).

    `title` is the text of the pressed button. It is taken as typed text if the button belongs to a
    conversation that was deleted here but is still visible in the channel.
    """
    if len(text) > services.longest:
        return [services.wording.message("too_long", limit=f"{services.longest:,}")]
    words = guard.clean_input(text)
    if not words:
        return [services.wording.message("nothing_typed")]

    async def understood(events: list[Event], processor: MessageProcessor) -> UserMessage:
        button = choices.find_chosen_button(
            words, list(_buttons(last_bot_messages(events))), _all_buttons(events)
        )
        meaning = choices.parse_data(button) if button else None
        if button and meaning:
            return _pressed(services, conversation, button, meaning, channel)
        rest, codes = redact_codes(guard.clean_input(title) or words)
        message = _typed(services, conversation, rest, channel)
        if not codes:
            return message
        looked_up = await in_thread(lambda: services.cases.look_up(codes, conversation, address))
        return await with_case(message, looked_up, processor)

    begin = _opening(conversation, channel)
    message_digest = idempotency.digest(message_id) if message_id else ""
    return await _within_time(
        services, _turn(services, conversation, understood, begin, message_digest)
    )


async def delete(services: Services, conversation: str, *, cases: bool) -> None:
    """Delete a conversation, with `cases` its cases too, once its current turn has ended.

    Raises StoreUnavailable or asyncio.TimeoutError if it could not be deleted.
    """

    def deleted() -> None:
        with raising_store_unavailable():
            engine, figures = services.cases.store.engine, services.figures
            told = figures.count_endings if figures else None
            services.store.drop(
                delete_conversation(engine, conversation, cases=cases, on_deleted=told)
            )

    async def deleting() -> None:
        async with services.agent.lock_store.lock(conversation):
            await in_thread(deleted)

    await asyncio.wait_for(deleting(), services.seconds)


def history(services: Services, conversation: str) -> list[tuple[str, Message]]:
    """The messages so far, each with its speaker: "person" or "guide"."""
    said: list[tuple[str, Message]] = []
    for event in services.store.conversation(conversation):
        if isinstance(event, UserUttered) and event.text:
            said.append(("person", Message(event.text)))
        if isinstance(event, BotUttered):
            message = from_rasa(event.message())
            if message is not None:
                said.append(("guide", message))
    return said


MessageMaker = Callable[[list[Event], MessageProcessor], Awaitable[UserMessage]]
"""Makes a turn's message from the conversation so far."""


async def _within_time(services: Services, turn: Awaitable[list[Message]]) -> list[Message]:
    try:
        return await asyncio.wait_for(turn, services.seconds)
    except StoreUnavailable:
        log.exception("The store failed; nothing of the turn was kept.")
        return services.wording.safety(stored=False)
    except asyncio.TimeoutError:
        log.exception("A turn took longer than %g seconds.", services.seconds)
    except Exception:
        # Whatever failed, the person must get an answer (safety rule 7).
        log.exception("A turn failed.")
    return services.wording.safety()


async def _turn(
    services: Services,
    conversation: str,
    make: MessageMaker,
    begin: UserMessage | None = None,
    message_digest: str = "",
) -> list[Message]:
    """Take one turn. With `begin`, a conversation that is new or deleted is welcomed first.

    `message_digest` is the digest of the message's id, or "".
    """
    processor = services.agent.processor
    if processor is None:
        raise RuntimeError("There is no model.")
    channel = (begin.input_channel if begin else None) or ""
    async with services.agent.lock_store.lock(conversation):
        events = services.store.conversation(conversation)
        answered = (
            idempotency.find_stored_answer(events, message_digest, services.wording)
            if message_digest
            else None
        )
        if answered:
            output, store = answered.output, services.cases.store
            said = await perform(
                output, conversation, store, services.store, services.wording, services.figures
            )
            return _with_masking_notice(services, answered.before, answered.masked, said, channel)
        welcome = []
        if begin is not None and not events:
            await processor.handle_message(begin)
            welcome = _output(begin).messages
            events = services.store.conversation(conversation)
        message = await make(events, processor)
        if welcome and await _only_greets(message, processor):
            return welcome
        # The question after the welcome is asked again after the message if it is still open.
        welcome = welcome[:1]
        if message_digest:
            message.metadata = {**(message.metadata or {}), idempotency.KEY: message_digest}
        await processor.handle_message(message)
        output, store = _output(message), services.cases.store
        said = await perform(
            output, conversation, store, services.store, services.wording, services.figures
        )
        said = said if any(map(_is_urgent, said)) else welcome + said
    left_out = (message.metadata or {}).get("masked", ())
    return _with_masking_notice(services, events, left_out, said, channel)


def _with_masking_notice(
    services: Services,
    before: Sequence[Event],
    left_out: Sequence[str],
    said: list[Message],
    channel: str,
) -> list[Message]:
    """The answer, with a notice of the kinds of thing that were masked for the first time.

    The notice comes first, but never before danger.
    """
    if left_out:
        told = _kinds_announced(before)
        left_out = [kind for kind in left_out if kind not in told]
    if not left_out:
        return said
    notice = Message(services.wording.masked(left_out, channel))
    return [*said, notice] if any(map(_is_urgent, said)) else [notice, *said]


async def _only_greets(message: UserMessage, processor: MessageProcessor) -> bool:
    if not message.parse_data:
        message.parse_data = await processor.parse_message(message)
    return bool((message.parse_data.get("intent") or {}).get("name") == OPENING)


def _opening(conversation: str, channel: str, partnership: str | None = None) -> UserMessage:
    meaning = choices.certain_intent(OPENING)
    if partnership:
        meaning["begins_with"] = {"partnership": partnership}
    return UserMessage("", NeutralOutput(), conversation, parse_data=meaning, input_channel=channel)


def _output(message: UserMessage) -> NeutralOutput:
    output = message.output_channel
    return output if isinstance(output, NeutralOutput) else NeutralOutput()


def _pressed(
    services: Services, conversation: str, button: Button, meaning: dict[str, Any], channel: str
) -> UserMessage:
    services.mask.mark_clean(button.title)
    return UserMessage(
        button.title,
        NeutralOutput(),
        conversation,
        parse_data=meaning,
        input_channel=channel,
        metadata={"choice": button.payload},
    )


def _typed(services: Services, conversation: str, words: str, channel: str) -> UserMessage:
    language = other_language(words, today())
    if language:
        services.mask.mark_clean(LANGUAGE_PLACEHOLDER)
        meaning = choices.other_language_intent(language, LANGUAGE_PLACEHOLDER)
        output = NeutralOutput()
        return UserMessage(
            LANGUAGE_PLACEHOLDER, output, conversation, parse_data=meaning, input_channel=channel
        )
    masked = services.mask(words)
    # Masking could leave a slash at the start that was not there before.
    text = guard.without_command_slash(masked.text)
    services.mask.mark_clean(text)
    return UserMessage(
        text,
        NeutralOutput(),
        conversation,
        input_channel=channel,
        metadata={"masked": list(dict.fromkeys(masked.kinds))} if masked.kinds else None,
    )


def _is_urgent(message: Message) -> bool:
    """Say whether it is a card that nothing is said before."""
    return (message.card or {}).get("kind") in URGENT_ROUTES


def _kinds_announced(events: Sequence[Event]) -> set[str]:
    return {
        kind
        for event in events
        if isinstance(event, UserUttered)
        for kind in event.metadata.get("masked", ())
    }


def _all_buttons(events: Sequence[Event]) -> Iterator[Button]:
    said = [event for event in reversed(events) if isinstance(event, BotUttered)]
    yield from _buttons(said)
    for event in said:
        message = from_rasa(event.message())
        yield from message.change_buttons() if message else ()


def _buttons(said: Iterable[BotUttered]) -> Iterator[Button]:
    for event in said:
        message = from_rasa(event.message())
        if message:
            yield from message.buttons
