"""`python -m bot …`, answered in this process: a new Python takes longer than most commands.

One test of each command starts it as a process of its own.
"""

from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.__main__ import main
from bot.paths import ROOT
from tests.support.core import handbook


class Done(NamedTuple):
    """What a command answered."""

    returncode: int
    stdout: str
    stderr: str


def run_here(*words: str | Path, given: str = "", folder: Path = ROOT, **settings: str) -> Done:
    """Answer a command in a folder, with something typed in and settings if wanted."""
    out, err = (TextIOWrapper(BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(folder)
        # It reads the same files each time; in a process of its own a command does so once.
        patch.setattr("bot.commands.policies.load_handbook", lambda _: handbook())
        patch.setattr("sys.stdin", TextIOWrapper(BytesIO(given.encode()), "utf-8"))
        for name, value in settings.items():
            patch.setenv(name, value)
        try:
            status = main([*map(str, words)])
        except SystemExit as end:
            # So argparse ends a command that was called wrongly.
            status = end.code if isinstance(end.code, int) else 1
    told = [each.buffer.getvalue().decode() for each in (out, err)]
    return Done(status, *told)
