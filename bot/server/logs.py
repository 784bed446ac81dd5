"""A log that cannot contain what anybody typed.

Rasa, its libraries and Python's own warnings put user text into log messages, exceptions and the
local variables of tracebacks. So once the server answers people, a record from any code but this
project's is written as its level, its logger and its line, without its text; an exception is
written as its type and the places it passed through. Before that there is no user text, so the
texts are written, to help whoever starts the server.
"""

import logging
import sys
import time
import traceback
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

OWN = ("bot",)
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


class SafeFormatter(logging.Formatter):
    """Formats a record as one line, and an exception as its type and places without its text."""

    def __init__(self) -> None:
        super().__init__()
        self.serving = False

    def format(self, record: logging.LogRecord) -> str:
        """The line for a record."""
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        own = record.name.split(".")[0] in OWN
        if own or not self.serving:
            words = record.getMessage().replace("\n", " ").replace("\r", " ")
        else:
            words = f"({record.filename}:{record.lineno})"
        line = f"{at} {record.levelname} {record.name} {words}"
        if record.exc_info and record.exc_info[1] is not None:
            line += f" | {describe(record.exc_info[1], words=not self.serving)}"
        return line


def describe(error: BaseException, *, words: bool = False) -> str:
    """An exception's type and the places it passed through, outermost first.

    With `words` also its text, which is safe only before the server answers people.

    >>> describe(ValueError("what somebody typed"))
    'ValueError at '
    """
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{f.filename.rsplit('/', 1)[-1]}:{f.lineno} {f.name}" for f in frames)
    told = f"{type(error).__name__} at {places}"
    return f"{told}: {' '.join(str(error).split())}" if words else told


def drop_values(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> str | tuple[tuple[str], dict[str, Any]]:
    """Keep a structured record's name and drop its values: Rasa puts user text in them."""
    return (str(event.get("event", "")).split(" ", 1)[0][:80],), {}


def configure(level: str = "INFO", stream: TextIO | None = None) -> SafeFormatter:
    """Send every logger, warning and uncaught error through one SafeFormatter.

    Returns the formatter: set its `serving` to True before the server answers people.
    """
    formatter = SafeFormatter()
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level if level in LEVELS else "INFO")
    logging.raiseExceptions = False
    logging.captureWarnings(capture=True)
    _tame_others(level)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, drop_values],
        logger_factory=structlog.stdlib.LoggerFactory(),
        # Rasa logs several records per turn; those below the level then cost nothing.
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(_others(level))),
        cache_logger_on_first_use=True,
    )

    def last_resort(kind: type[BaseException], error: BaseException, _trace: Any) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            logging.getLogger("bot").critical(
                "Stopped by an error: %s", describe(error, words=not formatter.serving)
            )

    sys.excepthook = last_resort
    return formatter


def _others(level: str) -> str:
    return level if level == "DEBUG" else "WARNING"


def _tame_others(level: str) -> None:
    """Send other code's loggers through ours, from WARNING up unless debugging."""
    quiet = _others(level)
    for name in ("rasa", "rasa_sdk", "sanic", "tensorflow", "sqlalchemy", "asyncio"):
        logging.getLogger(name).setLevel(quiet)
    # Rasa's libraries of 2022 cause deprecation warnings at every start.
    logging.getLogger("py.warnings").setLevel("DEBUG" if level == "DEBUG" else "ERROR")
    for name in list(logging.root.manager.loggerDict):
        other = logging.getLogger(name)
        other.handlers[:] = []
        other.propagate = True


def log_failure(what: str, error: BaseException) -> None:
    """Log a caught error, without its text."""
    logging.getLogger("bot.server").error("%s %s", what, describe(error))
