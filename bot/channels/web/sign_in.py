"""Signing in to the web channel, where an organisation wants it: off until it is set up.

Who somebody is comes from a token (JWT) of the intranet's identity provider, which the page hands
to the widget, or from a header that a proxy of the organisation's own sets once it knows.

What comes out are the parts of a person's id. They are used to name the person by a keyed digest
(`Sessions.keyed`), and are neither kept nor logged.
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

from bot.channels.configured import WronglySetUp
from bot.channels.guard import Rate, TokenBucket
from bot.channels.outbound import Sender
from bot.channels.published_keys import (
    SMALLEST_RSA,
    Ages,
    Expected,
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
WHAT = {
    ISSUER: "the https address of the identity provider, exactly as its tokens name it in iss",
    AUDIENCE: "what its tokens name in aud where they are meant for the guide",
    HEADER: "the header in which your proxy names the person, such as X-Remote-User",
    PROXIES: "the addresses or networks of that proxy, such as 10.0.0.5 or 10.1.0.0/24",
}

CARRIED_BY = "x-sign-in"
"""The header that carries the token: Authorization carries the session's."""
LONGEST_TOKEN = 8 * 1024
LONGEST_ID = 1024
SKEW = 60
LEAVING_SECONDS = 12 * 60 * 60
"""For how long after its end a token still serves to delete the conversation. Who leaves the page
quickly cannot sign in again first."""
AGES = Ages(fresh=60 * 60, dropped=24 * 60 * 60, refresh=60, retry=10)
"""A key that the provider withdraws is gone within the hour, and within a day where the provider
cannot be reached."""
CURVES = {"P-256": "ES256", "P-384": "ES384", "P-521": "ES512"}
RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
ALGORITHMS = frozenset({*RSA, *CURVES.values(), "EdDSA"})
"""Those that sign with one key and check with another. None other is looked at."""
NOT_FOR_NAMES = frozenset(
    {"authorization", "cookie", "host", "origin", "forwarded", CARRIED_BY}
    | {"x-forwarded-for", "x-real-ip", "content-length", "content-type", "transfer-encoding"}
)
REFUSALS = Rate(10, 1 / 10)
"""How often the same reason to refuse a token is logged: anybody can send such tokens."""

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class NotSignedIn(Exception):
    """Somebody is not known. `error` names why, and is the name of the response that is said."""

    def __init__(self, error: str, status: int = 401) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


class SignIn(Protocol):
    """One way of knowing who somebody is."""

    async def who(self, headers: Header, peer: str, *, leaving: bool = False) -> tuple[str, ...]:
        """Return the parts of the person's id, none where nobody has to sign in.

        `peer` is the address that the connection comes from. Raises NotSignedIn.
        """


class Anybody:
    """Nobody has to sign in."""

    async def who(self, headers: Header, peer: str, *, leaving: bool = False) -> tuple[str, ...]:
        """Return nothing: people are not told apart."""
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
    """A published key, and the algorithms that it may be used with."""

    public: Any
    algorithms: frozenset[str]


class ProviderKeys(PublishedKeys[_Discovery, SigningKey]):
    """The identity provider's keys, by OpenID Connect Discovery."""

    def __init__(self, issuer: str, sender: Sender, clock: Callable[[], float]) -> None:
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        super().__init__("The identity provider's", (address, _Discovery), AGES, sender, clock)
        self._issuer = issuer

    def place(self, document: _Discovery) -> str:
        """Return where the keys are, if the document is the issuer's own."""
        if document.issuer != self._issuer:
            raise ValueError(f"Its document names another issuer than {ISSUER}.")
        if not _safe_address(document.jwks_uri):
            raise ValueError("Its document names an address for keys that is not https.")
        return document.jwks_uri

    def read(self, published: dict[str, Any]) -> tuple[str, SigningKey] | None:
        """Return one key by its id; None for a secret one, a short one, or one that encrypts."""
        try:
            one = msgspec.convert(published, _Jwk)
            algorithms = _algorithms(one)
            if one.use != "sig" or not algorithms:
                return None
            public = jwt.PyJWK({**published, "alg": min(algorithms)}).key
        except (msgspec.ValidationError, jwt.PyJWTError, ValueError, KeyError, TypeError):
            return None
        if one.kty == "RSA" and public.key_size < SMALLEST_RSA:
            return None
        return one.kid, SigningKey(public, algorithms)


