"""What the graph components put on a message, and what happens when reading fails."""

from pathlib import Path
from typing import Any

import msgspec
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bench import measure_understanding as measure
from bot.understanding import components
from bot.understanding.command import newest_model, output_for
from bot.understanding.intents import INFORM, intent_to_act_on
from bot.understanding.model.encoder import Encoder, Scores

pytestmark = pytest.mark.long

CONTEXT = ExecutionContext(GraphSchema({}))


@pytest.fixture(scope="module")
def ranker(tmp_path_factory: pytest.TempPathFactory) -> components.IntentRanker:
    """A ranker trained on one line in four of a few intents, stored, and loaded again."""
    storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
    resource = Resource("ranker")
    kept = {"danger", "no_danger", "threshold", "greet"}
    few = [pair for pair in measure.intent_examples() if pair[1] in kept][::4]
    data = TrainingData([Message.build(text, intent) for text, intent in few])
    components.IntentRanker.create({}, storage, resource, CONTEXT).train(data)
    return components.IntentRanker.load({}, storage, resource, CONTEXT)


def processed(ranker: components.IntentRanker, text: str) -> dict[str, Any]:
    """What both components make of a text, as it leaves the graph."""
    message = Message({"text": text})
    reader = components.MessageReader.create({}, LocalModelStorage(Path()), Resource("r"), CONTEXT)
    reader.process(ranker.process([message]))
    return dict(message.as_dict(only_output_properties=True))


def test_the_graph_returns_a_reading(ranker: components.IntentRanker) -> None:
    """Intent, ranking and reading come out, and a stored ranker ranks."""
    out = processed(ranker, "they knocked our referral back again")
    assert out["intent"]["name"] == "threshold"
    assert out["reading"]["disagreement"][0]["name"] == "threshold"
    assert {entry["name"] for entry in out["intent_ranking"]} == {"danger", "threshold", "greet"}


def test_a_question_to_the_guide_is_the_intent(ranker: components.IntentRanker) -> None:
    """The intent is `enquiry`, its topic travels on the reading, and nothing else is read."""
    out = processed(ranker, "what's stage 3 in Kent?")
    assert out["intent"] == {"name": "enquiry", "confidence": 1.0}
    assert out["reading"]["enquiry"] == {"topic": "stage", "stage": 3, "partnerships": ("kent",)}
    assert out["reading"]["partnership"] is None
    assert processed(ranker, "they knocked our referral back again")["reading"]["enquiry"] is None


def test_a_stored_ranker_of_topics_ranks(tmp_path_factory: pytest.TempPathFactory) -> None:
    """It is trained on the lines with a topic, stored, and asked where no rule speaks."""
    storage = LocalModelStorage(tmp_path_factory.mktemp("model"))
    resource = Resource("ranker")
    asked, told = measure.enquiry_examples()
    lines = [Message.build(text, "enquiry", None, {"topic": topic}) for text, topic in asked]
    lines += [Message.build(text, "threshold") for text in told[::20]]
    lines += [Message.build("there is a knife", "danger"), Message.build("hello", "greet")]
    data = TrainingData(lines * 2)
    components.IntentRanker.create({}, storage, resource, CONTEXT).train(data)
    loaded = components.IntentRanker.load({}, storage, resource, CONTEXT)
    out = processed(loaded, "is somebody going to be cross with me about this")
    assert out["reading"]["enquiry"]["topic"] == "relationship"
    assert "enquiry" not in {entry["name"] for entry in out["intent_ranking"]}


def test_an_urgent_message_is_danger(ranker: components.IntentRanker) -> None:
    """Whatever else it says, an urgent message has the intent danger, and is sure of it."""
    out = processed(ranker, "they knocked our referral back and she has a handprint on her face")
    assert out["intent"] == {"name": "danger", "confidence": 1.0}


def test_danger_set_aside_is_not_the_intent(ranker: components.IntentRanker) -> None:
    """A line whose danger is denied keeps the likeliest other intent."""
    assert processed(ranker, "there were no bruises")["intent"]["name"] != "danger"


def test_an_empty_message_has_no_intent(ranker: components.IntentRanker) -> None:
    """Nothing typed is nothing understood, and not an error."""
    assert processed(ranker, " \u200b ")["intent"]["name"] is None


def test_a_message_is_encoded_once(
    ranker: components.IntentRanker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it costs is paid once a message, whoever uses it, and not for an empty one."""
    heard: list[str] = []
    hear = Encoder.score

    def counted(encoder: Encoder, text: str) -> Scores:
        heard.append(text)
        return hear(encoder, text)

    monkeypatch.setattr(Encoder, "score", counted)
    asking = "they knocked our referral back, she has a handprint on her face, who do i ring?"
    for text in (asking, " "):
        processed(ranker, text)
    assert heard == [asking]


def test_a_failing_reading_is_urgent(
    ranker: components.IntentRanker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message that cannot be read is never passed over as safe."""

    def fails(*_: object) -> None:
        raise RuntimeError

    reader = components.MessageReader.create({}, LocalModelStorage(Path()), Resource("r"), CONTEXT)
    monkeypatch.setattr(components, "read_message", fails)
    message = ranker.process([Message({"text": "hello"})])[0]
    reader.process([message])
    assert message.get("reading")["urgent"]
    assert message.get("intent")["name"] == "danger"


def test_understand_prints_the_contract() -> None:
    """The keys are those of the design, the kinds by name only."""
    import msgspec

    reading = msgspec.to_builtins(measure.reader()("csc nfa'd our referral in maidstone"))
    printed = output_for("stored text", {"reading": reading})
    assert list(printed) == [
        *("stored", "urgent", "urgent_because", "disagreement", "exit", "partnership", "dates"),
        *("side", "level", "calls", "wish", "objects", "facts"),
    ]
    assert printed["disagreement"][0] == "threshold"
    assert printed["partnership"] == "kent"


def test_the_newest_model_is_taken(tmp_path: Path) -> None:
    """Without a model there is none; with several the last written is used."""
    assert newest_model(tmp_path) is None
    (tmp_path / "a.tar.gz").touch()
    assert newest_model(tmp_path) == tmp_path / "a.tar.gz"


def test_an_unsure_exit_sends_nobody_elsewhere() -> None:
    """Whoever only says that they are a teacher is not telling of an allegation."""
    ranking = [{"name": "allegation", "confidence": 0.4}]
    calm = msgspec.structs.replace(components.UNREADABLE, urgent=False, urgent_because=None)
    assert intent_to_act_on(ranking, calm)["name"] == INFORM
    sure = msgspec.structs.replace(calm, exit="allegation")
    assert intent_to_act_on(ranking, sure)["name"] == "allegation"
