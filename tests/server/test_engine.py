"""What the engine leaves out of a turn, and when it does not."""

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.domain import Domain

from bot.model import trained_model
from bot.server.engine import fills_slots


@pytest.mark.parametrize(
    "mapping",
    ["{type: from_text}", "{type: from_entity, entity: e}", "{type: custom, action: action_x}"],
)
def test_a_domain_that_fills_slots_from_messages_is_known(mapping: str) -> None:
    """For such a domain the slots are looked for, as Rasa does."""
    domain = f"""
        version: "3.1"
        entities: [e]
        actions: [action_x]
        slots:
          s: {{type: any, mappings: [{mapping}]}}
    """
    assert fills_slots(Domain.from_yaml(domain))


def test_a_domain_with_an_action_that_validates_slots_is_known() -> None:
    """It may set slots by itself."""
    assert fills_slots(Domain.from_yaml('version: "3.1"\nactions: [action_validate_slot_mappings]'))


def test_the_guides_own_domain_fills_none() -> None:
    """Its slots are filled by the form alone, so that looking for them could find nothing."""
    metadata = LocalModelStorage.metadata_from_archive(trained_model())
    assert not fills_slots(metadata.domain)
