"""`python -m bot check-data`: Rasa's own findings about the conversation's data."""

import re

import pytest

from bot.commands.check_data import MEANT, problems


@pytest.mark.long
def test_the_conversation_holds_together() -> None:
    """Every response, action, form and slot that a rule names is there."""
    assert problems() == []


def test_a_missing_response_is_not_excused() -> None:
    """What is let pass never hides a rule that would say a sentence nobody wrote."""
    missing = (
        "The action 'utter_welcom' is used in the stories, but is not a valid utterance action."
    )
    assert not any(re.match(meant, missing) for meant in MEANT)
