"""Actions read, ask the core and tell: no counting, no deciding about policy, no wording."""

import ast
import re
from pathlib import Path

import pytest

from bot.core.vocabulary import Agency, ChildStatus, Exit, Level
from bot.paths import ROOT
from tests.support.core import IDS
from tests.support.source import imports, texts, tree

ACTIONS = sorted((ROOT / "actions").glob("*.py"))
POLICY_WORDS = {*IDS, *map(str, (*Level, *Agency, *ChildStatus, *Exit))}


@pytest.mark.parametrize("path", ACTIONS, ids=lambda path: path.name)
def test_actions_count_no_days(path: Path) -> None:
    """No number of days: an action holds no number but 0 and 1, and no timedelta."""
    module = tree(path)
    numbers = [
        node.value
        for node in ast.walk(module)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    ]
    assert set(numbers) <= {0, 1}, numbers
    assert not any("timedelta" in name for name in imports(module))


@pytest.mark.parametrize("path", ACTIONS, ids=lambda path: path.name)
def test_actions_decide_nothing_about_policy(path: Path) -> None:
    """No `if` on a policy, a level, an agency, a status or another procedure."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.If | ast.IfExp | ast.While):
            asked = {
                *(part.value for part in ast.walk(node.test) if isinstance(part, ast.Constant)),
                *(part.attr for part in ast.walk(node.test) if isinstance(part, ast.Attribute)),
            }
            assert not asked & POLICY_WORDS, ast.unparse(node.test)


@pytest.mark.parametrize("path", ACTIONS, ids=lambda path: path.name)
def test_actions_hold_no_wording(path: Path) -> None:
    """No text that somebody could read: wording is in data/responses."""
    sentences = [text for text in texts(tree(path)) if re.search(r"[a-z] [A-Za-z]|[.?!]$", text)]
    assert sentences == []
