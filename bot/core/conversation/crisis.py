"""The reply while somebody must act today: who is next, then what to say or to write down.

Nothing is "not understood" here. Whatever is told, the next person to turn to stands first, and the
question what came of it stays open.
"""

from bot.core.conversation.answers import Note
from bot.core.conversation.state import State, call_told
from bot.core.rules.results import Advice

ASKED_BY = {"ask_wording": "say"}
"""What a button asks for."""
ANSWERED = {"say", "write_down", "number"}
"""What has an answer of its own; for all else it is who is next."""
NEWS = 3
"""A message of at least so many words may be news for whoever is rung next."""
TOLD_APART = {"help", "stop", "thank", "frustrated", "affirm", "deny", "dont_know", "greet"}
"""Intents that hold no news about the child."""


def crisis_note(advice: Advice, intent: str, asks: str | None, words: int) -> Note:
    """Return the reply to a message of so many words; 0 for a button."""
    others = advice.turn_to[1:]
    asked = asks or ASKED_BY.get(intent)
    gaps = _gaps(advice)
    if asked in ANSWERED:
        return Note(f"crisis_{asked}", gaps)
    if not others:
        return Note("crisis_last", gaps)
    if asked is None and words >= NEWS and intent not in TOLD_APART:
        return Note("crisis_news", gaps)
    return Note("crisis_next", gaps)


def after_call_note(advice: Advice, state: State) -> Note:
    """Return the reply to a call that was just told."""
    outcome = call_told(state.calls[-1]).outcome
    name = f"crisis_{outcome}" if len(advice.turn_to) > 1 else "crisis_last"
    return Note(name, _gaps(advice))


def _gaps(advice: Advice) -> dict[str, str]:
    first, *others = advice.turn_to
    return {
        "do": first.do.rstrip("."),
        "say": first.say,
        "note": first.note,
        "also": others[0].do if others else "",
    }
