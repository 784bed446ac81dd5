"""Make the message that Rasa gets, of what a person typed or pressed."""

from collections.abc import Coroutine, Iterable, Iterator, Sequence
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered, Event

from bot.channels import choices, guard
from bot.channels.messages import Button, NeutralOutput, from_rasa
from bot.clock import today
from bot.privacy.store.events import last_bot_messages
from bot.privacy.store.store_masking import RememberingMasker
from bot.understanding.languages import LANGUAGE_PLACEHOLDER, other_language
from bot.understanding.words.text import one_message

OPENING = "greet"


def opening(conversation: str, channel: str, partnership: str | None = None) -> UserMessage:
    """Return the message that asks for the welcome."""
    meaning = choices.certain_intent(OPENING)
    if partnership:
        meaning["begins_with"] = {"partnership": partnership}
    return UserMessage("", NeutralOutput(), conversation, parse_data=meaning, input_channel=channel)


def pressed(
    mask: RememberingMasker, conversation: str, words: str, events: Sequence[Event], channel: str
) -> UserMessage | None:
    """Return the message of the button that the words stand for; None if they are for none."""
    last = last_bot_messages(list(events))
    button = choices.find_chosen_button(
        words, list(_buttons(last)), _all_buttons(events), _change_buttons(last)
    )
    meaning = choices.parse_data(button) if button else None
    if button is None or meaning is None:
        return None
    mask.mark_clean(button.title)
    return UserMessage(
        button.title,
        NeutralOutput(),
        conversation,
        parse_data=meaning,
        input_channel=channel,
        metadata={"choice": button.payload},
    )


@one_message()
def typed(
    mask: RememberingMasker,
    conversation: str,
    words: str,
    channel: str,
    processor: MessageProcessor,
) -> UserMessage:
    """Mask and understand what was typed. Runs in a thread."""
    language = other_language(words, today())
    if language:
        mask.mark_clean(LANGUAGE_PLACEHOLDER)
        meaning = choices.other_language_intent(language, LANGUAGE_PLACEHOLDER)
        output = NeutralOutput()
        return UserMessage(
            LANGUAGE_PLACEHOLDER, output, conversation, parse_data=meaning, input_channel=channel
        )
    masked = mask(words)
    # Masking could leave a slash at the start that was not there before.
    text = guard.without_command_slash(masked.text)
    mask.mark_clean(text)
    message = UserMessage(
        text,
        NeutralOutput(),
        conversation,
        input_channel=channel,
        metadata={"masked": list(dict.fromkeys(masked.kinds))} if masked.kinds else None,
    )
    message.parse_data = _result_of(processor.parse_message(message))
    return message


def _result_of(understanding: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any]:
    """The result of Rasa's coroutine, which waits for nothing since the model is in the process."""
    try:
        understanding.send(None)
    except StopIteration as done:
        return dict(done.value)
    raise RuntimeError("Understanding waits for something.")


def _all_buttons(events: Sequence[Event]) -> Iterator[Button]:
    said = [event for event in reversed(events) if isinstance(event, BotUttered)]
    yield from _buttons(said)
    yield from _change_buttons(said)


def _change_buttons(said: Iterable[BotUttered]) -> Iterator[Button]:
    for event in said:
        message = from_rasa(event.message())
        yield from message.change_buttons() if message else ()


def _buttons(said: Iterable[BotUttered]) -> Iterator[Button]:
    for event in said:
        message = from_rasa(event.message())
        if message:
            yield from message.buttons
