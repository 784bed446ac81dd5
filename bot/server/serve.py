"""Load everything, listen, and stop cleanly."""

import asyncio
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import uvloop
import yaml
from rasa.core.channels.channel import InputChannel
from rasa.shared.utils.common import class_from_module_path
from sanic import Sanic
from sqlalchemy.exc import SQLAlchemyError

from bot import memory
from bot.channels.cases import CaseService
from bot.channels.configured import NotConfigured
from bot.channels.incoming import first_look
from bot.channels.outbound import RetryPolicy, Sender
from bot.channels.turn import Services
from bot.channels.web.sessions import Sessions, load_secret
from bot.channels.web.sign_in import configured_sign_in
from bot.channels.wording import load as load_wording
from bot.clock import today
from bot.core.handbook.calendar import calendar
from bot.core.policy.loader import PolicyError
from bot.documents.downloads import Links, check_file_sources
from bot.documents.forms import FormError
from bot.figures.log import FigureLog, figure_log
from bot.keepers.gate import keepers_password
from bot.letters.files import LetterError, confidence, letters
from bot.privacy.cases.saved import CaseStore
from bot.privacy.retention import ClockJumped, days_kept, empty_write_ahead_log, purge
from bot.privacy.store.database import (
    MAINTENANCE_SECONDS,
    StoreUnavailable,
    is_shared,
    keep_for_this_process,
    make_engine,
)
from bot.privacy.store.single_use import SingleUse
from bot.privacy.store.store_masking import Masker, RememberingMasker
from bot.privacy.store.tracker_store import GuideTrackerStore
from bot.server import engine
from bot.server.actions import InProcessActions, load_actions
from bot.server.app import build_app
from bot.server.connections import DeadlineProtocol
from bot.server.keepers import add_keepers_pages, keepers_gate
from bot.server.logs import log_failure
from bot.server.settings import CannotStart, Settings

log = logging.getLogger(__name__)

SECRET = Path("var/secret")
GOODBYE_SECONDS = 3.0
PROVIDER_RETRY_POLICY = RetryPolicy(connect=2.0, whole=4.0)
"""Short, since a person is waiting to sign in."""
SWITCH_SECONDS = 0.001
WARM_UP = "They will not answer our referral."
TIDY_SECONDS = 60 * 60


@dataclass(frozen=True)
class LoadedGuide:
    """The loaded guide, before it has a socket. Conversations are kept for `days`."""

    services: Services
    actions: InProcessActions
    app: Sanic
    days: float
    database: str

    def start_reading(self) -> None:
        """Start the process that reads what is typed. Call it before there is any thread.

        It shares what was loaded, so one sentence is understood first: nobody is to wait for what
        is lazy.
        """
        self.services.understand(WARM_UP)
        memory.after_loading()
        self.services.readers.start(self.services.understand, first_look)

    def close(self) -> None:
        """End its process and threads, and close its databases."""
        self.actions.close()
        self.services.readers.close()
        if self.services.figures:
            self.services.figures.close()
        self.services.store.close()


def load_guide(settings: Settings, mask: Masker | None = None) -> LoadedGuide:
    """Load wording, letters, store, actions, the model at `settings.model`, and the channels.

    `mask` replaces the project's masking. Raises CannotStart.
    """
    try:
        channels = load_channels(settings.credentials)
        provider = Sender(PROVIDER_RETRY_POLICY)
        signing_in = configured_sign_in(os.environ, provider)
        given = _given_secret(settings.database)
        wording = load_wording(settings.responses)
        # Find errors in these files now, and not in somebody's turn.
        letters(), confidence(), check_file_sources()
        warn_if_the_calendar_ends(today())
        if mask is None:
            from bot.privacy.masking.masker import mask as project_mask

            mask = project_mask
        remembering = RememberingMasker(mask)
        keep_for_this_process(settings.database)
        store = GuideTrackerStore(url=settings.database, mask=remembering)
        actions = load_actions(settings.actions, settings.action_seconds)
        agent = engine.load(settings.model, store, actions)
        # Masking reads its word lists at first use, and loads its second reader at the first
        # unknown word. Do both now, and not in somebody's turn.
        remembering("they met in Qwzxv")
        days = days_kept()
        secret = load_secret(SECRET, given)
        cases = CaseService(CaseStore(store.engine, secret, days))
        figures = figure_log(settings.database, store.engine)
        password = keepers_password(os.environ)
        once = SingleUse(store.engine, time.time)
    except (
        StoreUnavailable, PolicyError, LetterError, FormError, ValueError, OSError
    ) as error:  # fmt: skip
        raise CannotStart(str(error)) from error
    services = Services(agent, store, remembering, wording, cases, figures, settings.turn_seconds)
    links = Links(secret, time.time, settings.file_seconds, once)
    sessions = Sessions(secret, time.time)
    app = build_app(settings, channels, services, sessions, links, lambda: actions.can_run)
    app.ctx.once = once
    app.ctx.sign_in = signing_in
    app.ctx.provider = provider
    if password:
        try:
            gate = keepers_gate(password, store.engine, signing_in)
            add_keepers_pages(
                app, gate, store.engine, secret, figures, lambda text: remembering(text).text
            )
        except (StoreUnavailable, ValueError) as error:
            raise CannotStart(str(error)) from error
    return LoadedGuide(services, actions, app, days, settings.database)


