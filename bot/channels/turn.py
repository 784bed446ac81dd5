"""Take one turn: a person's message goes in, the guide's answer comes out, never silence.

Every channel takes its turns here, each in its place in the line (bot/channels/line.py). The order
matters. Text that is too long or empty is answered and not stored; a choice is recognised; case
codes are taken out; a message in another language is answered and not stored; the rest is masked;
only then does Rasa see it. Its time counts from its arrival, the wait in the line included.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered

from bot.channels import guard, idempotency, incoming
from bot.channels.cases import CaseService, perform, with_case
from bot.channels.line import Busy, Line, Rank
from bot.channels.messages import Message, NeutralOutput, from_rasa
from bot.channels.practice import SLOT as PRACTICE
from bot.channels.practice import is_practice, marked
from bot.channels.readers import Readers, is_short
from bot.channels.wording import Wording
from bot.core.vocabulary import URGENT_RISKS, Risk
from bot.figures.log import FigureLog
from bot.privacy.cases.codes import redact_codes
from bot.privacy.retention import delete_conversation
from bot.privacy.store.database import StoreUnavailable, raising_store_unavailable
from bot.privacy.store.store_masking import RememberingMasker
from bot.privacy.store.threads import in_thread
from bot.privacy.store.tracker_store import GuideTrackerStore

log = logging.getLogger(__name__)

CALM = frozenset(f"answer:risk:{risk}" for risk in Risk if risk not in URGENT_RISKS)
"""The buttons of the question for the risk that tell of no danger now."""


@dataclass(frozen=True)
class Services:
    """What a turn needs. It may take `seconds` from its arrival.

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
    line: Line = field(default_factory=Line)
    readers: Readers = field(default_factory=Readers)

    def understand(self, words: str) -> incoming.Understood:
        """Mask and understand what was typed. This is a reader's work."""
        processor = self.agent.processor
        if processor is None:
            raise RuntimeError("There is no model.")
        return incoming.understand(words, self.mask, processor)


async def open_conversation(
    services: Services,
    conversation: str,
    channel: str,
    partnership: str | None = None,
    *,
    refuse: bool = False,
) -> list[Message]:
    """Begin a conversation with the welcome. `partnership` is the one the page is set up for.

    `refuse` as in `say`.
    """

    async def opening(_events: list[Event], _processor: MessageProcessor) -> UserMessage:
        return incoming.opening(conversation, channel, partnership)

    begin = partial(_turn, services, conversation, opening)
    return await _in_line(services, conversation, Rank.opening, begin, refuse=refuse)


async def say(  # noqa: PLR0913 - four of them may be left out
    services: Services,
    conversation: str,
    text: str,
    channel: str,
    address: str = "",
    message_id: str = "",
    *,
    title: str = "",
    refuse: bool = False,
) -> list[Message]:
    """Answer what a person typed or pressed. `address` is where it came from, if known.

    A message whose `message_id` was answered before, with the same text, gets the same answer again
    (bot/channels/idempotency.py).

    `title` is the text of the pressed button. It is taken as typed text if the button belongs to a
    conversation that was deleted here but is still visible in the channel.

    Where there is no place in the line, which nobody in danger is told, the answer says so, or with
    `refuse` Busy is raised, for a client that then waits by itself.
    """
    if len(text) > services.longest:
        danger = await _first_look(services, conversation, text)
        name = "too_long_in_danger" if danger else "too_long"
        return [services.wording.message(name, limit=f"{services.longest:,}")]
    words = guard.clean_input(text)
    if not words:
        return [services.wording.message("nothing_typed")]

    async def understood(events: list[Event], processor: MessageProcessor) -> UserMessage:
        chosen = incoming.pressed(services.mask, conversation, words, events, channel)
        if chosen:
            return chosen
        rest, codes = redact_codes(guard.clean_input(title) or words)
        read = await services.readers.run(services.understand, rest)
        message = incoming.typed(services.mask, conversation, read, channel)
        if not codes:
            return message
        looked_up = await in_thread(lambda: services.cases.look_up(codes, conversation, address))
        return await with_case(message, looked_up, processor)

    begin = incoming.opening(conversation, channel)
    message_digest = idempotency.digest(message_id, words) if message_id else ""
    taking = partial(_turn, services, conversation, understood, begin, message_digest)
    return await _in_line(services, conversation, Rank.usual, taking, words, refuse=refuse)


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
    practice = False
    for event in services.store.conversation(conversation):
        if isinstance(event, SlotSet):
            practice = is_practice([event]) if event.key == PRACTICE else practice
        if isinstance(event, UserUttered) and event.text:
            said.append(("person", Message(event.text)))
        if isinstance(event, BotUttered):
            message = from_rasa(event.message())
            if message is not None:
                shown = marked([message], services.wording) if practice else [message]
                said += [("guide", one) for one in shown]
    return said


