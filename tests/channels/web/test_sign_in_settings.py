"""What turns signing in on, and the header of a proxy."""

from typing import Any

import httpx
import pytest
from sanic.compat import Header

from bot.channels.configured import Misconfigured
from bot.channels.outbound import NotSent, Sender
from bot.channels.published_keys import KeysUnavailable
from bot.channels.web.sign_in import (
    AUDIENCE,
    HEADER,
    ISSUER,
    PROXIES,
    NoSignIn,
    NotSignedIn,
    ProviderKeys,
    ProxySignIn,
    configured_sign_in,
)
from tests.support.calls import Calls, Clock
from tests.support.fixtures import start_tiny
from tests.support.identity_provider import IdentityProvider

PROVIDER = "https://login.example.org"
TOKENS = {ISSUER: PROVIDER, AUDIENCE: "guide"}
NAMES = {HEADER: "X-Remote-User", PROXIES: "10.0.0.5, 10.1.0.0/24 fd00::/64"}


def test_sign_in_is_off_until_it_is_set_up() -> None:
    """Sign-in is off if nothing is set, or only blanks."""
    assert isinstance(configured_sign_in({}, Sender()), NoSignIn)
    assert isinstance(configured_sign_in({ISSUER: " ", HEADER: ""}, Sender()), NoSignIn)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({ISSUER: PROVIDER}, f"Missing: {AUDIENCE}"),
        ({AUDIENCE: "guide"}, f"Missing: {ISSUER}"),
        ({HEADER: "X-Remote-User"}, f"Missing: {PROXIES}"),
        ({PROXIES: "10.0.0.5"}, f"Missing: {HEADER}"),
        ({**TOKENS, **NAMES}, "not both"),
        ({**TOKENS, HEADER: "X-Remote-User"}, "not both"),
        ({**TOKENS, ISSUER: "http://login.example.org"}, "must be an https address"),
        ({**TOKENS, ISSUER: "login.example.org"}, "must be an https address"),
        ({**TOKENS, ISSUER: "https://a:b@login.example.org"}, "must be an https address"),
        ({**TOKENS, ISSUER: "https://login.example.org?x=1"}, "must be an https address"),
        ({**TOKENS, ISSUER: "http://127.0.0.1.evil.example"}, "must be an https address"),
        ({**NAMES, HEADER: "X Remote User"}, "such as X-Remote-User"),
        ({**NAMES, HEADER: "Authorization"}, "such as X-Remote-User"),
        ({**NAMES, HEADER: "X-Forwarded-For"}, "such as X-Remote-User"),
        ({**NAMES, PROXIES: "proxy.example.org"}, "not 'proxy.example.org'"),
        ({**NAMES, PROXIES: "10.0.0.5/24"}, "not '10.0.0.5/24'"),
        ({**NAMES, PROXIES: "0.0.0.0/0"}, "not '0.0.0.0/0'"),
        ({"ESCALATION_GUIDE_SIGN_IN_ISSUR": PROVIDER}, "There is no setting"),
    ],
)
def test_a_wrong_sign_in_setup_stops_the_start(given: dict[str, str], told: str) -> None:
    """By name, with what would be right: never a guide that is open by mistake."""
    with pytest.raises(Misconfigured, match=told.replace("(", r"\(")):
        configured_sign_in(given, Sender())


async def identify(headers: list[tuple[str, str]], peer: str) -> tuple[str, ...]:
    """Whom the header names to a guide that knows a proxy and two networks."""
    way = configured_sign_in(NAMES, Sender())
    assert isinstance(way, ProxySignIn)
    return await way.identify(Header([(name.lower(), value) for name, value in headers]), peer)


@pytest.mark.parametrize("peer", ["10.0.0.5", "10.1.0.77", "fd00::1", "::ffff:10.0.0.5"])
async def test_a_listed_proxy_names_the_person(peer: str) -> None:
    """An address, a network, and an IPv4 address in IPv6's notation."""
    assert await identify([("X-Remote-User", " alice ")], peer) == ("x-remote-user", "alice")


@pytest.mark.parametrize("peer", ["10.0.0.6", "10.2.0.1", "127.0.0.1", "fd01::1", "", "unix"])
async def test_a_header_from_another_address_is_refused(peer: str) -> None:
    """A header from any other address is refused, whatever the request claims."""
    headers = [("X-Remote-User", "alice"), ("X-Forwarded-For", "10.0.0.5")]
    with pytest.raises(NotSignedIn, match="sign_in_needed"):
        await identify([*headers, ("Forwarded", "for=10.0.0.5"), ("X-Real-IP", "10.0.0.5")], peer)


