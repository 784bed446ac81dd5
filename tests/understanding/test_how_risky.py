"""Answers to the first question in people's own words, none of them learned from."""

from collections import Counter

import msgspec
import pytest

from bench import measure_understanding as measure
from bot.core.conversation.interpret import apply_message
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.state import State
from bot.core.vocabulary import CALM_RISKS, URGENT_RISKS, Risk
from tests.support.core import TODAY, policies

MEANT = {
    "danger": Risk.immediate_danger,
    "today": Risk.immediate_harm,
    "unsure": Risk.unsure,
    "concern": Risk.concern,
    "none": Risk.no_harm,
    "other": None,
}


def lines() -> list[tuple[Risk | None, str]]:
    """Return every line with what it means. One without a letter is a choice by its number."""
    read = (measure.LINES / "how_risky.txt").read_text("utf-8").splitlines()
    told = [line.split("\t") for line in read if not line.startswith("#")]
    return [(MEANT[label], text) for label, text in told if any(map(str.isalpha, text))]


def heard(text: str) -> Risk | str | None:
    """Return the risk that is taken from an answer, or "alarm" where danger is heard in it."""
    reading = msgspec.to_builtins(measure.reader()(text))
    typed = TypedMessage(measure.intent(text), reading, text)
    after = apply_message(State(), Question.risk, typed, policies(), TODAY).state
    return "alarm" if reading["urgent"] else after.risk


@pytest.mark.long
def test_the_first_question_is_understood_in_peoples_own_words() -> None:
    """Nine in ten are, and nobody who says that it cannot wait is taken to say that it can."""
    made = Counter((meant, heard(text)) for meant, text in lines())
    right = sum(
        count
        for (meant, what), count in made.items()
        if what == meant or (what == "alarm" and meant in URGENT_RISKS)
    )
    assert right >= 0.9 * sum(made.values()), made
    assert not [pair for pair in made if pair[0] in URGENT_RISKS and pair[1] in CALM_RISKS]
