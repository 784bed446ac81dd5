"""A conversation while somebody must act today, without a server: what is said, and replied."""

from typing import Any

from bot.core.conversation.answers import TurnResult
from bot.core.conversation.crisis import after_call_note, whom_it_is_taken_for
from bot.core.conversation.interpret import apply_message
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.table import next_question
from bot.core.conversation.state import State, facts_of
from bot.core.rules.advice import advise
from bot.core.rules.results import Advice
from bot.core.vocabulary import URGENT_RISKS
from tests.support.core import TODAY, handbook, policies

URGENT = sorted(URGENT_RISKS)


def said(state: State, text: str, intent: str = "other", **reading: Any) -> TurnResult:
    """Return what a typed text changes while the calls are open."""
    typed = TypedMessage(intent, reading, text)
    return apply_message(state, next_question(state, policies()), typed, policies(), TODAY)


def advice(state: State) -> Advice:
    """Return the advice in a state."""
    return advise(facts_of(state, policies()), state.policy(policies()), TODAY, handbook())


def call(to: str | None, outcome: str) -> dict[str, str | None]:
    """Return a call as the reading holds it."""
    return {"to": to, "outcome": outcome}


def reply(state: State, reading: dict[str, Any] | None = None) -> str:
    """Return the reply to the last call in a state."""
    phrases = handbook().phrases
    taken_for = whom_it_is_taken_for(reading or {}, state)
    note = after_call_note(advice(state), state, phrases, taken_for)
    return phrases.say(note.name, **note.gaps)
