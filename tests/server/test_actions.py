"""Actions run inside the server's process."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from typing import Any

import pytest
from rasa.utils.endpoints import ClientResponseError
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.server.actions import ActionFailed, InProcessActions, missing_actions
from tests.support.server import ROOT

TRACKER = {"sender_id": "someone", "slots": {}, "events": [], "latest_message": {"text": "hello"}}


def _endpoint(run: Any, seconds: float = 5.0) -> InProcessActions:
    executor = ActionExecutor()
    executor.register_function("action_test", run)
    endpoint = InProcessActions(executor, seconds)
    endpoint.domain = {"slots": {"risk": {}}}
    return endpoint


async def _call(endpoint: InProcessActions, name: str = "action_test") -> Any:
    return await endpoint.request(json={"next_action": name, "tracker": dict(TRACKER)})


async def test_an_action_gets_tracker_and_domain_and_gives_events_and_responses() -> None:
    """Synchronous or not, an action sees and gives what it would over HTTP."""

    def plain(dispatcher: Any, tracker: Any, domain: Any) -> Any:
        dispatcher.utter_message(text=f"{tracker.latest_message['text']} {list(domain['slots'])}")
        return [{"event": "slot", "name": "risk", "value": "concern"}]

    async def later(dispatcher: Any, tracker: Any, domain: Any) -> Any:
        await asyncio.sleep(0)
        return plain(dispatcher, tracker, domain)

    for run in (plain, later):
        answer = await _call(_endpoint(run))
        assert answer["responses"][0]["text"] == "hello ['risk']"
        assert answer["events"] == [{"event": "slot", "name": "risk", "value": "concern"}]


async def test_an_action_that_hangs_holds_nobody_else_up() -> None:
    """It ends at its time-out, while the event loop goes on."""
    release = threading.Event()

    def hang(_dispatcher: Any, _tracker: Any, _domain: Any) -> Any:
        release.wait(20)

    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.01)
            turns += 1

    busy = asyncio.create_task(others())
    began = time.monotonic()
    with pytest.raises(ActionFailed, match="no answer within"):
        await _call(_endpoint(hang, seconds=0.3))
    busy.cancel()
    release.set()
    assert turns > 3
    assert time.monotonic() - began < 10


async def test_an_answer_that_is_not_json_is_an_error() -> None:
    """An answer that is not JSON would be lost on the way to the store."""

    def nonsense(dispatcher: Any, _tracker: Any, _domain: Any) -> Any:
        dispatcher.utter_message(json_message={"card": object()})

    with pytest.raises(ActionFailed, match="not JSON"):
        await _call(_endpoint(nonsense))


async def test_an_actions_error_ends_the_turn() -> None:
    """Any exception ends the turn and is never swallowed."""

    def broken(_dispatcher: Any, _tracker: Any, _domain: Any) -> Any:
        raise KeyError("partnership")

    with pytest.raises(KeyError):
        await _call(_endpoint(broken))


async def test_an_action_may_refuse_to_run() -> None:
    """A refusal is passed on to Rasa, so that people can leave a form."""

    def refuse(_dispatcher: Any, _tracker: Any, _domain: Any) -> Any:
        raise ActionExecutionRejection("action_test", "not now")

    with pytest.raises(ClientResponseError) as caught:
        await _call(_endpoint(refuse))
    assert caught.value.status == 400
    assert "action_test" in caught.value.text


async def test_an_action_cannot_change_its_answer_afterwards() -> None:
    """The answer is a copy: an action's own lists are not the conversation's."""
    kept: dict[str, Any] = {"kind": "advice"}

    def keep(dispatcher: Any, _tracker: Any, _domain: Any) -> Any:
        dispatcher.utter_message(json_message={"card": kept})

    answer = await _call(_endpoint(keep))
    kept["kind"] = "changed"
    assert answer["responses"][0]["custom"]["card"] == {"kind": "advice"}


def test_an_action_without_code_is_reported() -> None:
    """Responses need no code; anything else in the domain does."""
    endpoint = _endpoint(lambda _dispatcher, _tracker, _domain: [])
    named = ["action_test", "utter_welcome", "action_other"]
    assert missing_actions(endpoint, named) == ["action_other"]


LOADED = """
import sys
from bot.server.actions import load_actions
load_actions("actions", 1)
from actions import context
print(context.handbook.cache_info().currsize, "holidays.countries.united_kingdom" in sys.modules)
"""


@pytest.mark.command
def test_nobodys_first_turn_waits_for_what_is_read_once() -> None:
    """Handbook and bank holidays are there once the actions are loaded."""
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOADED],
        cwd=ROOT,
        env={**os.environ, "ESCALATION_GUIDE_DRAFTS": "yes"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout == "1 True\n"
