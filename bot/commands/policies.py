"""`python -m bot policies check | show ID`: for the people who keep the policies."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.commands.policy_text import policy_text
from bot.core.guidance import load_answers
from bot.core.loader import PolicyError, load_policies, load_policy
from bot.core.policy import Policy
from bot.letters.files import LetterError, letters
from bot.paths import POLICIES


def main(argv: list[str]) -> int:
    """Answer `check` or `show ID`. Exit status 1: a file is wrong; 2: the command is."""
    try:
        asked = _parser().parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    if asked.command == "check":
        return _check(asked.folder)
    return _show(asked.id, asked.folder)


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument(
        "--folder", type=Path, default=POLICIES, help="where the policy files are (policies/)"
    )
    parser = argparse.ArgumentParser(prog="python -m bot policies")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", parents=[shared], help="say what is wrong in the files")
    show = commands.add_parser("show", parents=[shared], help="print a whole policy")
    show.add_argument("id", metavar="ID", help="the policy's id, such as kent")
    return parser


def _check(folder: Path) -> int:
    problems: list[object] = []
    policies: dict[str, Policy] = {}
    try:
        policies = load_policies(folder)
    except PolicyError as error:
        problems += error.problems
    guidance = folder / "guidance/answers.yml"
    try:
        if guidance.exists():
            load_answers(guidance)
    except PolicyError as error:
        problems += error.problems
    try:
        letters()
    except LetterError as error:
        problems += error.problems
    if problems:
        return _wrong(problems)
    print(f"{_count(len(policies), 'policy', 'policies')}, all right.")
    width = max(map(len, policies))
    for policy in policies.values():
        print(f"  {policy.id:<{width}}  {_stages(policy)}")
    return 0


def _show(policy_id: str, folder: Path) -> int:
    files = {path.stem: path for path in sorted(folder.glob("*.yml"))}
    if policy_id not in files:
        known = ", ".join(files) or "none"
        print(f"There is no policy '{policy_id}' in {folder}. There are: {known}.", file=sys.stderr)
        return 2
    try:
        print(policy_text(load_policy(files[policy_id])))
    except PolicyError as error:
        return _wrong(error.problems)
    return 0


def _wrong(problems: Sequence[object]) -> int:
    for problem in problems:
        print(problem)
    print(f"{_count(len(problems), 'problem', 'problems')}.")
    return 1


def _stages(policy: Policy) -> str:
    labels = ", ".join(stage.label for stage in policy.stages)
    return f"{_count(len(policy.stages), 'stage', 'stages')}: {labels}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
