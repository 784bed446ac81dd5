"""The core does nothing when it is imported, loads nothing heavy and names no policy."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from bot.paths import ROOT
from tests.support.core import IDS
from tests.support.each import each
from tests.support.source import texts, tree

FOLDER = ROOT / "bot/core"
CORE = sorted(FOLDER.rglob("*.py"))


@pytest.mark.long
@each("path", CORE)
def test_the_core_does_nothing_at_import(path: Path) -> None:
    """The top of a module holds only definitions and values, and reads no file."""
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


@pytest.mark.command
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


@pytest.mark.long
@each("path", CORE)
def test_the_core_names_no_policy(path: Path) -> None:
    """What differs between policies is data."""
    named = [text for text in texts(tree(path)) if text in IDS]
    assert named == []
