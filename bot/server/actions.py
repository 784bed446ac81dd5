"""Run the actions inside the server's own process.

Rasa calls an action through an endpoint object that would send an HTTP request. This endpoint
calls rasa_sdk's executor instead (docs/decisions/0003-actions-in-process.md). Each action runs in
a thread, so that an action that hangs stops neither other conversations nor its own time-out.
"""

import asyncio
import json as json_text
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from typing import Any, cast

import msgspec
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection
from rasa_sdk.types import ActionCall
from typing_extensions import override

from bot.channels.line import PLACES, PLACES_IN_DANGER
from bot.privacy.store.events import class_of

THREADS = PLACES + PLACES_IN_DANGER
"""One for every turn that may be at work, so that none waits for another's action."""


class ActionFailed(Exception):
    """An action raised, took too long or gave an invalid answer."""


class InProcessActions(EndpointConfig):
    """An action endpoint for Rasa that needs no address."""

    def __init__(self, executor: ActionExecutor, seconds: float = 5.0) -> None:
        # With selective_domain Rasa leaves the domain out of each call. Building it costs more
        # than most actions, so we build it once and add it ourselves.
        super().__init__(url="in-process", selective_domain=True)
        self.executor = executor
        self.seconds = seconds
        self.domain: dict[str, Any] = {}
        self._local = threading.local()
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="action")
        self._given_up: set[Future[dict[str, Any]]] = set()

    @override
    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run the action that `json` names and return its events and responses.

        Raises ActionFailed, or, as for an action server, Rasa's ClientResponseError with status
        400 if the action refuses to run.
        """
        call: dict[str, Any] = kwargs["json"]
        call.setdefault("domain", self.domain)
        running = self._pool.submit(self._run, call)
        try:
            answer = await asyncio.wait_for(asyncio.wrap_future(running), self.seconds)
        except asyncio.TimeoutError:
            raise ActionFailed(f"no answer within {self.seconds:g} seconds") from None
        except ActionExecutionRejection as refusal:
            body = {"error": refusal.message, "action_name": refusal.action_name}
            raise ClientResponseError(400, "rejected", json_text.dumps(body)) from None
        finally:
            if not running.done():
                self._given_up.add(running)
        return answer

    @property
    def can_run(self) -> bool:
        """Whether any thread is not blocked by an action that timed out and still runs."""
        self._given_up = {running for running in self._given_up if not running.done()}
        return len(self._given_up) < THREADS

    def _run(self, call: dict[str, Any]) -> dict[str, Any]:
        loop = getattr(self._local, "loop", None)
        if loop is None:
            loop = self._local.loop = asyncio.new_event_loop()
        answer = loop.run_until_complete(self.executor.run(cast("ActionCall", call)))
        # Through JSON and back, as over HTTP: what cannot be sent cannot be stored either, and
        # the action cannot change its answer afterwards.
        try:
            copy: dict[str, Any] = json_text.loads(json_text.dumps(answer))
        except (TypeError, ValueError) as error:
            raise ActionFailed("an answer that is not JSON") from error
        if not isinstance(copy, dict):
            raise ActionFailed("no answer at all")
        return copy

    def close(self) -> None:
        """Shut the threads down without waiting for them."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def load_actions(package: str, seconds: float) -> InProcessActions:
    """Import and register the package's actions, and let it `prepare` them if it has to."""
    # Rasa looks through all classes of events at each event that an action returns.
    Event.resolve_by_type = staticmethod(class_of)  # type: ignore[method-assign]
    # Rasa creates its actions anew for each call and has no setting for this.
    RemoteAction._validate_action_result = check_answer  # type: ignore[assignment]  # noqa: SLF001
    executor = ActionExecutor()
    executor.register_package(package)
    prepare = getattr(import_module(package), "prepare", None)
    if prepare is not None:
        prepare()
    return InProcessActions(executor, seconds)


def check_answer(_action: object, answer: Any) -> bool:
    """Check that an action's answer has the shape that Rasa expects; raises ActionFailed.

    This replaces Rasa's own check, which applies a JSON schema of every event at each call and
    takes longer than most actions. It finds the same faults, except unknown events, which Rasa
    finds when it reads the answer.
    """
    try:
        msgspec.convert(answer, _Answer)
    except msgspec.ValidationError as error:
        raise ActionFailed("an answer of another shape") from error
    return True


class _Event(msgspec.Struct):
    event: str


class _Answer(msgspec.Struct):
    events: list[_Event]
    responses: list[dict[str, Any]]


def missing_actions(actions: InProcessActions, named: list[str]) -> list[str]:
    """The actions in the domain that no code implements, in the domain's order."""
    known = actions.executor.actions
    return [name for name in named if not name.startswith("utter_") and name not in known]
