"""Actions read, ask the core and tell: no counting, no deciding about policy, no wording."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.vocabulary import Agency, ChildStatus, Exit, Level
from bot.paths import ROOT
from tests.support.core import IDS

ACTIONS = sorted((ROOT / "actions").glob("*.py"))
POLICY_WORDS = {*IDS, *map(str, (*Level, *Agency, *ChildStatus, *Exit))}


def tree(path: Path) -> ast.Module:
    """Return a module, parsed."""
    return ast.parse(path.read_text("utf-8"), str(path))


def imports(module: ast.Module) -> Iterator[str]:
    """Yield the dotted name of everything a module imports, wherever it does."""
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def texts(module: ast.Module) -> Iterator[str]:
    """Yield every text in a module but its docstrings."""
    docs = {
        id(node.value)
        for node in ast.walk(module)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


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
