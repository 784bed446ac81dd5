"""Rasa's agent, loaded our way: quickly, with our store, and whole turns or none.

Rasa writes a failing action to the log and goes on, so that the person is left with
silence and the conversation with half a turn. Here any failure ends the turn before it
is saved: the channel says the standing safety message, and the next message finds the
conversation as it was.
"""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import LambdaType
from typing import Any, cast

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.actions.forms import FormAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine.graph import ExecutionContext
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelMetadata, ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS, DEFAULT_SLOT_NAMES
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected
from rasa.shared.core.trackers import DialogueStateTracker, TrackerActiveLoop

from bot.channels.messages import NeutralOutput
from bot.privacy.store.tracker_store import GuideTrackerStore
from bot.server.actions import InProcessActions, missing_actions
from bot.server.form import GuideForm, copy_of_tracker
from bot.server.graph import SequentialRunner
from bot.server.locks import TurnLocks
from bot.server.model_file import NoModel, damaged_model
from bot.server.responses import Responses
from bot.server.slots import share_slots


class TurnFailed(Exception):
    """The turn could not be finished; nothing of it was stored."""


class AtomicProcessor(MessageProcessor):
    """Rasa's processor, with a turn that is stored whole or not at all."""

    @staticmethod
    def _load_model(model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        """Load a model file as Rasa does, to be run in our order.

        The domain stands in it twice: as JSON with what else is told of the model, and as YAML,
        which takes Rasa a third of the start to read and check anew. The first is enough.
        """
        path = Path(model_path)
        with TemporaryDirectory() as folder:
            storage, metadata = LocalModelStorage.from_model_archive(Path(folder), path)
            DomainProvider.load = partial(_given_domain, metadata.domain)  # type: ignore[method-assign]
            schema = metadata.predict_schema
            context = ExecutionContext(schema, metadata.model_id)
            runner = SequentialRunner.create(schema, storage, context)
        return path.name, metadata, runner

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Fill slots from the message; ours are filled by the form alone, so there are none."""
        if self._fills_slots():
            return await super().run_action_extract_slots(output_channel, tracker)
        return tracker

    def _fills_slots(self) -> bool:
        known: bool | None = self.__dict__.get("_filled")
        if known is None:
            known = fills_slots(self.domain)
            self.__dict__["_filled"] = known
        return known

    async def _run_prediction_loop(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> None:
        await super()._run_prediction_loop(output_channel, tracker)
        if isinstance(output_channel, NeutralOutput) and not output_channel.messages:
            raise TurnFailed("nothing was said")

    async def _update_tracker_session(
        self,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        metadata: dict[str, Any] | None = None,
    ) -> None:
        """Begin the session of a new conversation. None expires, so nothing is looked through."""
        if tracker.latest_action_name is None:
            await super()._update_tracker_session(tracker, output_channel, metadata)

    def predict_next_with_tracker_if_should(
        self, tracker: DialogueStateTracker
    ) -> tuple[Action, PolicyPrediction]:
        """Return the next action, a form as one of ours."""
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        if isinstance(action, FormAction):
            action = GuideForm(action.name(), self.action_endpoint)
        return action, prediction

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """Run an action and add its events to the conversation. Raises TurnFailed.

        Rasa's own does it on a copy for which the whole conversation is played again, and copies
        all events and slots for a debug log that is off.
        """
        given = copy_of_tracker(tracker)
        given.update_with_events(prediction.events, self.domain)
        try:
            events = list(await action.run(output_channel, nlg, given, self.domain) or [])
        except ActionExecutionRejection:
            events = [
                ActionExecutionRejected(
                    action.name(), prediction.policy_name, prediction.max_confidence
                )
            ]
        except Exception as error:
            raise TurnFailed(f"action {action.name()}") from error
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)
        await self.execute_side_effects(events, tracker, output_channel)
        return bool(self.should_predict_another_action(action.name()))


def fills_slots(domain: Domain) -> bool:
    """Say whether a message can fill a slot by itself, or an action is asked to."""
    if ACTION_VALIDATE_SLOT_MAPPINGS in domain.user_actions:
        return True
    return any(
        mapping.get("type") != "custom" or "action" in mapping
        for slot in domain.slots
        if slot.name not in DEFAULT_SLOT_NAMES
        for mapping in slot.mappings
    )


def _given_domain(
    domain: Domain, model_storage: ModelStorage, resource: Resource, **_others: Any
) -> DomainProvider:
    """Return the component that hands out the domain, without reading it."""
    return DomainProvider(model_storage, resource, domain)


def _too_many_actions(*_arguments: Any) -> None:
    raise TurnFailed("the turn went round in circles")


def _change_loop(tracker: DialogueStateTracker, name: str | None) -> None:
    tracker.active_loop = (
        TrackerActiveLoop(name, is_interrupted=False, rejected=False, trigger_message=None)
        if name
        else None
    )


def load(model: Path, store: GuideTrackerStore, actions: InProcessActions) -> Agent:
    """The agent for the model, with our store unwrapped and the actions in-process.

    Raises NoModel where the file is not a model, or where the model's domain names
    an action that no code answers to.
    """
    share_slots()
    # Rasa keeps with a form the message that began it, and copies it for each action. Nothing
    # reads it.
    DialogueStateTracker.change_loop_to = _change_loop  # type: ignore[assignment]
    agent = Agent(lock_store=TurnLocks(store), action_endpoint=actions)
    # Agent wraps any store in one that turns to memory when the store fails, and says so
    # to nobody. Ours is put in its place.
    agent.tracker_store = store
    try:
        processor = AtomicProcessor(
            model_path=model,
            tracker_store=store,
            lock_store=agent.lock_store,
            action_endpoint=actions,
            generator=agent.nlg,
            on_circuit_break=cast("LambdaType", _too_many_actions),
        )
    except Exception as error:
        raise damaged_model(model, error) from error
    agent.processor = processor
    agent.domain = store.domain = processor.domain
    agent.nlg = processor.nlg = Responses(processor.domain.responses)
    actions.domain = processor.domain.as_dict()
    unanswered = missing_actions(actions, list(processor.domain.user_actions))
    if unanswered:
        raise NoModel(f"The model names actions that do not exist: {', '.join(unanswered)}")
    return agent
