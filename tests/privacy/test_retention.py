"""What people told is deleted some time after its last use, or at once, and leaves nothing."""

import json
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy.engine import Engine

from bot.commands.purge import main
from bot.privacy.cases.saved import DAY_SECONDS, CaseStore
from bot.privacy.retention import (
    BATCH,
    EMPTY_HOURS,
    ClockJumped,
    Purged,
    days_kept,
    delete_conversation,
    purge,
)
from bot.privacy.store.database import make_engine
from bot.privacy.store.tables import CASES, EVENTS, create_tables

NOW = 1_800_000_000.0
OURS = "a key of the server, long enough for it"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """A database with one old conversation, one that went on later, and a fresh one."""
    made = make_engine(f"sqlite:///{tmp_path}/conversations.db")
    SQLTrackerStore.Base.metadata.create_all(made)
    ages = {"old": [40, 31], "went_on": [40, 2], "fresh": [1]}
    for sender, days in ages.items():
        for age in days:
            said(made, sender, {"event": "user", "text": f"said by {sender}"}, age)
    return made


def said(engine: Engine, sender: str, event: dict[str, str | bool | None], age: float = 1) -> None:
    """Store an event of a conversation, some days old."""
    row = {
        "sender_id": sender,
        "type_name": event["event"],
        "action_name": event.get("name"),
        "timestamp": NOW - age * DAY_SECONDS,
        "data": json.dumps(event),
    }
    with engine.begin() as connection:
        connection.execute(EVENTS.insert(), row)


def names(engine: Engine, sender: str, case: str | None) -> None:
    """Have a conversation name its case."""
    said(engine, sender, {"event": "slot", "name": "case", "value": case})


def saved(engine: Engine, reference: str, age: float) -> None:
    """Save a case, used for the last time some days ago."""
    CaseStore(engine, OURS, 30, lambda: NOW - age * DAY_SECONDS).save(reference, {})


def senders(engine: Engine) -> set[str]:
    """Return whose conversations are there."""
    with engine.connect() as connection:
        return set(connection.execute(sa.select(EVENTS.c.sender_id)).scalars())


def cases(engine: Engine) -> set[str]:
    """Return which cases are there."""
    with engine.connect() as connection:
        return set(connection.execute(sa.select(CASES.c.reference)).scalars())


def test_only_conversations_whose_last_turn_is_old_are_deleted(engine: Engine) -> None:
    """A conversation that began long ago and continued recently stays complete."""
    assert purge(engine, 30, NOW) == Purged(conversations=1, cases=0)
    assert senders(engine) == {"went_on", "fresh"}
    assert purge(engine, 30, NOW) == Purged(0, 0)


def test_cases_are_deleted_after_the_same_time(engine: Engine) -> None:
    """The time runs from the last use of each case."""
    saved(engine, "unused", 31)
    saved(engine, "used", 29)
    assert purge(engine, 30, NOW) == Purged(conversations=1, cases=1)
    assert cases(engine) == {"used"}


def test_what_was_deleted_is_in_no_file(engine: Engine, tmp_path: Path) -> None:
    """Its text is gone from the database and from the write-ahead log."""
    saved(engine, "the unused case", 31)
    purge(engine, 30, NOW)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"said by old" not in kept
    assert b"the unused case" not in kept
    assert b"said by fresh" in kept


def test_deleting_takes_the_case_and_all_its_conversations(engine: Engine, tmp_path: Path) -> None:
    """All conversations that had the case open are deleted, and no others; in the log as well."""
    for case in ("first case", "second case", "other case"):
        saved(engine, case, 1)
    names(engine, "fresh", "first case")
    names(engine, "fresh", None)
    names(engine, "fresh", "second case")
    names(engine, "week before", "first case")
    names(engine, "somebody else", "other case")
    names(engine, "somebody else", None)
    assert delete_conversation(engine, "fresh") == {"fresh", "week before"}
    assert senders(engine) == {"old", "went_on", "somebody else"}
    assert cases(engine) == {"other case"}
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for gone in (b"said by fresh", b"first case", b"second case", b"week before"):
        assert gone not in kept
    assert b"other case" in kept


