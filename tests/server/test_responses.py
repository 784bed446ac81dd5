"""What rules and actions say through Rasa is filled in as everywhere else, or not said."""

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.server.responses import Responses

BUTTON = {"title": "Yes", "payload": "do:yes"}
RESPONSES: dict[str, list[dict[str, Any]]] = {
    "utter_limit": [{"text": "At most {limit} of {text}.", "buttons": [BUTTON]}],
    "utter_plain": [{"text": "Hello."}],
}


async def say(name: str, **given: Any) -> dict[str, Any]:
    """Return what Rasa is given for a response, in a conversation whose slot `limit` is filled."""
    slot = AnySlot("limit", mappings=[{}], initial_value="nine")
    tracker = DialogueStateTracker.from_events("someone", [], [slot], domain=Domain.empty())
    # As the action's dispatcher hands it over.
    parts: dict[str, Any] = {"text": None, "buttons": [], "custom": {}, "image": None}
    return await Responses(RESPONSES).generate(name, tracker, "web", **parts | given)


async def test_gaps_are_filled_and_buttons_kept() -> None:
    """What an action adds to the buttons stays with that one message."""
    said = await say("utter_limit", limit="2", text="it")
    assert said == {"text": "At most 2 of it.", "buttons": [BUTTON]}
    said["buttons"].append(BUTTON)
    assert (await say("utter_limit", limit="2", text="it"))["buttons"] == [BUTTON]
    assert await say("utter_plain") == {"text": "Hello."}


@pytest.mark.parametrize("given", [{"text": "it"}, {"limit": "2"}])
async def test_an_unfilled_gap_is_refused(given: dict[str, Any]) -> None:
    """Neither a slot of the same name nor an empty part of the message fills it."""
    with pytest.raises(KeyError):
        await say("utter_limit", **given)


async def test_a_response_that_is_not_there_is_refused() -> None:
    """Rasa would say nothing."""
    with pytest.raises(KeyError, match="utter_other"):
        await say("utter_other")
