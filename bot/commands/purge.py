"""`python -m bot purge`: delete conversations and cases that are older than they may be kept."""

import argparse
import sys

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bot.figures.log import figure_log
from bot.privacy.retention import ClockJumped, days_kept, purge
from bot.privacy.store.database import (
    MAINTENANCE_SECONDS,
    StoreUnavailable,
    database_url,
    make_engine,
)
from bot.privacy.store.tables import EVENTS


def main(argv: list[str]) -> int:
    """Delete what is too old and say how much. Exit status 2 for a wrong setting, 1 if away."""
    try:
        default = days_kept()
    except ValueError as error:
        print(f"ESCALATION_GUIDE_KEEP_DAYS is wrong: {error}", file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(prog="python -m bot purge")
    parser.add_argument(
        "--days", type=float, default=default, help="how many days after its last use one is kept"
    )
    parser.add_argument(
        "--clock-is-right",
        action="store_true",
        help="delete although the clock has gone on by more than a day since the last time",
    )
    given = parser.parse_args(argv)
    days = given.days
    try:
        engine = make_engine(database_url(), MAINTENANCE_SECONDS)
        if not sa.inspect(engine).has_table(EVENTS.name):
            print("There are no conversations.")
            return 0
        figures = figure_log(database_url(), engine)
        purged = purge(
            engine,
            days,
            on_deleted=figures.count_endings if figures else None,
            clock_is_right=given.clock_is_right,
        )
    except (StoreUnavailable, ClockJumped) as error:
        print(error, file=sys.stderr)
        return 1
    except SQLAlchemyError as error:
        print(f"The database cannot be used: {type(error).__name__}.", file=sys.stderr)
        return 1
    conversations = _so_many(purged.conversations, "conversation")
    cases = _so_many(purged.cases, "saved case")
    print(f"Deleted {conversations} older than {days:g} days, and {cases} not used since.")
    if purged.empty:
        print(f"Deleted {_so_many(purged.empty, 'conversation')} that nobody had begun.")
    return 0


def _so_many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
