"""Signing in to the web channel, if an organisation wants it: off until it is set up.

People are identified by a token (JWT) of the intranet's identity provider, which the page hands to
the widget, or by a header that the organisation's own proxy sets.

The result is the parts of a person's id. They only go into a keyed digest that names the person
(`Sessions.keyed_name`), and are neither stored nor logged.
"""

import ipaddress
import logging
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import urlsplit

import jwt
import msgspec
from sanic.compat import Header

from bot.channels.configured import Misconfigured
from bot.channels.guard import Rate, TokenBucket
from bot.channels.outbound import Sender
from bot.channels.published_keys import (
    SMALLEST_RSA,
    ExpectedClaims,
    KeyAges,
    KeysUnavailable,
    NotAuthentic,
    PublishedKeys,
    key_id,
)

log = logging.getLogger(__name__)

PREFIX = "ESCALATION_GUIDE_SIGN_IN_"
ISSUER = "ESCALATION_GUIDE_SIGN_IN_ISSUER"
AUDIENCE = "ESCALATION_GUIDE_SIGN_IN_AUDIENCE"
HEADER = "ESCALATION_GUIDE_SIGN_IN_HEADER"
PROXIES = "ESCALATION_GUIDE_SIGN_IN_PROXIES"
WAYS = ((ISSUER, AUDIENCE), (HEADER, PROXIES))
DESCRIPTIONS = {
    ISSUER: "the https address of the identity provider, exactly as its tokens name it in iss",
    AUDIENCE: "what its tokens name in aud where they are meant for the guide",
    HEADER: "the header in which your proxy names the person, such as X-Remote-User",
    PROXIES: "the addresses or networks of that proxy, such as 10.0.0.5 or 10.1.0.0/24",
}

SIGN_IN_HEADER = "x-sign-in"
"""The header that carries the token: Authorization carries the session's."""
LONGEST_TOKEN = 8 * 1024
LONGEST_ID = 1024
SKEW = 60
LEAVING_SECONDS = 12 * 60 * 60
"""For how long an expired token can still delete the conversation: somebody who leaves the page
quickly cannot sign in again first."""
AGES = KeyAges(fresh=60 * 60, dropped=24 * 60 * 60, refresh=60, retry=10)
"""A withdrawn key is dropped within an hour, or within a day if the provider cannot be reached."""
CURVES = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
ALGORITHMS = frozenset({*RSA, *CURVES.values(), "EdDSA"})
"""Only asymmetric algorithms are allowed."""
NOT_FOR_NAMES = frozenset(
    {"authorization", "cookie", "host", "origin", "forwarded", SIGN_IN_HEADER}
    | {"x-forwarded-for", "x-real-ip", "content-length", "content-type", "transfer-encoding"}
)
REFUSALS = Rate(10, 1 / 10)
"""How often the same reason for a refusal is logged: anybody can send such tokens."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class NotSignedIn(Exception):
    """The person could not be identified. `error` names the reason and the response (utter_…)."""

    def __init__(self, error: str, status: int = 401) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


class SignIn(Protocol):
    """A way of identifying people."""

    async def identify(
        self, headers: Header, peer: str, *, leaving: bool = False
    ) -> tuple[str, ...]:
        """Return the parts of the person's id, or none if nobody has to sign in.

        `peer` is the address of the connection. Raises NotSignedIn.
        """


class NoSignIn:
    """Nobody has to sign in."""

    async def identify(
        self, headers: Header, peer: str, *, leaving: bool = False
    ) -> tuple[str, ...]:
        """Return nothing, since people are not identified."""
        return ()


class _Discovery(msgspec.Struct):
    issuer: str
    jwks_uri: str


class _Jwk(msgspec.Struct):
    kty: str
    kid: str
    use: str = "sig"
    alg: str = ""
    crv: str = ""


class SigningKey(msgspec.Struct, frozen=True):
    """A published key, and the algorithms allowed for it."""

    public: Any
    algorithms: frozenset[str]


class ProviderKeys(PublishedKeys[_Discovery, SigningKey]):
    """The identity provider's keys, by OpenID Connect Discovery."""

    def __init__(self, issuer: str, sender: Sender, clock: Callable[[], float]) -> None:
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        super().__init__("The identity provider's", (address, _Discovery), AGES, sender, clock)
        self._issuer = issuer

    def keys_address(self, document: _Discovery) -> str:
        """Return the address of the keys, if the document is the issuer's own."""
        if document.issuer != self._issuer:
            raise ValueError(f"Its document names another issuer than {ISSUER}.")
        if not _safe_address(document.jwks_uri):
            raise ValueError("Its document names an address for keys that is not https.")
        return document.jwks_uri

    def read_key(self, published: dict[str, Any]) -> tuple[str, SigningKey] | None:
        """Return a key with its id; None if it is secret, short or for encryption."""
        try:
            key = msgspec.convert(published, _Jwk)
            algorithms = _algorithms(key)
            if key.use != "sig" or not algorithms:
                return None
            public = jwt.PyJWK({**published, "alg": min(algorithms)}).key
        except (msgspec.ValidationError, jwt.PyJWTError, ValueError, KeyError, TypeError):
            return None
        if key.kty == "RSA" and public.key_size < SMALLEST_RSA:
            return None
        return key.kid, SigningKey(public, algorithms)


