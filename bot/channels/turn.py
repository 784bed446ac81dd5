"""One turn: what a person wrote goes in, what the guide says comes out, never silence.

Every channel takes its turns here. The order matters: too long or empty is answered
without being kept; a choice is recognised; the rest is masked; only then does Rasa see it.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, Event, UserUttered

from bot.channels import choices, guard
from bot.channels.messages import Button, Message, NeutralOutput, from_rasa
from bot.channels.wording import Wording
from bot.privacy.net import RememberingMasker
from bot.privacy.tracker_store import GuideTrackerStore, StoreUnavailable, said_last

log = logging.getLogger(__name__)

OPENING = "greet"


@dataclass(frozen=True)
class Desk:
    """What a turn needs. `seconds` is how long one may take, its wait for others included."""

    agent: Agent
    store: GuideTrackerStore
    mask: RememberingMasker
    wording: Wording
    seconds: float = 10.0
    longest: int = guard.LONGEST_TEXT


async def open_conversation(desk: Desk, conversation: str, channel: str) -> list[Message]:
    """Begin: the welcome."""
    message = UserMessage(
        "",
        NeutralOutput(),
        conversation,
        parse_data=choices.meant(OPENING),
        input_channel=channel,
    )
    return await _within_time(desk, conversation, lambda _events: message)


async def say(desk: Desk, conversation: str, text: str, channel: str) -> list[Message]:
    """Answer what a person typed or pressed."""
    if len(text) > desk.longest:
        return [desk.wording.message("utter_too_long", limit=f"{desk.longest:,}")]
    words = guard.plain(text)
    if not words:
        return [desk.wording.message("utter_nothing_typed")]

    def understood(events: list[Event]) -> UserMessage:
        return _user_message(desk, conversation, words, channel, events)

    return await _within_time(desk, conversation, understood)


def history(desk: Desk, conversation: str) -> list[tuple[str, Message]]:
    """What was said so far, each with who said it: "person" or "guide"."""
    said: list[tuple[str, Message]] = []
    for event in desk.store.conversation(conversation):
        if isinstance(event, UserUttered) and event.text:
            said.append(("person", Message(event.text)))
        if isinstance(event, BotUttered):
            message = from_rasa(event.message())
            if message is not None:
                said.append(("guide", message))
    return said


async def _within_time(
    desk: Desk, conversation: str, make: Callable[[list[Event]], UserMessage]
) -> list[Message]:
    try:
        return await asyncio.wait_for(_turn(desk, conversation, make), desk.seconds)
    except StoreUnavailable:
        log.exception("The store failed; nothing of the turn was kept.")
        return desk.wording.safety(stored=False)
    except asyncio.TimeoutError:
        log.exception("A turn took longer than %g seconds.", desk.seconds)
    except Exception:
        # Whatever it is, the person must not be left without an answer (safety rule 7).
        log.exception("A turn failed.")
    return desk.wording.safety()


async def _turn(
    desk: Desk, conversation: str, make: Callable[[list[Event]], UserMessage]
) -> list[Message]:
    processor = desk.agent.processor
    if processor is None:
        raise RuntimeError("There is no model.")
    async with desk.agent.lock_store.lock(conversation):
        events = desk.store.conversation(conversation)
        message = make(events)
        await processor.handle_message(message)
    output = message.output_channel
    said = output.messages if isinstance(output, NeutralOutput) else []
    left_out = (message.metadata or {}).get("masked", ())
    if left_out:
        told = _kinds_told(events)
        left_out = [kind for kind in left_out if kind not in told]
    return [Message(desk.wording.masked(left_out)), *said] if left_out else said


def _user_message(
    desk: Desk, conversation: str, words: str, channel: str, events: list[Event]
) -> UserMessage:
    button = choices.chosen(words, list(_buttons(said_last(events))), _all(events))
    meaning = choices.parse_data(button) if button else None
    if button and meaning:
        desk.mask.trust(button.title)
        return UserMessage(
            button.title,
            NeutralOutput(),
            conversation,
            parse_data=meaning,
            input_channel=channel,
            metadata={"choice": button.payload},
        )
    masked = desk.mask(words)
    # Masking could leave a slash at the start that was not there before.
    text = guard.no_command(masked.text)
    desk.mask.trust(text)
    return UserMessage(
        text,
        NeutralOutput(),
        conversation,
        input_channel=channel,
        metadata={"masked": list(dict.fromkeys(masked.kinds))} if masked.kinds else None,
    )


def _kinds_told(events: Sequence[Event]) -> set[str]:
    return {
        kind
        for event in events
        if isinstance(event, UserUttered)
        for kind in event.metadata.get("masked", ())
    }


def _all(events: Sequence[Event]) -> Iterator[Button]:
    said = [event for event in reversed(events) if isinstance(event, BotUttered)]
    yield from _buttons(said)
    for event in said:
        message = from_rasa(event.message())
        yield from message.changes() if message else ()


def _buttons(said: Iterable[BotUttered]) -> Iterator[Button]:
    for event in said:
        message = from_rasa(event.message())
        if message:
            yield from message.buttons
