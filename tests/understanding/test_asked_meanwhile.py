"""What people ask about the guide while a question is open: it is answered, and answers nothing."""

import msgspec
import pytest
from msgspec.structs import replace

from bench import measure_understanding as measure
from bot.core.conversation.interpret import apply_message
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.state import State
from bot.core.handbook.topics import Topic
from bot.core.vocabulary import Risk
from tests.support.core import TODAY, policies

ABOUT_ITSELF = {
    "help": None,
    "can you help me please": None,
    "are you a real person?": Topic.guide,
    "am i talking to a computer": Topic.guide,
    "is this right?": Topic.guide,
    "do i have to answer?": Topic.answering,
    "do i have to answer all of these": Topic.answering,
    "what do you mean by serious": Topic.harm,
    "what do you mean by significant harm?": Topic.about,
    "define serious": Topic.harm,
    "how was it counted": Topic.limits,
    "what are my dates": Topic.limits,
}
"""Words, and the topic of the answer; None where they ask for help."""
MIDDLE = State(
    partnership="kent",
    risk=Risk.concern,
    trigger_check="no",
    my_agency="education",
    their_agency="childrens_social_care",
)


@pytest.mark.parametrize("text", ABOUT_ITSELF)
def test_what_is_asked_about_the_guide_answers_no_question(text: str) -> None:
    """At every question: it is taken as what was asked, and nothing of it is stored."""
    topic, reading = ABOUT_ITSELF[text], measure.reader()(text)
    intent = measure.intent(text)
    assert intent == ("help" if topic is None else "enquiry")
    if topic is not None:
        assert reading.enquiry is not None
        assert reading.enquiry.topic is topic
    typed = TypedMessage(intent, msgspec.to_builtins(reading), text)
    for asked in Question:
        for state in (State(), MIDDLE):
            after = apply_message(state, asked, typed, policies(), TODAY).state
            counted = {name: getattr(state, name) for name in ("misses", "missed", "review")}
            assert replace(after, **counted) == state, asked
