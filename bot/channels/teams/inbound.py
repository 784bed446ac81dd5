"""Check that a request comes from the Bot Connector and is meant for this bot.

Every rule of Microsoft's document "Authentication with the Bot Connector API" is a check here. The
body of a request is read only after its token has been verified.
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
    ExpectedClaims,
    KeyAges,
    NotAuthentic,
    PublishedKeys,
    key_id,
)
from bot.channels.teams.cloud import CHANNEL, Cloud

SKEW = 5 * 60
"""How far the clocks may differ."""
AGES = KeyAges(fresh=24 * 60 * 60)
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
class EndorsedKey:
    """A published key, and the channels for which it may sign."""

    public: RSAPublicKey
    endorsements: frozenset[str]


class ConnectorKeys(PublishedKeys[_Metadata, EndorsedKey]):
    """The Bot Connector's keys, fetched when the first request comes and kept for a day."""

    def __init__(self, cloud: Cloud, sender: Sender, clock: Callable[[], float]) -> None:
        super().__init__("The Bot Connector's", (cloud.metadata, _Metadata), AGES, sender, clock)
        self._cloud = cloud

    def keys_address(self, document: _Metadata) -> str:
        """Check that the keys are on the same server as the document, and sign with RS256."""
        place, known = urlsplit(document.jwks_uri), urlsplit(self._cloud.metadata)
        if (place.scheme, place.netloc) != (known.scheme, known.netloc):
            raise ValueError("The keys are said to be at another server.")
        if "RS256" not in document.id_token_signing_alg_values_supported:
            raise ValueError("The keys are said to sign by another algorithm.")
        return document.jwks_uri

    def read_key(self, published: dict[str, Any]) -> tuple[str, EndorsedKey] | None:
        """Return a published key with its id; None if it is too short or of another kind."""
        try:
            key = msgspec.convert(published, _PublishedKey)
            public = RSAAlgorithm.from_jwk({"kty": key.kty, "n": key.n, "e": key.e})
        except (msgspec.ValidationError, jwt.InvalidKeyError, ValueError):
            return None
        if not isinstance(public, RSAPublicKey) or public.key_size < SMALLEST_RSA:
            return None
        return key.kid, EndorsedKey(public, frozenset(key.endorsements))


@dataclass(frozen=True)
class Caller:
    """What a verified token allows: the address for answers, and the endorsed channels."""

    service_url: str
    endorsements: frozenset[str]

    def check(self, service_url: str, channel: str, cloud: Cloud) -> None:
        """Check an activity against its token. Raises NotAuthentic."""
        if channel != CHANNEL:
            raise NotAuthentic("another channel than Teams")
        if channel not in self.endorsements:
            raise NotAuthentic("a key that is not endorsed for Teams")
        if not self.service_url or self.service_url != service_url:
            raise NotAuthentic("a serviceUrl that its token does not name")
        if not cloud.trusts(service_url):
            raise NotAuthentic("a serviceUrl that is not on the list of hosts")


class TokenVerifier:
    """Verifies the Authorization header of a request. `clock` gives seconds since 1970."""

    def __init__(
        self, app_id: str, cloud: Cloud, keys: ConnectorKeys, clock: Callable[[], float]
    ) -> None:
        self._keys = keys
        self._expected = ExpectedClaims(cloud.issuer, app_id, clock, SKEW, strict=True)

    async def verify(self, header: str | None) -> Caller:
        """Verify the token and return its caller. Raises NotAuthentic or KeysUnavailable."""
        scheme, _, token = (header or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise NotAuthentic("no token")
        key = await self._keys.find(key_id(token, ALGORITHMS))
        if key is None:
            raise NotAuthentic("a key id that is not published")
        claims = self._expected.verify(token, key.public, ALGORITHMS)
        # Tokens spell it in small letters, the document as in activities.
        named = claims.get("serviceurl") or claims.get("serviceUrl")
        return Caller(named if isinstance(named, str) else "", key.endorsements)
