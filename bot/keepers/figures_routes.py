"""The routes of the figures' pages and files, each behind the keepers' sign-in."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from pathlib import Path

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.core.vocabulary import Agency
from bot.documents import word
from bot.figures.published import NotShownError
from bot.figures.report import CONTACTS, Comment
from bot.figures.words import NONE_CHOSEN
from bot.figures.workbook import MEDIA
from bot.keepers.figures_page import AT, FILES, FigurePages, WrongCommentError
from bot.keepers.gate import KeepersGate, refuse_writing
from bot.keepers.page import page_response, text_response
from bot.privacy.store.database import StoreUnavailable

Make = Callable[[str, str], bytes]
Handler = Callable[[Request, str, str], Coroutine[None, None, HTTPResponse]]

log = logging.getLogger(__name__)


def figures_blueprint(pages: FigurePages, gate: KeepersGate) -> Blueprint:
    """Return the routes, each behind the keepers' sign-in."""
    routes = Blueprint("figures", url_prefix=AT)

    async def signed_in(request: Request) -> HTTPResponse | None:
        return await gate.refusal(request, for_all={NONE_CHOSEN})

    async def index(request: Request) -> HTTPResponse:
        keeper = request.ctx.keeper
        return await _answered(lambda: page_response(pages.index(keeper)))

    async def told(_request: Request, policy: str, period: str) -> HTTPResponse:
        return await _answered(lambda: page_response(pages.report(policy, period)))

    async def chart(
        _request: Request, policy: str, period: str, key: str, size: str
    ) -> HTTPResponse:
        return await _answered(
            lambda: page_response(pages.chart(policy, period, key, size), "image/svg+xml")
        )

    routes.middleware(signed_in, "request")
    for path, handler in (
        ("/", index),
        ("/<policy:str>/<period:str>", told),
    ):
        routes.add_route(handler, path, methods=["GET"])
    routes.add_route(
        chart, r"/<policy:str>/<period:str>/<key:str>/<size:(?:chart|narrow)\.svg>", methods=["GET"]
    )
    _add_forms(routes, pages)
    for kind, media, make in (
        ("word", word.MEDIA, pages.word),
        ("xlsx", MEDIA, pages.workbook),
        ("csv", "text/csv; charset=utf-8", pages.csv),
    ):
        path = f"/<policy:str>/<period:str>/{FILES[kind]}"
        routes.add_route(_file(make, media, FILES[kind]), path, methods=["GET"], name=kind)
    return routes


def _add_forms(routes: Blueprint, pages: FigurePages) -> None:
    """Add the forms of what the group sets beside the figures."""
    comment_at = "/<policy:str>/<period:str>/<key:str>/comment"
    contacts_at = f"/<policy:str>/<period:str>/{CONTACTS}"

    async def form(_request: Request, policy: str, period: str, key: str) -> HTTPResponse:
        return await _answered(lambda: page_response(pages.comment_form(policy, period, key)))

    async def comment(request: Request, policy: str, period: str, key: str) -> HTTPResponse:
        given = request.form or {}
        said = Comment(given.get("comment") or "", given.get("action") or "")
        return refuse_writing(request, policy) or await _answered(
            lambda: page_response(pages.keep_comment(policy, period, key, said))
        )

    async def contacts_form(_request: Request, policy: str, period: str) -> HTTPResponse:
        return await _answered(lambda: page_response(pages.contacts_form(policy, period)))

    async def contacts(request: Request, policy: str, period: str) -> HTTPResponse:
        form = request.form or {}
        given = {str(agency): form.get(agency) or "" for agency in Agency}
        return refuse_writing(request, policy) or await _answered(
            lambda: page_response(pages.keep_contacts(policy, period, given))
        )

    routes.add_route(form, comment_at, methods=["GET"])
    routes.add_route(comment, comment_at, methods=["POST"])
    routes.add_route(contacts_form, contacts_at, methods=["GET"])
    routes.add_route(contacts, contacts_at, methods=["POST"])


def _file(make: Make, media: str, name: str) -> Handler:
    """Return a handler that sends a file named after its policy and period."""
    ending = Path(name).suffix

    async def file(_request: Request, policy: str, period: str) -> HTTPResponse:
        answer = await _answered(lambda: page_response(make(policy, period), media))
        if answer.status == HTTPStatus.OK:
            called = f'attachment; filename="figures-{policy}-{period}{ending}"'
            answer.headers["Content-Disposition"] = called
        return answer

    return file


async def _answered(answer: Callable[[], HTTPResponse]) -> HTTPResponse:
    """Answer in a thread: counting may take a second, and practitioners must not wait for it."""
    try:
        return await asyncio.to_thread(answer)
    except NotShownError as error:
        return text_response(str(error), 404)
    except WrongCommentError as error:
        return text_response(str(error), 400)
    except (SQLAlchemyError, StoreUnavailable) as error:
        # The error's text may hold a row.
        log.error("The figures could not be counted: %s.", type(error).__name__)  # noqa: TRY400
        return text_response("The figures cannot be read now. Try again in a few minutes.", 503)
