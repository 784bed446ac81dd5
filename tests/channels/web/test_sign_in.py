"""Signing in by a token of an identity provider: a real one on loopback, a running server."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.support.fixtures import start_tiny
from tests.support.identity_provider import AUDIENCE, IdentityProvider
from tests.support.microsoft import private_key
from tests.support.server import Server
from tests.support.web_client import WebClient

pytestmark = pytest.mark.server

SESSION, MESSAGE = "/webhooks/web/session", "/webhooks/web/message"
FIRST_999 = "If a child is in danger now, call 999 first."


@pytest.fixture(scope="module")
def provider() -> Iterator[IdentityProvider]:
    """The identity provider."""
    with IdentityProvider().running() as running:
        for kid in ("rsa-2", "ec-1", "ed-1"):
            running.add(kid)
        short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
        running.keys["rsa-short"] = short
        running.more_keys = [
            {"kty": "oct", "kid": "rsa-secret", "k": "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTMyIQ"},
            {**running.published()[0], "kid": "rsa-enc", "use": "enc"},
            {"kty": "EC", "kid": "broken"},
            {},
        ]
        yield running


def settings(provider: IdentityProvider) -> dict[str, str]:
    """What turns signing in on."""
    return {
        "ESCALATION_GUIDE_SIGN_IN_ISSUER": provider.issuer,
        "ESCALATION_GUIDE_SIGN_IN_AUDIENCE": AUDIENCE,
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
    }


@pytest.fixture(scope="module")
def server(
    tiny_model: Path, provider: IdentityProvider, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server that people have to sign in to."""
    started = start_tiny(tiny_model, tmp_path_factory.mktemp("sign-in"), **settings(provider))
    yield started
    started.stop()


def as_person(token: str) -> dict[str, str]:
    """The header that carries somebody's token."""
    return {"X-Sign-In": token}


def begin(server: Server, token: str) -> WebClient:
    """A tab of somebody who is signed in, with an open conversation."""
    tab = server.visitor()
    tab.http.headers.update(as_person(token))
    return tab.open()


def refused(answer: httpx.Response, error: str, status: int = 401) -> None:
    """Check that an answer is a refusal that says 999, and what to do."""
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert FIRST_999 in answer.json()["message"]
    assert "messages" not in answer.json()


def test_without_signing_in_there_is_no_conversation_but_999(server: Server) -> None:
    """Nothing begins, and what to do in danger is said."""
    for headers in ({}, as_person(""), {"Authorization": "Bearer x"}, {"X-Remote-User": "alice"}):
        answer = server.visitor().http.post(SESSION, json={}, headers=headers)
        refused(answer, "sign_in_needed")
        assert "sign in to your intranet" in answer.json()["message"]


@pytest.mark.parametrize(
    ("kid", "alg"),
    [("rsa-1", "RS256"), ("rsa-2", "PS256"), ("rsa-1", "RS512"), ("ec-1", ""), ("ed-1", "")],
)
def test_a_signed_in_person_can_talk(
    server: Server, provider: IdentityProvider, kid: str, alg: str
) -> None:
    """With any key and algorithm of the provider, and all of the channel."""
    tab = begin(server, provider.token(kid=kid, alg=alg))
    tab.press("Worried, but not now.")
    assert len(tab.history()) == 3
    renewed = tab.http.put(SESSION, headers=tab.headers())
    assert renewed.status_code == 200
    tab.token = renewed.json()["token"]
    tab.say("please help with social care")
    assert tab.http.delete(SESSION, headers=tab.headers()).status_code == 204


WRONG: list[tuple[str, Callable[[IdentityProvider], str]]] = [
    ("another issuer", lambda p: p.token(iss="http://127.0.0.1:1")),
    ("the issuer with a slash", lambda p: p.token(iss=f"{p.issuer}/")),
    ("no issuer", lambda p: p.token(iss=None)),
    ("another audience", lambda p: p.token(aud="another-application")),
    ("no audience", lambda p: p.token(aud=None)),
    ("no audience among many", lambda p: p.token(aud=["one", "another"])),
    ("not good yet", lambda p: p.token(nbf=int(time.time()) + 3600)),
    ("no end", lambda p: p.token(exp=None)),
    ("an end in words", lambda p: p.token(exp="tomorrow")),
    ("an end that is not a number", lambda p: p.token(exp=float("nan"))),
    ("an end that never comes", lambda p: p.token(exp=float("inf"))),
    ("nobody", lambda p: p.token(sub=None)),
    ("an empty name", lambda p: p.token(who="")),
    ("a short key", lambda p: p.token(kid="rsa-short")),
    ("a key for another use", lambda p: signed(p, {"kid": "rsa-enc"})),
    ("a secret that is published", lambda p: hmac_token(p, "rsa-secret")),
    ("a key nobody published", lambda p: signed(p, {"kid": "rsa-9"})),
    ("another's key", lambda p: signed(p, {"kid": "rsa-1"}, "rsa-9")),
    ("no key id", lambda p: signed(p, {})),
    ("a key id that is not text", lambda p: raw(p, {"alg": "RS256", "kid": 5})),
    ("another kind of key", lambda p: signed(p, {"kid": "ec-1"})),
    ("no signature", lambda p: raw(p, {"alg": "none", "kid": "rsa-1"})),
    ("no signature, in other letters", lambda p: raw(p, {"alg": "nOnE", "kid": "rsa-1"})),
    ("the public key as a secret", lambda p: hmac_token(p, "rsa-1")),
    ("a rule that must be known", lambda p: signed(p, {"kid": "rsa-1", "crit": ["x"], "x": 1})),
    (
        "a key brought along",
        lambda p: signed(p, {"kid": "rsa-9", "jwk": p.published()[0]}, "rsa-9"),
    ),
    ("a key elsewhere", lambda p: signed(p, {"kid": "rsa-9", "jku": f"{p.issuer}/keys"}, "rsa-9")),
    ("changed claims", lambda p: changed(p.token())),
    ("half a token", lambda p: p.token().rpartition(".")[0]),
    ("no token", lambda _: "alice"),
    ("a token without end", lambda p: p.token(padding="x" * 9000)),
]


