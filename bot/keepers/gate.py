"""Lets keepers in: by an account, the identity provider's proxy, or the shared password."""

import asyncio
import hmac
import time
from base64 import b64decode
from binascii import Error as NotBase64
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Mapping
from hashlib import sha256
from urllib.parse import urlsplit

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.keepers.page import text_response
from bot.keepers.people import READER, Accounts, Keeper, Right
from bot.privacy.store.database import StoreUnavailable

PASSWORD = "ESCALATION_GUIDE_KEEPERS_PASSWORD"  # noqa: S105 - the variable's name
SHORTEST = 12
TRIES, TRIES_SECONDS = 10, 600
"""After so many wrong passwords in so many seconds from one address, it is let in no more for as
long. Others go on: a stranger must not be able to shut the keepers out."""
MOST_ADDRESSES = 10_000
"""How many addresses with wrong passwords are remembered at once."""
NOT_YOURS = "Whoever keeps this policy writes here. Sign in with an account that may write it."
ELSEWHERE = "Send this from the guide's own page."
OF_A_POLICY = ("name", "policy", "draft")
"""The parts of an address that name a policy."""

Proxied = Callable[[Request], Awaitable[Keeper | None]]
"""Returns whom the organisation's proxy has signed in; None where it names nobody."""


def keepers_password(environment: Mapping[str, str]) -> str | None:
    """Return the password that turns the pages on, or None. Raises ValueError for a short one."""
    password = environment.get(PASSWORD, "").strip()
    if password and len(password) < SHORTEST:
        msg = f"{PASSWORD} must have at least {SHORTEST} characters."
        raise ValueError(msg)
    return password or None


class KeepersGate:
    """Finds out who asks, and lets an address in no more for a while after too many wrong tries.

    Whoever is let in stands in `request.ctx.keeper`. A page of one policy is for its keepers.
    """

    def __init__(
        self,
        password: str,
        clock: Callable[[], float] = time.monotonic,
        accounts: Accounts | None = None,
        proxied: Proxied | None = None,
    ) -> None:
        self._expected = sha256(password.encode()).digest()
        self._clock = clock
        self._accounts = accounts
        self._proxied = proxied
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()

    async def refusal(self, request: Request, for_all: Collection[str] = ()) -> HTTPResponse | None:
        """Return the refusal of a request, or None where they are let in.

        `for_all` names what stands in a policy's place and belongs to every keeper.
        """
        now, address = self._clock(), str(request.remote_addr or request.ip)
        wrong = [at for at in self._wrong.get(address, ()) if now - at < TRIES_SECONDS]
        if len(wrong) >= TRIES:
            return text_response("Too many wrong passwords. Try again in ten minutes.", 429)
        try:
            keeper = await self._who(request)
        except StoreUnavailable:
            return text_response("Nobody can be signed in now. Try again in a few minutes.", 503)
        if keeper is None:
            if _given(request.headers.get("authorization")) is not None:
                self._wrong.pop(address, None)
                self._wrong[address] = [*wrong, now]
                if len(self._wrong) > MOST_ADDRESSES:
                    self._wrong.popitem(last=False)
            asked = {"WWW-Authenticate": 'Basic realm="Keepers of the policies", charset="UTF-8"'}
            return text_response("Sign in as a keeper of the policies.", 401, asked)
        request.ctx.keeper = keeper
        about = [
            str(request.match_info[name]) for name in OF_A_POLICY if name in request.match_info
        ]
        if not all(policy in for_all or keeper.may(Right.read, policy) for policy in about):
            return text_response("This policy has other keepers. Ask its partnership.", 403)
        return None

    async def _who(self, request: Request) -> Keeper | None:
        if self._proxied:
            keeper = await self._proxied(request)
            if keeper:
                return keeper
        given = _given(request.headers.get("authorization"))
        if given is None:
            return None
        name, _, password = given.partition(b":")
        if hmac.compare_digest(sha256(password).digest(), self._expected):
            return READER
        try:
            told = name.decode(), password.decode()
        except UnicodeDecodeError:
            return None
        if self._accounts is None or not told[0]:
            return None
        # In a thread: scrypt takes its time, and practitioners must not wait for it.
        return await asyncio.to_thread(self._accounts.signed_in, *told)


def _given(authorization: str | None) -> bytes | None:
    """Return name and password of a request; None where it has none."""
    scheme, _, coded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return b64decode(coded, validate=True)
    except NotBase64:
        return b""


def from_elsewhere(request: Request) -> bool:
    """Say whether a browser tells that a form was sent from another site's page."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc.lower() != (request.headers.get("host") or "").lower():
        return True
    return request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}


def refuse_writing(request: Request, policy: str) -> HTTPResponse | None:
    """Return the refusal of what is written about a policy, or None.

    It is for the policy's keepers, from the guide's own pages. With "" it is about the guide.
    """
    if from_elsewhere(request):
        return text_response(ELSEWHERE, 403)
    if not may_write(request.ctx.keeper, policy):
        return text_response(NOT_YOURS, 403)
    return None


def may_write(keeper: Keeper, policy: str) -> bool:
    """Say whether a keeper may write about a policy, or about the guide itself for ""."""
    return keeper.may(Right.write, policy) if policy else keeper.may_somewhere(Right.write)
