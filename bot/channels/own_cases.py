"""A person's own open cases, as a channel shows them outside the conversation."""

from collections.abc import Iterable
from typing import Any

import msgspec
from rasa.shared.core.events import BotUttered, Event, SlotSet

from bot.channels.messages import from_rasa
from bot.channels.wording import Wording
from bot.core.conversation.held import OtherCase
from bot.core.conversation.saving import present_case
from bot.core.conversation.several import case_line, is_open
from bot.core.conversation.slots import from_slots
from bot.core.conversation.state import Policies
from bot.core.vocabulary import URGENT_ROUTES

ADVICE = {"advice", *URGENT_ROUTES}
"""The kinds of card that say what to do next."""


class OwnCases(msgspec.Struct, frozen=True):
    """The present case as a line, with its newest advice, and those put aside.

    The present one is "" while nothing is told of it, once it is settled, and in a practice.
    """

    present: str = ""
    advice: str = ""
    others: tuple[str, ...] = ()


def own_cases(events: Iterable[Event], policies: Policies, wording: Wording) -> OwnCases:
    """Return the open cases after these events: the present one and those of "my cases"."""
    slots: dict[str, Any] = {}
    advice = ""
    for event in events:
        if isinstance(event, SlotSet):
            slots[event.key] = event.value
            if event.key == "risk" and event.value is None:
                # Another case was begun or opened, or its danger is asked about anew.
                advice = ""
        if isinstance(event, BotUttered) and not slots.get("practice"):
            message = from_rasa(event.message())
            card = (message.card if message else None) or {}
            advice = str(card["title"]) if card.get("kind") in ADVICE else advice
    state = from_slots(slots)

    def lines(cases: Iterable[OtherCase]) -> tuple[str, ...]:
        return tuple(case_line(case, policies, wording) for case in cases if is_open(case))

    here = "" if state.practice else "".join(lines(present_case(state, policies)))
    return OwnCases(here, advice if here else "", lines(state.others))
