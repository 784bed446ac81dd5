"""Pages for keepers of policies, and off while no password is set: what is here, and its reviews.

The policies with their approval, the diagram, the fact sheet, two files compared, and what the
guide says in a situation of one's own. Drafts are at the desk (`bot/keepers/desk`).
"""

import asyncio
from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path
from urllib.parse import quote

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.core.handbook.handbook import Handbook
from bot.core.policy.loader import PolicyError, load_policy, policy_files
from bot.core.policy.model import Policy
from bot.documents.webpage import web_file
from bot.keepers.desk.answers import Sent
from bot.keepers.desk.trying import tried
from bot.keepers.diagram import diagram_svg
from bot.keepers.diff import policy_changes
from bot.keepers.factsheet import MARKS, factsheet_page
from bot.keepers.files import NoSuchPolicyError, find_policy
from bot.keepers.gate import KeepersGate
from bot.keepers.page import html_page, page_response, templates, text_response
from bot.keepers.people import Keeper, Right
from bot.keepers.reviews import calendar_file, due_reviews, review_words
from bot.keepers.words import approval, day_words


class KeeperPages:
    """The pages of one folder of policies. `more` is HTML that ends the list of policies."""

    def __init__(
        self, folder: Path, handbook: Handbook, today: Callable[[], date], more: str = ""
    ) -> None:
        self.folder = folder
        self.more = more
        self.handbook = handbook
        self.today = today

    def index(self, keeper: Keeper) -> str:
        """Return the list of the policies that somebody keeps, each version with its approval."""
        policies = self._policies(keeper)
        due = due_reviews(policies, self.today())
        body = (
            templates()
            .get_template("index.html")
            .render(
                rows=[self._row(name, policy) for name, policy in policies.items()],
                due=[review_words(one, self.today()) for one in due],
                more=self.more,
            )
        )
        return html_page("The policies", body)

    def _policies(self, keeper: Keeper) -> dict[str, Policy]:
        found = {path.stem: path for path in policy_files(self.folder)}
        return {
            name: load_policy(path) for name, path in found.items() if keeper.may(Right.read, name)
        }

    def _row(self, name: str, policy: Policy) -> dict[str, object]:
        review = policy.document.next_review
        passed = " (has passed)" if review and review < self.today() else ""
        return {
            "name": name,
            "cells": (
                policy.name,
                approval(policy),
                day_words(policy.document.effective_from),
                f"{day_words(review)}{passed}",
            ),
        }

    def reviews(self, keeper: Keeper) -> bytes:
        """Return all reviews as a calendar file."""
        return calendar_file(self._policies(keeper), self.today())

    def fact_sheet(self, name: str) -> bytes:
        """Return the fact sheet of a file."""
        return web_file(factsheet_page(self._policy(name), self.handbook, self.today()), MARKS)

    def diagram(self, name: str) -> str:
        """Return the diagram of a file."""
        return diagram_svg(self._policy(name), self.handbook)

    def compare(self, old: str, new: str) -> str:
        """Return the diagrams of two files side by side, and the changes between them."""
        told = policy_changes((old, self._policy(old)), (new, self._policy(new)), self.handbook)
        pictures = "".join(
            f'<td><img src="/keepers/policy/{quote(name)}/diagram.svg" '
            f'alt="The stages of {escape(name)}" width="420"></td>'
            for name in (old, new)
        )
        heads = "".join(f"<th scope=col>{escape(name)}</th>" for name in (old, new))
        return html_page(
            f"{old} and {new}",
            f"<table><thead><tr>{heads}</tr></thead><tbody><tr>{pictures}</tr></tbody></table>"
            f"<h2>What changes for practitioners</h2><table><tbody><tr><td>{escape(told)}</td></tr>"
            "</tbody></table>",
        )

    def try_it(self, keeper: Keeper, sent: Sent) -> str:
        """Return a form for a situation of one's own and, once it is sent, what the guide says."""
        names = list(self._policies(keeper))
        name = (sent.get("policy") or names or [""])[0]
        policy = self._policy(name) if name in names else None
        body = (
            templates()
            .get_template("try.html")
            .render(
                draft="",
                picks=names,
                policy=name,
                action="/keepers/try",
                **tried(policy, sent, self.today(), self.handbook),
            )
        )
        return html_page("Try it", body)

    def _policy(self, name: str) -> Policy:
        if name not in {path.stem for path in policy_files(self.folder)}:
            raise NoSuchPolicyError(name)
        return find_policy(str(self.folder / f"{name}.yml"), self.folder, self.today())[1]


def keepers_blueprint(pages: KeeperPages, gate: KeepersGate) -> Blueprint:
    """Return the routes: all are for keepers, and none changes anything."""
    routes = Blueprint("keepers", url_prefix="/keepers")

    async def signed_in(request: Request) -> HTTPResponse | None:
        return await gate.refusal(request)

    async def index(request: Request) -> HTTPResponse:
        return await _found(lambda: page_response(pages.index(request.ctx.keeper)))

    async def reviews(request: Request) -> HTTPResponse:
        media = "text/calendar; charset=utf-8"
        return await _found(lambda: page_response(pages.reviews(request.ctx.keeper), media))

    async def sheet(_request: Request, name: str) -> HTTPResponse:
        return await _found(lambda: page_response(pages.fact_sheet(name)))

    async def picture(_request: Request, name: str) -> HTTPResponse:
        return await _found(lambda: page_response(pages.diagram(name), "image/svg+xml"))

    async def compare(request: Request) -> HTTPResponse:
        names = [request.args.get(name, "") for name in ("old", "new")]
        keeper: Keeper = request.ctx.keeper
        if not all(keeper.may(Right.read, name) for name in names):
            return text_response("This policy has other keepers. Ask its partnership.", 403)
        return await _found(lambda: page_response(pages.compare(*names)))

    async def try_it(request: Request) -> HTTPResponse:
        sent = dict(request.args)
        return await _found(lambda: page_response(pages.try_it(request.ctx.keeper, sent)))

    routes.middleware(signed_in, "request")
    for path, handler in (
        ("/", index),
        ("/policy/<name:str>", sheet),
        ("/policy/<name:str>/diagram.svg", picture),
        ("/compare", compare),
        ("/try", try_it),
        ("/reviews.ics", reviews),
    ):
        routes.add_route(handler, path, methods=["GET"])
    return routes


async def _found(answer: Callable[[], HTTPResponse]) -> HTTPResponse:
    """Answer in a thread: comparing takes a second, and practitioners must not wait for it."""
    try:
        return await asyncio.to_thread(answer)
    except NoSuchPolicyError:
        return text_response("There is no policy of that name.", 404)
    except PolicyError as error:
        return text_response(f"A policy file is wrong.\n{error}", 500)
