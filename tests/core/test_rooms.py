"""Each room holds what the design says and nothing else."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.vocabulary import Agency, ChildStatus, Exit, Level
from bot.paths import ROOT
from tests.support.core import IDS

CORE = sorted((ROOT / "bot/core").glob("*.py"))
ACTIONS = sorted((ROOT / "actions").glob("*.py"))
FORBIDDEN = {
    "actions", "aiohttp", "httpx", "http", "rasa", "rasa_sdk", "requests", "sanic", "socket",
    "subprocess", "time", "urllib",
}  # fmt: skip
OTHER_ROOMS = re.compile(r"bot\.(?!core\b)\w+")
CLOCKS = {"today", "now", "utcnow", "fromtimestamp"}
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


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.name)
def test_the_core_knows_no_rasa_no_clock_and_no_network(path: Path) -> None:
    """What it imports, and the calls by which a clock is read."""
    module = tree(path)
    for name in imports(module):
        assert name.partition(".")[0] not in FORBIDDEN, name
        assert not OTHER_ROOMS.match(name), name
    read = [
        node.attr
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
        and node.attr in CLOCKS
        and isinstance(node.value, ast.Name)
        and node.value.id in {"date", "datetime"}
    ]
    assert read == []


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.name)
def test_the_core_does_nothing_at_import(path: Path) -> None:
    """Only definitions and values stand at the top of a module; no file is read there."""
    for node in tree(path).body:
        allowed = (
            ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.ClassDef, ast.FunctionDef,
            ast.Expr,
        )  # fmt: skip
        assert isinstance(node, allowed), ast.dump(node)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            calls = [inner.func for inner in ast.walk(node) if isinstance(inner, ast.Call)]
            called = {ast.unparse(call).rpartition(".")[2] for call in calls}
            assert not called & {"open", "read_text", "read_bytes", "load", "safe_load", "glob"}


def test_advice_from_the_command_line_loads_no_rasa() -> None:
    """`advise` and `policies` answer at once, since nothing they import loads Rasa."""
    code = (
        "import sys, bot.commands.advise, bot.commands.policies; "
        "print({'rasa', 'rasa_sdk', 'tensorflow', 'spacy'} & set(sys.modules) or 'none')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "none"


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.name)
def test_the_core_says_nothing_in_its_own_words(path: Path) -> None:
    """No policy is named in code: what differs between policies is data."""
    named = [text for text in texts(tree(path)) if text in IDS]
    assert named == []


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


def test_the_actions_are_flat() -> None:
    """rasa-sdk imports sub-packages of actions/ by bare name, so there are none."""
    assert [
        path for path in (ROOT / "actions").iterdir() if path.is_dir() and any(path.glob("*.py"))
    ] == []


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
