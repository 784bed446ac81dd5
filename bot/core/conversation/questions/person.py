"""The questions about the person who asks: which side they are on, and the rung they stand on."""

from bot.core.conversation.questions.spec import (
    Question,
    QuestionSpec,
    fixed_options,
    one_of,
    without_gaps,
)
from bot.core.conversation.state import OPEN, UNKNOWN, Policies, State
from bot.core.vocabulary import Level, Outcome, Side

OWED = {Outcome.awaiting, Outcome.no_response}


def _level_needed(state: State, policies: Policies) -> bool:
    """Say whether it depends on the rung who answers: only while an answer is owed by a rung."""
    stage = state.stage(policies)
    owed = stage is not None and stage.level is not Level.partnership
    return (
        state.side == Side.receiver and state.level is None and owed and state.step_outcome in OWED
    )


SPECS = (
    QuestionSpec(
        name=Question.side,
        # Most people disagree with somebody. It is offered at the start, heard in what they say,
        # and asked only to change it.
        needed=lambda state, _: state.side == OPEN,
        options=fixed_options("side", *map(str, Side)),
        unknown=False,
        values=one_of(Side),
        shown=True,
        asked_again=OPEN,
    ),
    QuestionSpec(
        name=Question.level,
        needed=_level_needed,
        options=fixed_options("level", *map(str, Level)),
        values=one_of(Level, UNKNOWN),
        shown=True,
        depends=without_gaps,
    ),
)
