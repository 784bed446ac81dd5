"""The rows that conversations leave in the figures, through a running guide's web channel."""

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.fixtures import TODAY, start_guide
from tests.support.server import ROOT, Server
from tests.support.web_client import WebClient

pytestmark = pytest.mark.server

TO_ADVICE = (
    "Worried, but it isn't immediate", "Kent", "No",
    "The level of need, or a referral not accepted", "School, college or other education",
    "Children's social care",
    "Stage 1: Team manager", "last monday", "Still waiting for an answer",
)  # fmt: skip
CANARY = "canaryword"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """An empty database's place."""
    return tmp_path / "conversations.db"


@pytest.fixture
def counting(database: Path) -> Iterator[Server]:
    """A guide with a database of its own."""
    server = start_guide(database, TODAY)
    yield server
    server.stop()


def rows(database: Path, table: str = "escalations") -> list[dict[str, Any]]:
    """What is in a table; a row is written a moment after its turn."""
    time.sleep(0.3)
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
        store.row_factory = sqlite3.Row
        return [dict(row) for row in store.execute(f"SELECT * FROM {table}")]  # noqa: S608


def to_advice(person: WebClient) -> None:
    """Answer every question."""
    for answer in TO_ADVICE:
        person.say(answer)


def test_one_escalation_is_one_row_whatever_is_done_with_it(
    counting: Server, database: Path
) -> None:
    """Changed answers, drafts, a returning case and its end all update the same row."""
    person = counting.client()
    to_advice(person)
    (first,) = rows(database)
    assert (first["policy"], first["stage"], first["answered"]) == ("kent", 1, "waiting")
    assert (first["draft"], first["settled"], first["helped"]) == (0, None, None)
    person.say(f"draft the e-mail {CANARY}")
    person.say("save this")
    code = next(m["card"]["code"] for m in person.messages if m["card"])
    elsewhere = counting.client()
    elsewhere.say(code)
    elsewhere.press("It is settled")
    elsewhere.press("Talking it through with them")
    (last,) = rows(database)
    assert (last["id"], last["month"]) == (first["id"], "2026-11")
    assert (last["route"], last["settled"], last["helped"]) == (
        "resolved",
        "line_manager",
        "talking",
    )
    assert (last["draft"], last["days_line_manager"]) == (1, 4)
    assert CANARY not in json.dumps(last)


def test_danger_is_counted_as_danger(counting: Server, database: Path) -> None:
    """It is counted even before a partnership is known."""
    counting.client().say("there is a man with a knife at the house now")
    (row,) = rows(database)
    assert (row["route"], row["policy"], row["stage"]) == ("emergency", "", None)


def test_a_message_sent_again_makes_no_second_row(counting: Server, database: Path) -> None:
    """Nor does asking for the advice again."""
    person = counting.client()
    to_advice(person)
    for _ in range(3):
        person.send({"text": "show the advice again", "id": "the same one"})
    assert len(rows(database)) == 1


def test_nothing_leads_to_a_row_once_the_conversation_is_deleted(
    counting: Server, database: Path
) -> None:
    """Deleted on request, the row loses its link; where the conversation ended is counted."""
    person = counting.client()
    to_advice(person)
    person.say("delete my case")
    person.press("Yes, delete everything")
    (row,) = rows(database)
    assert row["link"] is None
    (ending,) = rows(database, "endings")
    assert (ending["policy"], ending["conversations"]) == ("kent", 1)


def test_a_purge_counts_where_people_left(counting: Server, database: Path) -> None:
    """The command does the same as the daily timer."""
    counting.client().say("Worried, but it isn't immediate")
    to_advice(counting.client())
    counting.stop()
    environment = {"ESCALATION_GUIDE_DATABASE": f"sqlite:///{database}", "PATH": "/usr/bin"}
    purge = [sys.executable, "-m", "bot", "purge", "--days", "0"]
    subprocess.run(purge, cwd=ROOT, check=True, env=environment, capture_output=True)
    endings = {(one["policy"], one["question"]): one for one in rows(database, "endings")}
    assert set(endings) == {("", "partnership"), ("kent", "")}
    (row,) = rows(database)
    assert row["link"] is None


def test_switched_off_nothing_is_counted(database: Path) -> None:
    """The conversation stays the same."""
    server = start_guide(database, TODAY, ESCALATION_GUIDE_FIGURES="off")
    try:
        person = server.client()
        to_advice(person)
        assert "Stage 1" in person.text
        tables = {row["name"] for row in rows(database, "sqlite_master")}
        assert "escalations" not in tables
    finally:
        server.stop()


def test_a_log_that_cannot_be_written_disturbs_nobody(database: Path, tmp_path: Path) -> None:
    """With its database locked, advice is given and the row waits."""
    own = tmp_path / "figures.db"
    with closing(sqlite3.connect(own, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        server = start_guide(database, TODAY, ESCALATION_GUIDE_FIGURES=f"sqlite:///{own}")
        try:
            person = server.client()
            to_advice(person)
            assert "Stage 1" in person.text
            other.execute("ROLLBACK")
            person.say("draft the e-mail")
            time.sleep(3)
            (row,) = rows(own)
            assert row["draft"] == 1
        finally:
            server.stop()
