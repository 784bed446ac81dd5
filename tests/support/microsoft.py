"""Microsoft's servers on loopback: login, OpenID metadata, keys and the Bot Connector.

They speak TLS by a certificate of their own. The Bot Connector checks each activity that the
guide sends: its token, its addresses, and each card against the published JSON schema.
"""

import asyncio
import datetime as dt
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import jwt
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

SCHEMA = Path(__file__).parents[1] / "channels/teams/schemas/adaptive-card-1.5.json"
APP_ID = "11111111-2222-3333-4444-555555555555"
PASSWORD = "the-client-secret"  # noqa: S105 It opens nothing.
TENANT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
BOT = f"28:{APP_ID}"
ISSUER = "https://api.botframework.com"
LARGEST = 100_000
CARD = "application/vnd.microsoft.card.adaptive"


_keys: dict[str, rsa.RSAPrivateKey] = {}


def private_key(name: str) -> rsa.RSAPrivateKey:
    """A key of 2048 bits, made once for each name."""
    if name not in _keys:
        _keys[name] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return _keys[name]


class Microsoft:
    """The servers, and what they heard. `failures` are what the Connector answers next.

    A failure is a status with its headers, or "silence".
    """

    def __init__(self, folder: Path) -> None:
        self.said: list[dict[str, Any]] = []
        self.problems: list[str] = []
        self.logins: list[tuple[str, dict[str, str]]] = []
        self.metadata_fetched = 0
        self.failures: list[tuple[int, dict[str, str]] | str] = []
        self.refused_changes = 0
        self.posted = 0
        self.token_seconds = 3600
        self.signers = {"key-1": ["msteams", "webchat"]}
        self.certificate = folder / "certificate.pem"
        self._private = folder / "private.pem"
        self._tokens: list[str] = []
        self.address = ""

    @property
    def service_url(self) -> str:
        """What activities name as their serviceUrl."""
        return f"{self.address}/uk/"

    def token(self, signer: str = "key-1", **changes: Any) -> str:
        """A token as the Bot Connector signs it; `changes` are claims, None for one left out."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": APP_ID,
            "nbf": now - 60,
            "exp": now + 3600,
            "serviceurl": self.service_url,
            **changes,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, private_key(signer), "RS256", headers={"kid": signer})

    def heard(self, conversation: str) -> list[dict[str, Any]]:
        """What the guide said in one conversation, as it stands there now."""
        return [one for one in self.said if one["conversation"]["id"] == conversation]

    # ---- what the guide calls ----

    async def _metadata(self, _request: web.Request) -> web.Response:
        self.metadata_fetched += 1
        known = {
            "issuer": ISSUER,
            "jwks_uri": f"{self.address}/v1/.well-known/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        }
        return web.json_response(known)

    async def _keys(self, _request: web.Request) -> web.Response:
        keys = []
        for kid, endorsements in self.signers.items():
            shown = json.loads(RSAAlgorithm.to_jwk(private_key(kid).public_key()))
            keys.append(
                {"kty": "RSA", "use": "sig", "kid": kid, "x5t": kid, "n": shown["n"],
                 "e": shown["e"], "endorsements": endorsements}
            )  # fmt: skip
        return web.json_response({"keys": keys})

    async def _login(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.logins.append((request.match_info["tenant"], form))
        right = {
            "grant_type": "client_credentials",
            "client_id": APP_ID,
            "client_secret": PASSWORD,
            "scope": "https://api.botframework.com/.default",
        }
        if form != right:
            return web.json_response({"error": "invalid_client"}, status=401)
        self._tokens.append(f"token-{len(self._tokens) + 1}")
        return web.json_response(
            {
                "token_type": "Bearer",
                "expires_in": self.token_seconds,
                "access_token": self._tokens[-1],
            }
        )

    async def _activities(self, request: web.Request) -> web.StreamResponse:
        self.posted += request.method == "POST"
        if self.failures:
            failure = self.failures.pop(0)
            if isinstance(failure, str):
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            status, headers = failure
            return web.Response(status=int(status), headers=headers)
        if request.headers.get("Authorization") not in {
            f"Bearer {token}" for token in self._tokens
        }:
            return web.Response(status=401)
        body = await request.read()
        activity = json.loads(body)
        found = list(problems(activity, body, unquote(request.match_info["conversation"])))
        if found:
            self.problems += found
            return web.json_response({"error": {"code": "BadSyntax"}}, status=400)
        changed = request.match_info.get("activity")
        if changed and self.refused_changes:
            self.refused_changes -= 1
            return web.json_response({"error": {"code": "MessageNotFound"}}, status=404)
        if changed:
            self.said[int(changed.removeprefix("said-")) - 1] = activity
            return web.json_response({"id": changed})
        self.said.append(activity)
        return web.json_response({"id": f"said-{len(self.said)}"}, status=201)

    @contextmanager
    def running(self) -> Iterator["Microsoft"]:
        """Run the servers on a free port, in a thread of their own."""
        loop = asyncio.new_event_loop()
        runner = loop.run_until_complete(self._start())
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        yield self
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(20)
        loop.close()

    async def _start(self) -> web.AppRunner:
        app = web.Application(client_max_size=10 * LARGEST)
        app.router.add_get("/v1/.well-known/openidconfiguration", self._metadata)
        app.router.add_get("/v1/.well-known/keys", self._keys)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._login)
        activities = "/uk/v3/conversations/{conversation}/activities"
        app.router.add_post(activities, self._activities)
        app.router.add_put(f"{activities}/{{activity}}", self._activities)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        self._certify()
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(self.certificate, self._private)
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
        self.address = f"https://localhost:{runner.addresses[0][1]}"
        return runner

    def _certify(self) -> None:
        key, now = private_key("tls"), dt.datetime.now(dt.timezone.utc)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=2))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        self.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        self._private.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )


@cache
def _schema() -> Any:
    return jsonschema.Draft6Validator(json.loads(SCHEMA.read_text("utf-8")))


def problems(activity: dict[str, Any], body: bytes, conversation: str) -> Iterator[str]:
    """What is wrong with an activity that the guide sent."""
    if len(body) > LARGEST:
        yield f"{len(body)} bytes"
    if activity["from"] != {"id": BOT}:
        yield "it is not from the bot"
    if activity["conversation"] != {"id": conversation}:
        yield "another conversation than its address"
    if activity["type"] == "typing":
        return
    if activity["type"] != "message":
        yield f"an activity of type {activity['type']}"
    cards = activity.get("attachments", [])
    if bool(cards) == bool(activity.get("text")):
        yield "neither one card nor one text"
    for attachment in cards:
        if attachment["contentType"] != CARD:
            yield f"an attachment of type {attachment['contentType']}"
        yield from card_problems(attachment["content"])


def card_problems(card: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a card: by the schema, and by what Teams and its people need."""
    # Teams' own addition to the root of a card, which its documents describe.
    card = {name: value for name, value in card.items() if name != "msteams"}
    yield from (
        f"{'/'.join(map(str, error.path))}: {error.message[:300]}"
        for error in _schema().iter_errors(card)
    )
    if card["version"] not in {"1.0", "1.1", "1.2", "1.3", "1.4", "1.5"}:
        yield f"version {card['version']}"
    if not card["fallbackText"].strip():
        yield "no fallback text"
    every = list(elements(card))
    ids = [one["id"] for one in every if "id" in one]
    if len(ids) != len(set(ids)):
        yield "an id twice"
    for one in every:
        if one["type"] == "TextBlock" and not (one["text"].strip() and one.get("wrap")):
            yield f"text that is empty or cut off: {one}"
        if one["type"] == "Action.ToggleVisibility" and not set(one["targetElements"]) <= set(ids):
            yield "a button for what is not there"
        if one["type"].startswith("Action.") and not one.get("title", "").strip():
            yield "a button without a title"


def elements(part: Any) -> Iterator[dict[str, Any]]:
    """Every element and action of a card."""
    if isinstance(part, dict):
        if isinstance(part.get("type"), str) and part["type"] != "messageBack":
            yield part
        for name, value in part.items():
            if name != "data":
                yield from elements(value)
    elif isinstance(part, list):
        for one in part:
            yield from elements(one)
