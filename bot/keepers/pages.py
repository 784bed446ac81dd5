"""Pages for keepers of policies, and off while no password is set: what is here, and its reviews.

The policies with their approval, the diagram, the fact sheet, two files compared, and what the
guide says in a situation of one's own. Drafts are at the desk (`bot/keepers/desk`).
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from datetime import date
from pathlib import Path
from typing import Any

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
from bot.keepers.diff import changes_between
from bot.keepers.factsheet import MARKS, factsheet_page
from bot.keepers.files import NoSuchPolicyError, find_policy
from bot.keepers.gate import KeepersGate
from bot.keepers.page import (
    MEDIA,
    file_response,
    html_page,
    page_response,
    templates,
    text_response,
)
from bot.keepers.people import Keeper, Right
from bot.keepers.reviews import calendar_file, due_reviews, review_words
from bot.keepers.several import handouts, register
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
        policies, wrong = self._read(keeper)
        due = due_reviews(policies, self.today())
        body = (
            templates()
            .get_template("index.html")
            .render(
                rows=[self._row(name, policy) for name, policy in policies.items()],
                wrong=wrong,
                due=[review_words(one, self.today()) for one in due],
                more=self.more,
            )
        )
        return html_page("The policies", body)

    def _policies(self, keeper: Keeper) -> dict[str, Policy]:
        return self._read(keeper)[0]

    def _read(self, keeper: Keeper) -> tuple[dict[str, Policy], dict[str, list[str]]]:
        """Return the policies by file, and what is wrong with the files that cannot be used."""
        found: dict[str, Policy] = {}
        wrong: dict[str, list[str]] = {}
        for path in policy_files(self.folder):
            if not keeper.may(Right.read, path.stem):
                continue
            try:
                found[path.stem] = load_policy(path)
            except PolicyError as error:
                wrong[path.stem] = str(error).splitlines()
        return found, wrong

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

    def handout(self, name: str, kind: str) -> tuple[str, bytes]:
        """Return a file for the partnership's web site or its teams, with its name."""
        found = handouts(name, self._policy(name), self.handbook, self.today())
        if kind not in found:
            raise NoSuchPolicyError(f"{name}.{kind}")
        file, make = found[kind]
        return file, make()

    def register(self, keeper: Keeper) -> bytes:
        """Return the register of the files that somebody keeps."""
        return register(self.folder, lambda name: keeper.may(Right.read, name))

    def compare(self, old: str, new: str) -> str:
        """Return the diagrams of two files side by side, and the changes between them."""
        told = changes_between((old, self._policy(old)), (new, self._policy(new)), self.handbook)
        body = templates().get_template("compare.html").render(names=(old, new), told=told)
        return html_page(f"{old} and {new}", body)

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


Named = Mapping[str, str]
Answer = Callable[[Request, Named], HTTPResponse]


def keepers_blueprint(pages: KeeperPages, gate: KeepersGate) -> Blueprint:
    """Return the routes: all are for keepers, and none changes anything."""
    routes = Blueprint("keepers", url_prefix="/keepers")

    async def signed_in(request: Request) -> HTTPResponse | None:
        return await gate.refusal(request)

    def compare(request: Request, _named: Named) -> HTTPResponse:
        names = [request.args.get(name, "") for name in ("old", "new")]
        if not all(_keeper(request).may(Right.read, name) for name in names):
            return text_response("This policy has other keepers. Ask its partnership.", 403)
        return page_response(pages.compare(*names))

    def handout(_request: Request, named: Named) -> HTTPResponse:
        name, content = pages.handout(named["name"], named["kind"])
        return file_response(content, name)

    answers: dict[str, tuple[str, Answer]] = {
        "index": ("/", lambda request, _: page_response(pages.index(_keeper(request)))),
        "sheet": (
            "/policy/<name:str>",
            lambda _, named: page_response(pages.fact_sheet(named["name"])),
        ),
        "picture": (
            "/policy/<name:str>/diagram.svg",
            lambda _, named: page_response(pages.diagram(named["name"]), MEDIA["svg"]),
        ),
        "handout": ("/policy/<name:str>/files/<kind:str>", handout),
        "compare": ("/compare", compare),
        "try_it": (
            "/try",
            lambda request, _: page_response(pages.try_it(_keeper(request), dict(request.args))),
        ),
        "register": (
            "/register.csv",
            lambda request, _: file_response(pages.register(_keeper(request)), "policies.csv"),
        ),
        "reviews": (
            "/reviews.ics",
            lambda request, _: page_response(pages.reviews(_keeper(request)), CALENDAR),
        ),
    }
    routes.middleware(signed_in, "request")
    for name, (path, answer) in answers.items():
        routes.add_route(_handler(answer), path, methods=["GET"], name=name)
    return routes


CALENDAR = "text/calendar; charset=utf-8"


def _keeper(request: Request) -> Keeper:
    keeper: Keeper = request.ctx.keeper
    return keeper


def _handler(answer: Answer) -> Callable[..., Coroutine[Any, Any, HTTPResponse]]:
    async def handle(request: Request, **named: str) -> HTTPResponse:
        return await _found(lambda: answer(request, named))

    return handle


async def _found(answer: Callable[[], HTTPResponse]) -> HTTPResponse:
    """Answer in a thread: comparing takes a second, and practitioners must not wait for it."""
    try:
        return await asyncio.to_thread(answer)
    except NoSuchPolicyError:
        return text_response("There is no policy of that name.", 404)
    except PolicyError as error:
        return text_response(f"A policy file is wrong.\n{error}", 500)