def _algorithms(key: _Jwk) -> frozenset[str]:
    """Return the algorithms allowed for a key of this kind."""
    kinds = {"RSA": RSA, "EC": (CURVES.get(key.crv),), "OKP": ("EdDSA",)}
    able = {name for name in kinds.get(key.kty, ()) if name}
    return frozenset(able & {key.alg} if key.alg else able)


class TokenSignIn:
    """Verifies the provider's tokens. `clock` gives seconds since 1970, `steady` is monotonic."""

    def __init__(
        self,
        issuer: str,
        audience: str,
        sender: Sender,
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = issuer
        self._keys = ProviderKeys(issuer, sender, steady)
        self._expected = ExpectedClaims(issuer, audience, clock, SKEW)
        self._steady = steady
        self._refusals = TokenBucket(REFUSALS)

    async def identify(
        self, headers: Header, peer: str, *, leaving: bool = False
    ) -> tuple[str, ...]:
        """Return the issuer and the subject of a valid token."""
        given = headers.getall(SIGN_IN_HEADER, [])
        if not any(given):
            raise NotSignedIn("sign_in_needed")
        try:
            return self._issuer, await self._subject(given, LEAVING_SECONDS if leaving else 0)
        except NotAuthentic as refused:
            if refused.expired:
                raise NotSignedIn("sign_in_expired") from None
            if not self._refusals.take(refused.why, self._steady()):
                log.warning("A sign-in was refused: %s.", refused.why)
            raise NotSignedIn("sign_in_refused") from None
        except KeysUnavailable:
            raise NotSignedIn("sign_in_unavailable", 503) from None

    async def _subject(self, given: list[str], late: float) -> str:
        if len(given) > 1:
            raise NotAuthentic("more than one token")
        token = given[0].strip()
        if len(token) > LONGEST_TOKEN or not token.isascii():
            raise NotAuthentic("no token that can be read")
        key = await self._keys.find(key_id(token, ALGORITHMS))
        if key is None:
            raise NotAuthentic("a key id that is not published")
        claims = self._expected.verify(token, key.public, key.algorithms, late)
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_ID:
            raise NotAuthentic("a token that names nobody")
        return subject


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ProxySignIn:
    """Reads the header of a proxy in one of `networks`, and of nobody else."""

    def __init__(self, header: str, networks: tuple[Network, ...]) -> None:
        self._header = header.lower()
        self._networks = networks

    async def identify(
        self, headers: Header, peer: str, *, leaving: bool = False
    ) -> tuple[str, ...]:
        """Return the person that the proxy names. `peer` must never come from a header."""
        if not self._trusted(peer):
            raise NotSignedIn("sign_in_needed")
        # Some servers read an underscore as a dash, or ignore blanks before the colon.
        named = [name for name in headers if name.strip().replace("_", "-") == _dashed(self)]
        if not named:
            raise NotSignedIn("sign_in_needed")
        values = headers.getall(self._header, [])
        person = values[0].strip() if len(values) == 1 == len(named) else ""
        if not person or len(person) > LONGEST_ID or not person.isprintable():
            raise NotSignedIn("sign_in_refused")
        return self._header, person

    @property
    def header(self) -> str:
        """The name of the header, in small letters."""
        return self._header

    def _trusted(self, peer: str) -> bool:
        try:
            address = ipaddress.ip_address(peer)
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in self._networks)


