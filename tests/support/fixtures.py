"""Servers that tests of several rooms talk to, each started once."""

import fcntl
import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import uuid4

import pytest

from tests.support.microsoft import APP_ID, PASSWORD, TENANT, Microsoft
from tests.support.postgres import Postgres
from tests.support.server import ROOT, Server, guide_command
from tests.support.slack_api import SlackApi
from tests.support.slack_person import settings as slack_settings

TINY = ROOT / "tests/server/tiny_bot"
WELCOME = "Welcome.\n\nIs a child at risk now?"
"""What the tiny bot says first."""
SQLITE = "sqlite:///conversations.db"


@pytest.fixture(scope="session")
def tiny_model(request: pytest.FixtureRequest) -> Path:
    """The tiny bot's model, trained when what it is made from has changed."""
    sources = [TINY / name for name in ("config.yml", "data.yml", "domain.yml")]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    folder = request.config.cache.mkdir("tiny-model")
    model = folder / f"{digest}.tar.gz"
    # Several processes may run tests at once; whoever comes second finds the model.
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not model.exists():
            config, data, domain = map(str, sources)
            train = [sys.executable, "-m", "rasa", "train", "--config", config, "--data", data]
            train += ["--domain", domain, "--out", str(folder), "--fixed-model-name", digest]
            subprocess.run(train, cwd=folder, check=True, capture_output=True)
    return model


@pytest.fixture(scope="session")
def tiny_server(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server on the tiny bot; its database is conversations.db in `folder`."""
    server = start_tiny(tiny_model, tmp_path_factory.mktemp("tiny"))
    yield server
    server.stop()


KEEPERS_PASSWORD = "the keepers of this guide"  # noqa: S105 - only for tests
TODAY = "2026-11-20"
"""The day the running guide takes it to be: a Friday; the next bank holidays are at Christmas."""


@pytest.fixture(scope="session")
def guide_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of `guide_on`."""
    return tmp_path_factory.mktemp("guide") / "conversations.db"


@pytest.fixture(scope="session")
def guide_on(guide_database: Path) -> Iterator[Callable[[str], Server]]:
    """Gives the guide on a day: one server, whose day is set anew each time it is asked for."""
    day_file = guide_database.with_name("today")
    running: list[Server] = []

    def on(day: str) -> Server:
        day_file.write_text(day, encoding="utf-8")
        if not running:
            script = str(ROOT / "tests/support/guide_server.py")
            command = [script, str(day_file), *guide_command()[2:]]
            running.append(start_guide(guide_database, day, command))
        return running[0]

    yield on
    for server in running:
        server.stop()


@pytest.fixture(scope="session")
def guide(guide_on: Callable[[str], Server]) -> Server:
    """The guide as `make run` starts it, with a database of its own, on the day TODAY."""
    return guide_on(TODAY)


def start_guide(
    database: Path, day: str, command: Sequence[str] = (), **environment: str
) -> Server:
    """Start the guide on a database as if it were that day."""
    if not list((ROOT / "models").glob("*.tar.gz")):
        pytest.fail("There is no trained model in models/. Train one first: make train")
    settings = {
        "ESCALATION_GUIDE_DATABASE": f"sqlite:///{database}",
        "ESCALATION_GUIDE_TODAY": day,
        "ESCALATION_GUIDE_KEEPERS_PASSWORD": KEEPERS_PASSWORD,
    }
    return Server(command or guide_command(), ROOT, settings | environment)


def start_tiny(model: Path, folder: Path, **environment: str) -> Server:
    """Start a server on the tiny bot in a folder of its own, with short time limits.

    A credentials.yml that is already in the folder is used.
    """
    return start_script("tiny_server.py", model, folder, **environment)


def start_script(
    script: str, model: Path, folder: Path, database: str = SQLITE, **environment: str
) -> Server:
    """Start one of the servers in tests/support on the tiny bot, as `start_tiny` does."""
    for name in ("credentials.yml", "data", "bot"):
        if not (folder / name).exists():
            (folder / name).symlink_to(ROOT / name)
    command = [str(ROOT / "tests/support" / script), str(model), database]
    limits = {"ESCALATION_GUIDE_ACTION_SECONDS": "1", "ESCALATION_GUIDE_LOG_LEVEL": "DEBUG"}
    return Server(command, folder, limits | environment)


@pytest.fixture(scope="session")
def microsoft(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Microsoft]:
    """Microsoft's servers on loopback."""
    with Microsoft(tmp_path_factory.mktemp("microsoft")).running() as running:
        yield running


@pytest.fixture(scope="session")
def tiny_teams(
    tiny_model: Path, microsoft: Microsoft, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The real server on the tiny bot, with Teams."""
    folder = tmp_path_factory.mktemp("tiny-teams")
    for name in ("credentials.yml", "data", "bot"):
        (folder / name).symlink_to(ROOT / name)
    tiny = [microsoft.address, str(tiny_model), "sqlite:///conversations.db"]
    limits = {"ESCALATION_GUIDE_ACTION_SECONDS": "1", "ESCALATION_GUIDE_LOG_LEVEL": "DEBUG"}
    server = start_teams(tiny, folder, teams_environment(microsoft) | limits)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def teams_guide(
    microsoft: Microsoft, slack_api: SlackApi, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The guide with the page, Teams and Slack, on a database of its own, on the day TODAY."""
    database = tmp_path_factory.mktemp("teams-guide") / "conversations.db"
    settings = {
        "ESCALATION_GUIDE_DATABASE": f"sqlite:///{database}",
        "ESCALATION_GUIDE_TODAY": TODAY,
    }
    channels = teams_environment(microsoft) | slack_settings(slack_api)
    server = start_teams([microsoft.address], ROOT, channels | settings)
    yield server
    server.stop()


def start_teams(arguments: Sequence[str], folder: Path, environment: dict[str, str]) -> Server:
    """Start a server with Teams."""
    script = str(ROOT / "tests/support/teams_server.py")
    return Server([script, *arguments], folder, environment)


def teams_environment(microsoft: Microsoft) -> dict[str, str]:
    """Set Teams up, with the Microsoft of the tests."""
    return {
        "ESCALATION_GUIDE_TEAMS_APP_ID": APP_ID,
        "ESCALATION_GUIDE_TEAMS_APP_PASSWORD": PASSWORD,
        "ESCALATION_GUIDE_TEAMS_TENANT_ID": TENANT,
        "ESCALATION_GUIDE_PUBLIC_ADDRESS": "https://guide.example.org",
        "SSL_CERT_FILE": str(microsoft.certificate),
        "NO_PROXY": "localhost",
        "no_proxy": "localhost",
    }


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL that is running; whoever stops it starts it again."""
    server = Postgres()
    yield server
    server.remove()


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """The address of a new, empty database."""
    return postgres.url(f"test_{uuid4().hex}")
