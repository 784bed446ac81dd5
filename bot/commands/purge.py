"""`python -m bot purge`: delete conversations that are older than they may be kept."""

import argparse
import os
import sys
import time

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bot.privacy.retention import EVENTS, days_kept, purge
from bot.privacy.tracker_store import DEFAULT_URL, make_engine


def main(argv: list[str]) -> int:
    """Delete old conversations and say how many. Exit status 2 for a wrong setting, 1 if away."""
    try:
        default = days_kept()
    except ValueError as error:
        print(f"ESCALATION_GUIDE_KEEP_DAYS is wrong: {error}", file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(prog="python -m bot purge")
    parser.add_argument(
        "--days", type=float, default=default, help="how many days after its last turn one is kept"
    )
    days = parser.parse_args(argv).days
    engine = make_engine(os.environ.get("ESCALATION_GUIDE_DATABASE") or DEFAULT_URL)
    try:
        if not sa.inspect(engine).has_table(EVENTS.name):
            print("There are no conversations.")
            return 0
        number = purge(engine, days, time.time())
    except SQLAlchemyError as error:
        print(f"The database cannot be used: {type(error).__name__}.", file=sys.stderr)
        return 1
    print(f"Deleted {number} conversation{'' if number == 1 else 's'} older than {days:g} days.")
    return 0
