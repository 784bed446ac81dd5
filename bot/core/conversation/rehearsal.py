"""A rehearsal: the guide plays the other side, and suggests what to say back.

This module moves the state on. The guide first shows a reply; after an answer, or on request, it
also shows what to say back. Nothing said in a rehearsal changes an answer.
"""

import re

from msgspec.structs import replace

from bot.core.conversation.held import Rehearsal
from bot.core.conversation.state import State
from bot.core.vocabulary import Word

REPLIES = 5
"""The number of replies in a rehearsal."""
FEW_WORDS = 4
"""Words for the guide are short. Anything longer is an answer to the other side."""


class RehearsalMove(Word):
    """A move in a rehearsal. `answered`: the practitioner answered the other side."""

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
"""Intents of short messages to the guide."""
NEXT_SAID = re.compile(
    r"(?:next|another|go on|carry on)(?: (?:one|reply))?(?: please)?", re.IGNORECASE
)


def begin_rehearsal(state: State) -> State:
    """Begin at the first reply."""
    return replace(state, rehearsal=Rehearsal())


def calls_come_first(state: State) -> bool:
    """Say whether urgent calls must be made before a rehearsal."""
    return state.urgent and state.calls_made is None


def other_procedure_chosen(state: State) -> bool:
    """Say whether another procedure fits, for which there is nothing to rehearse."""
    return state.exit is not None and state.exit_check == "yes" and not state.urgent


def move_meant(intent: str, text: str) -> RehearsalMove:
    """Return the move that a typed message makes in a rehearsal."""
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
    """Return the state after a move, or None for an unknown move."""
    now = state.rehearsal
    if now is None or value not in set(map(str, RehearsalMove)):
        return None
    if value in {RehearsalMove.answered, RehearsalMove.suggest}:
        return replace(state, rehearsal=replace(now, shown=value))
    if value == RehearsalMove.next and not _last(now):
        return replace(state, rehearsal=Rehearsal(now.reply + 1))
    return replace(state, rehearsal=None)


def closing_note(before: State, value: str) -> str:
    """Return the name of the closing note: for a finished rehearsal, or one stopped early."""
    done = value != RehearsalMove.stop and before.rehearsal is not None and _last(before.rehearsal)
    return "note_rehearsal_done" if done else "note_rehearsal_stopped"


def _last(now: Rehearsal) -> bool:
    return now.reply >= REPLIES
