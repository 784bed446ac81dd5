"""The questions: each asks the core for its options and says its own response.

The name of a class's question, its slot and its response `utter_ask_<question>` are one word.
"""

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from bot.clock import today
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import question_gaps as gaps_for
from bot.core.conversation.questions.table import question_response as response_for


class AskQuestion(Action, ABC):
    """Ask one question, with its options as buttons."""

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
        menu = Menu(
            context.state_of(tracker), context.policies(), today(), context.handbook().phrases
        )
        buttons = self.buttons(menu)
        gaps: dict[str, Any] = {**gaps_for(self.question, menu, context.handbook().safety_guidance)}
        response = f"utter_{response_for(self.question, menu)}"
        dispatcher.utter_message(response=response, buttons=buttons, **gaps)
        return []

    def buttons(self, menu: Menu) -> list[dict[str, str]]:
        """Return the options as buttons."""
        return context.buttons_for(self.question, menu)


class AskStartAgain(AskQuestion):
    """Whether to clear every answer."""

    question = Question.start_again


class AskRisk(AskQuestion):
    """How great the risk is: always the first question."""

    question = Question.risk


class AskExitCheck(AskQuestion):
    """Whether another procedure fits better."""

    question = Question.exit_check


class AskPartnership(AskQuestion):
    """Which local policy applies."""

    question = Question.partnership


class AskArea(AskQuestion):
    """Which member partnership of a policy that has several."""

    question = Question.area


class AskTriggerCheck(AskQuestion):
    """Whether it is something the policy wants acted on at once."""

    question = Question.trigger_check


class AskDisagreement(AskQuestion):
    """What kind of disagreement it is."""

    question = Question.disagreement


class AskMyAgency(AskQuestion):
    """Which agency the practitioner works for."""

    question = Question.my_agency


class AskTheirAgency(AskQuestion):
    """Which agency the disagreement is with."""

    question = Question.their_agency


class AskChildStatus(AskQuestion):
    """Which plans or care arrangements change who must be told."""

    question = Question.child_status


class AskReached(AskQuestion):
    """The highest stage tried so far."""

    question = Question.reached


class AskStepOn(AskQuestion):
    """The day that stage was raised."""

    question = Question.step_on


class AskStepOutcome(AskQuestion):
    """What came of it."""

    question = Question.step_outcome


class AskEarlierFollowed(AskQuestion):
    """Whether the stages that must come first were followed."""

    question = Question.earlier_followed


class AskEarlierOn(AskQuestion):
    """The day of an earlier stage that a limit is counted from."""

    question = Question.earlier_on


class AskConcernOn(AskQuestion):
    """The day the concern came up."""

    question = Question.concern_on