MessageMaker = Callable[[list[Event], MessageProcessor], Awaitable[UserMessage]]
"""Makes a turn's message from the conversation so far."""


async def _in_line(
    services: Services,
    conversation: str,
    rank: Rank,
    turn: Callable[[], Awaitable[list[Message]]],
    words: str = "",
    *,
    refuse: bool,
) -> list[Message]:
    """Take a turn once it has a place in the line. Its time has begun."""
    line = services.line
    ticket = line.enter(conversation, rank, long=not is_short(words))

    async def in_place() -> list[Message]:
        if not ticket.begins.is_set() and await _first_look(services, conversation, words):
            line.move_up(ticket, Rank.in_danger if is_short(words) else Rank.in_danger_and_long)
        await line.wait(ticket)
        return await turn()

    try:
        said = await _within_time(services, in_place())
    except Busy as busy:
        if refuse:
            raise
        return [services.wording.message(busy.response, **busy.gaps)]
    finally:
        line.leave(ticket)
    line.remember(
        conversation,
        danger=any(message.urgent for message in said),
        calm_answers=_calm_answers(said),
    )
    return said


async def _first_look(services: Services, conversation: str, words: str) -> bool:
    """Say whether a message may be from somebody in danger, from what is quickly known."""
    if services.line.may_be_in_danger(conversation, words):
        return True
    return bool(words) and await services.readers.run(incoming.first_look, words)


async def _within_time(services: Services, turn: Awaitable[list[Message]]) -> list[Message]:
    try:
        return await asyncio.wait_for(turn, services.seconds)
    except Busy:
        raise
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
            said = await _performed(services, conversation, answered.output)
            return _with_masking_notice(services, answered.before, answered.masked, said, channel)
        welcome = []
        if begin is not None and not events:
            await processor.handle_message(begin)
            welcome = _output(begin).messages
            events = services.store.conversation(conversation)
        message = await make(events, processor)
        if welcome and _only_greets(message):
            return welcome
        # The question after the welcome is asked again after the message if it is still open.
        welcome = welcome[:1]
        if message_digest:
            message.metadata = {**(message.metadata or {}), idempotency.KEY: message_digest}
        await processor.handle_message(message)
        said = await _performed(services, conversation, _output(message))
        said = said if any(message.urgent for message in said) else welcome + said
    left_out = (message.metadata or {}).get("masked", ())
    return _with_masking_notice(services, events, left_out, said, channel)


async def _performed(services: Services, conversation: str, output: NeutralOutput) -> list[Message]:
    """Do what the answer promises, and return what is said; a practice is marked as one."""
    cases = services.cases.store
    said = await perform(
        output, conversation, cases, services.store, services.wording, services.figures
    )
    practice = is_practice(services.store.conversation(conversation))
    return marked(said, services.wording) if practice else said


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
    return [*said, notice] if any(message.urgent for message in said) else [notice, *said]


def _only_greets(message: UserMessage) -> bool:
    return bool(((message.parse_data or {}).get("intent") or {}).get("name") == incoming.OPENING)


def _output(message: UserMessage) -> NeutralOutput:
    output = message.output_channel
    return output if isinstance(output, NeutralOutput) else NeutralOutput()


def _calm_answers(said: Sequence[Message]) -> frozenset[str]:
    """The answers, in small letters, to the question for the risk that tell of no danger now."""
    buttons = [button for message in said for button in message.buttons]
    return frozenset(
        answer.casefold()
        for number, button in enumerate(buttons, start=1)
        if button.payload in CALM
        for answer in (button.payload, button.title, str(number))
    )


def _kinds_announced(events: Sequence[Event]) -> set[str]:
    return {
        kind
        for event in events
        if isinstance(event, UserUttered)
        for kind in event.metadata.get("masked", ())
    }
