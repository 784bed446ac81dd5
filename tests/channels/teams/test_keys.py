"""The keys that requests from Teams are checked by: fetched when needed, kept, not too often."""

import asyncio
import json
from typing import Any

import jwt
import pytest
from jwt.algorithms import RSAAlgorithm

from bot.channels.outbound import Answer, NotSent
from bot.channels.published_keys import KeysUnavailable, NotAuthentic
from bot.channels.teams.cloud import PUBLIC
from bot.channels.teams.inbound import ConnectorKeys, TokenVerifier
from tests.support.calls import Calls, Clock
from tests.support.microsoft import APP_ID, ISSUER, private_key


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


def keys_of(calls: Calls, clock: Clock) -> ConnectorKeys:
    """Keys by those calls."""
    return ConnectorKeys(PUBLIC, calls, clock)  # type: ignore[arg-type]


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


async def test_a_known_key_does_not_wait_for_an_unknown_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody with a made-up key id cannot hold everybody up while Microsoft is slow."""
    calls, clock = Calls(openidconfiguration=KNOWN, keys=published("a")), Clock()
    keys = keys_of(calls, clock)
    await keys.find("a")
    clock.now += 300
    never, asked = asyncio.Event(), asyncio.Event()

    async def hangs(_url: str, **_more: Any) -> Answer:
        asked.set()
        await never.wait()
        raise AssertionError

    monkeypatch.setattr(calls, "get", hangs)
    unknown = asyncio.create_task(keys.find("made-up"))
    await asked.wait()
    assert await keys.find("a")
    unknown.cancel()


async def test_without_keys_tokens_are_refused_and_the_fetch_is_retried() -> None:
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
async def test_keys_on_another_server_are_refused(changed: dict[str, Any]) -> None:
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
    ids=["no JSON", "a list", "no keys", "keys as text", "of another kind", "too short"],
)
async def test_short_or_secret_keys_are_refused(given: Any) -> None:
    """No list of keys, secret keys, and keys of a few bits."""
    calls = Calls(openidconfiguration=KNOWN, keys=given)
    with pytest.raises(KeysUnavailable):
        await keys_of(calls, Clock()).find("a")


async def test_a_key_not_endorsed_for_teams_is_refused() -> None:
    """Its signature holds, and its channel is refused."""
    calls = Calls(openidconfiguration=KNOWN, keys=published("a", endorsements=["webchat"]))
    clock = Clock()
    service = "https://smba.trafficmanager.net/uk/"
    claims = {
        "iss": ISSUER, "aud": APP_ID, "nbf": clock.now, "exp": clock.now + 9, "serviceurl": service,
    }  # fmt: skip
    token = jwt.encode(claims, private_key("a"), "RS256", headers={"kid": "a"})
    verifier = TokenVerifier(APP_ID, PUBLIC, keys_of(calls, clock), clock)
    caller = await verifier.verify(f"Bearer {token}")
    with pytest.raises(NotAuthentic, match="not endorsed"):
        caller.check(service, "msteams", PUBLIC)
    clock.now += 9 + 299
    await verifier.verify(f"Bearer {token}")
    clock.now += 1
    with pytest.raises(NotAuthentic, match="expired"):
        await verifier.verify(f"Bearer {token}")
