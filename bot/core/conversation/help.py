"""Explains why the guide asks a question: the reason and its source."""

import msgspec

from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import SPEC_OF
from bot.core.conversation.saving import worth_saving
from bot.core.conversation.state import Policies, State
from bot.core.handbook.handbook import Handbook
from bot.core.policy.model import Source

HOW_THE_GUIDE_WORKS = "How the guide asks"
"""The section of the safety guidance for questions that no policy requires."""


class Reason(msgspec.Struct, frozen=True):
    """The name of the response with the reason, without "utter_", and its source."""

    response: str
    source: Source


def reason_for(
    question: Question | None,
    state: State,
    policies: Policies,
    handbook: Handbook,
    *,
    only_help: bool = False,
) -> Reason:
    """Return the reason for the open question; without a question, the general help.

    `only_help`: they ask for help and for nothing else, and want to know what this is.
    """
    found = None
    if question is not None:
        where = SPEC_OF[question].source
        found = where(state, policies, handbook.safety_guidance) if where else None
    source = found or handbook.safety_guidance.cite(HOW_THE_GUIDE_WORKS)
    if question is Question.risk and (only_help or not worth_saving(state)):
        # Nothing is told yet: whoever asks for help wants to know what this is.
        return Reason("help_first", source)
    if only_help:
        return Reason("help_guide", handbook.safety_guidance.cite(HOW_THE_GUIDE_WORKS))
    return Reason(f"help_{question or 'any'}", source)
