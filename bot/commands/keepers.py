"""`python -m bot keepers …`: accounts of those who keep the policies."""

import argparse
import getpass
import sys

from bot.keepers.people import Accounts
from bot.privacy.store.database import StoreUnavailable, database_url, make_engine


def main(argv: list[str]) -> int:
    """Answer a command. Exit status 2: the command is wrong, or the database is away."""
    try:
        asked = _parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        accounts = Accounts(make_engine(database_url(asked.database)))
        return COMMANDS[asked.command](asked, accounts)
    except (ValueError, StoreUnavailable) as error:
        print(error, file=sys.stderr)
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


COMMANDS = {"add": _add, "remove": _remove, "list": _list}
