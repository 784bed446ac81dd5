"""`python -m bot check-data`: Rasa's own findings about the conversation's data."""

import re

import pytest
from rasa.shared.importers.importer import TrainingDataImporter

from bot.commands.check_data import MEANT, data_problems
from bot.core.conversation.questions.table import BY_THE_FORM
from bot.core.conversation.slots import SLOTS
from bot.paths import ROOT


@pytest.mark.long
def test_rasa_finds_nothing_wrong_with_the_data() -> None:
    """Every response, action, form and slot that a rule names is there."""
    assert data_problems() == []


def test_a_missing_response_is_not_excused() -> None:
    """What is let pass never hides a rule that would say a sentence nobody wrote."""
    missing = (
        "The action 'utter_welcom' is used in the stories, but is not a valid utterance action."
    )
    assert not any(re.match(meant, missing) for meant in MEANT)


def test_the_domain_has_a_slot_for_each_answer_and_an_action_for_each_question() -> None:
    """They are added to domain.yml from the conversation's own table."""
    importer = TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml")
    )
    domain = importer.get_domain()
    assert set(SLOTS) <= {slot.name for slot in domain.slots}
    asked = {name for name in domain.action_names_or_texts if name.startswith("action_ask_")}
    assert asked == {f"action_ask_{name}" for name in BY_THE_FORM}
