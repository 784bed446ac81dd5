"""Run the form as Rasa does, on copies of the conversation that cost little.

For each copy Rasa plays the whole conversation again, three times in a turn of the form, and it
copies the latest message with all that was read in it for a debug log that is off.
"""

from copy import copy

from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.constants import ACTION_LISTEN_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from typing_extensions import override


class GuideForm(FormAction):
    """Rasa's form: `validate_…` takes the message in and names the question, an action asks it."""

    @override
    async def _validate_if_required(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> list[Event]:
        listened = tracker.latest_action_name == ACTION_LISTEN_NAME
        events: list[Event]
        if not tracker.active_loop or (listened and not tracker.is_active_loop_interrupted):
            events = await self.validate(tracker, domain, output_channel, nlg)
        else:
            events = await self.validate_slots({}, tracker, domain, output_channel, nlg)
        return events

    @override
    def _temporary_tracker(
        self, current_tracker: DialogueStateTracker, additional_events: list[Event], domain: Domain
    ) -> DialogueStateTracker:
        copied = copy_of_tracker(current_tracker)
        requested = SlotSet(REQUESTED_SLOT, self.get_slot_to_fill(current_tracker))
        for event in (requested, ActionExecuted(self.name()), *additional_events):
            copied.update(event, domain)
        return copied


def copy_of_tracker(tracker: DialogueStateTracker) -> DialogueStateTracker:
    """Return a tracker in the same state, which can go on without changing this one.

    The two share slots, which `share_slots` makes safe.
    """
    copied: DialogueStateTracker = object.__new__(type(tracker))
    copied.__dict__.update(tracker.__dict__)
    copied.events = copy(tracker.events)
    copied.slots = dict(tracker.slots)
    copied.active_loop = copy(tracker.active_loop)
    return copied
