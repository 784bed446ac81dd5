"""Why a question is asked: the reason in a sentence or two, and where it comes from."""

import msgspec

from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import SPEC_OF
from bot.core.conversation.state import Policies, State
from bot.core.handbook.handbook import Handbook
from bot.core.policy.model import Source

HOW_THE_GUIDE_WORKS = "How the guide asks"
"""The section of the standing guidance for questions that no policy asks for."""


class Reason(msgspec.Struct, frozen=True):
    """The response that gives the reason, without "utter_", and its source."""

    response: str
    source: Source


def reason_for(
    question: Question | None, state: State, policies: Policies, handbook: Handbook
) -> Reason:
    """Return why the open question is asked; without one, what can be said at any time."""
    found = None
    if question is not None:
        where = SPEC_OF[question].source
        found = where(state, policies, handbook.safety_guidance) if where else None
    source = found or handbook.safety_guidance.cite(HOW_THE_GUIDE_WORKS)
    return Reason(f"help_{question or 'any'}", source)
