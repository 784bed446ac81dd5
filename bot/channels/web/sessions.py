"""Session tokens: whoever holds its token may go on with a conversation.

A token is a signed JWT (HS256) with a random conversation id of 128 bits, the time the
conversation began and the time the token expires. Ids are made here and never taken from a client.
Until it expires, a token can be exchanged for a new one, up to a week after the beginning.

If people sign in (bot/channels/web/sign_in.py), the token also holds a keyed digest of the
person's id and is valid for that person only.

Teams and Slack name the person in deliveries that they sign. Their ids are not stored:
conversations are named by a keyed digest of them.
"""

import hmac
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt

LIFETIME = 12 * 60 * 60
LONGEST = 7 * 24 * 60 * 60
SHORTEST_SECRET = 32
_AUDIENCE = "escalation-guide-web"
_ID = re.compile(r"web-[0-9a-f]{32}")


class BadToken(Exception):
    """The token is not ours, or, if `expired`, no longer valid."""

    def __init__(self, *, expired: bool) -> None:
        super().__init__("expired" if expired else "not valid")
        self.expired = expired


@dataclass(frozen=True)
class Session:
    """A conversation, its token, and when that expires: in seconds since 1970, and from now."""

    conversation: str
    token: str
    expires: int
    lasts: int


class Sessions:
    """Issues and reads tokens. `clock` gives seconds since 1970."""

    def __init__(self, secret: str, clock: Callable[[], float], lifetime: int = LIFETIME) -> None:
        if len(secret) < SHORTEST_SECRET:
            raise ValueError(f"The secret must have at least {SHORTEST_SECRET} characters.")
        self._secret = secret
        self._clock = clock
        self._lifetime = lifetime

    def issue(self, person: str = "") -> Session:
        """A new conversation with its token, bound to `person` if there is one."""
        return self._signed(f"web-{secrets.token_hex(16)}", int(self._clock()), person)

    def renew(self, token: str, person: str = "") -> Session:
        """The same conversation with a token that lasts longer; raises BadToken.

        No token lasts longer than a week after the conversation began.
        """
        claims = self._claims(token)
        _check_person(claims, person)
        began = claims.get("iat")
        if not isinstance(began, int):
            raise BadToken(expired=False)
        return self._signed(claims["sub"], began, person)

    def keyed_name(self, channel: str, *parts: str) -> str:
        """Return a name made of a keyed digest of a channel's ids: the same ids, the same name."""
        named = "\n".join(f"{len(part)}:{part}" for part in (channel, *parts))
        digest = hmac.new(self._secret.encode(), named.encode("utf-8", "surrogatepass"), "sha256")
        return f"{channel}-{digest.hexdigest()[:32]}"

    def check(self, token: str) -> None:
        """Raise BadToken if a token is invalid, whoever holds it."""
        self._claims(token)

    def conversation_of(self, token: str, person: str = "") -> str:
        """The conversation that the token opens for this person; raises BadToken."""
        claims = self._claims(token)
        _check_person(claims, person)
        return str(claims["sub"])

    def _signed(self, conversation: str, began: int, person: str) -> Session:
        now = int(self._clock())
        expires = min(now + self._lifetime, began + LONGEST)
        claims = {"sub": conversation, "iat": began, "exp": expires, "aud": _AUDIENCE}
        if person:
            claims["who"] = person
        token = jwt.encode(claims, self._secret, "HS256")
        return Session(conversation, token, expires, expires - now)

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=_AUDIENCE,
                # The time is checked below, by the given clock.
                options={"require": ["exp", "sub"], "verify_exp": False, "verify_iat": False},
            )
        except jwt.InvalidTokenError:
            raise BadToken(expired=False) from None
        conversation, expires = claims["sub"], claims["exp"]
        if not isinstance(conversation, str) or not _ID.fullmatch(conversation):
            raise BadToken(expired=False)
        if not isinstance(expires, int):
            raise BadToken(expired=False)
        if expires <= self._clock():
            raise BadToken(expired=True)
        return claims


def _check_person(claims: Mapping[str, Any], person: str) -> None:
    """Raise BadToken for another person's token, and for a token from before sign-in was on."""
    if claims.get("who", "") != person:
        raise BadToken(expired=False)


def load_secret(path: Path, given: str | None) -> str:
    """The given secret, or else the one stored at `path`, which is made if necessary.

    Raises ValueError if it is too short to sign with.
    """
    if given:
        if len(given) < SHORTEST_SECRET:
            raise ValueError(
                f"ESCALATION_GUIDE_SECRET must have at least {SHORTEST_SECRET} characters."
            )
        return given
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Written aside and then linked into place, since two servers may start at once.
        descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix="secret-")
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(48))
            with suppress(FileExistsError):
                path.hardlink_to(aside)
        finally:
            Path(aside).unlink()
    kept = path.read_text(encoding="ascii").strip()
    if len(kept) < SHORTEST_SECRET:
        raise ValueError(f"{path} holds no usable secret. Delete it to make a new one.")
    return kept
