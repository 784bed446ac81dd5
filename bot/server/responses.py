"""The responses that rules and actions say, filled in as everywhere else.

Rasa's own generator writes an error to its log where a gap is not filled, and shows `{gap}` to the
person; it also fills gaps from slots that happen to have the same name. Here a gap is filled by the
action that says the response, and one that is not ends the turn.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from typing_extensions import override

from bot.core.handbook.wording import Phrases


class Responses(NaturalLanguageGenerator):
    """Says the domain's responses, each of which has one variant."""

    def __init__(self, responses: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        self._variants = {name: variant for name, (variant,) in responses.items()}
        texts = {name: variant["text"] for name, variant in self._variants.items()}
        self._phrases = Phrases(texts)

    @override
    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any]:
        """Return the response with its gaps filled. Raises KeyError for a gap or name not there.

        Rasa hands over all parts of a message beside the gaps, those that are None included.
        """
        gaps = {gap: value for gap, value in kwargs.items() if value is not None}
        text = self._phrases.say(utter_action.removeprefix("utter_"), **gaps)
        return {**deepcopy(self._variants[utter_action]), "text": text}
