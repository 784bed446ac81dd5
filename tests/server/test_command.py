"""Starting and stopping."""

import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from tests.support.fixtures import start_tiny
from tests.support.postgres import wait_for
from tests.support.server import ROOT, Server
from tests.support.web_client import WebClient

pytestmark = pytest.mark.server


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return _python("-m", "bot", "run", *arguments, **environment)


def _python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "PYTHONPATH": str(ROOT),
            "ESCALATION_GUIDE_DRAFTS": "yes",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_a_port_already_taken_is_said_at_once() -> None:
    """It exits with status 1 and says what to do, before anything slow is loaded."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = _run("--port", str(port))
    assert ended.returncode == 1
    assert ended.stderr == (
        f"Port {port} is already in use. Stop what is using it, or choose another: "
        f"python -m bot run --port {port + 1}\n"
    )


def test_the_command_imports_nothing_slow() -> None:
    """The command's own module loads neither Rasa nor TensorFlow."""
    check = (
        "import sys, bot.server.command; print([m for m in sys.modules if m in ('rasa', 'yaml')])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stdout == "[]\n"


def test_a_setting_that_is_not_a_number_is_named() -> None:
    """The variable and its value are in the message."""
    ended = _run("--port", "0", ESCALATION_GUIDE_TURN_SECONDS="soon")
    assert ended.returncode == 1
    assert "ESCALATION_GUIDE_TURN_SECONDS must be a number, not 'soon'." in ended.stderr


def test_ready_means_ready_and_the_end_is_quick_and_clean(tiny_model: Path, tmp_path: Path) -> None:
    """The printed address answers at once; SIGTERM and SIGINT end with status 0 in seconds."""
    for number in (signal.SIGTERM, signal.SIGINT):
        folder = tmp_path / str(number)
        folder.mkdir()
        server = start_tiny(tiny_model, folder)
        client = server.client()
        assert client.http.get("/health").json() == {"status": "ok"}
        assert client.say("please help with social care")
        status, _ = server.stop(number)
        assert status == 0
        assert "Traceback" not in server.written


def test_an_answer_under_way_is_finished_before_the_end(tiny_model: Path, tmp_path: Path) -> None:
    """A person whose turn is being answered when the server stops still gets the answer."""
    server = start_tiny(tiny_model, tmp_path)
    client = server.client()
    answers: list[str] = []

    turn = Thread(target=lambda: answers.append(client.say("hang now")[0]["text"]))
    turn.start()
    wait_for((tmp_path / "hanging").exists)
    server.stop()
    turn.join(20)
    assert "call 999 first" in answers[0]


@pytest.mark.parametrize("broken", ["nothing", "rubbish", "half"])
def test_without_a_model_it_says_what_to_do(tmp_path: Path, tiny_model: Path, broken: str) -> None:
    """For a missing, invalid or truncated model it exits with status 1 and names the remedy."""
    if broken != "nothing":
        whole = tiny_model.read_bytes()
        damaged = b"not a model" if broken == "rubbish" else whole[: len(whole) // 2]
        (tmp_path / "damaged.tar.gz").write_bytes(damaged)
    ended = _tiny(tmp_path, f"sqlite:///{tmp_path}/conversations.db")
    assert ended.returncode == 1
    assert "The guide cannot start." in ended.stderr
    assert "make train" in ended.stderr
    assert ("Because of" in ended.stderr) == (broken != "nothing")


def test_a_running_server_does_not_need_its_model_file(tiny_model: Path, tmp_path: Path) -> None:
    """It is in memory: deleting or training it takes nothing from people who are talking."""
    model = tmp_path / "model.tar.gz"
    shutil.copy(tiny_model, model)
    server = start_tiny(model, tmp_path)
    client = server.client()
    model.unlink()
    client.say("please help with social care")
    assert client.text.startswith("You said: please help")
    assert client.http.get("/health/ready").status_code == 200
    server.stop()


def test_postgresql_needs_the_secret_that_all_workers_share(tiny_model: Path) -> None:
    """Without it each worker would make its own, and refuse the others' tokens."""
    ended = _tiny(tiny_model, "postgresql://guide@127.0.0.1:1/guide")
    assert ended.returncode == 1
    assert "every worker needs the same ESCALATION_GUIDE_SECRET" in ended.stderr


def test_a_database_that_cannot_be_opened_stops_the_start(tiny_model: Path, tmp_path: Path) -> None:
    """The error says so, and conversations are never kept in memory instead."""
    (tmp_path / "file").write_text("")
    ended = _tiny(tiny_model, f"sqlite:///{tmp_path}/file/conversations.db")
    assert ended.returncode == 1
    assert "cannot be opened" in ended.stderr


def _tiny(model: Path, database: str) -> subprocess.CompletedProcess[str]:
    script = "tests/support/tiny_server.py"
    return _python(script, str(model), database, ESCALATION_GUIDE_DRAFTS="yes")


def test_a_wrong_letter_stops_the_start(tmp_path: Path) -> None:
    """An unknown gap is named with its file at start-up, before anybody asks for a draft."""
    letters = tmp_path / "letters"
    shutil.copytree(ROOT / "bot/letters", letters)
    with (letters / "email/chase.txt").open("a", encoding="utf-8") as chase:
        chase.write("Dear {{their_nam}}")
    start = (
        "import sys; from pathlib import Path; from bot.letters import files; "
        "files.FOLDER = Path(sys.argv[1]); from bot.server.command import main; "
        "sys.exit(main(['--port', '0']))"
    )
    ended = _python("-c", start, str(letters))
    assert ended.returncode == 1
    assert "The guide cannot start. email/chase.txt: unknown gap {{their_nam}}" in ended.stderr


def test_a_policy_file_that_breaks_stops_no_start(tmp_path: Path) -> None:
    """The policy stays as it was last read, now and after a start, which names the fault."""
    policies = tmp_path / "policies"
    shutil.copytree(ROOT / "policies", policies)
    start = (
        "import sys; from pathlib import Path; from bot import paths; "
        "paths.POLICIES = Path(sys.argv[1]); paths.SOUND_POLICIES = Path(sys.argv[1] + '-sound'); "
        "from bot.server.command import main; sys.exit(main(['--port', '0']))"
    )
    settings = {
        "ESCALATION_GUIDE_DATABASE": f"sqlite:///{tmp_path}/conversations.db",
        "ESCALATION_GUIDE_DRAFTS": "yes",
    }
    server = Server(["-c", start, str(policies)], ROOT, settings, fresh=True)
    client = server.client()
    kent = policies / "kent.yml"
    kent.write_text(kent.read_text(encoding="utf-8").replace("nation: england", "nation: mars"))
    client.say("worried but it isn't immediate, what is stage 3 in Kent?")
    assert "Stage 3" in client.text
    assert client.http.get("/health/ready").json() == {"status": "ok"}
    server.stop()
    again = Server(["-c", start, str(policies)], ROOT, settings, fresh=True)
    client = again.client()
    client.say("worried but it isn't immediate, what is stage 3 in Kent?")
    assert "Stage 3" in client.text
    ready = client.http.get("/health/ready")
    assert (ready.status_code, ready.json()["policies"]) == (200, "incomplete")
    again.stop()
    assert "kent.yml" in again.written
    assert "nation: expected one of" in again.written


def test_a_second_server_on_one_sqlite_file_is_refused(tiny_model: Path, tmp_path: Path) -> None:
    """It says why and what to do; the first goes on, and once it is killed the file is free."""
    first = start_tiny(tiny_model, tmp_path)
    client = first.client()
    address = f"sqlite:///{tmp_path}/conversations.db"
    second = _tiny(tiny_model, address)
    assert second.returncode == 1
    assert "Another process of the guide works on" in second.stderr
    assert "PostgreSQL" in second.stderr
    assert client.say("social care")
    before = client.history()
    first.process.kill()
    first.process.wait()
    third = start_tiny(tiny_model, tmp_path)
    assert WebClient(third.address, client.token).history() == before
    third.stop()
