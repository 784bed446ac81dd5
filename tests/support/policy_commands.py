"""What the tests of `python -m bot policies …` share: every policy, and an answered command."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.policy.loader import policy_files
from bot.paths import POLICIES, ROOT
from tests.support.commands import Done, run_here

SHAPES = ROOT / "tests/policies/shapes"
IDS = [path.stem for path in policy_files(POLICIES)]
NAMES = [(POLICIES, policy_id) for policy_id in IDS] + [
    (SHAPES, path.stem) for path in policy_files(SHAPES)
]
EVERY = pytest.mark.parametrize(("folder", "name"), NAMES, ids=[name for _, name in NAMES])


def run(*words: str | Path, said: str = "") -> Done:
    """Answer a command, with something typed in if wanted."""
    return run_here("policies", *words, given=said)


def on_one_line(text: str) -> str:
    """Return a text without its line breaks."""
    return " ".join(text.split())


def read_yaml(path: Path) -> Any:
    """Return a file as YAML holds it."""
    return yaml.safe_load(path.read_text("utf-8"))
