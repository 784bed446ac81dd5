"""Replies as a whole: beside the rules over their clauses, and to the first question."""

from itertools import product

import pytest

from bot.core.conversation.answers import TurnResult
from bot.core.conversation.interpret import apply_message
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.replies import ANSWERED, CAME_OF_IT, HOW_RISKY, SILENCE, Replies
from bot.core.conversation.state import State
from bot.core.vocabulary import CALM_RISKS, Risk
from tests.support.core import TODAY, policies


@pytest.mark.parametrize(("heard", "ruled"), product(sorted(SILENCE), sorted(ANSWERED)))
def test_an_answer_told_outright_is_not_heard_as_silence(heard: str, ruled: str) -> None:
    """Only a reply that is quite sure outweighs the words of an answer."""
    for share, came in ((0.6, ruled), (0.9, heard)):
        replies = Replies({"replies": {CAME_OF_IT: (str(heard), share)}})
        assert replies.came_of_it_with([str(ruled)]) == came


EMPTY = State()


def in_reply(
    heard: str, share: float, state: State = EMPTY, asked: Question | None = Question.risk
) -> TurnResult:
    """Return what comes of a message that is heard as this reply to the first question."""
    reading = {"replies": {HOW_RISKY: (heard, share)}}
    return apply_message(
        state, asked, TypedMessage("inform", reading, "as I said"), policies(), TODAY
    )


@pytest.mark.parametrize("risk", Risk)
def test_the_first_question_is_answered_in_ones_own_words(risk: Risk) -> None:
    """Where it is sure, a reply that names none of the choices is the choice it comes to."""
    assert in_reply(str(risk), 0.9).state.risk is risk


@pytest.mark.parametrize("risk", sorted(CALM_RISKS))
def test_that_it_can_wait_must_be_surer_than_that_it_cannot(risk: Risk) -> None:
    """Half sure is enough to act, and not enough to let a child wait."""
    assert in_reply(str(risk), 0.6).state.risk is None
    assert in_reply(str(Risk.immediate_harm), 0.6).state.risk is Risk.immediate_harm


@pytest.mark.parametrize("stated", Risk)
def test_a_reply_to_the_first_question_never_changes_a_risk(stated: Risk) -> None:
    """Once it is answered, or while another question is open, such a reply says nothing of risk."""
    for asked in (None, Question.trigger_check, Question.partnership, Question.risk):
        known = State(risk=stated)
        assert in_reply(str(Risk.no_harm), 0.99, known, asked).state.risk is stated
    assert in_reply(str(Risk.no_harm), 0.99, State(), Question.partnership).state.risk is None


def test_nothing_urgent_tells_of_no_step() -> None:
    """What the words would be of a talk counts only where they do not answer the first question."""
    replies = {HOW_RISKY: ("concern", 0.9), CAME_OF_IT: ("no_response", 0.9)}
    typed = TypedMessage("inform", {"replies": replies}, "low level worry, nothing urgent")
    heard = apply_message(State(), Question.risk, typed, policies(), TODAY)
    assert heard.filled == ("risk",)