def test_a_practice_is_counted_at_no_question_when_it_is_deleted(engine: Engine) -> None:
    """Its ending is left out; one that ended its practice counts."""
    create_tables(engine)
    for sender, values in {"old": (True,), "went_on": (True, False), "fresh": (True,)}.items():
        for value in values:
            said(engine, sender, {"event": "slot", "name": "practice", "value": value})
    counted: list[str] = []
    for sender in ("old", "went_on", "fresh"):
        delete_conversation(
            engine, sender, on_deleted=lambda endings, _: counted.extend(map(str, endings))
        )
    assert len(counted) == 1


def test_a_conversation_can_be_deleted_without_its_case(engine: Engine, tmp_path: Path) -> None:
    """The code still opens the case; nothing of the conversation is left."""
    saved(engine, "first case", 1)
    names(engine, "fresh", "first case")
    names(engine, "week before", "first case")
    assert delete_conversation(engine, "fresh", cases=False) == {"fresh"}
    assert senders(engine) == {"old", "went_on", "week before"}
    assert cases(engine) == {"first case"}
    assert b"said by fresh" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_conversation_without_a_case_is_deleted_alone(engine: Engine) -> None:
    """No other conversation is touched."""
    saved(engine, "other case", 1)
    assert delete_conversation(engine, "fresh") == {"fresh"}
    assert senders(engine) == {"old", "went_on"}
    assert cases(engine) == {"other case"}


