"""The HTTP application: channels, the widget's files, health checks and error responses."""

import math
import re
from collections.abc import Callable, Sequence
from html import escape
from http import HTTPStatus
from pathlib import Path

import msgspec
from rasa.core.channels.channel import InputChannel
from rasa.core.channels.channel import register as register_channels
from sanic import Sanic
from sanic.exceptions import PayloadTooLarge, SanicException
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from bot.channels import guard
from bot.channels.background import Background
from bot.channels.guard import Refused
from bot.channels.outbound import Sender
from bot.channels.turn import Services
from bot.channels.web.channel import WebChannel, file_refusal, file_response, refusal_response
from bot.channels.web.sessions import Sessions
from bot.channels.wording import SAFETY, Wording
from bot.documents.downloads import Links, NoFile
from bot.offered import offered_library, offered_policies
from bot.privacy.store.database import StoreUnavailable
from bot.privacy.store.threads import in_thread
from bot.server import connections
from bot.server.logs import log_failure
from bot.server.settings import Settings

PAGE = "demo.html"
FRAMED = "/framed"
FRAMED_PAGE = "framed.html"
READ = ("GET", "HEAD")
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
STORE_AWAY = Refused(503, "failed", SAFETY)
_PORT = re.compile(r":[0-9]*$")
_FILE = re.compile(r"[a-z0-9][a-z0-9-]*(\.[a-z0-9]+)+")

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; require-trusted-types-for 'script'; trusted-types 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def build_app(
    settings: Settings,
    channels: Sequence[InputChannel],
    services: Services,
    sessions: Sessions,
    links: Links,
    alive: Callable[[], bool],
) -> Sanic:
    """Build the application. Rasa's own HTTP API is not part of it.

    `alive` says whether actions can be run. `links` (as `app.ctx.links`) are for channels whose
    users fetch files without a token.
    """
    app = Sanic(
        "escalation_guide", request_class=connections.StrictRequest, configure_logging=False
    )
    app.config.REQUEST_MAX_SIZE = guard.LARGEST_DELIVERY
    app.config.REQUEST_MAX_HEADER_SIZE = 16 * 1024
    app.config.REQUEST_TIMEOUT = connections.REQUEST_SECONDS
    app.config.RESPONSE_TIMEOUT = math.ceil(settings.turn_seconds) + connections.BODY_SECONDS
    app.config.KEEP_ALIVE_TIMEOUT = connections.IDLE_SECONDS
    app.config.ACCESS_LOG = False
    app.config.AUTO_EXTEND = False
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.config.PROXIES_COUNT = settings.proxies or None
    app.config.REAL_IP_HEADER = None
    app.ctx.agent = services.agent
    app.ctx.services = services
    app.ctx.sessions = sessions
    app.ctx.wording = services.wording
    app.ctx.links = links
    app.ctx.file_seconds = settings.file_seconds
    # For channels that answer by calls of their own.
    app.ctx.background = Background()
    app.ctx.sender = Sender()
    register_channels(list(channels), app, route="/webhooks/")
    web = next((channel for channel in channels if isinstance(channel, WebChannel)), None)
    _add_health(app, services, alive)
    _add_widget(app, settings.widget, web)
    _add_links(app, links)
    _add_errors(app, services)

    framed = _headers_for_frames(web.frames if web else ())

    async def secure(request: Request, response: BaseHTTPResponse) -> None:
        for name, value in (framed if request.path == FRAMED else HEADERS).items():
            response.headers.setdefault(name, value)

    app.register_middleware(secure, "response")
    own = settings.own_hosts

    async def known_host(request: Request) -> None:
        # Sanic also asks for what is no request. And whoever asks for its health, such as
        # Kubernetes, may know it by an address only.
        asked = request.method != connections.NO_REQUEST
        if own and asked and _host(request) not in own and not request.path.startswith("/health"):
            raise Refused(421, "wrong_host", "wrong_site")

    app.register_middleware(known_host, "request")
    return app


def _headers_for_frames(sites: Sequence[str]) -> dict[str, str]:
    """The headers of the one page that pages of these sites may hold in a frame."""
    headers = dict(HEADERS)
    if sites:
        # X-Frame-Options cannot list sites, and browsers that know frame-ancestors ignore it.
        del headers["X-Frame-Options"]
        own = "frame-ancestors 'self'"
        policy = headers["Content-Security-Policy"].replace(own, " ".join([own, *sites]))
        headers["Content-Security-Policy"] = policy
    return headers


def _host(request: Request) -> str:
    """The name under which it was asked for, without the port."""
    return _PORT.sub("", request.headers.get("host") or "").strip("[]").lower()


