"""The draft of an answer that is asked for before everything is known: the rest stays a gap."""

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


def ready_to_answer(state: State, policies: Policies) -> State:
    """Return the state from which somebody who was challenged can draft their answer.

    How great the risk is, the place and the stage are asked about first; who raises something is
    asked about all of it.
    """
    asked = next_question(state, policies)
    while state.on_side is Side.receiver and asked in GAPS:
        state = choose(state, str(asked), GAPS[asked], policies).state
        asked = next_question(state, policies)
    return state