def test_the_command_says_how_many_it_deleted(
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It takes the database and the days from where the server takes them."""
    saved(engine, "unused", 31)
    monkeypatch.setenv("ESCALATION_GUIDE_DATABASE", f"sqlite:///{tmp_path}/conversations.db")
    days = (time.time() - NOW) / DAY_SECONDS + 30
    assert main(["--days", str(days)]) == 0
    told = capsys.readouterr().out
    assert told.startswith("Deleted 1 conversation older than")
    assert "1 saved case not used since" in told
    assert senders(engine) == {"went_on", "fresh"}


def test_a_database_from_before_there_were_cases_can_be_purged(engine: Engine) -> None:
    """What was missing is made first."""
    assert not sa.inspect(engine).has_table(CASES.name)
    told: list[int] = []
    purged = purge(engine, 30, NOW, lambda endings, _: told.append(len(endings)))
    assert purged.conversations == 1
    assert told == [1]


def opened(engine: Engine, sender: str, age: float, *then: str | None) -> None:
    """Store a conversation that was opened, and what came then, by their intents."""
    for intent in ("greet", *then):
        said(engine, sender, {"event": "user"}, age)
        with engine.begin() as connection:
            last = sa.select(sa.func.max(EVENTS.c.id)).scalar_subquery()
            values = {"intent_name": intent}
            connection.execute(EVENTS.update().where(EVENTS.c.id == last).values(values))
        said(engine, sender, {"event": "bot"}, age)


def test_a_conversation_that_nobody_began_is_kept_for_hours_only(engine: Engine) -> None:
    """One in which anything was said or pressed is kept as any other."""
    hours = EMPTY_HOURS / 24
    opened(engine, "opened and left", hours * 1.1)
    opened(engine, "opened just now", hours * 0.9)
    opened(engine, "greeted", hours * 1.1, "greet")
    opened(engine, "in danger", hours * 1.1, "danger")
    opened(engine, "not understood", hours * 1.1, None)
    assert purge(engine, 30, NOW) == Purged(conversations=1, cases=0, empty=2)
    assert senders(engine) == {
        "went_on", "fresh", "opened just now", "in danger", "not understood"
    }  # fmt: skip


# A clock that is wrong.

A_DAY = float(DAY_SECONDS)


def test_a_clock_that_jumps_ahead_deletes_nothing(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """It says which day it takes it to be and what to do; the right clock then goes on as ever."""
    saved(engine, "a case", 1)
    caplog.set_level("INFO")
    assert purge(engine, 30, NOW).conversations == 1
    assert "Deleted 1 conversations not used for 30 days, 0 never begun, and 0 saved" in caplog.text
    for now in (NOW + 31 * A_DAY, NOW + 31.5 * A_DAY, NOW + 400 * A_DAY - 380 * A_DAY):
        with pytest.raises(ClockJumped, match=r"Nothing was deleted: the clock says 2027-0[23]"):
            purge(engine, 30, now)
    assert senders(engine) == {"went_on", "fresh"}
    assert cases(engine) == {"a case"}
    assert purge(engine, 30, NOW + 1) == Purged(0, 0)
    # The doubt is forgotten: another jump is a new one.
    with pytest.raises(ClockJumped):
        purge(engine, 30, NOW + 60 * A_DAY)
    assert senders(engine) == {"went_on", "fresh"}


def test_a_server_that_was_off_for_long_deletes_again_after_a_day(engine: Engine) -> None:
    """Its clock was right all the time: the promise to delete is kept."""
    purge(engine, 30, NOW)
    for hours in (0, 1, 23):
        with pytest.raises(ClockJumped):
            purge(engine, 30, NOW + 31 * A_DAY + hours * 3600)
    assert purge(engine, 30, NOW + 32.1 * A_DAY).conversations == 2
    assert purge(engine, 30, NOW + 32.2 * A_DAY) == Purged(0, 0)


def test_before_the_first_purge_the_newest_conversation_tells_the_time(engine: Engine) -> None:
    """A clock by which all of them are too old is not believed."""
    with pytest.raises(ClockJumped):
        purge(engine, 30, NOW + 31 * A_DAY)
    assert senders(engine) == {"old", "went_on", "fresh"}
    assert purge(engine, 30, NOW + 28.5 * A_DAY).conversations == 2


def test_who_runs_it_can_say_that_the_clock_is_right(
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The command refuses as the server does, and tells how."""
    purge(engine, 30, NOW)
    monkeypatch.setenv("ESCALATION_GUIDE_DATABASE", f"sqlite:///{tmp_path}/conversations.db")
    monkeypatch.setattr(time, "time", lambda: NOW + 35 * A_DAY)
    assert main([]) == 1
    assert "python -m bot purge --clock-is-right" in capsys.readouterr().err
    assert senders(engine) == {"went_on", "fresh"}
    assert main(["--clock-is-right"]) == 0
    assert senders(engine) == set()


@pytest.mark.server
@pytest.mark.xdist_group("postgres")
def test_a_worker_with_a_wrong_clock_deletes_nothing_of_others(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what it purges nor what it stores goes by its clock, where PostgreSQL has one."""
    engine = make_engine(postgres_url)
    case = CaseStore(engine, OURS, 30)
    code = case.save("a case", {})
    said(engine, "now", {"event": "user", "text": "here"}, (NOW - time.time()) / DAY_SECONDS)
    monkeypatch.setattr(time, "time", lambda: NOW + 400 * A_DAY)
    assert purge(engine, 30) == Purged(0, 0)
    assert CaseStore(engine, OURS, 30).open(code) is not None
    monkeypatch.setattr(time, "time", lambda: NOW - 400 * A_DAY)
    early = CaseStore(engine, OURS, 30)
    early.save("another", {})
    assert purge(engine, 30) == Purged(0, 0)
    assert cases(engine) == {"a case", "another"}
    assert senders(engine) == {"now"}


def test_an_invalid_number_of_days_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is deleted if the setting is invalid."""
    for wrong in ("soon", "-1", "nan", "inf"):
        monkeypatch.setenv("ESCALATION_GUIDE_KEEP_DAYS", wrong)
        with pytest.raises(ValueError, match=r"soon|negative"):
            days_kept()
        assert main([]) == 2


def test_a_conversation_that_goes_on_while_others_are_deleted_stays_whole(engine: Engine) -> None:
    """Each is looked at once more in the transaction that deletes it."""
    saved(engine, "a case", 1)
    waiting = [f"old {number:02}" for number in range(2 * BATCH)]
    for sender in waiting:
        said(engine, sender, {"event": "user", "text": "long ago"}, 40)
    last: list[str] = []

    def somebody_writes(*_: object) -> None:
        if not last:
            last.append(next(one for one in sorted(senders(engine) - {"went_on", "fresh"})))
            said(engine, last[0], {"event": "user", "text": "I am back"}, 0)

    deleted = purge(engine, 30, NOW, on_deleted=somebody_writes)
    assert senders(engine) == {"went_on", "fresh", *last}
    assert deleted.conversations == 1 + len(waiting) - len(last)
    with engine.connect() as connection:
        rows = sa.select(sa.func.count()).where(EVENTS.c.sender_id == last[0])
        assert connection.execute(rows).scalar() == 2
