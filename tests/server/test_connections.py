"""The server against whoever speaks to it by bytes of their own: ambiguous, slow, without end."""

import re
import select
import socket
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.server.settings import CannotStart, settings_from_environment
from tests.support.fixtures import start_script
from tests.support.hasty_server import MOST
from tests.support.server import Server

pytestmark = pytest.mark.server

POST = (
    b"POST /webhooks/web/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
)
GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n"
HIDDEN = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"


def connect(server: Server, source: str = "127.0.0.1") -> socket.socket:
    """A connection that is given up after a minute without a byte."""
    host, _, port = server.address.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=60, source_address=(source, 0))


def heard(connection: socket.socket) -> bytes:
    """All that comes until the server closes the connection."""
    answer = b""
    try:
        while some := connection.recv(65536):
            answer += some
    except ConnectionResetError:
        pass
    return answer


def send_all(connection: socket.socket, parts: Iterable[bytes]) -> None:
    """Send one after the other, until the other side takes no more."""
    for part in parts:
        connection.sendall(part)


def statuses(answer: bytes) -> list[int]:
    """The status of each answer."""
    return [int(one) for one in re.findall(rb"HTTP/1\.1 (\d+) ", answer)]


@pytest.mark.parametrize(
    "sent",
    [
        POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + HIDDEN,
        POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}" + HIDDEN,
        POST + b"Content-Length: -1\r\n\r\n{}" + HIDDEN,
        POST + b"Content-Length: +2\r\n\r\n{}" + HIDDEN,
        POST + b"Content-Length: 0_2\r\n\r\n{}" + HIDDEN,
        POST + b"Content-Length : 2\r\n\r\n{}" + HIDDEN,
        POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
        POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
        POST + b"X: a\nContent-Length: 60\r\nContent-Length: 2\r\n\r\n{}" + HIDDEN,
        POST + b"X: a\rContent-Length: 60\r\nContent-Length: 2\r\n\r\n{}" + HIDDEN,
        POST + b"X: a\r\n b: c\r\nContent-Length: 2\r\n\r\n{}" + HIDDEN,
        POST + b"X: a\0b\r\nContent-Length: 2\r\n\r\n{}" + HIDDEN,
        POST + b"Host: another\r\nContent-Length: 2\r\n\r\n{}" + HIDDEN,
        b"GET / HTTP/1.1\r\n\r\n" + HIDDEN,
        b'GET / HTTP/1.1\r\nHost: a"><script>\r\n\r\n' + HIDDEN,
        b"GET http://elsewhere.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n" + HIDDEN,
        b"CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: localhost\r\n\r\n" + HIDDEN,
        b"GET /\xff HTTP/1.1\r\nHost: localhost\r\n\r\n" + HIDDEN,
        b"G\xffT / HTTP/1.1\r\nHost: localhost\r\n\r\n" + HIDDEN,
        GET + b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n" + HIDDEN,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + HIDDEN,
        b"GET /\r\n\r\n" + HIDDEN,
    ],
)
def test_a_request_that_can_be_read_in_two_ways_is_refused(
    tiny_server: Server, sent: bytes
) -> None:
    """It gets 400 and ends the connection; a hidden request is not answered, nor an error logged.

    One of them, a length of -1, used to hold the whole server for ever.
    """
    with connect(tiny_server) as connection:
        connection.sendall(sent)
        assert statuses(heard(connection)) == [400]
    assert "A request failed" not in tiny_server.written
    assert tiny_server.visitor().http.get("/health/live").status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PROPFIND", "PUT", "PATCH"])
def test_unsupported_methods_reveal_nothing(tiny_server: Server, method: str) -> None:
    """The answer neither echoes the request nor reveals anything about the server."""
    headers = {"Authorization": "Bearer not-to-be-echoed"}
    answer = tiny_server.visitor().http.request(method, "/", headers=headers)
    assert answer.status_code == 405
    assert "not-to-be-echoed" not in answer.text + str(answer.headers)
    assert "server" not in answer.headers


def test_it_listens_on_this_machine_only_unless_told_otherwise() -> None:
    """Rasa's own default is every interface."""
    assert settings_from_environment({}).host == "127.0.0.1"


