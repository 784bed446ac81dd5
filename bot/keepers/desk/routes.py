"""The routes of the keepers' desk: signed in, and changed only by forms of its own pages."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.core.policy.loader import PolicyError
from bot.keepers.desk.answers import AT, GoTo, NotTaken, Page, Sent, one
from bot.keepers.desk.desk import Desk
from bot.keepers.desk.work import NotThere
from bot.keepers.gate import KeepersGate, from_elsewhere
from bot.keepers.page import HEADERS, file_response, page_response, text_response
from bot.keepers.people import Keeper, form_token, same_token
from bot.privacy.store.database import StoreUnavailable

Named = Mapping[str, str]
"""The parts of the address: `draft` and `piece`."""
Show = Callable[[Desk, Keeper, Sent, Named], Page | GoTo]

BEGIN = "/begin"
LARGEST = 6 * 1024 * 1024
"""Bytes of a form with a document: 5 MB, and what is around it."""
# Sanic takes an empty name for a `str` too.
DRAFT = "/<draft:[a-z0-9_]+>"
PAGES: Mapping[str, Show] = {
    "/": lambda desk, keeper, _, __: desk.drafts(keeper),
    f"{DRAFT}/": lambda desk, keeper, _, at: desk.overview(keeper, at["draft"]),
    f"{DRAFT}/statements": lambda desk, keeper, sent, at: desk.statements(
        keeper, at["draft"], one(sent, "show")
    ),
    f"{DRAFT}/statement/<piece:str>": lambda desk, keeper, _, at: desk.statement(
        keeper, at["draft"], at["piece"]
    ),
    f"{DRAFT}/add": lambda desk, keeper, sent, at: desk.add(keeper, at["draft"], sent),
    f"{DRAFT}/silent": lambda desk, keeper, sent, at: desk.silent(
        keeper, at["draft"], one(sent, "path"), one(sent, "piece")
    ),
    f"{DRAFT}/text": lambda desk, keeper, _, at: desk.text(keeper, at["draft"]),
    f"{DRAFT}/try": lambda desk, keeper, sent, at: desk.try_it(keeper, at["draft"], sent),
    f"{DRAFT}/cases": lambda desk, keeper, _, at: desk.cases(keeper, at["draft"]),
    f"{DRAFT}/changes": lambda desk, keeper, _, at: desk.changes(keeper, at["draft"]),
    f"{DRAFT}/sign": lambda desk, keeper, _, at: desk.signing(keeper, at["draft"]),
    f"{DRAFT}/history": lambda desk, keeper, _, at: desk.history(keeper, at["draft"]),
}
"""What is shown, by the path behind `AT`."""

FORMS: Mapping[str, Show] = {
    f"{DRAFT}/statement/<piece:str>": lambda desk, keeper, sent, at: desk.act(
        keeper, at["draft"], at["piece"], sent
    ),
    f"{DRAFT}/add": lambda desk, keeper, sent, at: desk.put(keeper, at["draft"], sent),
    f"{DRAFT}/silent": lambda desk, keeper, sent, at: desk.say_not_stated(
        keeper, at["draft"], sent
    ),
    f"{DRAFT}/cases": lambda desk, keeper, sent, at: desk.judge(keeper, at["draft"], sent),
    f"{DRAFT}/check": lambda desk, keeper, sent, at: desk.check(keeper, at["draft"], sent),
    f"{DRAFT}/sign": lambda desk, keeper, sent, at: desk.sign(keeper, at["draft"], sent),
    f"{DRAFT}/publish": lambda desk, keeper, sent, at: desk.publish(keeper, at["draft"], sent),
}
"""What is done, by the path behind `AT`."""

FILES: Mapping[str, Callable[[Desk, Keeper, Named], tuple[str, bytes]]] = {
    "/audit.csv": lambda desk, keeper, _: ("keepers-audit.csv", desk.audit(keeper)),
    f"{DRAFT}/policy.yml": lambda desk, _, at: desk.file(at["draft"]),
    f"{DRAFT}/cases.yml": lambda desk, _, at: desk.case_file(at["draft"]),
}
"""What is downloaded, by the path behind `AT`."""


def desk_blueprint(desk: Desk, gate: KeepersGate) -> Blueprint:
    """Return the routes of the drafts."""
    routes = Blueprint("drafts", url_prefix=AT)

    async def let_in(request: Request) -> HTTPResponse | None:
        refused = await gate.refusal(request)
        whole = request.method == "POST" and not request.path.endswith(BEGIN)
        return refused or (forged(request) if whole else None)

    def forged(request: Request) -> HTTPResponse | None:
        token = one(sent_by(request), "token")
        expected = form_token(desk.secret, request.ctx.keeper)
        if from_elsewhere(request) or not same_token(token, expected):
            return _refusal(desk, NotTaken("elsewhere", 403))
        return None

    async def begin(request: Request) -> HTTPResponse:
        # Only now, when it is known who sends it, may it be as large as a policy's document.
        stream: Any = request.stream
        usual, stream.request_max_size = stream.request_max_size, LARGEST
        try:
            await request.receive_body()  # type: ignore[no-untyped-call]
        finally:
            stream.request_max_size = usual
        refused = forged(request)
        if refused:
            return refused
        file = request.files.get("file") if request.files else None
        upload = (file.name, file.body) if file and file.body else None
        keeper, sent = request.ctx.keeper, sent_by(request)
        return await _answered(desk, lambda: desk.begin(keeper, sent, upload))

    routes.middleware(let_in, "request")
    routes.add_route(begin, BEGIN, methods=["POST"], name="begin", stream=True)
    for at, (path, show) in enumerate(PAGES.items()):
        routes.add_route(_page(desk, show), path, methods=["GET"], name=f"page{at}")
    for at, (path, act) in enumerate(FORMS.items()):
        routes.add_route(_form(desk, act), path, methods=["POST"], name=f"form{at}")
    for at, (path, make) in enumerate(FILES.items()):
        routes.add_route(_file(desk, make), path, methods=["GET"], name=f"file{at}")
    return routes


Handler = Callable[..., Coroutine[None, None, HTTPResponse]]


def _page(desk: Desk, show: Show) -> Handler:
    async def answer(request: Request, **named: str) -> HTTPResponse:
        keeper, query = request.ctx.keeper, dict(request.args)
        return await _answered(desk, lambda: show(desk, keeper, query, named))

    return answer


def _form(desk: Desk, act: Show) -> Handler:
    async def answer(request: Request, **named: str) -> HTTPResponse:
        keeper, sent = request.ctx.keeper, sent_by(request)
        return await _answered(desk, lambda: act(desk, keeper, sent, named))

    return answer


def _file(desk: Desk, make: Callable[[Desk, Keeper, Named], tuple[str, bytes]]) -> Handler:
    async def answer(request: Request, **named: str) -> HTTPResponse:
        keeper = request.ctx.keeper

        def made() -> HTTPResponse:
            name, content = make(desk, keeper, named)
            return file_response(content, name)

        return await _answered(desk, made)

    return answer


def sent_by(request: Request) -> dict[str, list[str]]:
    """Return what a form has sent, by name."""
    form: Mapping[str, list[str]] = request.form or {}
    return {str(name): [str(value) for value in values] for name, values in form.items()}


async def _answered(desk: Desk, answer: Callable[[], Page | GoTo | HTTPResponse]) -> HTTPResponse:
    """Answer in a thread: practitioners must not wait for a page of many cases."""
    try:
        found = await asyncio.to_thread(answer)
    except NotTaken as refused:
        return _refusal(desk, refused)
    except NotThere:
        return text_response("There is no such draft or statement.", 404)
    except PolicyError as error:
        return text_response(f"A policy file is wrong.\n{error}", 500)
    except (SQLAlchemyError, StoreUnavailable):
        return text_response("The drafts cannot be read now. Try again in a few minutes.", 503)
    if isinstance(found, GoTo):
        return HTTPResponse(status=303, headers={**HEADERS, "Location": found.address})
    if isinstance(found, Page):
        return page_response(found.html, status=found.status)
    return found


def _refusal(desk: Desk, refused: NotTaken) -> HTTPResponse:
    return page_response(desk.message(refused.words), status=refused.status)
