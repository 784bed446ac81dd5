"""Several workers behind nginx on one PostgreSQL: any of them takes any turn."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from threading import Event, Thread
from uuid import uuid4

import httpx
import psutil
import pytest

from bot.channels.wording import SAFETY, load
from tests.support.fixtures import start_script
from tests.support.nginx import Nginx
from tests.support.persistent import Persistent
from tests.support.ports import free_port
from tests.support.postgres import Postgres, wait_for
from tests.support.server import ROOT, Server, guide_command
from tests.support.web_client import WebClient

pytestmark = pytest.mark.server

PEOPLE, TURNS = 50, 6


@dataclass(frozen=True)
class Deployment:
    """Two workers, the database they share, and nginx in front."""

    workers: list[Server]
    postgres: Postgres
    nginx: Nginx


@pytest.fixture(scope="module")
def deployment(
    tiny_model: Path, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """All of it, started once. Its last test kills a worker."""
    url = postgres.url("workers")

    def start(name: str) -> Server:
        folder = tmp_path_factory.mktemp(name)
        settings = {
            "ESCALATION_GUIDE_SECRET": "the same for all workers, and long",
            "ESCALATION_GUIDE_PROXIES": "1",
            "ESCALATION_GUIDE_LOG_LEVEL": "INFO",
        }
        return start_script("tiny_server.py", tiny_model, folder, url, **settings)

    with ThreadPoolExecutor(2) as pool:
        workers = list(pool.map(start, ("first", "second")))
    nginx = Nginx([worker.address for worker in workers])
    yield Deployment(workers, postgres, nginx)
    nginx.stop()
    for worker in workers:
        if worker.process.poll() is None:
            worker.stop()


def test_a_conversation_goes_on_at_whichever_worker_is_asked(deployment: Deployment) -> None:
    """Turn by turn at another one, with one token; each knows what was said at the other."""
    first = deployment.workers[0].client()
    tabs = cycle([WebClient(worker.address, first.token) for worker in deployment.workers])
    next(tabs).say("answer:risk:concern")
    for number in range(6):
        tab = next(tabs)
        tab.say(f"social care {number}")
        assert tab.text == f"You said: social care {number}\n\nRisk: concern"
    assert next(tabs).history() == next(tabs).history()
    assert len(first.history()) == 1 + 2 * 7


def test_one_message_sent_to_all_workers_at_once_is_taken_once(deployment: Deployment) -> None:
    """The lock is exclusive between processes: all give the one answer."""
    client = deployment.workers[0].client()
    tabs = [WebClient(worker.address, client.token) for worker in deployment.workers * 3]
    for number in range(5):
        body = {"text": f"social care {number}", "id": str(uuid4())}
        with ThreadPoolExecutor(len(tabs)) as pool:
            answers = list(pool.map(lambda tab, said=body: tab.send(said).json(), tabs))
        assert answers[1:] == answers[:-1]
        assert f"social care {number}" in str(answers[0])
    assert len(client.history()) == 1 + 2 * 5


def test_workers_share_one_port_and_one_that_dies_is_replaced(postgres: Postgres) -> None:
    """`--workers 2` answers at one address; after a kill the conversation goes on; all end."""
    settings = {
        "ESCALATION_GUIDE_DATABASE": postgres.url("one_port"),
        "ESCALATION_GUIDE_SECRET": "the same for all workers, and long",
    }
    server = Server([*guide_command(), "--workers", "2"], ROOT, settings, fresh=True)
    parent = psutil.Process(server.process.pid)
    first, second = parent.children()
    client = server.client()
    client.say("4")
    first.kill()
    # Whichever worker had its connection, a new one is answered.
    again = WebClient(server.address, client.token)
    assert again.say("no")
    assert len([said for said in again.history() if said["from"] == "person"]) == 2
    wait_for(lambda: len(parent.children()) == 2 and first not in parent.children())
    workers = parent.children()
    assert second in workers
    status, _ = server.stop()
    assert status == 0
    assert not any(worker.is_running() for worker in workers)


def test_several_workers_on_a_sqlite_file_are_refused(tmp_path: Path) -> None:
    """At once, and with the reason."""
    ended = subprocess.run(
        [sys.executable, *guide_command(), "--workers", "2"],
        cwd=ROOT,
        env={**os.environ, "ESCALATION_GUIDE_DATABASE": f"sqlite:///{tmp_path / 'c.db'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("Several workers need PostgreSQL: a SQLite file belongs to one")


def test_workers_that_cannot_start_end_with_the_reason(postgres: Postgres) -> None:
    """No worker is started again and again where none can start."""
    settings = {
        "ESCALATION_GUIDE_DATABASE": postgres.url("one_port"),
        "ESCALATION_GUIDE_SECRET": "",
    }
    ended = subprocess.run(
        [sys.executable, *guide_command(), "--workers", "2"],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode == 1
    assert "every worker needs the same ESCALATION_GUIDE_SECRET" in ended.stderr


def test_strangers_are_told_nothing_of_the_workers(deployment: Deployment) -> None:
    """Health is asked of a worker, not through nginx; no answer names a program's version."""
    for path in ("/health", "/health/ready", "/health/live"):
        assert httpx.get(f"{deployment.nginx.address}{path}", trust_env=False).status_code == 404
        answer = httpx.get(f"{deployment.workers[0].address}{path}", trust_env=False)
        assert answer.json() == {"status": "ok"}
        assert "server" not in answer.headers
    page = httpx.get(f"{deployment.nginx.address}/", trust_env=False)
    assert page.status_code == 200
    assert page.headers["server"] == "nginx"


