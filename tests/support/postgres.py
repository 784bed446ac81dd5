"""A PostgreSQL of the tests' own: started on a free port of the loopback, with its own files."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest

from tests.support.ports import free_port
from tests.support.processes import end_with_tests

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
PATIENCE = 60
POSTGRESQL = pytest.param(
    "postgresql", marks=[pytest.mark.server, pytest.mark.xdist_group("postgres")]
)
"""The value of a parameter that takes the fixture `postgres`."""


class Postgres:
    """A server with one database. It refuses to run as root, so that root starts it as another."""

    def __init__(self) -> None:
        self.bin = _programs()
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="guide-postgres-"))
        self._as = ""
        if os.getuid() == 0:
            self._as = "postgres" if _known("postgres") else "nobody"
            shutil.chown(self.folder, self._as)
        self.data = self.folder / "data"
        self._run("initdb", "--auth=trust", "--username=guide", "--no-sync", "--encoding=UTF8")
        self.start()

    def url(self, database: str = "guide") -> str:
        """The address of a database, which is made if it is not there."""
        admin = psycopg2.connect(self._address("postgres"))
        try:
            admin.autocommit = True
            cursor = admin.cursor()
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{database}"')
        finally:
            admin.close()
        return self._address(database)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        # No lock files of other clusters, no socket in a folder of the machine's.
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' "
            "-c fsync=off -c max_connections=60 -c shared_buffers=16MB"
        )
        log = str(self.folder / "log")
        self._run("pg_ctl", "start", "--wait", "--silent", f"--log={log}", f"--options={options}")
        end_with_tests(self._first)

    def stop(self, mode: str = "immediate") -> None:
        """Stop it; `immediate` as if it had been killed."""
        self._run("pg_ctl", "stop", "--wait", "--silent", f"--mode={mode}")

    def freeze(self, *, frozen: bool) -> None:
        """Stop all its processes where they are, or let them go on."""
        number = signal.SIGSTOP if frozen else signal.SIGCONT
        for pid in (self._first, *_children(self._first)):
            os.kill(pid, number)

    def remove(self) -> None:
        """Stop it and delete its files."""
        if (self.data / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self.folder)

    @property
    def _first(self) -> int:
        """The number of the process that started the others."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def _address(self, database: str) -> str:
        return f"postgresql://guide@127.0.0.1:{self.port}/{database}"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.bin / program), f"--pgdata={self.data}", *arguments]
        if self._as:
            ids = [f"--reuid={self._as}", f"--regid={pwd.getpwnam(self._as).pw_gid}"]
            command = ["setpriv", *ids, "--clear-groups", *command]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=(self.folder / "output").open("ab"),
            stderr=subprocess.STDOUT,
            timeout=PATIENCE,
            check=False,
        )
        if done.returncode:
            raise AssertionError((self.folder / "output").read_text(errors="replace")[-2000:])


def _programs() -> Path:
    places = [*map(Path, os.environ["PATH"].split(os.pathsep))]
    for pattern in PLACES:
        places += sorted(Path("/").glob(pattern[1:]), reverse=True)
    for place in places:
        if all((place / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return place
    raise AssertionError("PostgreSQL is missing. Install it: deploy/services.sh --install")


def _known(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in listed.split()]


def wait_for(what: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait until `what()` is true; fail if it never is."""
    until = time.monotonic() + patience
    while not what():
        assert time.monotonic() < until, f"It never came: {what}"
        time.sleep(0.01)
