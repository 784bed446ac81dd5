"""A draft that is asked for before everything is known: the rest stays a gap."""

from bot.core.conversation.answers import choose
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import next_question
from bot.core.conversation.state import UNKNOWN, Policies, State
from bot.core.vocabulary import Outcome, Side

GAPS = {
    Question.area: UNKNOWN,
    Question.my_agency: UNKNOWN,
    Question.their_agency: UNKNOWN,
    Question.step_on: UNKNOWN,
    Question.step_outcome: str(Outcome.awaiting),
    Question.level: UNKNOWN,
    Question.earlier_on: UNKNOWN,
}
"""The questions that an answer to a challenge need not wait for, and what stands for each."""
GAPS_TO_RAISE = {Question.disagreement: UNKNOWN, Question.child_status: UNKNOWN}
"""The same for whoever raises it: what it is about is written by whoever sends the letter."""


def ready_to_draft(state: State, policies: Policies) -> State:
    """Return the state from which a draft can be written; whatever is left out of it is a gap.

    How great the risk is, the place and the stage are asked about first. Who raises something is
    also asked who is on which side and what came of it: a draft supposes none of this.
    """
    gaps = GAPS if state.on_side is Side.receiver else GAPS_TO_RAISE
    asked = next_question(state, policies)
    while asked in gaps:
        state = choose(state, str(asked), gaps[asked], policies).state
        asked = next_question(state, policies)
    return state