def warn_if_the_calendar_ends(day: date) -> None:
    """Say in the log that bank holidays were compared for less than another year."""
    ahead = calendar()
    if ahead.ends_soon(day):
        logging.getLogger(__name__).warning(
            "Bank holidays were compared with the published list only up to %s. Compare them again "
            "and change checked_until in policies/guidance/bank_holidays.yml.",
            ahead.checked_until,
        )


def _given_secret(database: str) -> str | None:
    """The secret from the environment. Raises CannotStart if it is needed and missing."""
    given = os.environ.get("ESCALATION_GUIDE_SECRET")
    if is_shared(database) and not given:
        raise CannotStart(
            "With PostgreSQL every worker needs the same ESCALATION_GUIDE_SECRET (32 characters or "
            "more), or one would refuse what another has signed. Make one: openssl rand -hex 32"
        )
    return given


def serve(
    loaded: LoadedGuide,
    listening: socket.socket,
    ready: Callable[[], None],
    parent: socket.socket | None = None,
) -> None:
    """Serve on a bound socket until SIGINT or SIGTERM. Calls `ready` once it answers.

    A worker also stops when its `parent` is gone. Raises CannotStart.
    """
    # So long a thread waits for another to let it go on: the loop for one that reads, and, in the
    # process that reads, a short text for a long one.
    sys.setswitchinterval(SWITCH_SECONDS)
    loaded.start_reading()
    try:
        uvloop.run(_until_stopped(loaded, listening, ready, parent))
    except OSError as error:
        raise CannotStart(f"It cannot listen on its port: {error.strerror}.") from error
    finally:
        loaded.close()


def load_channels(path: Path) -> list[InputChannel]:
    """The channels in credentials.yml that are set up, with their settings.

    Raises ValueError if a channel cannot be made.
    """
    channels: list[InputChannel] = []
    try:
        named = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        for name, given in named.items():
            with suppress(NotConfigured):
                channels.append(class_from_module_path(name).from_credentials(given))
        return channels  # noqa: TRY300
    except (OSError, yaml.YAMLError, AttributeError, ImportError, TypeError, KeyError) as error:
        raise ValueError(f"{path} does not describe the channels ({error}).") from error


async def _until_stopped(
    loaded: LoadedGuide,
    listening: socket.socket,
    ready: Callable[[], None],
    parent: socket.socket | None,
) -> None:
    app = loaded.app
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    if parent is not None:
        # The parent sends nothing: this is the end of it.
        loop.add_reader(parent, stop.set)
    # Sanic does not start the server here. Its class has no annotations.
    server: Any = await app.create_server(
        sock=listening,
        protocol=DeadlineProtocol,
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
    keeping = asyncio.create_task(
        _keep_only_recent(loaded.database, loaded.days, loaded.services.figures)
    )
    await stop.wait()
    if parent is not None:
        loop.remove_reader(parent)
    keeping.cancel()
    await server.before_stop()
    await _say_goodbye(server)
    await app.ctx.background.finish(GOODBYE_SECONDS)
    await app.ctx.sender.close()
    await app.ctx.provider.close()


async def _keep_only_recent(database: str, days: float, figures: FigureLog | None) -> None:
    """Delete old conversations and cases, now and every hour."""
    while True:
        try:
            await asyncio.to_thread(_tidy, database, days, figures)
        except ClockJumped as jumped:
            log.error("%s", jumped)  # noqa: TRY400 - where it was found says nothing
        except (SQLAlchemyError, StoreUnavailable) as error:
            log_failure("Old conversations could not be deleted.", error)
        await asyncio.sleep(TIDY_SECONDS)


def _tidy(database: str, days: float, figures: FigureLog | None) -> None:
    """Purge, and empty SQLite's log of rows deleted since."""
    if figures:
        figures.write_waiting()
    # With its own engine, since this may take longer than a turn may wait.
    tidying = make_engine(database, MAINTENANCE_SECONDS)
    try:
        purge(tidying, days, on_deleted=figures.count_endings if figures else None)
        empty_write_ahead_log(tidying)
    finally:
        tidying.dispose()


async def _say_goodbye(server: Any) -> None:
    """Stop accepting connections, let running turns finish, and close the rest."""
    server.server.close()
    until = time.monotonic() + GOODBYE_SECONDS
    while server.connections and time.monotonic() < until:
        for connection in list(server.connections):
            connection.close_if_idle()
        await asyncio.sleep(0.05)
    for connection in list(server.connections):
        connection.abort()