@pytest.fixture(scope="module")
def hasty(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that gives a request half a second and lets few connections in."""
    folder = tmp_path_factory.mktemp("hasty")
    started = start_script("hasty_server.py", tiny_model, folder, ESCALATION_GUIDE_TURN_SECONDS="1")
    yield started
    started.stop()


@pytest.mark.parametrize(
    ("begun", "bit"),
    [
        (GET, b"X-More: a\r\n"),
        (POST + b"Content-Length: 60000\r\n\r\n", b"{"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (b"POST /nothing HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n", b"{"),
    ],
)
def test_a_request_that_trickles_in_is_ended(hasty: Server, begun: bytes, bit: bytes) -> None:
    """Its time runs from the first byte, however regularly more bytes come."""
    with connect(hasty) as connection:
        connection.sendall(begun)
        connection.settimeout(0.05)
        for _ in range(400):
            try:
                connection.sendall(bit)
                if not connection.recv(65536):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        else:
            raise AssertionError("It was never ended.")


def test_a_client_that_does_not_read_answers_is_cut_off(hasty: Server) -> None:
    """Answers that a client does not read do not pile up in memory."""
    with connect(hasty) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        asked = b"GET /widget/escalation-guide.js HTTP/1.1\r\nHost: localhost\r\n\r\n"
        # Without an end the server would take no more of it, and this would wait a minute.
        with pytest.raises(ConnectionError):
            send_all(connection, [asked * 1000] * 1000)


def test_idle_connections_give_way_to_new_ones(hasty: Server) -> None:
    """When there are too many connections, idle ones are closed and new requests are answered."""
    idle = [connect(hasty) for _ in range(4 * MOST)]
    try:
        assert hasty.client().messages
        closed, _, _ = select.select(idle, [], [], 0)
        assert len(closed) >= 3 * MOST
    finally:
        for one in idle:
            one.close()


@pytest.mark.parametrize(
    "begun",
    [
        GET + b"X-More: ",
        POST + b"Content-Length: 60000\r\n\r\n{",
        POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n",
    ],
    ids=["head", "body", "chunk"],
)
def test_unfinished_requests_give_way_to_new_ones(hasty: Server, begun: bytes) -> None:
    """However many requests never come in whole, a new one is answered."""
    unfinished = []
    try:
        for _ in range(4 * MOST):
            connection = connect(hasty)
            connection.sendall(begun)
            unfinished.append(connection)
        assert hasty.client().messages
    finally:
        for one in unfinished:
            one.close()


def test_one_address_cannot_take_anothers_connections(hasty: Server) -> None:
    """Its own give way when it has too many, and never those of somebody else."""
    with connect(hasty, "127.0.0.2") as other:
        many = [connect(hasty) for _ in range(4 * MOST)]
        try:
            other.sendall(HIDDEN)
            other.shutdown(socket.SHUT_WR)
            assert statuses(heard(other)) == [200]
        finally:
            for one in many:
                one.close()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("127.0.0.1:5005", 200),
        ("[::1]:5005", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example:5005", 421),
    ],
)
def test_it_answers_under_its_own_names_only(tiny_server: Server, host: str, status: int) -> None:
    """A page elsewhere cannot have it answer as if it were that page's own site."""
    headers = {"Host": host, "Origin": f"http://{host}"}
    answer = tiny_server.visitor().http.post("/webhooks/web/session", json={}, headers=headers)
    assert answer.status_code == status
    assert tiny_server.visitor().http.get("/health/live", headers=headers).status_code == 200


def test_the_names_can_be_given() -> None:
    """Behind a proxy or on every interface, only those given are the guide's; without, any."""
    given = settings_from_environment({"ESCALATION_GUIDE_HOSTS": "Guide.example, other.example"})
    assert given.own_hosts == {"guide.example", "other.example"}
    behind = settings_from_environment({"ESCALATION_GUIDE_PROXIES": "1"})
    assert not behind.own_hosts
    assert not replace(settings_from_environment({}), host="0.0.0.0").own_hosts  # noqa: S104


@pytest.mark.parametrize("value", ["-1", "0", "nan", "inf", "-inf", "1e999", "soon"])
@pytest.mark.parametrize("name", ["TURN_SECONDS", "ACTION_SECONDS", "FILE_SECONDS"])
def test_a_time_that_nobody_could_wait_for_is_refused(name: str, value: str) -> None:
    """It is said at the start, with the name and the value, and not in somebody's turn."""
    with pytest.raises(CannotStart, match=f"ESCALATION_GUIDE_{name} must be a number.*{value}"):
        settings_from_environment({f"ESCALATION_GUIDE_{name}": value})
