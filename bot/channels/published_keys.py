"""Tokens that somebody else signs, and the keys that they publish to check them by.

The Bot Connector (Teams) and an intranet's identity provider both do it in this way: a document at
a known address says where the keys are, and a token names the key that signed it.
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
"""A shorter RSA key is no key."""


class NotAuthentic(Exception):
    """A token is not believed. `why` holds nothing of it; `expired` says that it was good once."""

    def __init__(self, why: str, *, expired: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.expired = expired


class KeysUnavailable(Exception):
    """The keys cannot be had at the moment, so that nobody can be believed."""


@dataclass(frozen=True)
class Ages:
    """How long keys are good, and how often they are asked for. All in seconds.

    Keys are fetched anew when they are `fresh` old, and where that fails they serve until they are
    `dropped` old. A key id that is not known makes them be fetched too, but not more often than
    each `refresh`; while there are no keys at all, each `retry`.
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
    """Keys by their ids: fetched when the first token comes, and kept.

    `whose` names their owner in the log. `clock` is in seconds and only goes forward.
    """

    def __init__(
        self,
        whose: str,
        document: tuple[str, type[Document]],
        ages: Ages,
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
    def place(self, document: Document) -> str:
        """Return the address of the keys; raises ValueError for a document not to be believed."""

    @abstractmethod
    def read(self, published: dict[str, Any]) -> tuple[str, Key] | None:
        """Return one published key by its id; None for one that is of no use here."""

    async def find(self, kid: str) -> Key | None:
        """Return a key by its id, None where there is none. Raises KeysUnavailable."""
        # A known key does not wait for a fetch that another token began.
        if self._wanted(kid) and not (self._one_at_a_time.locked() and kid in self._good()):
            async with self._one_at_a_time:
                now = self._clock()
                pause = self._ages.refresh if self._good() else self._ages.retry
                if self._wanted(kid) and now - self._tried >= pause:
                    self._tried = now
                    await self._fetch(now)
        if not self._good():
            raise KeysUnavailable
        return self._good().get(kid)

    def _good(self) -> Mapping[str, Key]:
        age = self._clock() - self._fetched
        return self._keys if age < self._ages.dropped else {}

    def _wanted(self, kid: str) -> bool:
        """Say whether the keys should be fetched: one is not known, or they are old."""
        return kid not in self._good() or self._clock() - self._fetched >= self._ages.fresh

    async def _fetch(self, now: float) -> None:
        """Fetch the keys; where that fails, those there are stay."""
        try:
            document = await self._get(*self._document)
            published = await self._get(self.place(document), _Published)
        except NotSent:
            log.exception("%s keys could not be fetched.", self._whose)
            return
        except ValueError as wrong:
            # Its words are this project's own.
            log.error("%s keys could not be fetched. %s", self._whose, wrong)  # noqa: TRY400
            return
        keys = dict(filter(None, map(self.read, published.keys)))
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
    """Return the id of the key that a token says it is signed by. Raises NotAuthentic.

    `algorithms` are those that may be used at all: nothing is looked up for any other.
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
class Expected:
    """What a token must say. `clock` gives seconds since 1970, `skew` is how far two may differ.

    With `strict`, the audience must be the only one, and the token must say from when it is good.
    """

    issuer: str
    audience: str
    clock: Callable[[], float]
    skew: float
    strict: bool = False

    def claims(
        self, token: str, key: Any, algorithms: Collection[str], late: float = 0.0
    ) -> dict[str, Any]:
        """Return what a token says, once its signature and all of this hold. Raises NotAuthentic.

        `algorithms` are those of the key, never those that the token asks for. `late` is for how
        many seconds after its end a token is still taken.
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
                    # The times are checked below, by the clock that is given.
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
