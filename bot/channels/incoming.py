"""Make the message that Rasa gets, of what a person typed or pressed."""

from collections.abc import Coroutine, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered, Event, UserUttered

from bot.channels import choices, guard
from bot.channels.messages import Button, NeutralOutput, from_rasa
from bot.clock import today
from bot.privacy.store.events import last_bot_messages
from bot.privacy.store.store_masking import Masker, RememberingMasker
from bot.understanding.first_look import tells_of_danger
from bot.understanding.languages import LANGUAGE_PLACEHOLDER, other_language
from bot.understanding.several import tells_of_several
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
    if button and choices.may_be_a_child(words, button) and _told_of_several(events):
        # "The first" is then a child, and says nothing of the danger (safety rule 8).
        return None
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


@dataclass(frozen=True)
class Understood:
    """What a reader makes of a text: what may be stored, its meaning, the kinds of thing masked."""

    text: str
    meaning: dict[str, Any]
    kinds: tuple[str, ...] = ()


@one_message()
def understand(words: str, mask: Masker, processor: MessageProcessor) -> Understood:
    """Mask and understand what was typed."""
    language = other_language(words, today())
    if language:
        meaning = choices.other_language_intent(language, LANGUAGE_PLACEHOLDER)
        return Understood(LANGUAGE_PLACEHOLDER, meaning)
    masked = mask(words)
    # Masking could leave a slash at the start that was not there before.
    text = guard.without_command_slash(masked.text)
    meaning = _result_of(processor.parse_message(UserMessage(text)))
    return Understood(text, meaning, tuple(dict.fromkeys(masked.kinds)))


def first_look(words: str) -> bool:
    """Say whether words tell of danger, by what is quickly known."""
    return tells_of_danger(words, today())


def typed(
    mask: RememberingMasker, conversation: str, read: Understood, channel: str
) -> UserMessage:
    """Return the message of a text that was understood."""
    mask.mark_clean(read.text)
    return UserMessage(
        read.text,
        NeutralOutput(),
        conversation,
        parse_data=read.meaning,
        input_channel=channel,
        metadata={"masked": list(read.kinds)} if read.kinds else None,
    )


def _told_of_several(events: Sequence[Event]) -> bool:
    """Say whether the person has told of more than one child or dispute."""
    return any(
        isinstance(event, UserUttered) and bool(event.text) and tells_of_several(str(event.text))
        for event in events
    )


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
