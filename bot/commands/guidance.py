"""`python -m bot guidance …`: what the guide's own guidance rests on, and what is due."""

import argparse
import sys
from datetime import date

from bot.clock import today
from bot.core.handbook.handbook import load_handbook
from bot.core.policy.loader import PolicyError
from bot.keepers.guidance import due_lines, table
from bot.paths import ROOT


def main(argv: list[str]) -> int:
    """Answer a command. Exit status 1: a file is wrong, or something is due; 2: the command is."""
    try:
        asked = _parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        handbook = load_handbook(ROOT)
    except PolicyError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return 1
    if asked.command == "show":
        print(table(handbook))
        return 0
    due = due_lines(handbook, asked.today)
    several = f"{len(handbook.statements())} statements, {len(handbook.sources.sources)} sources"
    unread = [source for source in handbook.sources.sources if source.open]
    print(f"{several}. {len(due)} due. {len(unread)} with something open.")
    for line in due:
        print(f"  {line}")
    for source in unread:
        print(f"  open: {source.title}: {source.open}")
    return 1 if due else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot guidance")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="say which sources somebody has to look at again")
    check.add_argument(
        "--today", type=date.fromisoformat, default=today(), help="the day it is (YYYY-MM-DD)"
    )
    commands.add_parser("show", help="print every statement with its sources and dates")
    return parser
