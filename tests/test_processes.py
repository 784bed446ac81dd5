"""What the tests start ends with them."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from bot.paths import ROOT
from tests.support.postgres import wait_for

pytestmark = pytest.mark.command

SERVERS = """
from pathlib import Path
from tests.support.server import Server

Path("server.py").write_text("import time; print('ready: http://nobody/ '); time.sleep(600)")
for fresh in (True, False):
    Server(["server.py"], Path(), fresh=fresh)
print("started", flush=True)
input()
"""


def test_no_server_outlives_tests_that_were_killed(tmp_path: Path) -> None:
    """Neither a new process nor a fork, nor what forks them, goes on once the tests are killed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    tests = psutil.Popen(
        [sys.executable, "-c", SERVERS],
        cwd=tmp_path, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert tests.stdout.readline() == "started\n"
    started = tests.children(recursive=True)
    assert sum("server.py" in str(one.cmdline()) for one in started) >= 1
    tests.kill()
    tests.wait()
    wait_for(lambda: not any(_runs(one) for one in started))


def _runs(process: psutil.Process) -> bool:
    # Where nobody asks for its exit status, a process that has ended stays as a zombie.
    with suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False
