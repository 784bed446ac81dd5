"""What the engine leaves out of a turn, and when it does not."""

from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain

from bot.model import trained_model
from bot.server.engine import AtomicProcessor, fills_slots


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


@pytest.mark.long
def test_the_guides_own_domain_fills_none() -> None:
    """Its slots are filled by the form alone, so that looking for them could find nothing."""
    metadata = LocalModelStorage.metadata_from_archive(trained_model())
    assert not fills_slots(metadata.domain)


@pytest.mark.long
def test_the_domain_is_taken_from_what_is_told_of_the_model(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its YAML, which says the same, is not read and checked again at each start."""
    read: list[Domain] = []
    from_path = Domain.from_path

    def note(path: str) -> Domain:
        read.append(from_path(path))
        return read[-1]

    monkeypatch.setattr(Domain, "from_path", note)
    _, metadata, runner = AtomicProcessor._load_model(trained_model())  # noqa: SLF001 - what is tested
    assert read == []
    given = runner.run(targets=["domain_provider"])["domain_provider"]
    assert given.fingerprint() == metadata.domain.fingerprint()


@pytest.mark.long
def test_the_domain_stands_twice_in_a_model(tmp_path: Path) -> None:
    """The one that is used and the YAML that is not are the same."""
    storage, metadata = LocalModelStorage.from_model_archive(tmp_path, trained_model())
    with storage.read_from(Resource("domain_provider")) as folder:
        assert Domain.from_path(folder).fingerprint() == metadata.domain.fingerprint()
