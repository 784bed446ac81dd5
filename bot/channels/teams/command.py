"""`python -m bot teams-manifest`: make the app for Microsoft Teams, or check one."""

import argparse
import os
import sys
from pathlib import Path

from bot.channels.teams.package import Publisher, make_manifest, make_package, package_problems

APP_ID = "ESCALATION_GUIDE_TEAMS_APP_ID"


def main(argv: list[str]) -> int:
    """Write the package, or check a file. Exit status: 1 if it is invalid, 2 for bad arguments."""
    given = _arguments().parse_args(argv)
    if given.what == "check":
        return _check(given.file)
    publisher = Publisher(given.organisation, given.website, given.privacy, given.terms)
    content = make_package(make_manifest(given.app_id, given.version, publisher))
    wrong = package_problems(content)
    if wrong:
        _print_problems("The package is not written:", wrong)
        return 1
    given.output.parent.mkdir(parents=True, exist_ok=True)
    given.output.write_bytes(content)
    print(f"Written and valid: {given.output}. Upload it in the Teams admin centre, Manage apps.")
    return 0


def _check(file: Path) -> int:
    try:
        wrong = package_problems(file.read_bytes())
    except OSError as error:
        wrong = [f"It cannot be read: {error.strerror}."]
    if wrong:
        _print_problems(f"{file} is not valid:", wrong)
        return 1
    print(f"{file} is valid.")
    return 0


def _print_problems(title: str, wrong: list[str]) -> None:
    print("\n".join([title, *(f"- {problem}" for problem in wrong)]), file=sys.stderr)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot teams-manifest", description=__doc__)
    commands = parser.add_subparsers(dest="what", required=True)
    make = commands.add_parser("make", help="write the package")
    known = os.environ.get(APP_ID) or None
    make.add_argument("--app-id", default=known, required=known is None, help=f"or {APP_ID}")
    make.add_argument("--organisation", required=True, help="who publishes it, as people know it")
    make.add_argument("--website", required=True, help="a page that tells about it, with https://")
    make.add_argument("--privacy", required=True, help="its privacy notice, with https://")
    make.add_argument("--terms", required=True, help="its terms of use, with https://")
    make.add_argument("--version", default="1.0.0", help="higher for each upload (%(default)s)")
    make.add_argument("--output", type=Path, default=Path("var/escalation-guide-teams.zip"))
    check = commands.add_parser("check", help="check a package that is there")
    check.add_argument("file", type=Path)
    return parser
