"""The reply while somebody must act today: who is next, then what to say or to write down.

Nothing is "not understood" here. Whatever is told, the next person to turn to stands first, and the
question what came of it stays open.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.core.conversation.answers import Note
from bot.core.conversation.state import HERE, State, call_told
from bot.core.handbook.wording import Phrases
from bot.core.rules.results import Advice, TurnTo
from bot.core.vocabulary import CallOutcome, CallTo, Disagreement, Exit

ASKED_BY = {"ask_wording": "say"}
"""What a button asks for."""
ANSWERED = {"say", "write_down", "number", "which_council"}
"""What has an answer of its own; for all else it is who is next."""
BY_999 = "999"
"""The address of whoever comes through 999."""
NEWS = 3
"""A message of at least so many words may be news for whoever is rung next."""
NEWS_INTENTS = {"inform", "danger", "risk_increased", *map(str, Disagreement), *map(str, Exit)}
"""Intents of what may be news about the child."""
THEIRS = (CallTo.their_manager, CallTo.childrens_social_care, CallTo.police)
"""Whose managers "their manager" can be."""


class Asked(msgspec.Struct, frozen=True):
    """A message while somebody must act: what it asks for, to say to whom, and its size.

    `words` is 0 for a button. A `fact` about the case is no news about the child.
    """

    intent: str
    asks: str | None = None
    about: CallTo | None = None
    words: int = 0
    fact: bool = False

    @property
    def is_news(self) -> bool:
        """Whether it may tell whoever is rung next something new about the child."""
        told = self.words >= NEWS and self.intent in NEWS_INTENTS
        return told and self.asks is None and not self.fact


def crisis_note(advice: Advice, asked: Asked) -> Note:
    """Return the reply to a message."""
    what = asked.asks or ASKED_BY.get(asked.intent)
    if what == "say":
        return Note("crisis_say", _gaps(advice, _asked_about(advice, asked.about)))
    if what in ANSWERED:
        return Note(f"crisis_{what}", _gaps(advice))
    if len(advice.turn_to) == 1:
        return Note("crisis_last", _gaps(advice))
    return Note("crisis_news" if asked.is_news else "crisis_next", _gaps(advice))


def _asked_about(advice: Advice, about: CallTo | None) -> TurnTo:
    """Return the person somebody asks what to say to, else whoever is next."""
    for who in advice.turn_to:
        manager = "manager" in who.role.lower()
        if who.to is about or (about is CallTo.their_manager and who.to in THEIRS and manager):
            return who
    return advice.turn_to[0]


def names_nobody(reading: Mapping[str, Any]) -> bool:
    """Say whether a message tells what came of a call, and of nobody who was called."""
    calls = reading.get("calls") or []
    return bool(calls) and not any(call["to"] for call in calls)


def after_call_note(advice: Advice, state: State, phrases: Phrases, *, unnamed: bool) -> Note:
    """Return the reply to a call that was just told.

    `unnamed`: nobody was named, so it is said whom "they" are taken to be.
    """
    call = call_told(state.calls[-1])
    outcome = HERE if call.here else call.outcome
    name = f"crisis_{outcome}" if len(advice.turn_to) > 1 else "crisis_last"
    if advice.turn_to[0].address == BY_999 and not call.here:
        if call.by_101:
            name = "crisis_by_101"
        elif outcome is CallOutcome.coming:
            name = "crisis_coming_before_999"
    # Who comes next where help is there is not 999: that is for when they leave, or it gets worse.
    others = (who for who in advice.turn_to if who.to is not CallTo.police)
    gaps = _gaps(advice, next(others, None) if outcome == HERE else None)
    who = phrases.say(f"call_to_{call.to}")
    return Note(name, {**gaps, "they": phrases.say("crisis_they", who=who) if unnamed else ""})


def _gaps(advice: Advice, who: TurnTo | None = None) -> dict[str, str]:
    """Return the gaps of a reply about somebody, else about whoever is next."""
    first, *others = advice.turn_to
    about = who or first
    return {
        "do": about.do.rstrip("."),
        "say": about.say,
        "note": about.note,
        "also": others[0].do if others else "",
    }
