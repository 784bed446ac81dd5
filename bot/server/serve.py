"""Load everything, listen, and end cleanly."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop
import yaml
from rasa.core.channels.channel import InputChannel
from rasa.shared.utils.common import class_from_module_path
from sanic import Sanic
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.cases import CaseDesk
from bot.channels.configured import Off
from bot.channels.downloads import Links, shelf
from bot.channels.sessions import Sessions, load_secret
from bot.channels.turn import Desk
from bot.channels.wording import load as load_wording
from bot.core.loader import PolicyError
from bot.documents.forms import FormError
from bot.letters.files import LetterError, confidence, letters
from bot.privacy.cases import DAY_SECONDS, CaseStore
from bot.privacy.net import Masker, RememberingMasker
from bot.privacy.retention import days_kept, purge
from bot.privacy.tracker_store import GuideTrackerStore, StoreUnavailable
from bot.server import engine, memory
from bot.server.actions import InProcessActions, load_actions
from bot.server.app import build
from bot.server.logs import log_failure
from bot.server.settings import CannotStart, Settings

SECRET = Path("var/secret")
GOODBYE_SECONDS = 3.0


@dataclass(frozen=True)
class Loaded:
    """Everything that answers people, before it has a socket. Conversations are kept `days`."""

    desk: Desk
    actions: InProcessActions
    app: Sanic
    days: float


def load(settings: Settings, mask: Masker | None = None) -> Loaded:
    """Load wording, letters, store, actions, the model at `settings.model`, and the channels.

    `mask` stands in for the project's masking. Raises CannotStart.
    """
    try:
        channels = load_channels(settings.credentials)
        wording = load_wording(settings.responses)
        # A file that is wrong is found now, and not in somebody's turn.
        letters(), confidence(), shelf()
        if mask is None:
            from bot.privacy.masking import mask as project_mask

            mask = project_mask
        remembering = RememberingMasker(mask)
        store = GuideTrackerStore(url=settings.database, mask=remembering)
        actions = load_actions(settings.actions, settings.action_seconds)
        agent = engine.load(settings.model, store, actions)
        # Masking reads its word lists when it is first asked, and loads its second reader at the
        # first word that it does not know: now, not in somebody's turn.
        remembering("Ready for Qwzxv.")
        days = days_kept()
        secret = load_secret(SECRET, os.environ.get("ESCALATION_GUIDE_SECRET"))
        cases = CaseDesk(CaseStore(store.engine, secret, days))
    except (
        StoreUnavailable, PolicyError, LetterError, FormError, ValueError, OSError
    ) as error:  # fmt: skip
        raise CannotStart(str(error)) from error
    desk = Desk(agent, store, remembering, wording, cases, settings.turn_seconds)
    links = Links(secret, time.time, settings.file_seconds)
    app = build(settings, channels, desk, Sessions(secret, time.time), links)
    return Loaded(desk, actions, app, days)


def serve(loaded: Loaded, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve on a bound socket until SIGINT or SIGTERM, calling `ready` when it answers.

    Raises CannotStart.
    """
    try:
        uvloop.run(_until_stopped(loaded, listening, ready))
    except OSError as error:
        raise CannotStart(f"It cannot listen on its port: {error.strerror}.") from error
    finally:
        loaded.actions.close()
        loaded.desk.store.close()


def load_channels(path: Path) -> list[InputChannel]:
    """The channels that credentials.yml names and that are set up, each with its settings.

    Raises ValueError where one cannot be made.
    """
    channels: list[InputChannel] = []
    try:
        named = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for name, given in named.items():
            with suppress(Off):
                channels.append(class_from_module_path(name).from_credentials(given))
        return channels  # noqa: TRY300
    except (OSError, yaml.YAMLError, AttributeError, ImportError, TypeError, KeyError) as error:
        raise ValueError(f"{path} does not describe the channels ({error}).") from error


async def _until_stopped(
    loaded: Loaded,
    listening: socket.socket,
    ready: Callable[[], None],
) -> None:
    app, store, days = loaded.app, loaded.desk.store, loaded.days
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await engine.warm(app.ctx.agent)
    memory.after_loading()
    # Sanic starts nothing here but gives a server to start, of a class without annotations.
    server: Any = await app.create_server(
        sock=listening,
        return_asyncio_server=True,
        access_log=False,
        backlog=256,
        asyncio_server_kwargs={"start_serving": False},
    )
    await server.startup()
    await server.before_start()
    await server.start_serving()
    await server.after_start()
    ready()
    keeping = asyncio.create_task(_keep_only_recent(store, days))
    await stop.wait()
    keeping.cancel()
    await _say_goodbye(server)
    await app.ctx.background.finish(GOODBYE_SECONDS)
    await app.ctx.sender.close()


async def _keep_only_recent(store: GuideTrackerStore, days: float) -> None:
    """Delete what is too old, now and once a day. A failure is tried again."""
    while True:
        try:
            await asyncio.to_thread(purge, store.engine, days, time.time())
        except SQLAlchemyError as error:
            log_failure("Old conversations could not be deleted.", error)
        await asyncio.sleep(DAY_SECONDS)


async def _say_goodbye(server: Any) -> None:
    """Take no more, let turns that are under way end, and close the rest."""
    server.server.close()
    until = time.monotonic() + GOODBYE_SECONDS
    while server.connections and time.monotonic() < until:
        for connection in list(server.connections):
            connection.close_if_idle()
        await asyncio.sleep(0.05)
    for connection in list(server.connections):
        connection.abort()