def _dashed(proxy: ProxySignIn) -> str:
    return proxy.header.replace("_", "-")


def configured_sign_in(environment: Mapping[str, str], sender: Sender) -> SignIn:
    """Return the configured way of signing in. Raises Misconfigured."""
    given = {name: environment.get(name, "").strip() for name in DESCRIPTIONS}
    unknown = sorted(n for n in environment if n.startswith(PREFIX) and n not in DESCRIPTIONS)
    if unknown:
        raise Misconfigured(
            f"There is no setting {unknown[0]}. There are: {', '.join(DESCRIPTIONS)}."
        )
    begun = [way for way in WAYS if any(given[name] for name in way)]
    if not begun:
        return NoSignIn()
    if len(begun) > 1:
        raise Misconfigured(
            f"Signing in is set up in two ways. Set {ISSUER} and {AUDIENCE} for tokens of an "
            f"identity provider, or {HEADER} and {PROXIES} for a header of your proxy, not both."
        )
    missing = [f"{name} ({DESCRIPTIONS[name]})" for name in begun[0] if not given[name]]
    if missing:
        raise Misconfigured(
            f"Signing in is set up only in part. Missing: {'; '.join(missing)}. "
            f"Set it, or neither {begun[0][0]} nor {begun[0][1]} to leave signing in off."
        )
    if begun[0] == WAYS[0]:
        return TokenSignIn(_issuer(given[ISSUER]), given[AUDIENCE], sender)
    return ProxySignIn(_header(given[HEADER]), _networks(given[PROXIES]))


def _issuer(given: str) -> str:
    if not _safe_address(given) or urlsplit(given).query:
        raise Misconfigured(
            f"{ISSUER} must be an https address, such as https://login.example.org, not {given!r}."
        )
    return given


def _safe_address(given: str) -> bool:
    """Say whether an address is https, or on this machine."""
    try:
        parts = urlsplit(given)
        host = parts.hostname or ""
    except ValueError:
        return False
    here = parts.scheme == "http" and host in {"localhost", "127.0.0.1", "::1"}
    plain = not (parts.username or parts.password or parts.fragment)
    return bool(host) and plain and (parts.scheme == "https" or here)


def _header(given: str) -> str:
    if not _TOKEN.fullmatch(given) or given.lower() in NOT_FOR_NAMES:
        raise Misconfigured(
            f"{HEADER} must be the name of a header of its own, such as X-Remote-User, "
            f"not {given!r}."
        )
    return given


def _networks(given: str) -> tuple[Network, ...]:
    networks = []
    for written in given.replace(",", " ").split():
        try:
            network = ipaddress.ip_network(written)
        except ValueError:
            network = None
        if network is None or network.prefixlen == 0:
            raise Misconfigured(
                f"{PROXIES} must be addresses or networks of your proxy, such as 10.0.0.5 or "
                f"10.1.0.0/24, not {written!r}."
            )
        networks.append(network)
    return tuple(networks)
