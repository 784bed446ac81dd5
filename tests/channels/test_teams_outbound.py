"""What the guide sends to Teams: its tokens, and servers of Microsoft's that fail."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from jwt.algorithms import RSAAlgorithm

from bot.channels.outbound import Answer, NotSent
from bot.channels.teams.cloud import PUBLIC, Cloud
from bot.channels.teams.connector import Bot, Connector, Place, Tokens
from bot.channels.teams.inbound import Gate, Keys, KeysUnavailable, NotAuthentic
from tests.support.microsoft import APP_ID, ISSUER, PASSWORD, TENANT, Microsoft, private_key
from tests.support.server import Server
from tests.support.teams_client import TeamsClient

TYPED = "they will not answer our referral"


@pytest.fixture
def person(microsoft: Microsoft, tiny_teams: Server) -> TeamsClient:
    """Somebody in a private chat of their own, who has been welcomed."""
    return TeamsClient(microsoft, tiny_teams.address).install()


@pytest.mark.server
@pytest.mark.parametrize(
    "failures",
    [
        [(401, {})],
        [(429, {"Retry-After": "0"}), (429, {"Retry-After": "0"})],
        [(500, {})],
        [(503, {"Retry-After": "0"}), (502, {"Retry-After": "0"})],
        ["silence"],
    ],
    ids=str,
)
def test_what_passes_in_a_moment_leaves_no_gap(person: TeamsClient, failures: list[Any]) -> None:
    """A refused token, too many requests, a server's error, no answer: it is said all the same."""
    microsoft = person.microsoft
    before = microsoft.posted
    microsoft.failures += failures
    person.say(TYPED)
    assert f"You said: {TYPED}" in person.text
    assert microsoft.failures == []
    assert microsoft.posted == before + len(failures) + 1


@pytest.mark.server
@pytest.mark.parametrize("status", [400, 403, 404, 413])
def test_an_answer_that_is_refused_becomes_the_safety_message(
    person: TeamsClient, status: int
) -> None:
    """Whatever Teams will not take, the person is told to go on without the guide."""
    person.microsoft.failures.append((status, {}))
    person.say(TYPED)
    assert "The guide is not working at the moment" in person.text
    assert "call 999 first" in person.text
    assert f"You said: {TYPED}" in person.say(TYPED).text


@pytest.mark.server
def test_a_teams_that_takes_nothing_stops_nothing(person: TeamsClient, tiny_teams: Server) -> None:
    """Not even the safety message can be sent: that is logged, and others are answered."""
    person.microsoft.failures += [(403, {})] * 2
    person.say(TYPED)
    assert person.activities == []
    assert person.microsoft.failures == []
    assert "The standing safety message could not be sent." in tiny_teams.written
    assert f"You said: {TYPED}" in person.say(TYPED).text


@pytest.mark.server
def test_one_login_serves_many_answers(person: TeamsClient) -> None:
    """The bot's token is kept, and asked for at its own organisation."""
    person.say(TYPED)
    logins = len(person.microsoft.logins)
    for _ in range(3):
        person.say(TYPED)
    assert len(person.microsoft.logins) == logins
    assert {tenant for tenant, _ in person.microsoft.logins} == {TENANT}


class Calls:
    """Stands where calls are made: gives what it was told, and keeps what was asked.

    What is given for an address is a body, or an exception to raise; a function makes it.
    """

    def __init__(self, **given: Any) -> None:
        self.given = given
        self.asked: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.authorized: list[str] = []

    async def get(self, url: str, **_more: Any) -> Answer:
        """Fetch an address."""
        return self._answer(url)

    async def post_form(self, url: str, form: dict[str, str]) -> Answer:
        """Send a form."""
        self.forms.append(form)
        return self._answer(url)

    async def post(self, url: str, *given: Any) -> Answer:
        """Send a body."""
        self.authorized.append(given[1]["Authorization"])
        return self._answer(url)

    def _answer(self, url: str) -> Answer:
        self.asked.append(url)
        name = next(name for name in self.given if url.endswith(name))
        given = self.given[name]
        given = given() if callable(given) else given
        if isinstance(given, Exception):
            raise given
        return Answer(200, {}, given if isinstance(given, bytes) else json.dumps(given).encode())


