"""`python -m bot check-data`: Rasa's own findings about the conversation's data."""

from pathlib import Path

import pytest
from rasa.shared.importers.importer import TrainingDataImporter

from bot.commands.check_data import data_problems, is_meant
from bot.core.conversation.questions.table import BY_THE_FORM
from bot.core.conversation.slots import SLOTS
from bot.paths import ROOT

PROJECT = {
    "config.yml": """recipe: default.v1
language: en
pipeline: []
policies: [{name: RulePolicy}]
""",
    "domain.yml": """version: "3.1"
intents: [greet, thank]
responses: {utter_hello: [{text: Hello}]}
""",
    "data/lines.yml": """version: "3.1"
nlu:
- intent: greet
  examples: |
    - good morning
    - good evening
- intent: thank
  examples: |
    - thank you
    - good morning
""",
    "data/rules.yml": """version: "3.1"
rules:
- rule: Hello
  steps: [{intent: greet}, {action: utter_hello}]
- rule: Thanks
  steps: [{intent: thank}, {action: utter_welcome}]
""",
}


def test_what_is_wrong_with_the_data_is_found(tmp_path: Path) -> None:
    """A response that nobody wrote, and one line under two intents. `make check` asks of ours."""
    for name, text in PROJECT.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = "\n".join(data_problems(tmp_path))
    assert "utter_welcome" in found
    assert "labeled with: greet, thank" in found
    assert "utter_hello" not in found


def test_a_missing_response_is_not_excused() -> None:
    """What is let pass never hides a rule that would say a sentence nobody wrote."""
    missing = (
        "The action 'utter_welcom' is used in the stories, but is not a valid utterance action."
    )
    assert not is_meant(missing)


@pytest.mark.parametrize(
    ("labels", "meant"),
    [
        ("inform, no_danger", True),
        ("came_of_it, inform, outcome", True),
        ("communication, inform", False),
        ("communication, how_far, inform", False),
    ],
)
def test_a_line_has_one_intent_beside_what_is_learned_apart(labels: str, *, meant: bool) -> None:
    """Two intents of messages for the same words are a mistake in the data."""
    said = f"The example 'nothing yet' was found. The example is labeled with: {labels}."
    assert is_meant(said) is meant


def test_the_domain_has_a_slot_for_each_answer_and_an_action_for_each_question() -> None:
    """They are added to domain.yml from the conversation's own table."""
    importer = TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml")
    )
    domain = importer.get_domain()
    assert set(SLOTS) <= {slot.name for slot in domain.slots}
    asked = {name for name in domain.action_names_or_texts if name.startswith("action_ask_")}
    assert asked == {f"action_ask_{name}" for name in BY_THE_FORM}
