"""The rooms hold what the table in CONTRIBUTING.md says, and never what it forbids."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.paths import ROOT

CORE = sorted((ROOT / "bot/core").rglob("*.py"))
ACTIONS = sorted((ROOT / "actions").rglob("*.py"))
# The rooms that say things their own way, and the libraries that reach outside the process.
NOT_FOR_THE_CORE = {
    *("rasa", "rasa_sdk", "actions", "sanic", "httpx", "requests", "aiohttp", "socket", "urllib"),
    *("sqlalchemy", "sqlite3", "time", "random", "os", "subprocess", "spacy", "bot.clock"),
    *("bot.channels", "bot.commands", "bot.privacy", "bot.server", "bot.understanding"),
    *("bot.letters", "bot.documents", "bot.widget"),
}
CLOCKS = {"today", "now", "utcnow"}


def imports(path: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in the file it does."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def is_in(module: str, rooms: set[str]) -> bool:
    """Whether a module is one of the rooms or lies in one."""
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.name)
def test_the_core_is_pure(path: Path) -> None:
    """The core imports no Rasa, no network, no clock and none of the rooms around it."""
    assert [name for name in imports(path) if is_in(name, NOT_FOR_THE_CORE)] == []


@pytest.mark.parametrize("path", CORE, ids=lambda path: path.name)
def test_the_core_never_asks_what_day_it_is(path: Path) -> None:
    """Today is handed in: a call to `date.today` or `datetime.now` is nowhere in the core."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    asked = [
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"date", "datetime"}
    ]
    assert asked == []


def test_actions_are_flat() -> None:
    """rasa-sdk imports sub-packages of actions/ by their bare names, so there are none."""
    assert [path for path in ACTIONS if path.parent != ROOT / "actions"] == []


def test_nobody_imports_from_the_tests() -> None:
    """What runs does not lean on what checks it. The bench measures on the lines of the tests."""
    ours = [*(ROOT / "bot").rglob("*.py"), *ACTIONS]
    assert [path for path in ours if any(is_in(name, {"tests"}) for name in imports(path))] == []
