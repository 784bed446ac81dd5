"""What is let in from Teams: every rule of Microsoft's document, by real signatures."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from tests.support.microsoft import APP_ID, ISSUER, Microsoft, private_key
from tests.support.server import Server
from tests.support.teams_client import TeamsClient

pytestmark = pytest.mark.server

TYPED = "they will not answer our referral"


@pytest.fixture
def person(microsoft: Microsoft, tiny_teams: Server) -> TeamsClient:
    """Somebody in a private chat of their own, who has been welcomed."""
    return TeamsClient(microsoft, tiny_teams.address).install()


def refused(person: TeamsClient, token: str, **more: Any) -> None:
    """A message with the token is refused, and nothing of it is answered."""
    answer = person.send(person.activity(text=TYPED, **more), token)
    assert answer.status_code == 403
    assert answer.json()["error"] == "not_authentic"
    assert TYPED not in answer.text
    person.listen()
    assert person.activities == []


def encoded(part: object) -> str:
    """A part of a token."""
    text = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def claims(person: TeamsClient) -> dict[str, Any]:
    """Return the claims of a token that is right."""
    now = int(time.time())
    address = person.microsoft.service_url
    return {"iss": ISSUER, "aud": APP_ID, "nbf": now, "exp": now + 600, "serviceurl": address}


def from_now(changed: dict[str, Any]) -> dict[str, Any]:
    """Return the claims with times that are counted from now."""
    now = int(time.time())
    return {
        name: now + int(value.total_seconds()) if isinstance(value, timedelta) else value
        for name, value in changed.items()
    }


def test_a_signed_message_is_answered(person: TeamsClient) -> None:
    """The token that the others differ from in one thing is good."""
    person.say(TYPED)
    assert TYPED in json.dumps(person.activities)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ey.ey.ey", "é", "." * 4000])
def test_a_request_without_a_token_is_refused(person: TeamsClient, token: str) -> None:
    """Missing and malformed tokens are refused."""
    header = {b"Authorization": f"Bearer {token}".encode()} if token else {}
    answer = person.http.post(
        "/webhooks/teams/messages", json=person.activity(text=TYPED), headers=header
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("scheme", ["Basic", "bearertoken", ""])
def test_a_scheme_other_than_bearer_is_refused(person: TeamsClient, scheme: str) -> None:
    """A good token is taken as a bearer's only."""
    header = {"Authorization": f"{scheme} {person.microsoft.token()}".strip()}
    body = person.activity(text=TYPED)
    assert (
        person.http.post("/webhooks/teams/messages", json=body, headers=header).status_code == 403
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"},
        {"iss": "https://api.botframework.com.example.org"},
        {"iss": None},
        {"aud": "11111111-2222-3333-4444-000000000000"},
        {"aud": [APP_ID, "another"]},
        {"aud": None},
        {"exp": timedelta(seconds=-301)},
        {"exp": None},
        {"exp": "never"},
        {"exp": True},
        {"nbf": timedelta(hours=1)},
        {"nbf": None},
        {"serviceurl": None},
        {"serviceurl": "https://smba.trafficmanager.net/uk/"},
        {"serviceurl": 5},
    ],
    ids=str,
)
def test_a_claim_that_is_wrong_or_missing_is_refused(
    person: TeamsClient, changed: dict[str, Any]
) -> None:
    """Issuer, audience, times and serviceUrl: each is needed, and each is compared."""
    refused(person, person.microsoft.token(**from_now(changed)))


@pytest.mark.parametrize(
    "changed", [{"exp": timedelta(minutes=-1)}, {"nbf": timedelta(minutes=1)}], ids=str
)
def test_clocks_may_differ_by_a_minute(person: TeamsClient, changed: dict[str, Any]) -> None:
    """Up to five minutes, as Microsoft's document says."""
    assert person.send(
        person.activity(text=TYPED), person.microsoft.token(**from_now(changed))
    ).is_success


def test_an_unsigned_token_is_refused(person: TeamsClient) -> None:
    """The algorithm `none`, spelt in any way."""
    for name in ("none", "None", "NONE", ""):
        header = encoded({"alg": name, "typ": "JWT", "kid": "key-1"})
        refused(person, f"{header}.{encoded(claims(person))}.")


def test_a_token_signed_with_the_public_key_as_secret_is_refused(person: TeamsClient) -> None:
    """A token signed by HS256 with the published key is refused."""
    public = private_key("key-1").public_key()
    pem = public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    der = public.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for secret in (pem, pem.strip(), der):
        for algorithm in ("HS256", "RS256"):
            signed = f"{encoded({'alg': algorithm, 'kid': 'key-1'})}.{encoded(claims(person))}"
            mark = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
            refused(person, f"{signed}.{encoded(mark)}")


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_another_algorithm_is_refused(person: TeamsClient, algorithm: str) -> None:
    """It is refused although the right key signed."""
    key, named = private_key("key-1"), {"kid": "key-1"}
    refused(person, jwt.encode(claims(person), key, algorithm, headers=named))