class Clock:
    """A clock that is moved by hand."""

    now = 1_000_000.0

    def __call__(self) -> float:
        """Give the time."""
        return self.now


def tokens_of(calls: Calls, clock: Clock, tenant: str = TENANT) -> Tokens:
    """Tokens by those calls."""
    return Tokens(Bot(APP_ID, PASSWORD, tenant), PUBLIC, calls, clock)  # type: ignore[arg-type]


def counting(seconds: int = 3600) -> Callable[[], dict[str, Any]]:
    """Logins, each with a new token that is good for so long."""
    given = iter(range(1, 100))
    return lambda: {"access_token": f"token-{next(given)}", "expires_in": seconds}


async def test_a_token_is_renewed_before_it_ends() -> None:
    """Five minutes before, so that none ends on its way."""
    calls, clock = Calls(token=counting()), Clock()
    tokens = tokens_of(calls, clock)
    assert await tokens.get() == "token-1"
    clock.now += 3299
    assert await tokens.get() == "token-1"
    clock.now += 1
    assert await tokens.get() == "token-2"
    assert calls.forms[0] == {
        "grant_type": "client_credentials",
        "client_id": APP_ID,
        "client_secret": PASSWORD,
        "scope": "https://api.botframework.com/.default",
    }


@pytest.mark.parametrize(("tenant", "authority"), [(TENANT, TENANT), ("", "botframework.com")])
async def test_a_token_is_asked_for_where_the_bot_is_registered(
    tenant: str, authority: str
) -> None:
    """At its organisation; a bot of several has an authority of its own."""
    calls = Calls(token=counting())
    await tokens_of(calls, Clock(), tenant).get()
    assert calls.asked == [f"https://login.microsoftonline.com/{authority}/oauth2/v2.0/token"]


async def test_many_answers_at_once_make_one_login() -> None:
    """The others wait for the first."""
    calls = Calls(token=counting())
    tokens = tokens_of(calls, Clock())
    assert set(await asyncio.gather(*(tokens.get() for _ in range(20)))) == {"token-1"}
    assert len(calls.asked) == 1


@pytest.mark.parametrize("given", [b"no json", {}, {"access_token": 5, "expires_in": 1}, [1]])
async def test_a_login_without_a_token_is_none(given: Any) -> None:
    """And the next answer tries again."""
    tokens = tokens_of(Calls(token=given), Clock())
    with pytest.raises(NotSent):
        await tokens.get()


async def test_a_refused_token_is_renewed_once() -> None:
    """A second refusal is one."""
    refusals = iter([NotSent("host", 401), {}, NotSent("host", 401), NotSent("host", 401)])
    calls = Calls(token=counting(), activities=lambda: next(refusals))
    connector = Connector(PUBLIC, calls, tokens_of(calls, Clock()))  # type: ignore[arg-type]
    place = Place("https://smba.trafficmanager.net/uk/", "a/b?c", "28:x", "29:y")
    await connector.send(place, {"type": "message"})
    assert calls.authorized == ["Bearer token-1", "Bearer token-2"]
    assert calls.asked[1].endswith("/uk/v3/conversations/a%2Fb%3Fc/activities")
    with pytest.raises(NotSent):
        await connector.send(place, {"type": "message"})
    assert calls.authorized[2:] == ["Bearer token-2", "Bearer token-3"]


async def test_no_token_goes_to_a_host_that_is_not_listed() -> None:
    """Checked where it is sent, as well as where the address came in."""
    calls = Calls(token=counting())
    connector = Connector(PUBLIC, calls, tokens_of(calls, Clock()))  # type: ignore[arg-type]
    with pytest.raises(NotSent):
        await connector.send(Place("https://example.org/", "a", "b", "c"), {"type": "message"})
    assert calls.asked == []


def published(*names: str, **changes: Any) -> dict[str, Any]:
    """Published keys, as Microsoft's server gives them."""
    keys = []
    for name in names:
        shown = json.loads(RSAAlgorithm.to_jwk(private_key(name).public_key()))
        keys.append({**shown, "kid": name, "endorsements": ["msteams"], **changes})
    return {"keys": keys}


KNOWN = {
    "jwks_uri": "https://login.botframework.com/v1/.well-known/keys",
    "id_token_signing_alg_values_supported": ["RS256"],
}