class _Named(BaseHTTPRequestHandler):
    """Answers with the port that it was asked at."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Says nothing."""

    def do_GET(self) -> None:
        body = str(self.connection.getsockname()[1]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def test_a_page_gets_all_modules_of_the_widget_from_one_worker() -> None:
    """While workers are replaced one by one, no module meets one of another version."""
    workers = [ThreadingHTTPServer(("127.0.0.1", 0), _Named) for _ in range(2)]
    for worker in workers:
        Thread(target=worker.serve_forever, args=(0.05,)).start()
    nginx = Nginx([f"http://127.0.0.1:{worker.server_port}" for worker in workers])

    def asked(path: str) -> set[str]:
        with httpx.Client(base_url=nginx.address, trust_env=False) as http:
            return {http.get(f"{path}{number}").text for number in range(12)}

    try:
        assert len(asked("/widget/module-")) == 1
        assert len(asked("/webhooks/web/")) == 2
    finally:
        nginx.stop()
        for worker in workers:
            worker.shutdown()
            worker.server_close()


def test_what_nginx_itself_refuses_says_what_to_do() -> None:
    """Where no worker answers, and where an address asks too much: 999 first, as JSON."""
    nginx = Nginx([f"http://127.0.0.1:{free_port()}"])
    expected = {"error": "failed", "message": load(ROOT / "data/responses").say(SAFETY)}
    try:
        with httpx.Client(base_url=nginx.address, trust_env=False) as http:
            away = http.post("/webhooks/web/message", json={"text": "he is hitting her right now"})
            assert (away.status_code, away.json()) == (502, expected)
            assert away.headers["content-type"] == "application/json"
            assert away.headers["retry-after"] == "5"
            with ThreadPoolExecutor(20) as pool:
                many = list(pool.map(lambda _: http.get("/"), range(900)))
        busy = [answer for answer in many if answer.status_code == 429]
        assert busy
        assert all(answer.json() == expected for answer in busy)
        assert {answer.status_code for answer in many} <= {429, 502, 503}
    finally:
        nginx.stop()


def test_a_missing_database_is_reported_and_the_conversation_goes_on(
    deployment: Deployment,
) -> None:
    """The practitioner is told that nothing is recorded, with the safety message; then all is well.

    Meanwhile the workers live and are not ready.
    """
    client = WebClient(deployment.nginx.address).open()
    client.press("Worried, but not now.")
    before = client.history()
    worker = deployment.workers[0].address
    deployment.postgres.stop()
    try:
        client.say("social care is not answering")
        assert "call 999 first" in client.messages[0]["text"]
        assert "Nothing is being recorded" in client.messages[1]["text"]
        wait_for(lambda: _status(f"{worker}/health/ready") == 503)
        assert _status(f"{worker}/health/live") == 200
    finally:
        deployment.postgres.start()
    for each in deployment.workers:
        wait_for(partial(_is_ready, each.address))
    assert client.history() == before
    client.say("social care is not answering")
    assert client.text.endswith("Risk: concern")


def test_a_worker_killed_and_the_database_started_again_lose_nothing(
    deployment: Deployment,
) -> None:
    """Fifty conversations go on; the page's way of sending again is enough for all of them.

    Each holds every message once, in order, with its own answer.
    """
    address = deployment.nginx.address
    with ThreadPoolExecutor(PEOPLE) as pool:
        people = list(pool.map(lambda n: Persistent(address, f"person {n}"), range(PEOPLE)))
        over = Event()

        def talk(person: Persistent) -> None:
            while len(person.said) < TURNS and not over.is_set():
                person.say()

        talking = [pool.submit(talk, person) for person in people]

        def answered(share: float) -> None:
            failed = any(one.done() and one.exception() for one in talking)
            total = PEOPLE * TURNS * share
            wait_for(lambda: failed or sum(len(person.said) for person in people) >= total)

        try:
            answered(0.25)
            deployment.workers[0].process.send_signal(signal.SIGKILL)
            answered(0.5)
            deployment.postgres.stop()
            deployment.postgres.start()
            answered(1)
        finally:
            over.set()
        for one in talking:
            one.result(90)
    assert sum(person.again for person in people) > 0
    for person in people:
        person.check()


def _is_ready(address: str) -> bool:
    return _status(f"{address}/health/ready") == 200


def _status(url: str) -> int:
    return httpx.get(url, trust_env=False, timeout=20).status_code