def _add_health(app: Sanic, services: Services, alive: Callable[[], bool]) -> None:
    """Add the health checks. They answer in one word, since strangers may ask."""

    def answer(*, well: bool, whole: bool = True) -> HTTPResponse:
        told = {"status": "ok" if well else "unavailable"}
        # The log names the files; a stranger need not know them.
        body = msgspec.json.encode(told if whole else {**told, "policies": "incomplete"})
        return HTTPResponse(
            body=body,
            status=200 if well else 503,
            headers={"Cache-Control": "no-store"},
            content_type="application/json",
        )

    @app.route("/health/live", methods=READ)
    async def live(_request: Request) -> HTTPResponse:
        """Say whether the process works. If not, only a restart helps."""
        return answer(well=alive())

    async def ready(_request: Request) -> HTTPResponse:
        """Say whether it can answer: it has policies, model and actions, and a writable store."""
        loaded = bool(offered_policies()) and services.agent.is_ready()
        well = alive() and loaded and await in_thread(services.store.writable)
        return answer(well=well, whole=not offered_library().left_out)

    for path in ("/health", "/health/ready"):
        app.add_route(ready, path, methods=READ, name=path[1:].replace("/", "_"))


def _add_widget(app: Sanic, folder: Path, web: WebChannel | None) -> None:
    def file(name: str, request: Request) -> HTTPResponse:
        path = folder / name
        if not _FILE.fullmatch(name) or path.suffix not in TYPES or not path.is_file():
            raise Refused(404, "not_found", "not_found")
        headers = {"Cache-Control": "no-cache"}
        if web is not None:
            # Browsers fetch modules by the rules for cross-site data.
            headers |= web.cross_site_headers(request)
        if "Access-Control-Allow-Origin" in headers:
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return HTTPResponse(
            body=path.read_bytes(), headers=headers, content_type=TYPES[path.suffix]
        )

    @app.route("/", methods=READ)
    async def page(request: Request) -> HTTPResponse:
        return file(PAGE, request)

    @app.route(FRAMED, methods=READ)
    async def framed(request: Request) -> HTTPResponse:
        page = file(FRAMED_PAGE, request)
        # It tells its height to no other page.
        sites = " ".join(web.frames if web else ())
        page.body = (page.body or b"").replace(
            b'name="frames" content=""', f'name="frames" content="{escape(sites)}"'.encode()
        )
        return page

    @app.route("/widget/<name:str>", methods=READ)
    async def widget(request: Request, name: str) -> HTTPResponse:
        return file(name, request)


def _add_links(app: Sanic, links: Links) -> None:
    """Add the signed links. They show a page first, since link previews would use them up."""

    @app.route("/files/<token:str>", methods=READ)
    async def look(request: Request, token: str) -> HTTPResponse:
        wording: Wording = request.app.ctx.wording
        try:
            await in_thread(lambda: links.peek(token))
        except (NoFile, StoreUnavailable) as none:
            refusal = file_refusal(none) if isinstance(none, NoFile) else STORE_AWAY
            return _page(wording, wording.say(refusal.response), status=refusal.status)
        return _page(wording, wording.say("file_page_text"), button="file_page_button")

    @app.post("/files/<token:str>")
    async def fetch(request: Request, token: str) -> HTTPResponse:
        try:
            return await file_response(request, await in_thread(lambda: links.redeem(token)))
        except NoFile as none:
            refusal = file_refusal(none)
        except StoreUnavailable:
            refusal = STORE_AWAY
        except Refused as refused:
            refusal = refused
        wording: Wording = request.app.ctx.wording
        return _page(wording, wording.say(refusal.response), status=refusal.status)


def _page(
    wording: Wording, text: str, button: str | None = None, status: int = 200
) -> HTTPResponse:
    """A small page without style or script; its button posts to the page's own address."""
    title = escape(wording.say("file_page_title"))
    form = (
        f'<form method="post"><button>{escape(wording.say(button))}</button></form>'
        if button
        else ""
    )
    body = (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
        f"<body><main><h1>{title}</h1><p>{escape(text)}</p>{form}</main></body></html>"
    )
    policy = HEADERS["Content-Security-Policy"].replace("form-action 'none'", "form-action 'self'")
    return HTTPResponse(
        body=body,
        status=status,
        headers={"Cache-Control": "no-store", "Content-Security-Policy": policy},
        content_type=TYPES[".html"],
    )


def _add_errors(app: Sanic, services: Services) -> None:
    async def refused(_request: Request, refusal: Refused) -> HTTPResponse:
        return refusal_response(services.wording, refusal)

    async def anything(_request: Request, error: Exception) -> HTTPResponse:
        if isinstance(error, PayloadTooLarge):
            limit = f"{services.longest:,}"
            refusal = Refused(413, "too_large", "body_too_large", limit=limit)
        elif isinstance(error, SanicException) and error.status_code == HTTPStatus.NOT_FOUND:
            refusal = Refused(404, "not_found", "not_found")
        elif (
            isinstance(error, SanicException)
            and error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
        ):
            status = error.status_code
            refusal = Refused(status, "bad_request", "not_understood_by_server")
        else:
            log_failure("A request failed.", error)
            refusal = Refused(500, "failed", SAFETY)
        return refusal_response(services.wording, refusal)

    app.error_handler.add(Refused, refused)
    app.error_handler.add(Exception, anything)
