"""`python -m bot policies approve`: writes who checked or signed a file, and what that covers."""

import argparse
import re
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from bot.core.policy.loader import content_of, load_policy
from bot.core.policy.model import Policy, SignOff, Status
from bot.core.policy.notes import unfinished
from bot.core.policy.sense import semantic_problems
from bot.core.policy.signing import content_digest

PARTS = re.compile(
    r"^(?:status|fact_checked|signed):.*\n(?:[ \t]+.*\n|#.*\n(?=[ \t]))*", re.MULTILINE
)
"""The approval in a file: its lines, and those indented below them."""
NOT_CHECKED = "Nobody has checked it. "
NOT_SIGNED = re.compile(r"Not signed(?: off)? by [^.]*\. ?")
UNSIGNED_LINE = "# Not signed off by the partnership.\n"
"""What the comments at the top of a file say while that is so."""


class NotApproved(ValueError):
    """A file was not approved. The message says why."""


def approve(path: Path, done: Status, role: str, day: date) -> str:
    """Write an approval into a file and return its text. Raises NotApproved and PolicyError.

    A check takes an earlier signature away. A signature needs a check of the same content.
    """
    role = " ".join(role.split())
    if not role or done is Status.draft:
        raise NotApproved("Give the role of whoever approves it.")
    policy = load_policy(path)
    plain = content_of(path, day)
    digest = content_digest(plain)
    parts: dict[str, Any] = {}
    if done is Status.signed:
        checked = policy.fact_checked
        if checked is None or checked.digest != digest:
            raise NotApproved("It has to be checked first, and not changed since.")
        parts["fact_checked"] = (checked.role, checked.day)
    parts[done.value] = (role, day)
    _refuse_what_check_refuses(policy, done, parts)
    lines = [f"status: {done.value}"]
    for name, (by, on) in parts.items():
        lines += [f"{name}:", f"  role: {_quoted(by)}", f"  day: {on}", f"  digest: {digest}"]
    text = path.read_text(encoding="utf-8")
    first = PARTS.search(text)
    rest = PARTS.sub("", text)
    at = first.start() if first else _behind_the_id(text)
    block = "\n".join(lines)
    begins = re.search(r"^(?!#)", rest, re.MULTILINE)
    head = begins.start() if begins else 0
    approved = f"{_head(rest[:head], done)}{rest[head:at]}{block}\n{rest[at:]}"
    path.write_text(approved, encoding="utf-8")
    return approved


def _refuse_what_check_refuses(policy: Policy, done: Status, parts: dict[str, Any]) -> None:
    """Raise NotApproved where the file would not load with this approval in it."""
    given = {name: SignOff(role=by, day=on) for name, (by, on) in parts.items()}
    approved = msgspec.structs.replace(
        policy, **{"status": done, "fact_checked": None, "signed": None, **given}
    )
    problems = [*semantic_problems(approved), *unfinished(approved)]
    if problems:
        told = "; ".join(
            f"{key}: expected {expected}; got {got}" for key, expected, got in problems
        )
        raise NotApproved(f"With this approval the file could not be used. {told}")


def _head(comments: str, done: Status) -> str:
    """Return the comments at the top of a file, without what the approval has made untrue."""
    if done is not Status.signed:
        left = comments.replace(NOT_CHECKED, "")
        return left if NOT_SIGNED.search(left) else left + UNSIGNED_LINE
    lines = [
        NOT_SIGNED.sub("", line.replace(NOT_CHECKED, ""))
        for line in comments.splitlines(keepends=True)
        if line != UNSIGNED_LINE
    ]
    return "".join(lines)


def _behind_the_id(text: str) -> int:
    found = re.search(r"^id:.*\n", text, re.MULTILINE)
    return found.end() if found else 0


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the role and what was done."""
    parser.add_argument("done", choices=[Status.fact_checked.value, Status.signed.value])
    parser.add_argument("--role", required=True, help="such as 'business manager'; never a name")