@pytest.mark.parametrize(
    ("headers", "error"),
    [
        ([], "sign_in_needed"),
        ([("X-Sign-In", "alice")], "sign_in_needed"),
        ([("X-Remote-User", "")], "sign_in_refused"),
        ([("X-Remote-User", "  ")], "sign_in_refused"),
        ([("X-Remote-User", "a\tb\x00")], "sign_in_refused"),
        ([("X-Remote-User", "a" * 1025)], "sign_in_refused"),
        ([("X-Remote-User", "alice"), ("x-remote-user", "mallory")], "sign_in_refused"),
        ([("X-Remote-User", "alice"), ("X-Remote-User", "alice")], "sign_in_refused"),
        ([("X-Remote-User", "alice"), ("X_Remote_User", "mallory")], "sign_in_refused"),
        ([("X_Remote-User", "mallory")], "sign_in_refused"),
        ([("X-Remote-User", "alice"), ("X-Remote-User ", "mallory")], "sign_in_refused"),
    ],
)
async def test_a_header_that_could_be_smuggled_is_refused(
    headers: list[tuple[str, str]], error: str
) -> None:
    """A missing, empty, doubled or lookalike header is refused."""
    with pytest.raises(NotSignedIn, match=error):
        await identify(headers, "10.0.0.5")


KNOWN = {"issuer": PROVIDER, "jwks_uri": f"{PROVIDER}/keys"}


def provider_keys(calls: Calls, clock: Clock) -> ProviderKeys:
    """Keys by those calls."""
    return ProviderKeys(PROVIDER, calls, clock)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": "https://login.evil.example"},
        {"issuer": f"{PROVIDER}/"},
        {"issuer": None},
        {"jwks_uri": "http://login.example.org/keys"},
        {"jwks_uri": "file:///keys"},
        {"jwks_uri": 5},
    ],
)
async def test_a_document_that_is_not_the_issuers_own_gives_no_keys(
    changed: dict[str, Any],
) -> None:
    """Nothing is fetched from where it points to."""
    calls = Calls(**{"openid-configuration": {**KNOWN, **changed}, "keys": {"keys": []}})
    with pytest.raises(KeysUnavailable):
        await provider_keys(calls, Clock()).find("rsa-1")
    assert len(calls.asked) == 1


async def test_keys_are_fetched_anew_each_hour_and_dropped_after_a_day() -> None:
    """A new key id is asked about once a minute; without the provider the known serve for a day."""
    provider = IdentityProvider()
    given: dict[str, Any] = {"keys": {"keys": provider.published()}}
    provider.server_close()
    calls = Calls(**{"openid-configuration": KNOWN, "keys": lambda: given["keys"]})
    clock = Clock()
    keys = provider_keys(calls, clock)
    assert await keys.find("rsa-1")
    given["keys"] = {"keys": [{**one, "kid": "rsa-2"} for one in given["keys"]["keys"]]}
    clock.now += 59
    assert await keys.find("rsa-2") is None
    assert len(calls.asked) == 2
    clock.now += 1
    assert await keys.find("rsa-2")
    assert await keys.find("rsa-1") is None
    given["keys"] = NotSent("login.example.org", None)
    clock.now += 24 * 3600 - 1
    assert await keys.find("rsa-2")
    clock.now += 1
    with pytest.raises(KeysUnavailable):
        await keys.find("rsa-2")


@pytest.mark.server
@pytest.mark.parametrize(("listed", "status"), [("127.0.0.0/8", 200), ("10.0.0.5", 401)])
def test_a_running_server_trusts_the_connections_own_address(
    tiny_model: Any, tmp_path: Any, listed: str, status: int
) -> None:
    """Not what X-Forwarded-For says, though it stands behind a proxy; another's session is shut."""
    given = {HEADER: "X-Remote-User", PROXIES: listed, "ESCALATION_GUIDE_PROXIES": "1"}
    server = start_tiny(tiny_model, tmp_path, **given)
    try:
        alice = {"X-Remote-User": "alice", "X-Forwarded-For": "10.0.0.5"}
        http: httpx.Client = server.visitor().http
        answer = http.post("/webhooks/web/session", json={}, headers=alice)
        assert answer.status_code == status
        if status == 200:
            token = {"Authorization": f"Bearer {answer.json()['token']}"}
            for name, allowed in (("alice", 200), ("mallory", 401)):
                headers = {**token, "X-Remote-User": name}
                asked = http.get("/webhooks/web/history", headers=headers)
                assert asked.status_code == allowed
        else:
            assert answer.json()["error"] == "sign_in_needed"
    finally:
        server.stop()