def test_a_key_that_nobody_published_is_refused(person: TeamsClient) -> None:
    """A key id that is not known, no key id, and another's key under a known id."""
    refused(person, person.microsoft.token("key-of-nobody"))
    refused(person, jwt.encode(claims(person), private_key("key-1"), "RS256"))
    named = {"kid": "key-1"}
    refused(person, jwt.encode(claims(person), private_key("other"), "RS256", headers=named))
    for kid in (5, None, "", ["key-1"]):
        header = encoded({"alg": "RS256", "kid": kid})
        refused(person, f"{header}.{encoded(claims(person))}.{encoded(b'x' * 256)}")


def test_changed_claims_are_refused(person: TeamsClient) -> None:
    """A signature holds for what was signed."""
    header, body, mark = person.microsoft.token().split(".")
    longer = claims(person) | {"exp": 9_999_999_999}
    refused(person, f"{header}.{encoded(longer)}.{mark}")
    refused(person, f"{header}.{body}.{mark[:-8]}AAAAAAAA")


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example.org/uk/",
        "https://127.0.0.1/uk/",
        "https://169.254.169.254/",
        "https://10.0.0.8:8443/",
        "https://[::1]/",
        "https://localhost/",
        "http://smba.trafficmanager.net/uk/",
        "https://smba.trafficmanager.net.example.org/",
        "https://smba.trafficmanager.net@example.org/",
        "file:///etc/passwd",
        "https://[",
        "",
    ],
)
def test_answers_go_to_listed_hosts_only(person: TeamsClient, address: str) -> None:
    """Wherever a serviceUrl points, though its token names the same one."""
    refused(person, person.microsoft.token(serviceurl=address), serviceUrl=address)


def test_another_channels_activity_is_refused(person: TeamsClient) -> None:
    """A web chat's activity, or one that names no channel, is not for this channel."""
    for name in ("webchat", "directline", "emulator", "", "MSTEAMS"):
        refused(person, person.microsoft.token(), channelId=name)


def test_a_changed_body_is_held_to_its_token(person: TeamsClient) -> None:
    """Whoever has a token cannot send the answer elsewhere; what is malformed is refused."""
    token = person.microsoft.token()
    refused(person, token, serviceUrl="https://example.org/")
    refused(person, token, serviceUrl=person.microsoft.service_url + "x")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        b"null",
        b"{}",
        b'{"type": 5}',
        b'{"type": "message", "from": "me"}',
        b'{"type": "message", "text": {"a": 1}}',
        b'{"type": "message", "conversation": null}',
        b"\xff\xfe",
        b'{"type":' + b"[" * 30_000,
        b'{"type": "message", "membersAdded": [5]}',
    ],
    ids=lambda body: repr(body[:30]),
)
def test_a_body_that_is_wrong_is_refused(person: TeamsClient, body: bytes) -> None:
    """A body that is not an activity gets 400, even with a valid token."""
    headers = {"Authorization": f"Bearer {person.microsoft.token()}"}
    answer = person.http.post("/webhooks/teams/messages", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"] == "bad_request"


def test_a_body_of_a_megabyte_is_refused(person: TeamsClient) -> None:
    """Before it is read, and the next message is answered."""
    answer = person.send(person.activity(text="x" * 1_000_000))
    assert answer.status_code == 413
    assert person.say(TYPED).activities


@pytest.mark.parametrize(
    "kind", ["typing", "event", "messageReaction", "messageDelete", "endOfConversation", "new kind"]
)
def test_other_kinds_of_activity_are_acknowledged_and_left(person: TeamsClient, kind: str) -> None:
    """Nothing is said to them, whatever text they carry."""
    person.send_well(person.activity(kind, text=TYPED, action="remove", membersAdded=[]))
    assert person.activities == []


def test_an_invocation_is_answered_as_not_implemented(person: TeamsClient) -> None:
    """Teams shows that itself; no text of it is taken in."""
    assert person.send(person.activity("invoke", name="adaptiveCard/action")).status_code == 501
    assert person.listen().activities == []


def test_the_same_activity_is_answered_once(person: TeamsClient) -> None:
    """However often it is delivered, and though its first answer is under way."""
    same = person.activity(text=TYPED)
    assert [person.send(same).status_code for _ in range(4)] == [202, 200, 200, 200]
    person.listen()
    assert len(person.activities) == 1
    again = person.send_well(same)
    assert again.activities == []


def test_a_replayed_id_with_another_body_is_not_answered(person: TeamsClient) -> None:
    """An id is answered once, whatever comes under it the second time."""
    first = person.activity(text=TYPED)
    person.send_well(first)
    person.send_well({**first, "text": "Something else"})
    assert person.activities == []


def test_nobodys_words_or_ids_are_logged(person: TeamsClient, tiny_teams: Server) -> None:
    """Neither what is refused nor what is answered, nor the tokens, stands in the log."""
    token = person.microsoft.token()
    person.send(person.activity(text="Qwertz typed this", channelId="other"), token)
    person.say("Qwertz typed this too")
    assert tiny_teams.writes("another channel than Teams")
    for words in ("Qwertz", person.person, person.conversation, token, "the-client-secret"):
        assert words not in tiny_teams.written


def test_the_keys_are_not_fetched_for_every_unknown_one(person: TeamsClient) -> None:
    """Somebody with made-up key ids cannot make the guide call Microsoft again and again."""
    person.say(TYPED)
    fetched = person.microsoft.metadata_fetched
    for number in range(20):
        refused(person, person.microsoft.token(f"made-up-{number % 2}"))
    assert person.microsoft.metadata_fetched <= fetched + 1
