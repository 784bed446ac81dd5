"""`python -m bot restore FILE`: put a backup in the place of the SQLite database."""

import argparse
import os
import shutil
import sys
import time
from pathlib import Path

from bot.commands.backup import POSTGRES, DamagedFile, check
from bot.privacy.store.database import (
    StoreUnavailable,
    database_url,
    keep_for_this_process,
    make_engine,
    sqlite_file,
)
from bot.privacy.store.tables import create_tables

BESIDE = ("", "-wal", "-shm", "-journal")
"""What a database leaves beside it. Left-over ones would be read into the backup, and damage it."""


def main(argv: list[str]) -> int:
    """Restore and look it through. Exit status 1 where that fails: then all is as it was."""
    parser = argparse.ArgumentParser(prog="python -m bot restore")
    parser.add_argument("file", type=Path, help="a file that `python -m bot backup` wrote")
    backup = parser.parse_args(argv).file
    try:
        address = database_url()
        database = sqlite_file(address)
        if database is None:
            return _refuse(POSTGRES)
        check(backup)
        # No guide may run meanwhile, nor start.
        keep_for_this_process(address)
        put_aside = restore(backup, database)
        engine = make_engine(address)
        try:
            create_tables(engine)
        finally:
            engine.dispose()
    except (StoreUnavailable, DamagedFile, OSError) as error:
        return _refuse(str(error))
    print(f"Restored: {database}")
    if put_aside:
        print(f"What was there before is in {put_aside}. Delete that folder when all is well.")
    return 0


def restore(backup: Path, database: Path) -> Path | None:
    """Put the backup in the database's place, and what was there into a folder beside it."""
    new = database.with_name(f"{database.name}.restoring")
    database.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(new, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    os.fchmod(descriptor, 0o600)
    with backup.open("rb") as source, os.fdopen(descriptor, "wb") as copy:
        shutil.copyfileobj(source, copy)
        copy.flush()
        os.fsync(copy.fileno())
    check(new)
    there = [path for end in BESIDE if (path := Path(f"{database}{end}")).exists()]
    aside = None
    if there:
        aside = database.with_name(f"{database.name}.before-{time.strftime('%Y%m%d-%H%M%S')}")
        aside.mkdir(mode=0o700)
        # The database itself last: without it the others are of no use to anybody.
        for path in reversed(there):
            path.rename(aside / path.name)
    new.rename(database)
    return aside


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return 1
