"""Killed at any moment: no turn that was answered is lost or doubled."""

import os
import random
import re
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.support.fixtures import start_script
from tests.support.persistent import Persistent
from tests.support.postgres import wait_for
from tests.support.rounds import rounds
from tests.support.server import Server

pytestmark = [pytest.mark.server, pytest.mark.long]

MOMENTS = rounds(100, 20)
TALKING = 3
# Every conversation says more than a person would.
UNLIMITED = """\
bot.channels.web.channel.WebChannel:
  rates:
    messages_per_session: {burst: 100000, per_second: 1000}
    messages_per_address: {burst: 100000, per_second: 1000}
"""


@pytest.fixture
def reviving(tiny_model: Path, tmp_path: Path) -> Iterator[Server]:
    """A server that is started again whenever it is killed."""
    (tmp_path / "credentials.yml").write_text(UNLIMITED)
    server = start_script("reviving_server.py", tiny_model, tmp_path)
    yield server
    # The one that starts the others first.
    server.process.kill()
    server.process.wait()
    with suppress(ProcessLookupError):
        os.kill(_lives(server)[-1], signal.SIGKILL)


def _lives(server: Server) -> list[int]:
    return [int(pid) for pid in re.findall(r"Life (\d+) is ready", server.written)]


def test_kills_lose_and_double_nothing(reviving: Server) -> None:
    """Killed again and again in the midst of turns, conversations go on under their tokens.

    Each message that got no answer is sent again with its id. In the end each conversation holds
    every message once, in order, with its own answer; and the database is whole throughout.
    """
    moments = random.Random(8)  # noqa: S311 (the same moments each time, as far as clocks allow)
    people = [Persistent(reviving.address, f"person {number}") for number in range(TALKING)]
    over = Event()
    failed: list[BaseException] = []

    def talk(person: Persistent) -> None:
        try:
            while not over.is_set():
                person.say()
        except BaseException as error:  # noqa: BLE001 (told by the test's own thread)
            failed.append(error)

    threads = [Thread(target=talk, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    try:
        for number in range(MOMENTS):
            answered = sum(len(person.said) for person in people)
            wait_for(partial(_more, people, answered, failed))
            Event().wait(moments.uniform(0, 0.05))
            os.kill(_lives(reviving)[-1], signal.SIGKILL)
            wait_for(partial(_lives_again, reviving, number + 1))
            if number % 10 == 0:
                _check_file(reviving.folder / "conversations.db")
            assert not failed, failed
    finally:
        over.set()
        for thread in threads:
            thread.join(100)
    assert not failed, failed
    assert sum(person.again for person in people) >= MOMENTS  # it was killed in midst of turns
    for person in people:
        person.check()
    _check_file(reviving.folder / "conversations.db")


def _more(people: list[Persistent], answered: int, failed: list[BaseException]) -> bool:
    return bool(failed) or sum(len(person.said) for person in people) > answered


def _lives_again(server: Server, killed: int) -> bool:
    return len(_lives(server)) > killed


def _check_file(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
