"""The web channel: sessions, messages and history over HTTP, for the page's own script.

    POST /webhooks/web/session   -> {"token", "expires", "lasts", "messages"}
        <- {} or {"partnership": "kent"}, which the page is set up for; the person can change it.
        No other answer can be given here. `lasts` is in seconds.
    PUT  /webhooks/web/session   with Authorization: Bearer <token> -> {"token", "expires", "lasts"}
        Extends the conversation's token, at most to a week after the conversation began.
    DELETE /webhooks/web/session   with the same header -> 204
        Deletes the conversation and every case it saved or opened; with ?keep=case the case stays.
    POST /webhooks/web/message   <- {"text", "id"} with the same header -> {"messages"}
    GET  /webhooks/web/history   with the same header -> {"messages"}, each with "from"
    GET  /webhooks/web/files/<offer>/<name>   with the same header -> a file that was offered

If people have to sign in, each request also needs X-Sign-In: <JWT>, or the header that the
organisation's proxy sets. Without it the answer is 401 and an error that begins with sign_in; the
session goes on once the person has signed in again.

An error is {"error", "message"}: a name for the page and a sentence for the person. 429, and 503
with the error "busy", come with Retry-After: nothing was read or kept, and the client should send
the same again after so many seconds.

`id` is optional. It is the client's name for a message, new for each (8 to 64 letters, digits and
dashes; a random UUID is best). If there was no answer (the connection broke, 502, 503, 504), or
the answer said that nothing is being recorded, the client should send the same text with the same
id: if the turn was taken, its answer is repeated. Without an id, a repeated message is a new one.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels import turn
from bot.channels.configured import FRAMES, ORIGINS, listed_sites
from bot.channels.guard import LARGEST_BODY, Rate, Refused, TokenBucket, cost_of
from bot.channels.messages import Message
from bot.channels.web.sessions import BadToken, Session, Sessions
from bot.channels.web.sign_in import SIGN_IN_HEADER, NotSignedIn, SignIn
from bot.channels.wording import SAFETY, Wording
from bot.documents import downloads
from bot.offered import offered_policies
from bot.privacy.store.database import StoreUnavailable
from bot.privacy.store.threads import in_thread

log = logging.getLogger(__name__)

PER_SESSION = Rate(60, 2.0)
PER_ADDRESS = Rate(600, 60.0)
OPENINGS = Rate(300, 5.0)
REFUSALS = Rate(10, 1 / 10)
"""How often it is logged that a page was refused: anybody can send such requests."""


class SessionRequest(msgspec.Struct):
    """The body of a request for a session. Other fields are ignored."""

    partnership: str | None = None


class WebMessage(msgspec.Struct):
    """The body of a message."""

    text: str
    id: Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9-]{8,64}\Z")] = ""


class WebChannel(InputChannel):
    """The channel `web`, set up in credentials.yml.

    `origins`: other sites (scheme://host[:port]) whose pages may use the guide.
    `frames`: other sites whose pages may hold the page for frames.
    In the environment: ESCALATION_GUIDE_WEB_ORIGINS and ESCALATION_GUIDE_WEB_FRAMES.
    Rates: how many at once, and then how many per second.
    """

    def __init__(
        self,
        origins: Sequence[str] = (),
        frames: Sequence[str] = (),
        messages_per_session: Rate = PER_SESSION,
        messages_per_address: Rate = PER_ADDRESS,
        sessions_per_address: Rate = OPENINGS,
    ) -> None:
        self.origins = frozenset(origins)
        self.frames = tuple(frames)
        self._refusals = TokenBucket(REFUSALS)
        self._by_session = TokenBucket(messages_per_session)
        self._by_address = TokenBucket(messages_per_address)
        self._openings = TokenBucket(sessions_per_address)

    @classmethod
    def name(cls) -> str:
        """The last part of the channel's address."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "WebChannel":
        """The channel as credentials.yml and the environment describe it."""
        given = dict(credentials or {})
        sites = {each.name: listed_sites(each, cls.name(), given) for each in (ORIGINS, FRAMES)}
        rates = {
            key: Rate(int(value["burst"]), float(value["per_second"]))
            for key, value in (given.pop("rates", None) or {}).items()
        }
        return cls(**{**given, **rates, **sites})

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The addresses. Turns are taken through `app.ctx.services`, which also answers."""
        web = Blueprint("web_channel")

        @web.post("/session")
        async def session(request: Request) -> HTTPResponse:
            self._check_site(request)
            self._check_json(request)
            _check_rate(self._openings, _address(request))
            partnership = _read(request.body or b"{}", SessionRequest).partnership
            known = offered_policies()
            if partnership is not None and partnership not in known:
                ids = ", ".join(known)
                raise Refused(400, "partnership_unknown", "partnership_unknown", ids=ids)
            sessions: Sessions = request.app.ctx.sessions
            opened = sessions.issue(await _person(request))
            messages = await turn.open_conversation(
                request.app.ctx.services, opened.conversation, "web", partnership, refuse=True
            )
            return _json({**_token(opened), "messages": messages})

        @web.post("/message")
        async def message(request: Request) -> HTTPResponse:
            self._check_site(request)
            self._check_json(request)
            said = _read(request.body, WebMessage)
            cost = cost_of(said.text)
            _check_rate(self._by_address, _address(request), cost)
            conversation = await _conversation(request)
            _check_rate(self._by_session, conversation, cost)
            services, address = request.app.ctx.services, _address(request)
            messages = await turn.say(
                services, conversation, said.text, "web", address, said.id, refuse=True
            )
            return _json({"messages": messages})

        @web.get("/history")
        async def history(request: Request) -> HTTPResponse:
            self._check_site(request)
            _check_rate(self._by_address, _address(request))
            conversation = await _conversation(request)
            services: turn.Services = request.app.ctx.services
            try:
                said = await in_thread(lambda: turn.history(services, conversation))
            except StoreUnavailable:
                said = [("guide", m) for m in services.wording.safety(stored=False)]
            return _json({"messages": [_history_entry(who, message) for who, message in said]})

        async def preflight(request: Request) -> HTTPResponse:
            self._check_site(request)
            return HTTPResponse(status=204)

        for path in ("session", "message", "history"):
            web.add_route(preflight, f"/{path}", methods=["OPTIONS"], name=f"{path}_preflight")

        self._add_keeping(web)
        self._add_files(web)

        async def allow_listed_sites(request: Request, response: HTTPResponse) -> None:
            response.headers["Cache-Control"] = "no-store"
            response.headers.update(self.cross_site_headers(request))

        web.middleware(allow_listed_sites, attach_to="response")
        return web

    def _add_keeping(self, web: Blueprint) -> None:
        """Add the addresses for extending and deleting a conversation."""

        @web.put("/session")
        async def renew(request: Request) -> HTTPResponse:
            self._check_site(request)
            _check_rate(self._by_session, await _conversation(request))
            sessions: Sessions = request.app.ctx.sessions
            return _json(_token(sessions.renew(_bearer(request), await _person(request))))

        @web.delete("/session")
        async def delete(request: Request) -> HTTPResponse:
            self._check_site(request)
            conversation = await _conversation(request, leaving=True)
            _check_rate(self._by_session, conversation)
            keep = request.args.get("keep")
            if keep not in {None, "case"}:
                raise Refused(400, "bad_request", "not_understood_by_server")
            try:
                await turn.delete(request.app.ctx.services, conversation, cases=keep is None)
            except (StoreUnavailable, asyncio.TimeoutError):
                raise Refused(503, "not_deleted", "not_deleted") from None
            return HTTPResponse(status=204)

    def _add_files(self, web: Blueprint) -> None:
        """Add the address of files, which only the conversation that offered them can fetch."""
        path = "/files/<offer:str>/<name:str>"

        @web.get(path)
        async def file(request: Request, offer: str, name: str) -> HTTPResponse:
            self._check_site(request)
            _check_rate(self._by_address, _address(request))
            conversation = await _conversation(request)
            _check_rate(self._by_session, conversation)
            return await file_response(request, downloads.Ticket(conversation, offer, name))

        @web.options(path)
        async def file_preflight(request: Request, **_: str) -> HTTPResponse:
            self._check_site(request)
            return HTTPResponse(status=204)

    def cross_site_headers(self, request: Request) -> dict[str, str]:
        """The headers that let pages of listed sites read an answer."""
        headers = {"Vary": "Origin"}
        origin = (request.headers.get("origin") or "").lower()
        if origin in self.origins:
            headers |= {
                "Access-Control-Allow-Origin": origin,
                "Access-Control-Allow-Headers": f"authorization, content-type, {SIGN_IN_HEADER}",
                "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE",
                "Access-Control-Expose-Headers": "retry-after, content-disposition",
                "Access-Control-Max-Age": "600",
            }
        return headers

    def _check_site(self, request: Request) -> None:
        origin = (request.headers.get("origin") or "").lower()
        if origin:
            allowed = origin in self.origins or _same_site(origin, request)
        else:
            allowed = request.headers.get("sec-fetch-site") != "cross-site"
        if not allowed:
            host = (request.headers.get("host") or "")[:200]
            if not self._refusals.take(origin, time.monotonic()):
                log.warning(
                    "A page was refused: origin %.200r, Host %r. If it is the guide's own, a proxy "
                    "does not pass Host on. If it is another site's, list it in %s.",
                    origin, host, ORIGINS.variable(self.name()),
                )  # fmt: skip
            # Whoever set it up sees it in the browser first, and has no log there.
            raise Refused(403, "wrong_site", "wrong_page", page=origin[:200] or "-", host=host)

    @staticmethod
    def _check_json(request: Request) -> None:
        kind = (request.headers.get("content-type") or "").split(";")[0].strip().lower()
        if kind != "application/json":
            raise Refused(415, "not_json", "not_understood_by_server")
        if len(request.body) > LARGEST_BODY:
            limit = f"{request.app.ctx.services.longest:,}"
            raise Refused(413, "too_large", "body_too_large", limit=limit)


async def file_response(request: Request, ticket: downloads.Ticket) -> HTTPResponse:
    """The file of a ticket, as a download; raises Refused if there is none."""
    services: turn.Services = request.app.ctx.services
    since = time.time() - request.app.ctx.file_seconds
    try:
        made = await asyncio.to_thread(_make, services, ticket, since)
    except downloads.NoFile as none:
        raise file_refusal(none) from None
    except StoreUnavailable:
        raise Refused(503, "failed", SAFETY) from None
    headers = {
        "Content-Disposition": f'attachment; filename="{made.name}"',
        "Cache-Control": "no-store",
    }
    return HTTPResponse(body=made.content, headers=headers, content_type=made.type)


def file_refusal(none: downloads.NoFile) -> Refused:
    """The refusal that explains why there is no file, and what to do."""
    if none.over:
        return Refused(410, "file_over", "file_over")
    return Refused(404, "file_unknown", "file_unknown")


def _make(
    services: turn.Services, ticket: downloads.Ticket, since: float
) -> downloads.DownloadFile:
    events = services.store.conversation(ticket.conversation)
    return downloads.fetch(events, ticket.conversation, ticket.offer, ticket.name, since)


def refusal_response(wording: Wording, refusal: Refused) -> HTTPResponse:
    """The response to a refused request."""
    body = {"error": refusal.error, "message": wording.say(refusal.response, **refusal.gaps)}
    response = _json(body, refusal.status)
    if "seconds" in refusal.gaps:
        response.headers["Retry-After"] = str(refusal.gaps["seconds"])
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _json(body: object, status: int = 200) -> HTTPResponse:
    content = msgspec.json.encode(body)
    return HTTPResponse(body=content, status=status, content_type="application/json")


def _history_entry(who: str, message: Message) -> dict[str, Any]:
    return {"from": who, **msgspec.to_builtins(message)}


def _token(session: Session) -> dict[str, Any]:
    return {"token": session.token, "expires": session.expires, "lasts": session.lasts}


Body = TypeVar("Body", SessionRequest, WebMessage)


def _read(body: bytes, kind: type[Body]) -> Body:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise Refused(400, "bad_request", "not_understood_by_server") from None


def _bearer(request: Request) -> str:
    scheme, _, token = (request.headers.get("authorization") or "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


async def _conversation(request: Request, *, leaving: bool = False) -> str:
    """The conversation of a request's token. With `leaving`, only to delete it."""
    sessions: Sessions = request.app.ctx.sessions
    token = _bearer(request)
    try:
        # An ended session is reported first: signing in again would not bring it back.
        sessions.check(token)
        return sessions.conversation_of(token, await _person(request, leaving=leaving))
    except BadToken as bad:
        if bad.expired:
            raise Refused(401, "session_expired", "session_expired") from None
        raise Refused(401, "session_unknown", "session_unknown") from None


async def _person(request: Request, *, leaving: bool = False) -> str:
    """A keyed digest of the person who is signed in; "" if nobody has to sign in."""
    sign_in: SignIn = request.app.ctx.sign_in
    try:
        # The connection's own address, since anybody can forge an address in a header.
        parts = await sign_in.identify(request.headers, str(request.ip), leaving=leaving)
    except NotSignedIn as unknown:
        raise Refused(unknown.status, unknown.error, unknown.error) from None
    sessions: Sessions = request.app.ctx.sessions
    return sessions.keyed_name("person", *parts) if parts else ""


def _check_rate(bucket: TokenBucket, key: str, cost: int = 1) -> None:
    seconds = bucket.take(key, time.monotonic(), cost)
    if seconds:
        raise Refused(429, "too_quick", "too_quick", seconds=seconds)


def _address(request: Request) -> str:
    return str(request.remote_addr or request.ip)


def _same_site(origin: str, request: Request) -> bool:
    # Without the scheme, which the server does not know behind a proxy that ends TLS.
    return urlsplit(origin).netloc == (request.headers.get("host") or "").lower()
