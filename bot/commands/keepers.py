"""`python -m bot keepers …`: accounts of those who keep the policies, and how long is kept what."""

import argparse
import getpass
import sys
from datetime import date, datetime, time

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import LONDON
from bot.keepers.desk.store import forget_versions
from bot.keepers.people import Accounts
from bot.privacy.store.database import StoreUnavailable, database_url, make_engine
from bot.privacy.store.feedback import forget_feedback


def main(argv: list[str]) -> int:
    """Answer a command. Exit status 2: the command is wrong, or the database is away."""
    try:
        asked = _parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        engine = make_engine(database_url(asked.database))
        if asked.command == "purge":
            return _purge(asked.before, engine)
        return COMMANDS[asked.command](asked, Accounts(engine))
    except (ValueError, StoreUnavailable) as error:
        print(error, file=sys.stderr)
        return 2
    except SQLAlchemyError as error:
        print(f"The database cannot be used: {type(error).__name__}.", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--database", help="its address, if it is not the usual one")
    parser = argparse.ArgumentParser(prog="python -m bot keepers")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", parents=[shared], help="make an account, or change it")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--role", required=True, help="such as 'business manager'")
    add.add_argument(
        "--rights",
        required=True,
        help="for each policy read, write, check or sign: 'kent:write,sign', '*:read' for all",
    )
    remove = commands.add_parser("remove", parents=[shared], help="take an account away")
    remove.add_argument("name", metavar="NAME")
    commands.add_parser("list", parents=[shared], help="list the accounts")
    purge = commands.add_parser(
        "purge", parents=[shared], help="take old versions of drafts and old reports away"
    )
    purge.add_argument(
        "--before",
        type=date.fromisoformat,
        required=True,
        metavar="DATE",
        help="a day",
    )
    return parser


def _add(asked: argparse.Namespace, accounts: Accounts) -> int:
    # Never as an argument: other programs can read those.
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    accounts.keep(asked.name, asked.role, asked.rights, password)
    print(f"{asked.name} can sign in at /keepers/.")
    return 0


def _remove(asked: argparse.Namespace, accounts: Accounts) -> int:
    if not accounts.remove(asked.name):
        raise ValueError(f"There is no account of {asked.name}.")
    print(f"{asked.name} cannot sign in any more.")
    return 0


def _list(_asked: argparse.Namespace, accounts: Accounts) -> int:
    for account in accounts.all():
        print(f"{account.name}: {account.post}; {account.rights}")
    return 0


def _purge(before: date, engine: Engine) -> int:
    begins = datetime.combine(before, time(), tzinfo=LONDON).timestamp()
    versions = forget_versions(engine, begins)
    reports = forget_feedback(engine, before)
    print(
        f"Taken away: {versions} older versions of drafts, each draft's newest stays, and "
        f"{reports} reports on statements with the answers to them."
    )
    return 0


COMMANDS = {"add": _add, "remove": _remove, "list": _list}
