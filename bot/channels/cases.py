"""Case codes on their way in and out: the only place that sees one, and it keeps none.

Going in, a code is taken out of what was typed before anything else reads it. Going out, it is
put into the answer that is shown, never into the conversation that is stored.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

from bot.channels.choices import entity
from bot.channels.guard import Rate, TokenBucket
from bot.channels.messages import Message, NeutralOutput
from bot.channels.wording import Wording
from bot.core.conversation.figures import Row
from bot.figures.log import FigureLog
from bot.privacy.cases.codes import Found, shown
from bot.privacy.cases.saved import CaseStore, Opened
from bot.privacy.retention import forget
from bot.privacy.store.database import raising_store_unavailable
from bot.privacy.store.tracker_store import GuideTrackerStore

# How many codes at once, and then how many a second. One address may be a whole school.
BY_CONVERSATION = Rate(5, 1 / 60)
BY_ADDRESS = Rate(60, 1 / 10)

OPENED = "case_opened"
"""The intent of a message with a code that opened a case."""
NOT_OPENED = "return_case"
"""The intent of one without, with why as its value; also what people say without a code."""
ANSWERED_FIRST = {"danger", "other_language"}
"""Intents that a code does not change: they say what to do now."""


@dataclass
class CaseService:
    """Cases, and how often codes may be tried. `clock` is in seconds and only goes forward."""

    store: CaseStore
    clock: Callable[[], float] = time.monotonic
    by_conversation: TokenBucket = field(default_factory=lambda: TokenBucket(BY_CONVERSATION))
    by_address: TokenBucket = field(default_factory=lambda: TokenBucket(BY_ADDRESS))

    def look_up(self, found: list[Found], conversation: str, address: str) -> Opened | str:
        """The case that the codes in a message open, or why there is none.

        "slip" never reaches the store, nor does "wait"; "unknown" says no more than that.
        """
        whole = [one.code for one in found if one.code is not None]
        if not whole:
            return "slip"
        for code in dict.fromkeys(whole):
            if self._too_often(conversation, address):
                return "wait"
            opened = self.store.open(code)
            if opened:
                return opened
        return "unknown"

    def _too_often(self, conversation: str, address: str) -> bool:
        now = self.clock()
        here = self.by_conversation.wait(conversation, now)
        there = self.by_address.wait(address, now) if address else 0
        return bool(here or there)


async def with_case(
    message: UserMessage, looked_up: Opened | str, processor: MessageProcessor
) -> UserMessage:
    """The message with the case it brings back, or with why it brings none.

    The rest of it is read as ever; danger is answered first, and the case comes back as well.
    """
    parsed: dict[str, Any] = message.parse_data or await processor.parse_message(message)
    opened = isinstance(looked_up, Opened)
    if isinstance(looked_up, Opened):
        parsed["case"] = {"reference": looked_up.reference, "saved": looked_up.answers}
    if (parsed.get("intent") or {}).get("name") not in ANSWERED_FIRST:
        parsed["intent"] = {"name": OPENED if opened else NOT_OPENED, "confidence": 1.0}
        parsed["entities"] = [] if opened else [entity("value", str(looked_up))]
    message.parse_data = parsed
    return message


def carry_out(
    output: NeutralOutput,
    conversation: str,
    cases: CaseStore,
    tracker_store: GuideTrackerStore,
    wording: Wording,
    figures: FigureLog | None = None,
) -> list[Message]:
    """Do what the actions asked for, and give what is to be shown, codes filled in.

    Called once the turn is stored. Without `figures` no row is kept. Raises StoreUnavailable.
    """
    messages = list(output.messages)
    for effect in output.effects:
        what, reference, answers = effect.what, effect.reference, effect.answers
        if what == "log":
            if figures:
                figures.keep(reference, msgspec.convert(answers, Row))
            continue
        if what == "delete":
            with raising_store_unavailable():
                tracker_store.drop(
                    forget(cases.engine, conversation, tell=figures.ended if figures else None)
                )
            continue
        kept = what != "renew" and cases.keep(reference, answers)
        if kept or what == "keep":
            continue
        code = cases.save(reference, answers)
        placeholder = wording.say("case_code_shown")
        messages = [_filled(message, placeholder, shown(code)) for message in messages]
    return messages


def _filled(message: Message, placeholder: str, code: str) -> Message:
    card = message.card
    if card is None or card.get("code") != placeholder:
        return message
    text = message.text.replace(placeholder, code)
    return Message(text, message.buttons, {**card, "code": code}, message.files)
