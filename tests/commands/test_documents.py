"""`python -m bot documents`: every file that facts give, from outside."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import run_here
from tests.support.core import step, told
from tests.support.documents import document_words
from tests.support.server import ROOT

STAGE_3 = told(
    steps=[
        step("practitioner", "09", "unresolved"),
        step("line_manager", "12", "unresolved"),
        step("senior_manager", "18", "unresolved"),
    ]
)


@pytest.mark.command
def test_every_file_of_the_case_is_written(tmp_path: Path) -> None:
    """Kent's Stage 3 form is among them, with the words that were given for a gap."""
    facts = {**STAGE_3, "gaps": {"answer_given": "They will answer on Monday"}}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "documents", str(tmp_path / "new")],
        input=json.dumps(facts),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    names = done.stdout.split()
    assert sorted(names) == sorted(path.name for path in (tmp_path / "new").iterdir())
    (form,) = [name for name in names if name.startswith("kent-stage-3")]
    assert "They will answer on Monday" in document_words((tmp_path / "new" / form).read_bytes())


@pytest.mark.parametrize(
    ("arguments", "facts", "told"),
    [
        ((), {}, "usage"),
        (("--help",), {}, "usage"),
        (("{folder}",), {"risk": "high"}, "risk"),
        (("{folder}",), {"gaps": {"no_such": "x"}}, "no_such"),
        (("{folder}",), {"gaps": ["x"]}, "gaps"),
    ],
)
def test_wrong_facts_are_named_and_nothing_is_written(
    tmp_path: Path, arguments: tuple[str, ...], facts: dict[str, Any], told: str
) -> None:
    """A wrong call or fact ends with status 2 and says what would be right."""
    folder = tmp_path / "files"
    words = [argument.replace("{folder}", str(folder)) for argument in arguments]
    done = run_here("documents", *words, given=json.dumps({**STAGE_3, **facts}))
    assert done.returncode == 2
    assert told in done.stderr
    assert not folder.exists()
    assert not (ROOT / "--help").exists()
