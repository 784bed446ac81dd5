"""`python -m bot run`: start the guide and print its address.

This module imports nothing slow. It takes the port before anything loads, so that a port in use is
reported at once; the server answers only once the guide is ready.
"""

import argparse
import errno
import logging
import os
import signal
import socket
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from bot import memory, without_tensorflow
from bot.privacy.store.store_masking import Masker
from bot.server import logs, model_file
from bot.server.settings import CannotStart, Settings, settings_from_environment
from bot.server.workers import MOST, Workers, worker_command

HIGHEST_PORT = 65535

log = logging.getLogger(__name__)


def main(argv: list[str]) -> int:
    """Run the server until it is stopped. Returns the exit status."""
    try:
        settings = settings_from_environment()
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    given = _arguments(settings).parse_args(argv)
    if given.drafts:
        # Imported only now: it loads the policy reader, which is slow.
        from bot.offered import allow_drafts

        allow_drafts()
    settings = replace(settings, host=given.host, port=given.port, model=given.model)
    if given.worker:
        _stop_at_once_until_serving()
        listening, parent = (socket.socket(fileno=number) for number in given.worker)
        return _serve(settings, listening, parent=parent)
    if given.workers == 1:
        return run(settings)
    return _run_workers(settings, given.workers, drafts=given.drafts)


def run(settings: Settings, mask: Masker | None = None) -> int:
    """Take the port, load, serve. Returns the exit status: 0 stopped, 1 could not start.

    `mask` replaces the project's masking.
    """
    _stop_at_once_until_serving()
    try:
        listening = take_port(settings.host, settings.port)
    except OSError as error:
        print(_why_not(settings, error), file=sys.stderr)
        return 1
    return _serve(settings, listening, mask)


def _run_workers(settings: Settings, count: int, *, drafts: bool) -> int:
    """Take the port and run so many workers on it. Returns the exit status."""
    if urlsplit(settings.database).scheme.startswith("sqlite"):
        print(
            "Several workers need PostgreSQL: a SQLite file belongs to one server. Name the "
            "database in ESCALATION_GUIDE_DATABASE (docs/operations.md), or leave --workers out.",
            file=sys.stderr,
        )
        return 1
    try:
        listening = take_port(settings.host, settings.port)
    except OSError as error:
        print(_why_not(settings, error), file=sys.stderr)
        return 1
    settings = replace(settings, port=listening.getsockname()[1])
    logs.configure(settings.log_level).serving = True
    arguments = ["--host", settings.host, "--port", str(settings.port)]
    arguments += ["--model", str(settings.model), *(["--drafts"] if drafts else [])]

    def ready() -> None:
        print(f"The guide is ready: {settings.address}/", flush=True)

    status = Workers(worker_command(arguments), listening, count).run(ready)
    print("Stopped.", flush=True)
    return status


def _serve(
    settings: Settings,
    listening: socket.socket,
    mask: Masker | None = None,
    parent: socket.socket | None = None,
) -> int:
    """Load and serve on a bound socket. A worker tells its `parent` when it answers."""
    settings = replace(settings, port=listening.getsockname()[1])
    formatter = logs.configure(settings.log_level)
    try:
        _load_and_serve(settings, listening, formatter, mask, parent)
    except CannotStart as error:
        print(f"The guide cannot start. {error}", file=sys.stderr)
        cause = error.__cause__
        while cause is not None:
            log.critical("Because of %s", logs.describe(cause, words=True))
            cause = cause.__cause__
        return 1
    if parent is None:
        print("Stopped.", flush=True)
    logging.shutdown()
    # A normal exit would wait for the thread of an action that hangs.
    os._exit(0)


def _load_and_serve(
    settings: Settings,
    listening: socket.socket,
    formatter: logs.SafeFormatter,
    mask: Masker | None,
    parent: socket.socket | None,
) -> None:
    began = time.monotonic()
    memory.before_imports()
    memory.while_loading()
    settings = replace(settings, model=model_file.newest(settings.model))
    with without_tensorflow.only_what_is_needed(model_file.component_modules(settings.model)):
        # Imported only now: Rasa takes seconds.
        from bot.model import is_outdated
        from bot.server.serve import load_guide, serve

        if is_outdated(settings.model):
            log.warning("The model was trained on other files than these. Train one: make train")
        loaded = load_guide(settings, mask)
    formatter.serving = True

    def ready() -> None:
        if parent is None:
            print(f"The guide is ready: {settings.address}/", flush=True)
        else:
            parent.send(b"!")
        log.info("Ready after %.1f s.", time.monotonic() - began)

    serve(loaded, listening, ready, parent)


def take_port(host: str, port: int) -> socket.socket:
    """A socket bound to the address, not yet listening; raises OSError if it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        # On POSIX this does not share the port; it only avoids a wait after a restart.
        if os.name == "posix":
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
    except OSError:
        taken.close()
        raise
    return taken


def _why_not(settings: Settings, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {settings.port} is already in use. Stop what is using it, or choose another: "
            f"python -m bot run --port {settings.port + 1}"
        )
    return f"Cannot listen on {settings.host} port {settings.port}: {error.strerror}."


def _stop_at_once_until_serving() -> None:
    def stop(number: int, _frame: FrameType | None) -> None:
        # Nothing needs to be shut down yet, and imports cannot be interrupted cleanly.
        os._exit(0 if number == signal.SIGTERM else 130)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)


def _arguments(usual: Settings) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot run", description="Start the guide.")
    parser.add_argument("--host", default=usual.host, help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=_port, default=usual.port, help="port (%(default)s)")
    parser.add_argument(
        "--model",
        type=Path,
        default=usual.model,
        help="model file, or folder of them (%(default)s)",
    )
    parser.add_argument(
        "--drafts",
        action="store_true",
        help="offer policies that no partnership has signed, too",
    )
    parser.add_argument(
        "--workers",
        type=_workers,
        default=1,
        help="processes that share the port; more than one needs PostgreSQL (%(default)s)",
    )
    # How a worker is started: the numbers of the listening socket and of that to its parent.
    parser.add_argument("--worker", type=int, nargs=2, help=argparse.SUPPRESS)
    return parser


def _workers(text: str) -> int:
    count = int(text)
    if not 1 <= count <= MOST:
        raise argparse.ArgumentTypeError(f"must be from 1 to {MOST}")
    return count


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"must be from 0 to {HIGHEST_PORT}")
    return port
