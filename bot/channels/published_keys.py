"""Tokens signed by others, and the keys that they publish for checking them.

The Bot Connector (Teams) and an intranet's identity provider work alike: a document at a known
address says where the keys are, and a token names the key that signed it.
"""

import asyncio
import logging
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import jwt
import msgspec

from bot.channels.outbound import NotSent, Sender

log = logging.getLogger(__name__)

SMALLEST_RSA = 2048
"""Shorter RSA keys are refused."""


class NotAuthentic(Exception):
    """A token is refused. `why` quotes nothing of it; `expired` says that it was valid once."""

    def __init__(self, why: str, *, expired: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.expired = expired


class KeysUnavailable(Exception):
    """The keys cannot be fetched at the moment, so no token can be checked."""


@dataclass(frozen=True)
class KeyAges:
    """How long keys are valid and how often they are fetched, in seconds.

    Keys older than `fresh` are fetched anew; if that fails, they serve until they are `dropped`
    old. An unknown key id also causes a fetch, but at most once per `refresh`, or once per `retry`
    while there are no keys at all.
    """

    fresh: float
    dropped: float = math.inf
    refresh: float = 5 * 60
    retry: float = 10


class _Published(msgspec.Struct):
    keys: list[dict[str, Any]]


Document = TypeVar("Document", bound=msgspec.Struct)
Key = TypeVar("Key")


class PublishedKeys(ABC, Generic[Document, Key]):
    """Keys by id, fetched when the first token comes.

    `whose` names their owner in the log. `clock` is in seconds and monotonic.
    """

    def __init__(
        self,
        whose: str,
        document: tuple[str, type[Document]],
        ages: KeyAges,
        sender: Sender,
        clock: Callable[[], float],
    ) -> None:
        self._whose = whose
        self._document = document
        self._ages = ages
        self._sender = sender
        self._clock = clock
        self._keys: dict[str, Key] = {}
        self._fetched = -math.inf
        self._tried = -math.inf
        self._one_at_a_time = asyncio.Lock()

    @abstractmethod
    def keys_address(self, document: Document) -> str:
        """Return the address of the keys; raises ValueError if the document is not trustworthy."""

    @abstractmethod
    def read_key(self, published: dict[str, Any]) -> tuple[str, Key] | None:
        """Return a published key with its id; None if it cannot be used here."""

    async def find(self, kid: str) -> Key | None:
        """Return a key by its id, or None. Raises KeysUnavailable."""
        # A known key does not wait for a fetch that an unknown one caused.
        if self._needs_fetch(kid) and not (
            self._one_at_a_time.locked() and kid in self._usable_keys()
        ):
            async with self._one_at_a_time:
                now = self._clock()
                pause = self._ages.refresh if self._usable_keys() else self._ages.retry
                if self._needs_fetch(kid) and now - self._tried >= pause:
                    self._tried = now
                    await self._fetch(now)
        if not self._usable_keys():
            raise KeysUnavailable
        return self._usable_keys().get(kid)

    def _usable_keys(self) -> Mapping[str, Key]:
        age = self._clock() - self._fetched
        return self._keys if age < self._ages.dropped else {}

    def _needs_fetch(self, kid: str) -> bool:
        """Say whether the keys should be fetched: they are old, or this id is unknown."""
        return kid not in self._usable_keys() or self._clock() - self._fetched >= self._ages.fresh

    async def _fetch(self, now: float) -> None:
        """Fetch the keys; if that fails, the present ones stay."""
        try:
            document = await self._get(*self._document)
            published = await self._get(self.keys_address(document), _Published)
        except NotSent:
            log.exception("%s keys could not be fetched.", self._whose)
            return
        except ValueError as wrong:
            # The error's text is this project's own.
            log.error("%s keys could not be fetched. %s", self._whose, wrong)  # noqa: TRY400
            return
        keys = dict(filter(None, map(self.read_key, published.keys)))
        if keys:
            self._keys = keys
            self._fetched = now
        else:
            log.error("%s keys could not be fetched. None of them can be used.", self._whose)

    async def _get(self, address: str, kind: type[Any]) -> Any:
        answer = await self._sender.get(address, tries=2)
        try:
            return msgspec.convert(answer.json(), kind)
        except msgspec.ValidationError:
            raise ValueError("The answer has another shape.") from None


def key_id(token: str, algorithms: Collection[str]) -> str:
    """Return the id of the key that a token says it was signed with. Raises NotAuthentic.

    `algorithms` are all that are allowed.
    """
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        raise NotAuthentic("no token that can be read") from None
    if header.get("alg") not in algorithms:
        raise NotAuthentic("an algorithm that is not allowed")
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid:
        raise NotAuthentic("no key id")
    return kid


@dataclass(frozen=True)
class ExpectedClaims:
    """The claims a token must have. `clock` gives seconds since 1970; clocks may differ by `skew`.

    With `strict`, there must be no other audience, and the token must say when it becomes valid.
    """

    issuer: str
    audience: str
    clock: Callable[[], float]
    skew: float
    strict: bool = False

    def verify(
        self, token: str, key: Any, algorithms: Collection[str], late: float = 0.0
    ) -> dict[str, Any]:
        """Return a token's claims after checking its signature and claims. Raises NotAuthentic.

        `algorithms` are those of the key, never those that the token asks for. A token is accepted
        until `late` seconds after it expired.
        """
        required = ["exp", "iss", "aud", *(["nbf"] if self.strict else [])]
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(algorithms),
                audience=self.audience,
                issuer=self.issuer,
                options={
                    "require": required,
                    "strict_aud": self.strict,
                    # _check_time checks the times, by the given clock.
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except jwt.InvalidTokenError as error:
            raise NotAuthentic(f"a token that does not hold ({type(error).__name__})") from None
        self._check_time(claims, late)
        return claims

    def _check_time(self, claims: Mapping[str, Any], late: float) -> None:
        now, ends = self.clock(), claims["exp"]
        begins = claims.get("nbf", 0)
        if not all(
            isinstance(at, int | float) and not isinstance(at, bool) and math.isfinite(at)
            for at in (begins, ends)
        ):
            raise NotAuthentic("a token whose times are no numbers")
        if now >= ends + self.skew + late:
            raise NotAuthentic("a token that has expired", expired=True)
        if now < begins - self.skew:
            raise NotAuthentic("a token that is not good yet")
