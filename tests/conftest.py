"""What every test shares."""

import atexit
import gc
import os
import platform
import sys
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from bot.memory import before_imports
from bot.offered import DRAFTS
from bot.without_tensorflow import tensorflow_only_if_needed
from tests.support.core import TODAY
from tests.support.rounds import ROUNDS, rounds

# As in the server. Else the arithmetic of each test process waits for both cores, and they for
# each other.
before_imports()

# As in the server: nothing that is tested in these processes needs it, and each would load it.
whole_run = ExitStack()
whole_run.enter_context(tensorflow_only_if_needed(()))
atexit.register(whole_run.close)

# The core is also tested on a current Python, without Rasa and so without servers.
pytest_plugins = (
    [
        "tests.support.fixtures",
        "tests.support.keepers_server",
        "tests.support.slack_fixtures",
    ]
    if find_spec("rasa")
    else []
)

# None of the shipped policies is signed: conversations are tested with drafts allowed.
os.environ.setdefault(DRAFTS, "yes")

# The same day whenever they run: policies begin, end and are due on days of their own.
os.environ["ESCALATION_GUIDE_TODAY"] = TODAY.isoformat()

# A slow machine is not a failing test. The same examples every time: a red build can be repeated.
settings.register_profile("guide", deadline=None, derandomize=True, max_examples=rounds(100))
settings.load_profile("guide")

SERVERS = ("guide_on", "tiny_server", "slack_server", "teams_guide", "tiny_teams", "postgres")
"""Fixtures that start a server for a whole run."""
READING = Path(__file__).parent / "understanding"
"""Its tests read the same lines with the same model, and each process remembers what it read."""
SLOW = {"server", "browser", "command", "long"}
"""Marks of what `make test-quick` leaves out; `markers` in pyproject.toml says what they mean."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests that share a file, a server or readings in one process; begin with the long."""
    shared: dict[Path, str] = {}
    for item in items:
        if READING in item.path.parents:
            shared[item.path] = READING.name
        for name in SERVERS:
            if name in getattr(item, "fixturenames", ()):
                shared.setdefault(item.path, name)
                item.add_marker(pytest.mark.server)
    for item in items:
        if not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(shared.get(item.path, item.path.stem)))
    items.sort(key=lambda item: (item.path not in shared, not _is_slow(item)))


def pytest_collection_finish() -> None:
    """Keep the garbage collector from going through thousands of tests again and again."""
    gc.collect()
    gc.freeze()


def _is_slow(item: pytest.Item) -> bool:
    return any(mark.name in SLOW for mark in item.iter_markers())


running: list[pytest.Item] = []
"""The test that is running."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Any:
    """Remember the test for `only_marked`."""
    running[:] = [item]
    try:
        return (yield)
    finally:
        running.clear()


def only_marked(event: str, _: Any) -> None:
    """Refuse a process to a test of the quick ones, which has none of the marks."""
    if event == "subprocess.Popen" and running and not _is_slow(running[0]):
        raise AssertionError(f"{running[0].nodeid} needs one of the marks {sorted(SLOW)}")


if ROUNDS == "few":
    # Libraries ask for it by starting a process, once.
    platform.processor()
    sys.addaudithook(only_marked)