def _algorithms(one: _Jwk) -> frozenset[str]:
    """Return the algorithms that a key of this kind may be used with."""
    kinds = {"RSA": RSA, "EC": (CURVES.get(one.crv),), "OKP": ("EdDSA",)}
    able = {name for name in kinds.get(one.kty, ()) if name}
    return frozenset(able & {one.alg} if one.alg else able)


class TokenSignIn:
    """Reads the provider's tokens. `clock` gives seconds since 1970, `steady` only goes forward."""

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
        self._expected = Expected(issuer, audience, clock, SKEW)
        self._steady = steady
        self._refusals = TokenBucket(REFUSALS)

    async def who(self, headers: Header, peer: str, *, leaving: bool = False) -> tuple[str, ...]:
        """Return the issuer and the subject of a token that holds."""
        given = headers.getall(CARRIED_BY, [])
        if not any(given):
            raise NotSignedIn("sign_in_needed")
        try:
            return self._issuer, await self._subject(given, LEAVING_SECONDS if leaving else 0)
        except NotAuthentic as refused:
            if refused.expired:
                raise NotSignedIn("sign_in_expired") from None
            if not self._refusals.wait(refused.why, self._steady()):
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
        claims = self._expected.claims(token, key.public, key.algorithms, late)
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_ID:
            raise NotAuthentic("a token that names nobody")
        return subject


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class ProxySignIn:
    """Reads the header of a proxy at one of `networks`, and of nobody else."""

    def __init__(self, header: str, networks: tuple[Network, ...]) -> None:
        self._header = header.lower()
        self._networks = networks

    async def who(self, headers: Header, peer: str, *, leaving: bool = False) -> tuple[str, ...]:
        """Return what the proxy says. `peer` is never what a header says of the address."""
        if not self._trusted(peer):
            raise NotSignedIn("sign_in_needed")
        # Some servers take an underscore for a dash, or blanks before the colon for none.
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


def sign_in(environment: Mapping[str, str], sender: Sender) -> SignIn:
    """Return the way of signing in that is set up. Raises WronglySetUp."""
    given = {name: environment.get(name, "").strip() for name in WHAT}
    unknown = sorted(n for n in environment if n.startswith(PREFIX) and n not in WHAT)
    if unknown:
        raise WronglySetUp(f"There is no setting {unknown[0]}. There are: {', '.join(WHAT)}.")
    begun = [way for way in WAYS if any(given[name] for name in way)]
    if not begun:
        return Anybody()
    if len(begun) > 1:
        raise WronglySetUp(
            f"Signing in is set up in two ways. Set {ISSUER} and {AUDIENCE} for tokens of an "
            f"identity provider, or {HEADER} and {PROXIES} for a header of your proxy, not both."
        )
    missing = [f"{name} ({WHAT[name]})" for name in begun[0] if not given[name]]
    if missing:
        raise WronglySetUp(
            f"Signing in is set up only in part. Missing: {'; '.join(missing)}. "
            f"Set it, or neither {begun[0][0]} nor {begun[0][1]} to leave signing in off."
        )
    if begun[0] == WAYS[0]:
        return TokenSignIn(_issuer(given[ISSUER]), given[AUDIENCE], sender)
    return ProxySignIn(_header(given[HEADER]), _networks(given[PROXIES]))


def _issuer(given: str) -> str:
    if not _safe_address(given) or urlsplit(given).query:
        raise WronglySetUp(
            f"{ISSUER} must be an https address, such as https://login.example.org, not {given!r}."
        )
    return given


def _safe_address(given: str) -> bool:
    """Say whether an address is https, or on this machine itself."""
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
        raise WronglySetUp(
            f"{HEADER} must be the name of a header of its own, such as X-Remote-User, "
            f"not {given!r}."
        )
    return given


def _networks(given: str) -> tuple[Network, ...]:
    networks = []
    for one in given.replace(",", " ").split():
        try:
            network = ipaddress.ip_network(one)
        except ValueError:
            network = None
        if network is None or network.prefixlen == 0:
            raise WronglySetUp(
                f"{PROXIES} must be addresses or networks of your proxy, such as 10.0.0.5 or "
                f"10.1.0.0/24, not {one!r}."
            )
        networks.append(network)
    return tuple(networks)
