"""The answers of a practice are marked; what may be real danger is not."""

from typing import Any

import pytest
from rasa.shared.core.events import SlotSet, UserUttered

from bot.channels.messages import Button, Message
from bot.channels.practice import is_practice, marked
from bot.channels.wording import load
from bot.paths import ROOT

WORDS = load(ROOT / "data/responses")


@pytest.mark.parametrize(
    ("told", "practice"), [([], False), ([True], True), ([True, False], False), ([None], False)]
)
def test_the_last_word_says_whether_it_is_a_practice(told: list[Any], practice: bool) -> None:  # noqa: FBT001 - a case
    """Other slots and what is said in between change nothing."""
    events = [SlotSet("risk", "concern"), *(SlotSet("practice", one) for one in told)]
    assert is_practice([*events, UserUttered("hello"), SlotSet("risk", None)]) is practice


def test_text_title_and_subject_are_marked_and_buttons_stay() -> None:
    """What is copied out of a draft says what it is."""
    card = {"kind": "draft", "title": "E-mail", "subject": "Stage 1", "body": "Dear all"}
    (said,) = marked([Message("Here it is", (Button("Go on", "do:x"),), card)], WORDS)
    assert said.text == "Practice: Here it is"
    assert said.card
    assert (said.card["title"], said.card["subject"]) == ("Practice: E-mail", "Practice: Stage 1")
    assert said.buttons == (Button("Go on", "do:x"),)


@pytest.mark.parametrize("kind", ["emergency", "same_day"])
def test_urgent_advice_is_said_as_it_is(kind: str) -> None:
    """Whoever means it must not read that it is none; that they practise is said after it."""
    card = {"kind": kind, "title": "Call 999 now", "sections": []}
    said = marked([Message("Call 999 now", (), card), Message("Have you rung?")], WORDS)
    assert [one.text for one in said] == [
        "Call 999 now",
        "Practice: Have you rung?",
        "You are practising. If this is real, do it now.",
    ]
    assert said[0].card == card
