"""A whole policy as plain text, for the person who signs it."""

from collections.abc import Iterator
from itertools import groupby

from bot.core.handbook.handbook import Handbook
from bot.core.policy.model import Policy
from bot.keepers.statements import StatementGroup, file_details, statement_groups
from bot.keepers.words import wrapped


def policy_text(policy: Policy, handbook: Handbook) -> str:
    """Return all statements of the policy file, each with its section in brackets."""
    lines = [policy.name, "=" * len(policy.name)]
    lines += [wrapped(f"{name}: {value}") for name, value in file_details(policy)]
    for group in statement_groups(policy, handbook):
        lines += ["", group.title, "-" * len(group.title), *_items(group)]
    return "\n".join(lines)


def _items(group: StatementGroup) -> Iterator[str]:
    for kind, stated in groupby(group.stated, key=lambda statement: statement.kind):
        if kind:
            yield f"{kind}:"
        for statement in stated:
            yield wrapped(f"- {statement.text} [{statement.source}]", first="  ", then="    ")
