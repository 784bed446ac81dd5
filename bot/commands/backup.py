"""`python -m bot backup FILE`: a copy of the SQLite database, whole, while the guide runs."""

import argparse
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from bot.privacy.store.database import (
    BUSY_MILLISECONDS,
    StoreUnavailable,
    database_url,
    sqlite_file,
)

POSTGRES = (
    "This is for SQLite. PostgreSQL has programs of its own: pg_dump and pg_restore "
    "(docs/operations.md)."
)


def main(argv: list[str]) -> int:
    """Write the backup and look it through. Exit status 1 where that fails: then there is none."""
    parser = argparse.ArgumentParser(prog="python -m bot backup")
    parser.add_argument("file", type=Path, help="the file to write, which must not be there yet")
    to = parser.parse_args(argv).file
    try:
        database = sqlite_file(database_url())
    except StoreUnavailable as error:
        return _refuse(str(error))
    if database is None:
        return _refuse(POSTGRES)
    if not database.exists():
        return _refuse(f"There is no database at {database}.")
    try:
        write_backup(database, to)
    except FileExistsError:
        return _refuse(f"{to} is there already. Nothing was written.")
    except (OSError, sqlite3.Error, DamagedFile) as error:
        return _refuse(f"No backup was written: {error}")
    print(f"Written and looked through: {to}")
    return 0


class DamagedFile(Exception):
    """A file that is not a whole SQLite database."""


def write_backup(database: Path, to: Path) -> None:
    """Write a private copy of a database in use, or none. Raises FileExistsError."""
    descriptor = os.open(to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    os.close(descriptor)
    try:
        with closing(_open(database)) as source, closing(_open(to)) as copy:
            # Page by page through SQLite, which takes in what is only in the write-ahead log yet.
            source.backup(copy)
            # One file: a backup must not need others beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
        check(to)
    except BaseException:
        to.unlink()
        raise


def check(file: Path) -> None:
    """Raise DamagedFile for anything but a whole database."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            found = opened.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        raise DamagedFile(f"{file} is not a whole database ({error}).") from None
    if found != "ok":
        raise DamagedFile(f"{file} is damaged ({found}).")


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=BUSY_MILLISECONDS / 1000)


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return 1
