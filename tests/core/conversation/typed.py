"""A typed message, applied to the answers so far."""

from datetime import date
from typing import Any

from bot.core.conversation.answers import TurnResult
from bot.core.conversation.interpret import apply_message
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.recap import recap
from bot.core.conversation.state import State
from bot.core.vocabulary import Risk
from tests.support.core import handbook, policies

TODAY = date(2026, 11, 20)


ACCOUNT = "we have sent a third referral and they say that it does not meet the threshold again"


AT_STAGE_1 = State(
    risk=Risk.concern,
    partnership="kent",
    trigger_check="no",
    disagreement="threshold",
    my_agency="education",
    their_agency="childrens_social_care",
    reached="line_manager",
)


def told(
    state: State,
    asked: Question | None,
    intent: str = "agency_response",
    text: str = "a few words",
    **reading: Any,
) -> TurnResult:
    """Apply a message with this reading."""
    return apply_message(state, asked, TypedMessage(intent, reading, text), policies(), TODAY)


def said(heard: TurnResult, asked: Question | None) -> dict[str, dict[str, str]]:
    """Return the names of the responses."""
    notes = recap(heard, asked, policies(), handbook().phrases)
    return {note.name: note.gaps for note in notes}
