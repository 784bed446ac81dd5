"""Load everything, listen, and end cleanly."""

import asyncio
import logging
import os
import signal
import socket
import sys
import time
from pathlib import Path

# First of all that is heavy; see there.
from bot.server import engine  # isort: skip

import uvloop
import yaml
from rasa.core.channels.channel import InputChannel
from rasa.shared.utils.common import class_from_module_path

from sanic import Sanic
from sanic.server.async_server import AsyncioServer

from bot.channels.sessions import Sessions, load_secret
from bot.channels.turn import Desk
from bot.channels.wording import WordingMissing
from bot.channels.wording import load as load_wording
from bot.privacy.net import Masker, RememberingMasker
from bot.privacy.tracker_store import GuideTrackerStore, StoreUnavailable
from bot.server import memory
from bot.server.actions import InProcessActions, load_actions
from bot.server.app import build
from bot.server.logs import SafeFormatter
from bot.server.settings import Settings

log = logging.getLogger("bot.server")

SECRET = Path("var/secret")
GOODBYE_SECONDS = 3.0


def serve(
    settings: Settings,
    listening: socket.socket,
    formatter: SafeFormatter,
    mask: Masker | None = None,
) -> int:
    """Serve on a listening socket until SIGINT or SIGTERM; returns the exit status.

    `mask` stands in for the project's masking.
    """
    began = time.monotonic()
    try:
        desk, actions = load(settings, mask)
        channels = load_channels(settings.credentials)
        secret = load_secret(SECRET, os.environ.get("ESCALATION_GUIDE_SECRET"))
    except (engine.CannotStart, StoreUnavailable, WordingMissing, ValueError) as error:
        print(f"The guide cannot start. {error}", file=sys.stderr)
        return 1
    app = build(settings, channels, desk, Sessions(secret, time.time))
    try:
        uvloop.run(_until_stopped(app, listening, settings, formatter, began))
    except OSError as error:
        print(f"The guide cannot listen on {settings.address}: {error.strerror}.", file=sys.stderr)
        return 1
    finally:
        actions.close()
        desk.store.close()
    logging.shutdown()
    sys.stdout.flush()
    # The interpreter's own end would wait for the thread of an action that hangs.
    os._exit(0)


def load(settings: Settings, mask: Masker | None) -> tuple[Desk, InProcessActions]:
    """Load wording, store, actions and model; raises what `serve` reports."""
    wording = load_wording(settings.responses)
    if mask is None:
        from bot.privacy.masking import mask as project_mask

        mask = project_mask
    remembering = RememberingMasker(mask)
    # Masking loads its language model when it is first asked.
    remembering("Ready.")
    store = GuideTrackerStore(url=settings.database, mask=remembering)
    actions = load_actions(settings.actions, settings.action_seconds)
    agent = engine.load(settings.model, store, actions)
    return Desk(agent, store, remembering, wording, settings.turn_seconds), actions


def load_channels(path: Path) -> list[InputChannel]:
    """The channels that credentials.yml names, each with its settings.

    Raises ValueError where one cannot be made.
    """
    try:
        named = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        return [
            class_from_module_path(name).from_credentials(given) for name, given in named.items()
        ]
    except (OSError, yaml.YAMLError, AttributeError, ImportError, TypeError, KeyError) as error:
        raise ValueError(f"{path} does not describe the channels ({error}).") from error


async def _until_stopped(
    app: Sanic,
    listening: socket.socket,
    settings: Settings,
    formatter: SafeFormatter,
    began: float,
) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await engine.warm(app.ctx.agent)
    memory.after_loading()
    formatter.serving = True
    server = await app.create_server(
        sock=listening,
        return_asyncio_server=True,
        access_log=False,
        backlog=256,
        asyncio_server_kwargs={"start_serving": False},
    )
    if server is None:
        raise RuntimeError("Sanic gave no server.")
    await server.startup()
    await server.before_start()
    await server.start_serving()
    await server.after_start()
    print(f"The guide is ready: {settings.address}/", flush=True)
    log.info("Ready after %.1f s.", time.monotonic() - began)
    await stop.wait()
    print("Stopping.", flush=True)
    await _say_goodbye(server)


async def _say_goodbye(server: AsyncioServer) -> None:
    """Take no more, let turns that are under way end, and close the rest."""
    server.server.close()
    until = time.monotonic() + GOODBYE_SECONDS
    while server.connections and time.monotonic() < until:
        for connection in list(server.connections):
            connection.close_if_idle()
        await asyncio.sleep(0.05)
    for connection in list(server.connections):
        connection.abort()
