"""A model's components run in order, and give what Rasa's own runner gives."""

from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.engine.constants import PLACEHOLDER_MESSAGE, PLACEHOLDER_TRACKER
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.model import trained_model
from bot.server.graph import SequentialRunner, topological_order

Both = tuple[SequentialRunner, DaskGraphRunner, ModelMetadata]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """The trained model in our runner and in Rasa's."""
    folder = tmp_path_factory.mktemp("model")
    storage, metadata = LocalModelStorage.from_model_archive(folder, trained_model())
    schema = metadata.predict_schema
    ours, rasas = (
        runner.create(schema, storage, ExecutionContext(schema))
        for runner in (SequentialRunner, DaskGraphRunner)
    )
    assert isinstance(ours, SequentialRunner)
    return ours, rasas, metadata


@pytest.mark.long
@pytest.mark.parametrize("text", ["they knocked our referral back on monday", "no", "", "🙂"])
def test_a_message_is_read_as_by_rasas_runner(both: Both, text: str) -> None:
    """Every component gives the same result on both runners."""
    ours, rasas, metadata = both
    target = str(metadata.nlu_target)
    inputs = {PLACEHOLDER_MESSAGE: [UserMessage(text)], PLACEHOLDER_TRACKER: None}
    read = [runner.run(inputs, [target])[target] for runner in (ours, rasas)]
    first, second = ([message.as_dict() for message in messages] for messages in read)
    assert first == second
    assert first[0]["text"] == text
    assert "reading" in first[0]


@pytest.mark.long
def test_an_action_is_predicted_as_by_rasas_runner(both: Both) -> None:
    """The probabilities of all actions are the same."""
    ours, rasas, metadata = both
    events = [ActionExecuted("action_listen"), UserUttered("hello", {"name": "greet"})]
    tracker = DialogueStateTracker.from_events("person", events, metadata.domain.slots)
    inputs: dict[str, Any] = {PLACEHOLDER_TRACKER: tracker}
    target = str(metadata.core_target)
    predicted = [runner.run(inputs, [target])[target] for runner in (ours, rasas)]
    assert predicted[0].probabilities == predicted[1].probabilities
    assert max(predicted[0].probabilities) == 1.0


def test_a_missing_input_is_named(both: Both) -> None:
    """Without a message the error names the missing input."""
    ours, _, metadata = both
    with pytest.raises(GraphRunError, match=PLACEHOLDER_MESSAGE):
        ours.run({}, [str(metadata.nlu_target)])


def test_a_cycle_of_components_is_refused() -> None:
    """Components that need each other cannot be ordered."""
    with pytest.raises(GraphRunError, match="circle"):
        topological_order({"ranker": ["reader"], "reader": ["ranker"]})
