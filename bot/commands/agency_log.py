"""`python -m bot figures load | unload | columns`: agency logs beside the guide's figures."""

import argparse
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine

from bot.core.policy.library import Library
from bot.figures.agency_log import WORDS, read_log
from bot.figures.agency_log_file import COLUMNS, WrongLogError, log_wording
from bot.figures.loading import LoadedLog, replace_log

COMMANDS = ("load", "unload", "columns")
MOST_FAULTS = 20


def add_commands(commands: Any) -> None:
    """Add the commands for agency logs to the parser."""
    one = commands.add_parser("load", help="load an agency's own log from a CSV file")
    one.add_argument("file", type=Path)
    one.add_argument("--source", required=True, help="whose log it is, such as 'Kent Police'")
    one.add_argument("--check", action="store_true", help="only say whether it could be loaded")
    one.add_argument(
        "--another", action="store_true", help="another agency, though its name is like a known one"
    )
    one = commands.add_parser("unload", help="take away what is not shown yet of an own log")
    one.add_argument("--source", required=True, help="whose log it is")
    commands.add_parser("columns", help="say what the columns of such a file hold")


def run_log_command(
    given: argparse.Namespace, library: Library, engine: Callable[[], Engine], today: date
) -> Iterator[str]:
    """Yield the lines to print. Raises WrongLogError, WrongSourceError and SQLAlchemyError."""
    if given.command == "columns":
        for name in COLUMNS:
            listed = ", ".join(WORDS.get(name, ()))
            one_of = log_wording()["one_of"].format(listed=listed) if listed else ""
            yield f"{name:20} {log_wording()['columns'][name]} {one_of}".rstrip()
        return
    if given.command == "unload":
        taken = replace_log(engine(), given.source, (), today, another=True)
        yield log_wording()["taken_away"].format(count=taken.replaced, source=taken.source)
        for policy, quarter in taken.stays:
            yield log_wording()["stays"].format(policy=policy, quarter=quarter)
        return
    try:
        log = read_log(given.file.read_bytes(), library, today)
    except WrongLogError as error:
        raise _shortened(error) from None
    if log.by_guide:
        yield log_wording()["by_guide"].format(count=log.by_guide)
    if given.check:
        yield log_wording()["checked"].format(count=len(log.rows))
        return
    yield from _told(replace_log(engine(), given.source, log.rows, today, another=given.another))


def _told(loaded: LoadedLog) -> Iterator[str]:
    """Yield what was loaded, replaced and left out."""
    yield log_wording()["loaded"].format(count=loaded.added, source=loaded.source)
    if loaded.replaced:
        yield log_wording()["replaced"].format(count=loaded.replaced)
    for (policy, quarter), count in sorted(loaded.left_out.items()):
        yield log_wording()["left_out"].format(count=count, policy=policy, quarter=quarter)


def _shortened(error: WrongLogError) -> WrongLogError:
    """Return the error with only its first faults, the number of others, and the outcome."""
    lines = [str(fault) for fault in error.faults[:MOST_FAULTS]]
    more = len(error.faults) - MOST_FAULTS
    lines += [log_wording()["more"].format(count=more)] if more > 0 else []
    return WrongLogError(error.faults, "\n".join([*lines, log_wording()["nothing"]]))
