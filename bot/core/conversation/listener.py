"""A message as a listener works through it: its reading, and the answers as they fill."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from bot.core.conversation.answers import Note, choose
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.replies import ANSWERED, SILENCE, Replies
from bot.core.conversation.state import Policies, State
from bot.core.vocabulary import Risk, Side

ASKS_FOR_SOMETHING = {"ask_draft", "ask_wording", "ask_files"}
"""Intents of whoever wants something made, which is no reply to the open question."""


class TypedMessage(msgspec.Struct, frozen=True):
    """A typed message: its intent, the reading of its text, and the text itself."""

    intent: str
    reading: Mapping[str, Any]
    text: str

    @property
    def words(self) -> int:
        """The number of words in the text."""
        return len(self.text.split())


class Listener:
    """Holds a message and the answers so far. The parts that listen for something extend it."""

    def __init__(
        self,
        state: State,
        asked: Question | None,
        typed: TypedMessage,
        policies: Policies,
        today: date,
    ) -> None:
        """Take a message, typed while `asked` is the open question."""
        self.before = state
        self.state = state
        self.asked = asked
        self.typed = typed
        self.reading = typed.reading
        self.facts: Mapping[str, Any] = typed.reading.get("facts") or {}
        self.policies = policies
        self.today = today
        # "What if im wrong" fears it, and changes nothing.
        fears = bool(typed.reading.get("worry")) and not typed.reading.get("corrects")
        changes = typed.intent == "change_answer" and not fears
        self.wants_change = changes or asked is Question.review
        enquiry = typed.reading.get("enquiry")
        asks = typed.intent in ASKS_FOR_SOMETHING or bool(enquiry and not enquiry.get("rest"))
        asks = asks or (state.urgent and bool(typed.reading.get("asks")))
        self.of_danger = typed.intent == "not_happening_now" and asked is not Question.risk
        """Whether it says of danger that it is not now, which is no news of a stage."""
        # Whoever wants a draft, or only asks something, says nothing of how far it has got, or of
        # what came of it, and denies nothing.
        self.replies = Replies({} if asks or self.of_danger else typed.reading)
        self.objects = bool(typed.reading.get("objects")) or (self.replies.objects and not fears)
        self.correcting = self.wants_change or self.objects or bool(typed.reading.get("corrects"))
        self.taken_back: Mapping[str, Any] = typed.reading.get("taken_back") or {}
        self.notes: list[Note] = []
        self.on_own_side = False
        """Whether the message is about somebody of their own side who does not take it up."""

    @property
    def how_risky(self) -> Risk | None:
        """What the message comes to as a reply to the first question, where that is open."""
        return self.replies.how_risky if self.asked is Question.risk else None

    @property
    def brings_their_answer(self) -> bool:
        """Whether it tells that the answer, which was awaited, came on some day."""
        came = (self.reading.get("outcomes") or [])[-1:]
        awaited = self.before.tried is not None and self.before.step_outcome in SILENCE
        told = bool(self.reading.get("answered_on")) and bool(came) and came[0] in ANSWERED
        return told and awaited and self.before.on_side is Side.raiser

    @property
    def gives_their_post(self) -> bool:
        """Whether somebody says what they are, and no more: "I am the senior manager".

        A title alone, where it is asked how far it got or who they are at odds with, is another's.
        """
        title = str(self.reading.get("title") or "")
        alone = self.typed.words == len(title.split())
        of_others = self.asked in {Question.reached, Question.step_outcome, Question.their_agency}
        return bool(self.reading.get("introduces") and title) and not (alone and of_others)

    def set(self, **values: Any) -> None:
        """Fill fields of the state."""
        self.state = msgspec.structs.replace(self.state, **values)

    def choose(self, question: Question, value: str) -> None:
        """Answer a question, and take what there is to say about it."""
        result = choose(self.state, str(question), value, self.policies)
        self.state = result.state
        self.notes += result.notes