def usual(provider: IdentityProvider) -> dict[str, Any]:
    """The claims of a good token."""
    claims: dict[str, Any] = jwt.decode(provider.token(), options={"verify_signature": False})
    return claims


def signed(provider: IdentityProvider, header: dict[str, Any], name: str = "rsa-1") -> str:
    """A good token's claims, signed by an RSA key, with this header."""
    return jwt.encode(usual(provider), private_key(name), "RS256", headers=header)


def part(content: Any) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def raw(provider: IdentityProvider, header: dict[str, Any]) -> str:
    """A good token's claims, with a signature of another token."""
    return f"{part(header)}.{part(usual(provider))}.{provider.token().rpartition('.')[2]}"


def changed(token: str) -> str:
    """A token for somebody else, under the signature that it had."""
    head, _, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False})
    return f"{head}.{part({**claims, 'sub': 'mallory'})}.{signature}"


def hmac_token(provider: IdentityProvider, kid: str) -> str:
    """A token that is signed with what anybody can know."""
    known = (
        private_key("rsa-1")
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    secret = known if kid == "rsa-1" else b"secret-secret-secret-secret-32!"
    body = f"{part({'alg': 'HS256', 'kid': kid})}.{part(usual(provider))}"
    mac = hmac.new(secret, body.encode(), hashlib.sha256).digest()
    return f"{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


@pytest.mark.parametrize(("what", "make"), WRONG, ids=[what for what, _ in WRONG])
def test_any_other_token_is_refused(
    server: Server, provider: IdentityProvider, what: str, make: Callable[[IdentityProvider], str]
) -> None:
    """Each is refused with its own error and 999, on every address of the channel."""
    wrong = as_person(make(provider))
    answer = server.visitor().http.post(SESSION, json={}, headers=wrong)
    refused(answer, "sign_in_refused")
    assert what
    tab = begin(server, provider.token())
    answer = tab.send({"text": "hello"}, **wrong)
    refused(answer, "sign_in_refused")
    assert len(tab.history()) == 1


def test_two_tokens_at_once_are_refused(server: Server, provider: IdentityProvider) -> None:
    """Nobody has to guess which of them a proxy looked at."""
    two = [("X-Sign-In", provider.token("alice")), ("X-Sign-In", provider.token("mallory"))]
    answer = server.visitor().http.post(SESSION, json={}, headers=two)
    refused(answer, "sign_in_refused")


def test_another_persons_session_is_refused(server: Server, provider: IdentityProvider) -> None:
    """Whoever has the session's token and signs in as somebody else gets nothing of it."""
    tab = begin(server, provider.token("alice"))
    tab.press("Worried, but not now.")
    stolen = tab.headers() | as_person(provider.token("mallory"))
    http = server.visitor().http
    file = f"/webhooks/web/files/{'0' * 32}/record.docx"
    answers = [
        http.get("/webhooks/web/history", headers=stolen),
        http.post(MESSAGE, json={"text": "hello"}, headers=stolen),
        http.put(SESSION, headers=stolen),
        http.delete(SESSION, headers=stolen),
        http.get(file, headers=stolen),
    ]
    for answer in answers:
        refused(answer, "session_unknown")
        assert "Answered" not in answer.text
    assert http.get(file, headers=tab.headers() | dict(tab.http.headers)).status_code == 404
    assert len(tab.history()) == 3


def test_the_same_subject_of_the_same_provider_is_the_same_person(
    server: Server, provider: IdentityProvider
) -> None:
    """By a later token, signed by another key."""
    tab = begin(server, provider.token("alice"))
    tab.http.headers.update(as_person(provider.token("alice", kid="ec-1")))
    tab.press("Worried, but not now.")
    assert len(tab.history()) == 3


def test_a_sign_in_that_ends_in_the_middle_loses_nothing(
    server: Server, provider: IdentityProvider
) -> None:
    """It is said; after signing in again the conversation goes on where it was."""
    tab = begin(server, provider.token("alice"))
    tab.press("Worried, but not now.")
    clock = server.folder / "clock"
    clock.write_text("3600")
    try:
        answer = tab.send({"text": "please help with social care"})
        refused(answer, "sign_in_expired")
        assert "nothing is lost" in answer.json()["message"]
        later = int(time.time()) + 2 * 3600
        tab.http.headers.update(as_person(provider.token("alice", exp=later)))
        tab.say("please help with social care")
        assert tab.text.endswith("Risk: concern")
        assert len(tab.history()) == 5
    finally:
        clock.unlink()


def test_an_expired_sign_in_can_still_delete_for_12_hours(
    server: Server, provider: IdentityProvider
) -> None:
    """Only that, only for 12 hours, and only the same person's."""
    past = int(time.time()) - 3600
    tab = begin(server, provider.token("alice"))
    other = tab.headers() | as_person(provider.token("mallory", exp=past))
    refused(tab.http.delete(SESSION, headers=other), "session_unknown")
    old = tab.headers() | as_person(provider.token("alice", exp=past - 12 * 3600))
    refused(tab.http.delete(SESSION, headers=old), "sign_in_expired")
    late = tab.headers() | as_person(provider.token("alice", exp=past))
    refused(tab.http.get("/webhooks/web/history", headers=late), "sign_in_expired")
    assert tab.http.delete(SESSION, headers=late).status_code == 204
    assert tab.history() == []


def test_token_from_before_sign_in_is_refused(server: Server, provider: IdentityProvider) -> None:
    """A person's token is also refused where sign-in is off: only what was signed counts."""
    secret = (server.folder / "var/secret").read_text().strip()
    claims = {
        "sub": f"web-{'0' * 32}", "iat": 1, "aud": "escalation-guide-web",
        "exp": int(time.time()) + 600,
    }  # fmt: skip
    for who in ({}, {"who": ""}, {"who": None}, {"who": "alice"}):
        token = jwt.encode(claims | who, secret, "HS256")
        headers = {"Authorization": f"Bearer {token}"} | as_person(provider.token())
        answer = server.visitor().http.get("/webhooks/web/history", headers=headers)
        refused(answer, "session_unknown")


def test_a_session_that_has_ended_is_said_before_anything_about_signing_in(
    server: Server, provider: IdentityProvider
) -> None:
    """Signing in again would not bring it back, and nobody is told that it would."""
    tab = begin(server, provider.token("alice"))
    clock = server.folder / "clock"
    clock.write_text(str(13 * 3600))
    try:
        refused(tab.send({"text": "hello"}), "session_expired")
    finally:
        clock.unlink()


def test_a_persons_identity_is_neither_stored_nor_logged(
    server: Server, provider: IdentityProvider
) -> None:
    """Not the subject, not the token, not a part of it; nor is it in the session's token."""
    address = "ewelina.kowalczyk@example.org"
    token = provider.token(address)
    tab = begin(server, token)
    tab.say("please help with social care")
    tab.send({"text": "hello"}, **as_person(provider.token(address, aud="wrong")))
    assert server.writes("A sign-in was refused")
    kept = b"".join(path.read_bytes() for path in server.folder.glob("conversations.db*"))
    claims = jwt.decode(str(tab.token), options={"verify_signature": False})
    for told in (address, *token.split(".")):
        assert told not in server.written
        assert told.encode() not in kept
        assert told not in str(claims)


def test_preflights_need_no_sign_in_and_allow_its_header(server: Server) -> None:
    """Browsers send no sign-in with preflights."""
    asked = server.visitor().http.options(MESSAGE, headers={"Origin": server.address})
    assert asked.status_code == 204


def test_unknown_keys_do_not_cause_endless_fetches(
    server: Server, provider: IdentityProvider
) -> None:
    """Somebody who makes up key ids cannot use the guide to trouble the provider."""
    before = len(provider.asked)
    for number in range(20):
        token = signed(provider, {"kid": f"made-up-{number}"})
        answer = server.visitor().http.post(SESSION, json={}, headers=as_person(token))
        refused(answer, "sign_in_refused")
    assert len(provider.asked) - before <= 2


def test_known_keys_serve_while_the_provider_is_away(
    server: Server, provider: IdentityProvider
) -> None:
    """Known keys serve on, for who is in a conversation and for who begins one."""
    tab = begin(server, provider.token("alice"))
    provider.away = True
    try:
        tab.press("Worried, but not now.")
        assert len(tab.history()) == 3
        begin(server, provider.token("bob"))
    finally:
        provider.away = False


def test_a_provider_with_another_issuers_document_is_refused(
    tiny_model: Path, tmp_path: Path
) -> None:
    """People are told kindly, and the log says why, in words for whoever set it up."""
    with IdentityProvider().running() as provider:
        provider.document = {"issuer": "https://login.evil.example"}
        server = start_tiny(tiny_model, tmp_path, **settings(provider))
        try:
            answer = server.visitor().http.post(
                SESSION, json={}, headers=as_person(provider.token())
            )
            refused(answer, "sign_in_unavailable", 503)
            assert server.writes("names another issuer than ESCALATION_GUIDE_SIGN_IN_ISSUER")
            assert "/keys" not in provider.asked
        finally:
            server.stop()
