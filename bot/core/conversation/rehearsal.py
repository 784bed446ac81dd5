"""A rehearsal: the guide plays the other side, and suggests what to say back.

The moves, on the state alone. Each reply is shown first; after an answer, or when it is asked for,
what could be said back is shown with it. Nothing that is said in a rehearsal changes an answer.
"""

import re

from msgspec.structs import replace

from bot.core.conversation.state import Rehearsal, State
from bot.core.vocabulary import Word

REPLIES = 5
"""How many replies a rehearsal has."""
FEW_WORDS = 4
"""What is meant for the guide is short. Anything longer is an answer to the other side."""


class RehearsalMove(Word):
    """What can be done in a rehearsal. `answered`: something was said back to the other side."""

    answered = "answered"
    suggest = "suggest"
    next = "next"
    finish = "finish"
    stop = "stop"


MEANT = {
    "stop": RehearsalMove.stop,
    "show_advice": RehearsalMove.stop,
    "dont_know": RehearsalMove.suggest,
    "help": RehearsalMove.suggest,
    "ask_wording": RehearsalMove.suggest,
    "ask_pushback": RehearsalMove.next,
    "rehearse": RehearsalMove.next,
}
"""Intents of a short message that is meant for the guide."""
NEXT_SAID = re.compile(
    r"(?:next|another|go on|carry on)(?: (?:one|reply))?(?: please)?", re.IGNORECASE
)


def begin_rehearsal(state: State) -> State:
    """Begin at the first reply."""
    return replace(state, rehearsal=Rehearsal())


def calls_come_first(state: State) -> bool:
    """Say whether there are urgent calls to make before anything is rehearsed."""
    return state.urgent and state.calls_made is None


def other_procedure_chosen(state: State) -> bool:
    """Say whether another procedure fits, whose conversations these are not."""
    return state.exit is not None and state.exit_check == "yes" and not state.urgent


def move_meant(intent: str, text: str) -> RehearsalMove:
    """Return what a typed message does in a rehearsal."""
    said = text.strip(" .!?")
    if NEXT_SAID.fullmatch(said):
        return RehearsalMove.next
    return (
        MEANT.get(intent, RehearsalMove.answered)
        if len(said.split()) <= FEW_WORDS
        else RehearsalMove.answered
    )


def offered_moves(state: State) -> tuple[RehearsalMove, ...]:
    """Return the moves to offer as buttons."""
    now = state.rehearsal or Rehearsal()
    suggest = (RehearsalMove.suggest,) if now.shown == "reply" else ()
    return (
        (*suggest, RehearsalMove.finish)
        if _last(now)
        else (*suggest, RehearsalMove.next, RehearsalMove.stop)
    )


def after_move(state: State, value: str) -> State | None:
    """Return the state after a move, or None for what is none."""
    now = state.rehearsal
    if now is None or value not in set(map(str, RehearsalMove)):
        return None
    if value in {RehearsalMove.answered, RehearsalMove.suggest}:
        return replace(state, rehearsal=replace(now, shown=value))
    if value == RehearsalMove.next and not _last(now):
        return replace(state, rehearsal=Rehearsal(now.reply + 1))
    return replace(state, rehearsal=None)


def closing_note(before: State, value: str) -> str:
    """Return the name of what is said as a rehearsal ends: after the last reply, or on the way."""
    done = value != RehearsalMove.stop and before.rehearsal is not None and _last(before.rehearsal)
    return "note_rehearsal_done" if done else "note_rehearsal_stopped"


def _last(now: Rehearsal) -> bool:
    return now.reply >= REPLIES
