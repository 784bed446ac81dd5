"""Whether a request really comes from the Bot Connector and is meant for this bot.

As Microsoft's document "Authentication with the Bot Connector API" requires, and no less: each rule
of it is one check here. Nothing is read of a request's body before its token holds.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from bot.channels.outbound import NotSent, Sender
from bot.channels.teams.cloud import CHANNEL, Cloud

log = logging.getLogger(__name__)

SKEW = 5 * 60
"""How far the two clocks may differ."""
KEYS_KEPT = 24 * 60 * 60
REFRESH_AT_MOST_EVERY = 5 * 60
"""A key id that is not known makes the keys be fetched anew, but not more often than this."""
RETRY_AT_MOST_EVERY = 10
"""The same while there are no keys at all."""
SMALLEST_KEY = 2048


class NotAuthentic(Exception):
    """The request is not answered. `why` holds nothing of what was sent."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class KeysUnavailable(Exception):
    """Microsoft's keys cannot be had at the moment, so that nobody can be believed."""


class _PublishedKey(msgspec.Struct):
    kty: str
    kid: str
    n: str = ""
    e: str = ""
    endorsements: list[str] = []


class _Published(msgspec.Struct):
    keys: list[dict[str, Any]]


class _Metadata(msgspec.Struct):
    jwks_uri: str
    id_token_signing_alg_values_supported: list[str] = []


@dataclass(frozen=True)
class Key:
    """A published key, and the channels that it may sign for."""

    public: RSAPublicKey
    endorsements: frozenset[str]


class Keys:
    """The Bot Connector's keys: fetched when the first request comes, and kept for a day.

    `clock` is in seconds and only goes forward.
    """

    def __init__(self, cloud: Cloud, sender: Sender, clock: Callable[[], float]) -> None:
        self._cloud = cloud
        self._sender = sender
        self._clock = clock
        self._keys: dict[str, Key] = {}
        self._fetched = float("-inf")
        self._tried = float("-inf")
        self._one_at_a_time = asyncio.Lock()

    async def find(self, kid: str) -> Key | None:
        """Return a key by its id, None where there is none. Raises KeysUnavailable."""
        # A known key does not wait for a fetch that an unknown one began.
        if self._wanted(kid, self._clock()):
            async with self._one_at_a_time:
                now = self._clock()
                pause = REFRESH_AT_MOST_EVERY if self._keys else RETRY_AT_MOST_EVERY
                if self._wanted(kid, now) and now - self._tried >= pause:
                    self._tried = now
                    await self._fetch(now)
        if not self._keys:
            raise KeysUnavailable
        return self._keys.get(kid)

    def _wanted(self, kid: str, now: float) -> bool:
        """Say whether the keys should be fetched: one is not known, or they are a day old."""
        return kid not in self._keys or now - self._fetched >= KEYS_KEPT

    async def _fetch(self, now: float) -> None:
        """Fetch the keys; where that fails, those there are stay good."""
        try:
            metadata = await self._get(self._cloud.metadata, _Metadata)
            _check(metadata, self._cloud)
            published = await self._get(metadata.jwks_uri, _Published)
        except (NotSent, ValueError):
            log.exception("The Bot Connector's keys could not be fetched.")
            return
        keys = dict(filter(None, map(_read, published.keys)))
        if keys:
            self._keys = keys
            self._fetched = now

    async def _get(self, address: str, kind: type[Any]) -> Any:
        answer = await self._sender.get(address, tries=2)
        try:
            return msgspec.convert(answer.json(), kind)
        except msgspec.ValidationError:
            raise ValueError("The answer has another shape.") from None


def _check(metadata: _Metadata, cloud: Cloud) -> None:
    """Check that the keys lie beside the document that names them, and sign by RS256."""
    place, known = urlsplit(metadata.jwks_uri), urlsplit(cloud.metadata)
    if (place.scheme, place.netloc) != (known.scheme, known.netloc):
        raise ValueError("The keys are said to be at another server.")
    if "RS256" not in metadata.id_token_signing_alg_values_supported:
        raise ValueError("The keys are said to sign by another algorithm.")


def _read(published: dict[str, Any]) -> tuple[str, Key] | None:
    """Return one published key by its id; None for one that signs in another way or is short."""
    try:
        one = msgspec.convert(published, _PublishedKey)
        public = RSAAlgorithm.from_jwk({"kty": one.kty, "n": one.n, "e": one.e})
    except (msgspec.ValidationError, jwt.InvalidKeyError, ValueError):
        return None
    if not isinstance(public, RSAPublicKey) or public.key_size < SMALLEST_KEY:
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


class Gate:
    """Reads the Authorization header of a request. `clock` gives seconds since 1970."""

    def __init__(self, app_id: str, cloud: Cloud, keys: Keys, clock: Callable[[], float]) -> None:
        self._app_id = app_id
        self._cloud = cloud
        self._keys = keys
        self._clock = clock

    async def read(self, header: str | None) -> Caller:
        """Return whom the token speaks for. Raises NotAuthentic or KeysUnavailable."""
        scheme, _, token = (header or "").partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise NotAuthentic("no token")
        key = await self._keys.find(_key_id(token))
        if key is None:
            raise NotAuthentic("a key id that is not published")
        try:
            claims = jwt.decode(
                token,
                key.public,
                algorithms=["RS256"],
                audience=self._app_id,
                issuer=self._cloud.issuer,
                options={
                    "require": ["exp", "nbf", "iss", "aud"],
                    "strict_aud": True,
                    # The times are checked below, by the clock that is given.
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except jwt.InvalidTokenError as error:
            raise NotAuthentic(f"a token that does not hold ({type(error).__name__})") from None
        self._check_time(claims)
        # Tokens name it in small letters, the document as in activities.
        named = claims.get("serviceurl") or claims.get("serviceUrl")
        return Caller(named if isinstance(named, str) else "", key.endorsements)

    def _check_time(self, claims: Mapping[str, Any]) -> None:
        now, begins, ends = self._clock(), claims["nbf"], claims["exp"]
        if not all(
            isinstance(at, int | float) and not isinstance(at, bool) for at in (begins, ends)
        ):
            raise NotAuthentic("a token whose times are no numbers")
        if now >= ends + SKEW:
            raise NotAuthentic("a token that has expired")
        if now < begins - SKEW:
            raise NotAuthentic("a token that is not good yet")


def _key_id(token: str) -> str:
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        raise NotAuthentic("no token that can be read") from None
    if header.get("alg") != "RS256":
        raise NotAuthentic("another algorithm than RS256")
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise NotAuthentic("no key id")
    return kid
