"""`python -m bot`: one word finds the right module, and nothing else is loaded."""

import subprocess
import sys
from importlib import import_module

import pytest

from bot.__main__ import COMMANDS, main
from bot.paths import ROOT


def test_without_a_command_it_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody who types nothing more is told every command."""
    assert main([]) == 0
    told = capsys.readouterr().out
    assert all(name in told for name in COMMANDS)


def test_an_unknown_command_is_refused_with_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    """A typing slip is named, followed by the commands that exist."""
    assert main(["advice"]) == 2
    told = capsys.readouterr().err
    assert "'advice'" in told
    assert all(name in told for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_module(name: str) -> None:
    """Each command in the list leads to a module that can be started."""
    assert callable(import_module(COMMANDS[name][0]).main)


@pytest.mark.command
@pytest.mark.parametrize("name", ["run", "advise", "policies"])
def test_quick_commands_load_nothing_slow(name: str) -> None:
    """Advice, the policy commands and a port that is taken need not wait for Rasa."""
    check = (
        "import sys, importlib; importlib.import_module(sys.argv[1]);"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'rasa', 'tensorflow', 'spacy'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", check, COMMANDS[name][0]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
