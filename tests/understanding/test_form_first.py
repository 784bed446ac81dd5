"""The quicker rules predict what Rasa's own do, whatever has happened in a conversation."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import DEFAULT_ACTION_MAPPINGS, RulePolicy
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    LoopInterrupted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.model import trained_model
from bot.understanding.form_first import FormFirst
from tests.support.rounds import rounds

FORM = "escalation_form"
Known = tuple[FormFirst, Domain]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Known:
    """The rules and the domain of the trained model."""
    folder = tmp_path_factory.mktemp("model")
    storage, metadata = LocalModelStorage.from_model_archive(folder, trained_model())
    name = next(
        node for node, one in metadata.predict_schema.nodes.items() if one.uses is FormFirst
    )
    node = metadata.predict_schema.nodes[name]
    context = ExecutionContext(metadata.predict_schema, node_name=name)
    config = {**FormFirst.get_default_config(), **node.config}
    resource = Resource(node.resource.name if node.resource else name)
    policy = FormFirst.load(config, storage, resource, context)
    assert isinstance(policy, FormFirst)
    return policy, metadata.domain


@st.composite
def turns(draw: st.DrawFn) -> list[Event]:
    """Return what may happen in a turn, in any order Rasa could write it, likely or not."""
    intent = draw(st.sampled_from(INTENTS))
    events: list[Event] = [
        ActionExecuted(ACTION_LISTEN_NAME),
        UserUttered("said", {"name": intent, "confidence": 1.0}),
    ]
    for what in draw(st.lists(st.sampled_from(sorted(HAPPENS)), max_size=4)):
        events += HAPPENS[what]
    return events


INTENTS = [
    "greet", "inform", "answer", "enquiry", "help", "danger", "ask_draft", "show_advice",
    "save_case", "stages", "affirm", *DEFAULT_ACTION_MAPPINGS,
]  # fmt: skip
HAPPENS: dict[str, Sequence[Event]] = {
    "the form begins": [ActionExecuted(FORM), ActiveLoop(FORM)],
    "the form goes on": [ActionExecuted(FORM), SlotSet("requested_slot", "risk")],
    "the form ends": [ActionExecuted(FORM), ActiveLoop(None), SlotSet("requested_slot", None)],
    "the form gives way": [ActionExecutionRejected(FORM)],
    "the form is interrupted": [LoopInterrupted(is_interrupted=True)],
    "a question is answered": [ActionExecuted("action_enquiry")],
    "help is given": [ActionExecuted("action_help")],
    "advice is given": [ActionExecuted("action_advise")],
    "the welcome is said": [ActionExecuted("utter_welcome")],
}


@pytest.mark.long
@settings(max_examples=rounds(300), deadline=None)
@given(conversation=st.lists(turns(), min_size=1, max_size=4))
def test_it_predicts_what_rasa_predicts(known: Known, conversation: list[list[Event]]) -> None:
    """After every event of any conversation the next action is the one of RulePolicy."""
    policy, domain = known
    events = [event for turn in conversation for event in turn]
    for end in range(2, len(events) + 1):
        tracker = DialogueStateTracker.from_events("person", events[:end], domain.slots)
        quicker = policy.predict_action_probabilities(tracker, domain)
        usual = RulePolicy.predict_action_probabilities(policy, tracker, domain)
        assert shown(quicker) == shown(usual)


def shown(prediction: PolicyPrediction) -> dict[str, object]:
    """Return everything that a prediction says."""
    return {**vars(prediction), "events": [event.as_dict() for event in prediction.events]}


@pytest.mark.long
def test_the_form_goes_on_without_the_rules(known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer to the form's question is taken by the form; the rules are not asked."""
    policy, domain = known

    def refuse(*_arguments: object, **_named: object) -> None:
        raise AssertionError

    monkeypatch.setattr(RulePolicy, "_find_action_from_rules", refuse)
    events = [*HAPPENS["the form begins"], ActionExecuted(ACTION_LISTEN_NAME)]
    events.append(UserUttered("Kent", {"name": "inform", "confidence": 1.0}))
    tracker = DialogueStateTracker.from_events("person", events, domain.slots)
    best = policy.predict_action_probabilities(tracker, domain)
    assert domain.action_names_or_texts[best.probabilities.index(1.0)] == FORM
