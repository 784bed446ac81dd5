"""Case codes on their way in and out. Nothing else sees them, and nothing stores them.

On the way in, codes are taken out of the text before anything else reads it. On the way out, a
code is put into the answer that is shown, never into the conversation that is stored.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import BotUttered, Event, UserUttered

from bot.channels.choices import entity
from bot.channels.guard import Rate, TokenBucket
from bot.channels.messages import Message, NeutralOutput
from bot.channels.wording import Wording
from bot.clock import today
from bot.core.conversation.figures import Row
from bot.figures.log import FigureLog
from bot.privacy.cases.codes import CodeMatch, format_code
from bot.privacy.cases.saved import CaseStore, ChangedElsewhere, OpenedCase
from bot.privacy.retention import delete_conversation
from bot.privacy.store.database import raising_store_unavailable
from bot.privacy.store.feedback import count_report
from bot.privacy.store.threads import in_thread
from bot.privacy.store.tracker_store import GuideTrackerStore

# How many wrong codes at once, and then how many per second. One address may be a whole school, so
# that one person is slowed down long before it is.
BY_CONVERSATION = Rate(5, 1 / 60)
BY_ADDRESS = Rate(600, 1)

OPENED = "case_opened"
"""The intent of a message with a code that opened a case."""
NOT_OPENED = "return_case"
"""The intent if no case was opened, with the reason as its value; also of asking without a code."""
CASE_CARD = "case"
"""The kind of the card that says that a case is saved."""
ANSWERED_FIRST = {"danger", "other_language"}
"""Intents that a code does not replace: they say what to do now."""


@dataclass
class CaseService:
    """Opens cases and limits how often wrong codes may be tried. `clock` is monotonic seconds."""

    store: CaseStore
    clock: Callable[[], float] = time.monotonic
    by_conversation: TokenBucket = field(default_factory=lambda: TokenBucket(BY_CONVERSATION))
    by_address: TokenBucket = field(default_factory=lambda: TokenBucket(BY_ADDRESS))

    def look_up(self, found: list[CodeMatch], conversation: str, address: str) -> OpenedCase | str:
        """The case that the codes in a message open, or the reason why none was opened.

        For "slip" and "wait" the store is not asked. "unknown" reveals nothing more.
        """
        whole = [match.code for match in found if match.code is not None]
        if not whole:
            return "slip"
        for code in dict.fromkeys(whole):
            if self._too_often(conversation, address):
                return "wait"
            opened = self.store.open(code)
            if opened:
                return opened
            self._count_wrong(conversation, address)
        return "unknown"

    def _too_often(self, conversation: str, address: str) -> bool:
        now = self.clock()
        here, there = (
            self.by_conversation.wait(conversation, now),
            self.by_address.wait(address, now),
        )
        return bool(here or (address and there))

    def _count_wrong(self, conversation: str, address: str) -> None:
        now = self.clock()
        self.by_conversation.take(conversation, now)
        if address:
            self.by_address.take(address, now)


async def with_case(
    message: UserMessage, looked_up: OpenedCase | str, processor: MessageProcessor
) -> UserMessage:
    """The message with the case that its code opened, or the reason why none was opened.

    The rest of the text is read as usual. Danger is answered first; the case is opened as well.
    """
    parsed: dict[str, Any] = message.parse_data or await processor.parse_message(message)
    opened = isinstance(looked_up, OpenedCase)
    if isinstance(looked_up, OpenedCase):
        parsed["case"] = {
            "reference": looked_up.reference,
            "saved": looked_up.answers,
        }
        if looked_up.revision:
            parsed["case"]["revision"] = looked_up.revision
    if (parsed.get("intent") or {}).get("name") not in ANSWERED_FIRST:
        parsed["intent"] = {"name": OPENED if opened else NOT_OPENED, "confidence": 1.0}
        parsed["entities"] = [] if opened else [entity("value", str(looked_up))]
    message.parse_data = parsed
    return message


def perform_effects(
    output: NeutralOutput,
    conversation: str,
    cases: CaseStore,
    tracker_store: GuideTrackerStore,
    wording: Wording,
    figures: FigureLog | None = None,
) -> list[Message]:
    """Perform the effects of a turn and return its messages with codes filled in.

    Called once the turn is stored. Without `figures` no row is logged. A case that somebody else
    with its code has changed meanwhile stays as they left it, in the figures too, and the person is
    told. Raises StoreUnavailable.
    """
    messages = list(output.messages)
    for effect in output.effects:
        what, reference, answers = effect.what, effect.reference, effect.answers
        if what in {"log", "log_saved"}:
            # A row without its saved case asks the database of the conversations nothing.
            stale = what == "log_saved" and _changed_elsewhere(
                reference, cases, tracker_store, conversation
            )
            if figures and not stale:
                figures.keep(reference, msgspec.convert(answers, Row))
            continue
        if what == "feedback":
            with raising_store_unavailable():
                count_report(cases.engine, answers, today())
            continue
        if what == "delete":
            with raising_store_unavailable():
                tracker_store.drop(
                    delete_conversation(
                        cases.engine,
                        conversation,
                        on_deleted=figures.count_endings if figures else None,
                    )
                )
            continue
        known = known_revisions(tracker_store.conversation(conversation), reference)
        kept = False
        try:
            if what == "renew":
                cases.check(reference, {*known, effect.revision})
            else:
                kept = cases.keep(reference, answers, effect.revision, known)
        except ChangedElsewhere:
            shown = [m for m in messages if (m.card or {}).get("kind") != CASE_CARD]
            messages = [*shown, wording.message("case_changed_elsewhere")]
            continue
        if kept or what == "keep":
            continue
        code = cases.save(reference, answers, effect.revision)
        placeholder = wording.say("case_code_shown")
        messages = [_filled(message, placeholder, format_code(code)) for message in messages]
    return messages


async def perform(
    output: NeutralOutput,
    conversation: str,
    cases: CaseStore,
    tracker_store: GuideTrackerStore,
    wording: Wording,
    figures: FigureLog | None = None,
) -> list[Message]:
    """Do what `perform_effects` does, in a thread where the database is asked."""

    def performed() -> list[Message]:
        return perform_effects(output, conversation, cases, tracker_store, wording, figures)

    # The log has a thread of its own.
    asks = any(effect.what != "log" for effect in output.effects)
    return await in_thread(performed) if asks else performed()


def _changed_elsewhere(
    reference: str, cases: CaseStore, tracker_store: GuideTrackerStore, conversation: str
) -> bool:
    try:
        cases.check(reference, known_revisions(tracker_store.conversation(conversation), reference))
    except ChangedElsewhere:
        return True
    return False


def known_revisions(events: Iterable[Event], reference: str) -> set[str]:
    """The states of a case that a conversation opened or made, and "" for those without a name."""
    known = {""}
    named: Mapping[str, Any] | None
    for event in events:
        if isinstance(event, UserUttered):
            named = cast("Mapping[str, Any]", event.parse_data or {}).get("case")
        elif isinstance(event, BotUttered):
            named = (event.message().get("custom") or {}).get("effect")
        else:
            continue
        if named and named.get("reference") == reference:
            known.add(named.get("revision", ""))
    return known


def _filled(message: Message, placeholder: str, code: str) -> Message:
    card = message.card
    if card is None or card.get("code") != placeholder:
        return message
    text = message.text.replace(placeholder, code)
    return Message(text, message.buttons, {**card, "code": code}, message.files)
