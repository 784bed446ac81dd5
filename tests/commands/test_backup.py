"""A backup taken while the guide runs, and what is restored from it."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.commands.backup import main as backup
from bot.commands.restore import main as restore
from bot.paths import ROOT
from bot.privacy.store.database import make_engine
from bot.privacy.store.tables import EVENTS, create_tables


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the database is."""
    file = tmp_path / "var/conversations.db"
    monkeypatch.setenv("ESCALATION_GUIDE_DATABASE", f"sqlite:///{file}")
    return file


def say(engine: sa.engine.Engine, *texts: str) -> None:
    """Store events that hold these texts."""
    with engine.begin() as connection:
        for text in texts:
            row = {"sender_id": "a", "type_name": "user", "data": text}
            connection.execute(EVENTS.insert(), row)


def said(file: Path) -> list[str]:
    """What a database holds, looked through first."""
    engine = make_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        texts = list(connection.execute(sa.select(EVENTS.c.data).order_by(EVENTS.c.id)).scalars())
    engine.dispose()
    return texts


@pytest.fixture
def running(database: Path) -> sa.engine.Engine:
    """A database in use, whose latest turns are only in its write-ahead log."""
    engine = make_engine(f"sqlite:///{database}")
    create_tables(engine)
    say(engine, "one", "two")
    return engine


def test_a_backup_holds_the_latest_turns_and_is_private(
    running: sa.engine.Engine, database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one file, which only its owner can read; the database goes on."""
    copy = tmp_path / "guide.db"
    assert backup([str(copy)]) == 0
    assert str(copy) in capsys.readouterr().out
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert not list(tmp_path.glob("guide.db-*"))
    say(running, "three")
    assert said(copy) == ["one", "two"]
    assert said(database) == ["one", "two", "three"]


def test_what_a_killed_guide_left_beside_its_database_does_no_harm(
    running: sa.engine.Engine, database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The log of later turns is not read into the backup; it is put aside, not thrown away."""
    copy = tmp_path / "guide.db"
    assert backup([str(copy)]) == 0
    say(running, *(f"later {number} {'and on ' * 500}" for number in range(200)))
    killed = tmp_path / "killed"
    shutil.copytree(database.parent, killed)
    running.dispose()
    shutil.rmtree(database.parent)
    killed.rename(database.parent)
    assert Path(f"{database}-wal").stat().st_size > 0
    assert restore([str(copy)]) == 0
    aside = next(database.parent.glob("conversations.db.before-*"))
    assert str(aside) in capsys.readouterr().out
    assert said(database) == ["one", "two"]
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert len(said(aside / "conversations.db")) == 202


@pytest.mark.usefixtures("running")
def test_a_backup_is_never_written_over_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is there stays as it is."""
    there = tmp_path / "guide.db"
    there.write_text("the backup of yesterday")
    assert backup([str(there)]) == 1
    assert "there already" in capsys.readouterr().err
    assert there.read_text() == "the backup of yesterday"


def test_a_damaged_backup_is_refused_before_anything_is_touched(
    running: sa.engine.Engine, database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """So is a file that is something else."""
    copy = tmp_path / "guide.db"
    say(running, *("x" * 3000 for _ in range(100)))
    assert backup([str(copy)]) == 0
    half = tmp_path / "half.db"
    half.write_bytes(copy.read_bytes()[:40_000])
    other = tmp_path / "other.db"
    other.write_text("not a database " * 1000)
    for wrong in (half, other, tmp_path / "missing.db"):
        assert restore([str(wrong)]) == 1
        assert wrong.name in capsys.readouterr().err
    running.dispose()
    assert len(said(database)) == 102


@pytest.mark.command
def test_nothing_is_restored_under_a_running_guide(
    running: sa.engine.Engine, database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says that the guide has to be stopped first."""
    copy = tmp_path / "guide.db"
    assert backup([str(copy)]) == 0
    program = (
        "import os, sys; from bot.privacy.store.database import keep_for_this_process; "
        "keep_for_this_process(os.environ['ESCALATION_GUIDE_DATABASE']); "
        "print('has it', flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout is not None
    assert other.stdout.readline() == "has it\n"
    say(running, "three")
    assert restore([str(copy)]) == 1
    assert "stop that one first" in capsys.readouterr().err
    assert said(database) == ["one", "two", "three"]
    other.kill()
    other.wait()
    running.dispose()
    assert restore([str(copy)]) == 0
    assert said(database) == ["one", "two"]


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(
    database: Path, tmp_path: Path
) -> None:
    """What `VACUUM INTO` wrote before there was this command can be restored as well."""
    copy = tmp_path / "guide.db"
    with sqlite3.connect(copy) as old:
        script = ROOT / "tests/privacy/store/version_0001.sql"
        old.executescript(script.read_text())
    assert restore([str(copy)]) == 0
    assert len(said(database)) == 89


@pytest.mark.parametrize("command", [backup, restore])
def test_postgresql_has_programs_of_its_own(
    command: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """They are named, and nothing is written."""
    monkeypatch.setenv("ESCALATION_GUIDE_DATABASE", "postgresql://guide@db.example/guide")
    assert callable(command)
    assert command([str(tmp_path / "guide.db")]) == 1
    assert "pg_dump" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
