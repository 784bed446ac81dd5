"""Whether a request really comes from the Bot Connector and is meant for this bot.

As Microsoft's document "Authentication with the Bot Connector API" requires, and no less: each rule
of it is one check here. Nothing is read of a request's body before its token holds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from bot.channels.outbound import Sender
from bot.channels.published_keys import (
    SMALLEST_RSA,
    Ages,
    Expected,
    NotAuthentic,
    PublishedKeys,
    key_id,
)
from bot.channels.teams.cloud import CHANNEL, Cloud

SKEW = 5 * 60
"""How far the two clocks may differ."""
AGES = Ages(fresh=24 * 60 * 60)
ALGORITHMS = ("RS256",)


class _PublishedKey(msgspec.Struct):
    kty: str
    kid: str
    n: str = ""
    e: str = ""
    endorsements: list[str] = []


class _Metadata(msgspec.Struct):
    jwks_uri: str
    id_token_signing_alg_values_supported: list[str] = []


@dataclass(frozen=True)
class Key:
    """A published key, and the channels that it may sign for."""

    public: RSAPublicKey
    endorsements: frozenset[str]


class Keys(PublishedKeys[_Metadata, Key]):
    """The Bot Connector's keys: fetched when the first request comes, and kept for a day."""

    def __init__(self, cloud: Cloud, sender: Sender, clock: Callable[[], float]) -> None:
        super().__init__("The Bot Connector's", (cloud.metadata, _Metadata), AGES, sender, clock)
        self._cloud = cloud

    def place(self, document: _Metadata) -> str:
        """Check that the keys lie beside the document that names them, and sign by RS256."""
        place, known = urlsplit(document.jwks_uri), urlsplit(self._cloud.metadata)
        if (place.scheme, place.netloc) != (known.scheme, known.netloc):
            raise ValueError("The keys are said to be at another server.")
        if "RS256" not in document.id_token_signing_alg_values_supported:
            raise ValueError("The keys are said to sign by another algorithm.")
        return document.jwks_uri

    def read(self, published: dict[str, Any]) -> tuple[str, Key] | None:
        """Return one published key by its id; None for one of another kind, or a short one."""
        try:
            one = msgspec.convert(published, _PublishedKey)
            public = RSAAlgorithm.from_jwk({"kty": one.kty, "n": one.n, "e": one.e})
        except (msgspec.ValidationError, jwt.InvalidKeyError, ValueError):
            return None
        if not isinstance(public, RSAPublicKey) or public.key_size < SMALLEST_RSA:
            return None
        return one.kid, Key(public, frozenset(one.endorsements))


@dataclass(frozen=True)
class Caller:
    """Whom a token speaks for: the address it may be answered at, the channels it may speak for."""

    service_url: str
    endorsements: frozenset[str]

    def check(self, service_url: str, channel: str, cloud: Cloud) -> None:
        """Check what an activity says of itself against its token. Raises NotAuthentic."""
        if channel != CHANNEL:
            raise NotAuthentic("another channel than Teams")
        if channel not in self.endorsements:
            raise NotAuthentic("a key that is not endorsed for Teams")
        if not self.service_url or self.service_url != service_url:
            raise NotAuthentic("a serviceUrl that its token does not name")
        if not cloud.trusts(service_url):
            raise NotAuthentic("a serviceUrl that is not on the list of hosts")


class TokenVerifier:
    """Reads the Authorization header of a request. `clock` gives seconds since 1970."""

    def __init__(self, app_id: str, cloud: Cloud, keys: Keys, clock: Callable[[], float]) -> None:
        self._keys = keys
        self._expected = Expected(cloud.issuer, app_id, clock, SKEW, strict=True)

    async def read(self, header: str | None) -> Caller:
        """Return whom the token speaks for. Raises NotAuthentic or KeysUnavailable."""
        scheme, _, token = (header or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise NotAuthentic("no token")
        key = await self._keys.find(key_id(token, ALGORITHMS))
        if key is None:
            raise NotAuthentic("a key id that is not published")
        claims = self._expected.claims(token, key.public, ALGORITHMS)
        # Tokens name it in small letters, the document as in activities.
        named = claims.get("serviceurl") or claims.get("serviceUrl")
        return Caller(named if isinstance(named, str) else "", key.endorsements)