def keys_of(calls: Calls, clock: Clock, cloud: Cloud = PUBLIC) -> Keys:
    """Keys by those calls."""
    return Keys(cloud, calls, clock)  # type: ignore[arg-type]


async def test_a_new_key_is_fetched_but_not_too_often() -> None:
    """A key id that is not known makes one fetch in five minutes; a day later all are fetched."""
    given = {"keys": published("a")}
    calls = Calls(openidconfiguration=KNOWN, keys=lambda: given["keys"])
    clock = Clock()
    keys = keys_of(calls, clock)
    assert calls.asked == []
    assert await keys.find("a")
    given["keys"] = published("a", "b")
    assert await keys.find("b") is None
    clock.now += 299
    assert await keys.find("b") is None
    clock.now += 1
    assert await keys.find("b")
    assert len(calls.asked) == 4
    clock.now += 24 * 3600 - 1
    await keys.find("a")
    assert len(calls.asked) == 4
    clock.now += 1
    await keys.find("a")
    assert len(calls.asked) == 6


async def test_without_keys_nobody_is_believed_and_it_is_tried_again() -> None:
    """Ten seconds later; keys that were had before stay good while they cannot be fetched."""
    given: dict[str, Any] = {"keys": NotSent("host", None)}
    calls = Calls(openidconfiguration=KNOWN, keys=lambda: given["keys"])
    clock = Clock()
    keys = keys_of(calls, clock)
    for _ in range(3):
        with pytest.raises(KeysUnavailable):
            await keys.find("a")
    assert len(calls.asked) == 2
    given["keys"] = published("a")
    clock.now += 10
    assert await keys.find("a")
    given["keys"] = NotSent("host", 500)
    clock.now += 25 * 3600
    assert await keys.find("a")


@pytest.mark.parametrize(
    "changed",
    [
        {"jwks_uri": "https://example.org/keys"},
        {"jwks_uri": "http://login.botframework.com/v1/.well-known/keys"},
        {"jwks_uri": 5},
        {"id_token_signing_alg_values_supported": ["HS256"]},
    ],
)
async def test_keys_from_elsewhere_are_none(changed: dict[str, Any]) -> None:
    """They lie beside the document that names them, and sign by RS256."""
    calls = Calls(openidconfiguration={**KNOWN, **changed}, keys=published("a"))
    with pytest.raises(KeysUnavailable):
        await keys_of(calls, Clock()).find("a")
    assert len(calls.asked) == 1


@pytest.mark.parametrize(
    "given",
    [
        b"<html>",
        [],
        {"keys": []},
        {"keys": "x"},
        published("a", kty="oct"),
        published("a", n="AQAB"),
    ],
    ids=str,
)
async def test_keys_of_another_kind_are_none(given: Any) -> None:
    """No list of keys, secret keys, and keys of a few bits."""
    calls = Calls(openidconfiguration=KNOWN, keys=given)
    with pytest.raises(KeysUnavailable):
        await keys_of(calls, Clock()).find("a")


async def test_a_key_that_is_not_endorsed_for_teams_speaks_for_none_there() -> None:
    """Its signature holds, and its channel is refused."""
    calls = Calls(openidconfiguration=KNOWN, keys=published("a", endorsements=["webchat"]))
    clock = Clock()
    service = "https://smba.trafficmanager.net/uk/"
    claims = {
        "iss": ISSUER, "aud": APP_ID, "nbf": clock.now, "exp": clock.now + 9, "serviceurl": service,
    }  # fmt: skip
    token = jwt.encode(claims, private_key("a"), "RS256", headers={"kid": "a"})
    gate = Gate(APP_ID, PUBLIC, keys_of(calls, clock), clock)
    caller = await gate.read(f"Bearer {token}")
    with pytest.raises(NotAuthentic, match="not endorsed"):
        caller.check(service, "msteams", PUBLIC)
    clock.now += 9 + 299
    await gate.read(f"Bearer {token}")
    clock.now += 1
    with pytest.raises(NotAuthentic, match="expired"):
        await gate.read(f"Bearer {token}")


def test_neither_secret_nor_id_is_shown() -> None:
    """In a traceback or a log."""
    assert PASSWORD not in repr(Bot(APP_ID, PASSWORD, TENANT))
    assert "29:y" not in repr(Place("https://x", "a", "b", "29:y"))
