"""Rasa actions for the questions, each made from the question's record.

A question, its slot and its response `utter_ask_<question>` share a name.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from actions.advice import ask_review
from actions.cases import ask_delete_case, ask_follow_up
from actions.confidence import ask_rehearsal
from actions.danger import ask_calls_made, ask_risk
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import BY_THE_FORM

Ask = Callable[[CollectingDispatcher, Tracker], list[dict[str, Any]]]
OTHERWISE: Mapping[Question, Ask] = {
    Question.calls_made: ask_calls_made,
    Question.delete_case: ask_delete_case,
    Question.review: ask_review,
    Question.follow_up: ask_follow_up,
    Question.rehearsal: ask_rehearsal,
    Question.risk: ask_risk,
}
"""Questions with their own way of asking."""


class AskQuestion(Action, ABC):
    """Ask a question, with its options as buttons."""

    @property
    @abstractmethod
    def question(self) -> Question:
        """The question to ask."""

    def name(self) -> str:
        """Return the name Rasa calls it by."""
        return f"action_ask_{self.question}"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[dict[str, Any]]:
        """Say the question's response with its options."""
        otherwise = OTHERWISE.get(self.question)
        if otherwise is not None:
            return otherwise(dispatcher, tracker)
        context.ask_question(dispatcher, self.question, context.state_of(tracker))
        return []


ASKING = [
    type(f"Ask_{question}", (AskQuestion,), {"question": question}) for question in BY_THE_FORM
]
"""The actions. Rasa finds them as subclasses of `Action`, as long as something refers to them."""
