"""The web channel used by the page of another site that credentials.yml lists."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channels.web.channel import WebChannel
from tests.support.fixtures import start_tiny
from tests.support.server import Server

pytestmark = pytest.mark.server

INTRANET = "https://intranet.example.org"
FRAMING = "https://example.sharepoint.com"
CREDENTIALS = f"""
bot.channels.web.channel.WebChannel:
  origins: ["{INTRANET}"]
  frames: ["{FRAMING}"]
  rates:
    sessions_per_address: {{burst: 3, per_second: 0.01}}
"""


@pytest.fixture(scope="module")
def server(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that lists one other site and lets few sessions in."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "credentials.yml").write_text(CREDENTIALS)
    server = start_tiny(tiny_model, folder)
    yield server
    server.stop()


def test_a_listed_site_can_talk_and_read_the_answers(server: Server) -> None:
    """Preflight, session, message, error and the widget's modules can all be read there."""
    http = server.visitor().http
    origin = {"Origin": INTRANET}
    asked = http.options(
        "/webhooks/web/message",
        headers=origin | {"Access-Control-Request-Method": "POST"},
    )
    assert asked.status_code == 204
    assert "authorization" in asked.headers["access-control-allow-headers"]
    assert asked.headers["access-control-allow-methods"] == "GET, POST, PUT, DELETE"
    opened = http.post("/webhooks/web/session", json={}, headers=origin)
    token = {"Authorization": f"Bearer {opened.json()['token']}"}
    said = http.post("/webhooks/web/message", json={"text": "hello"}, headers=origin | token)
    lost = http.post("/webhooks/web/message", json={"text": "hello"}, headers=origin)
    entry, imported = (
        http.get(f"/widget/{name}.js", headers=origin) for name in ("escalation-guide", "client")
    )
    assert (said.status_code, lost.status_code) == (200, 401)
    assert (entry.status_code, imported.status_code) == (200, 200)
    for answer in (asked, opened, said, lost, entry, imported):
        assert answer.headers["access-control-allow-origin"] == INTRANET
        assert answer.headers["vary"] == "Origin"


def test_no_other_site_is_let_in_by_looking_like_it(server: Server) -> None:
    """A longer name, another scheme or port and a preflight from elsewhere are refused."""
    http = server.visitor().http
    for origin in (f"{INTRANET}.evil.example", "http://intranet.example.org", f"{INTRANET}:444"):
        for method in ("OPTIONS", "POST"):
            answer = http.request(
                method, "/webhooks/web/session", json={}, headers={"Origin": origin}
            )
            assert answer.status_code == 403
            assert "access-control-allow-origin" not in answer.headers


def test_one_address_cannot_open_sessions_without_end(server: Server) -> None:
    """After the burst that credentials.yml allows it has to wait, and is told how long."""
    http = server.visitor().http
    answers = [http.post("/webhooks/web/session", json={}) for _ in range(5)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 1


def test_a_forged_address_does_not_evade_the_rate_limit(server: Server) -> None:
    """Where no proxy is set up, what a request says of its address is not read."""
    http = server.visitor().http
    statuses = []
    for number in range(5):
        forged = {"X-Forwarded-For": f"10.9.9.{number}", "X-Real-IP": f"10.9.9.{number}"}
        forged |= {"Forwarded": f"for=10.9.9.{number}"}
        statuses.append(http.post("/webhooks/web/session", json={}, headers=forged).status_code)
    assert statuses[-1] == 429


def test_an_unknown_setting_is_an_error() -> None:
    """A misspelt setting does not silently leave the usual one in force."""
    WebChannel.from_credentials({"rates": {"messages_per_session": {"burst": 5, "per_second": 2}}})
    for wrong in (
        {"origin": [INTRANET]},
        {"rates": {"per_session": {"burst": 5, "per_second": 2}}},
    ):
        with pytest.raises(TypeError):
            WebChannel.from_credentials(wrong)


def test_only_the_page_for_frames_may_be_framed_and_only_by_the_listed_site(
    server: Server,
) -> None:
    """Every other page, and every answer, is as closed as ever."""
    http = server.visitor().http
    framed = http.get("/framed?partnership=kent")
    assert framed.status_code == 200
    policy = framed.headers["content-security-policy"]
    assert f"frame-ancestors 'self' {FRAMING};" in policy
    assert "x-frame-options" not in framed.headers
    assert f'<meta name="frames" content="{FRAMING}">' in framed.text
    for path in ("/", "/framed/", "/widget/framed.html", "/webhooks/web/history", "/health"):
        answer = http.get(path)
        assert "frame-ancestors 'self';" in answer.headers["content-security-policy"], path
        assert answer.headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize("path", ["/", "/framed", "/health", "/health/live", "/widget/client.js"])
def test_what_is_there_answers_to_head(server: Server, path: str) -> None:
    """A check whether the guide is up often asks without wanting the page."""
    http = server.visitor().http
    asked, had = http.head(path), http.get(path)
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers["content-type"] == had.headers["content-type"]


def test_a_page_that_is_refused_is_named_in_the_log(server: Server) -> None:
    """With the Host that arrived, since a proxy may have changed it; and in the answer too."""
    http = server.visitor().http
    page = {"Origin": "https://guide.example.net", "Host": "127.0.0.1:5055"}
    refused = http.post("/webhooks/web/session", json={}, headers=page)
    assert refused.status_code == 403
    told = refused.json()["message"]
    assert told.startswith("This page is not allowed to use the guide.")
    for name in (*page.values(), "call 999 first", "does not pass Host on"):
        assert name in told
    assert server.writes("guide.example.net")
    (line,) = [one for one in server.written.splitlines() if "guide.example.net" in one]
    assert "127.0.0.1:5055" in line
    assert "does not pass Host on" in line
