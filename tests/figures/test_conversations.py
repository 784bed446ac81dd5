"""The rows that conversations leave in the figures, through a running guide's web channel."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.fixtures import TODAY, start_guide
from tests.support.postgres import wait_for
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


@pytest.fixture(scope="module")
def counting_guide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """A guide with a database of its own, and where that is."""
    database = tmp_path_factory.mktemp("counting") / "conversations.db"
    server = start_guide(database, TODAY)
    yield server, database
    server.stop()


@pytest.fixture
def database(counting_guide: tuple[Server, Path]) -> Path:
    """The database of `counting`, with nothing counted yet."""
    _, path = counting_guide
    with closing(sqlite3.connect(path)) as store, store:
        for table in {"escalations", "endings"} & _tables(store):
            store.execute(f"DELETE FROM {table}")  # noqa: S608
    return path


@pytest.fixture
def counting(counting_guide: tuple[Server, Path]) -> Server:
    """A guide that counts."""
    server, _ = counting_guide
    return server


def rows(database: Path, table: str = "escalations", **expected: Any) -> list[dict[str, Any]]:
    """What is in a table once a row holds what is expected: it is written after its turn."""
    wait_for(lambda: any(expected.items() <= row.items() for row in _rows(database, table)))
    return _rows(database, table)


def _rows(database: Path, table: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as store:
        # The log makes its tables when it first writes.
        if table not in _tables(store):
            return []
        store.row_factory = sqlite3.Row
        return [dict(row) for row in store.execute(f"SELECT * FROM {table}")]  # noqa: S608


def _tables(store: sqlite3.Connection) -> set[str]:
    return {name for (name,) in store.execute("SELECT name FROM sqlite_master")}


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
    (first,) = rows(database, stage=1)
    assert (first["policy"], first["stage"]) == ("kent", 1)
    assert (first["answered_line_manager"], first["understood"]) == ("waiting", 1)
    assert (first["draft"], first["settled"], first["helped"]) == (0, None, None)
    person.say(f"draft the e-mail {CANARY}")
    person.say("save this")
    code = next(m["card"]["code"] for m in person.messages if m["card"])
    elsewhere = counting.client()
    elsewhere.say(code)
    assert "didn't follow" not in elsewhere.text
    elsewhere.press("Worried, but it isn't immediate")
    elsewhere.press("It is settled")
    assert "On what day was it settled?" in elsewhere.text
    elsewhere.say("17 November")
    elsewhere.press("It stayed as it was")
    elsewhere.press("Talking it through with them")
    (last,) = rows(database, helped="talking")
    assert (last["id"], last["month"]) == (first["id"], "2026-11")
    assert (last["route"], last["settled"], last["helped"]) == (
        "resolved",
        "line_manager",
        "talking",
    )
    assert (last["draft"], last["days_line_manager"], last["understood"]) == (1, 1, 1)
    assert (last["answered_line_manager"], last["decision"]) == ("in_time", "not_changed")
    assert CANARY not in json.dumps(last)


def test_danger_is_counted_as_danger(counting: Server, database: Path) -> None:
    """It is counted even before a partnership is known."""
    counting.client().say("there is a man with a knife at the house now")
    (row,) = rows(database, route="emergency")
    assert (row["route"], row["policy"], row["stage"]) == ("emergency", "", None)


def test_what_turns_urgent_stays_at_its_stage(counting: Server, database: Path) -> None:
    """Danger after the advice marks the row, and takes it from no stage."""
    person = counting.client()
    to_advice(person)
    person.say("there is a man with a knife at the house now")
    (row,) = rows(database, urgent=1)
    assert (row["route"], row["urgent"]) == ("emergency", 1)
    assert (row["stage"], row["level"]) == (1, "line_manager")


def test_the_side_of_whoever_tells_is_kept(counting: Server, database: Path) -> None:
    """A social worker whom a school escalates to has not raised it."""
    person = counting.client()
    person.say(
        "I'm a social worker. The school is escalating against our decision and has sent us a "
        "stage 1 escalation. What do I owe them?"
    )
    for answer in (*TO_ADVICE[:4], *TO_ADVICE[6:]):
        person.say(answer)
    (row,) = rows(database, side="receiver")
    assert (row["side"], row["raiser"], row["receiver"]) == (
        "receiver",
        "education",
        "childrens_social_care",
    )


def test_start_again_makes_no_second_row_of_the_same_account(
    counting: Server, database: Path
) -> None:
    """Another account has a row of its own, and deletion lets go of both."""
    person = counting.client()
    to_advice(person)
    for again in (TO_ADVICE, (*TO_ADVICE[:5], "Police", *TO_ADVICE[6:])):
        person.say("start again")
        person.press("Yes, start again")
        for answer in again:
            person.say(answer)
    assert sorted(row["receiver"] for row in rows(database, receiver="police")) == [
        "childrens_social_care",
        "police",
    ]
    person.say("delete my case")
    person.press("Yes, delete everything")
    assert [row["link"] for row in rows(database, link=None)] == [None, None]


def test_the_day_of_an_answer_is_read_or_asked(counting: Server, database: Path) -> None:
    """An answer told after its limit was in time or late on its own day."""
    person = counting.client()
    for answer in (*TO_ADVICE[:7], "2 November", "They answered on 5 November, it is not settled"):
        person.say(answer)
    (row,) = rows(database, answered_line_manager="in_time")
    assert row["answered_line_manager"] == "in_time"
    other = counting.client()
    for answer in (*TO_ADVICE[:7], "2 November", "It was not settled"):
        other.say(answer)
    assert "On what day did they answer?" in other.text
    other.say("17 November")
    late = rows(database, answered_line_manager="late")
    timings = {row["answered_line_manager"] for row in late}
    assert timings == {"in_time", "late"}


def test_a_message_sent_again_makes_no_second_row(counting: Server, database: Path) -> None:
    """Nor does asking for the advice again."""
    person = counting.client()
    to_advice(person)
    for _ in range(3):
        person.send({"text": "show the advice again", "id": "the same one"})
    # Rows are written in order: with the next one, all of these are there.
    counting.client().say("there is a man with a knife at the house now")
    assert len(rows(database, route="emergency")) == 2


def test_nothing_leads_to_a_row_once_the_conversation_is_deleted(
    counting: Server, database: Path
) -> None:
    """Deleted on request, the row loses its link; where the conversation ended is counted."""
    person = counting.client()
    to_advice(person)
    person.say("delete my case")
    person.press("Yes, delete everything")
    (row,) = rows(database, link=None)
    assert row["link"] is None
    (ending,) = rows(database, "endings", conversations=1)
    assert (ending["policy"], ending["conversations"]) == ("kent", 1)


def test_a_purge_counts_where_people_left(tmp_path: Path) -> None:
    """The command does the same as the daily timer."""
    database = tmp_path / "conversations.db"
    server = start_guide(database, TODAY)
    server.client().say("Worried, but it isn't immediate")
    to_advice(server.client())
    server.stop()
    environment = {"ESCALATION_GUIDE_DATABASE": f"sqlite:///{database}", "PATH": "/usr/bin"}
    purge = [sys.executable, "-m", "bot", "purge", "--days", "0"]
    subprocess.run(purge, cwd=ROOT, check=True, env=environment, capture_output=True)
    endings = {(one["policy"], one["question"]): one for one in rows(database, "endings")}
    assert set(endings) == {("", "partnership"), ("kent", "")}
    (row,) = rows(database)
    assert row["link"] is None


def test_switched_off_nothing_is_counted(tmp_path: Path) -> None:
    """The conversation stays the same."""
    database = tmp_path / "conversations.db"
    server = start_guide(database, TODAY, ESCALATION_GUIDE_FIGURES="off")
    try:
        person = server.client()
        to_advice(person)
        assert "Stage 1" in person.text
        with closing(sqlite3.connect(database)) as store:
            tables = _tables(store)
        assert tables
        assert "escalations" not in tables
    finally:
        server.stop()


def test_a_log_that_cannot_be_written_disturbs_nobody(tmp_path: Path) -> None:
    """With its database locked, advice is given and the row waits."""
    database, own = tmp_path / "conversations.db", tmp_path / "figures.db"
    with closing(sqlite3.connect(own, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        server = start_guide(database, TODAY, ESCALATION_GUIDE_FIGURES=f"sqlite:///{own}")
        try:
            person = server.client()
            to_advice(person)
            assert "Stage 1" in person.text
            other.execute("ROLLBACK")
            person.say("draft the e-mail")
            (row,) = rows(own, draft=1)
            assert row["stage"] == 1
        finally:
            server.stop()
