"""The keepers' page of what readers say is wrong or unclear, by statement, and their answers.

A report is a count: there is nothing to read but the statement. A keeper answers it with the change
that was made or with the reason why it stays.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from html import escape
from pathlib import Path

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.core.handbook.handbook import Handbook
from bot.core.handbook.sources import GUIDANCE, HEADLINE, Document, Listed
from bot.core.policy.loader import load_library
from bot.core.policy.model import Policy
from bot.core.policy.places import statement_places
from bot.keepers.gate import KeepersGate, may_write, refuse_writing
from bot.keepers.page import html_page, page_response, text_response
from bot.keepers.people import Keeper, Right
from bot.privacy.store.database import StoreUnavailable
from bot.privacy.store.feedback import (
    LONGEST_REASON,
    Answered,
    Key,
    Reported,
    answer_reports,
    answers,
    key_of,
    reported,
)

AT = "/keepers/feedback"
LINK = f'<h2>Feedback</h2><p><a href="{AT}/">What readers say is wrong or unclear</a></p>'
DECISIONS = {"changed": "Changed", "stays": "Stays as it is"}
FAULTS = {
    "wrong_person": "wrong person or role",
    "out_of_date": "out of date",
    "does_not_fit": "does not fit",
    "unclear": "unclear",
    "did_not_help": "did not help",
}
IN_BOLD = "What stands first, in bold: what to do next, with whom and by when"
DOCUMENTS = {
    str(Document.draft): "A message or words for a call that the guide drafted",
    str(Document.files): "A file that the guide made: record, form, timeline or calendar",
    str(Document.briefing): "The policy on one page",
    str(Document.practice): "The situations for teams",
}
NO_PLACE = "The whole answer, or the section as a whole"
SHORTEST_REASON = 3
KEY = ("policy", "version", "statement", "section")
"""What a form sends back to name the statement."""

log = logging.getLogger(__name__)


class FeedbackPages:
    """The page over one folder of policies and one database."""

    def __init__(
        self, folder: Path, handbook: Handbook, engine: Engine, today: Callable[[], date]
    ) -> None:
        self.folder = folder
        self.handbook = handbook
        self.engine = engine
        self.today = today

    def index(self, keeper: Keeper) -> str:
        """Return the statements reported that are theirs to read, those with the most first.

        The guide's own are everybody's. Whoever may not change a policy sees its reports and the
        answers, and no form.
        """
        told = [one for one in reported(self.engine) if _may_read(keeper, one.policy)]
        answered = answers(self.engine)
        policies = load_library(self.folder).on(self.today())
        rows = "".join(
            self._row(one, answered.get(key_of(one)), policies, may_write(keeper, one.policy))
            for one in told
        )
        table = (
            '<div class="wide"><table><caption>Reports by statement</caption><thead><tr>'
            "<th scope=col>Statement</th><th scope=col>Reports</th><th scope=col>Your answer</th>"
            f"</tr></thead><tbody>{rows}</tbody></table></div>"
        )
        return html_page(
            "What readers say is wrong or unclear",
            "<p>Counts alone: nobody's words, and nothing that leads to a conversation. Look at "
            "the statement beside the published policy. Put the file right, or say why it stays."
            f"</p>{table if told else '<p>Nobody has reported anything.</p>'}",
        )

    def answer(self, given: Mapping[str, str]) -> None:
        """Keep an answer. Raises ValueError, with what is wrong, where it does not fit."""
        key: Key = tuple(given.get(name, "") for name in KEY)  # type: ignore[assignment]
        reason = " ".join(given.get("reason", "").split())
        if key not in {key_of(one) for one in reported(self.engine)}:
            raise ValueError("Nobody has reported that statement.")
        if given.get("decision") not in DECISIONS:
            raise ValueError("Say whether it was changed or stays.")
        if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
            raise ValueError(f"Give the change or the reason, in at most {LONGEST_REASON} letters.")
        day = self.today().isoformat()
        answer_reports(self.engine, Answered(*key, day, given["decision"], reason))

    def _row(
        self,
        one: Reported,
        answered: Answered | None,
        policies: Mapping[str, Policy],
        may: bool,  # noqa: FBT001 - whether the form is shown
    ) -> str:
        faults = "<br>".join(
            f"{count} × {escape(FAULTS.get(fault, fault))}" for fault, count in one.faults.items()
        )
        return (
            f"<tr><th scope=row>{'<br>'.join(self._statement(one, policies))}</th>"
            f"<td>{faults}<br>last in {escape(one.last_month)}</td>"
            f"<td>{_answer(answered)}{_form(one) if may else ''}</td></tr>"
        )

    def _statement(self, one: Reported, policies: Mapping[str, Policy]) -> Iterator[str]:
        """Yield the statement's words, its place and its section, each as HTML."""
        policy = policies.get(one.policy)
        if one.version and (policy is None or policy.fingerprint != one.version):
            yield f"Of an earlier version of {escape(one.policy)}"
            yield escape(one.statement)
        elif one.statement in {HEADLINE, *DOCUMENTS}:
            yield DOCUMENTS.get(one.statement, IN_BOLD)
            yield escape(policy.name if policy else "No policy was chosen")
        elif policy and one.statement:
            placed = statement_places(policy).get(one.statement)
            yield escape(placed.words if placed else NO_PLACE)
            yield f"{escape(policy.name)}: {escape(one.statement)}"
        else:
            own = self._own().get(one.statement)
            yield escape(own.what if own else NO_PLACE)
            yield escape(policy.name if policy else one.statement or "No policy was chosen")
        if one.section:
            yield f"Section: {escape(one.section)}"

    def _own(self) -> dict[str, Listed]:
        return {f"{one.file}: {one.key}": one for one in self.handbook.statements()}


def _may_read(keeper: Keeper, policy: str) -> bool:
    return policy in {"", GUIDANCE} or keeper.may(Right.read, policy)


def _answer(answered: Answered | None) -> str:
    if answered is None:
        return ""
    decision = DECISIONS[answered.decision]
    return f"<p>{escape(answered.day)}: {decision}. {escape(answered.reason)}</p>"


def _form(one: Reported) -> str:
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in zip(KEY, key_of(one), strict=True)
    )
    options = "".join(f'<option value="{key}">{name}</option>' for key, name in DECISIONS.items())
    named = escape(one.statement or one.section or one.policy)
    return (
        f'<form method="post" action="{AT}/">{hidden}'
        f'<select name="decision" aria-label="Decision on {named}">{options}</select> '
        f'<input name="reason" maxlength="{LONGEST_REASON}" '
        f'aria-label="The change or the reason, for {named}"> <button>Answer</button></form>'
    )


def feedback_blueprint(pages: FeedbackPages, gate: KeepersGate) -> Blueprint:
    """Return the routes, each behind the keepers' sign-in."""
    routes = Blueprint("feedback", url_prefix=AT)

    async def signed_in(request: Request) -> HTTPResponse | None:
        return await gate.refusal(request)

    async def index(request: Request) -> HTTPResponse:
        keeper = request.ctx.keeper
        return await _answered(lambda: page_response(pages.index(keeper)))

    async def answered(request: Request) -> HTTPResponse:
        given = {name: values[0] for name, values in (request.form or {}).items() if values}
        refused = refuse_writing(request, given.get("policy", ""))

        def keep() -> HTTPResponse:
            pages.answer(given)
            return page_response(pages.index(request.ctx.keeper))

        return refused or await _answered(keep)

    routes.middleware(signed_in, "request")
    routes.add_route(index, "/", methods=["GET"])
    routes.add_route(answered, "/", methods=["POST"], name="answered")
    return routes


async def _answered(answer: Callable[[], HTTPResponse]) -> HTTPResponse:
    """Answer in a thread: practitioners must not wait for it."""
    try:
        return await asyncio.to_thread(answer)
    except ValueError as error:
        return text_response(str(error), 400)
    except (SQLAlchemyError, StoreUnavailable) as error:
        log.error("The feedback could not be read: %s.", type(error).__name__)  # noqa: TRY400
        return text_response("The feedback cannot be read now. Try again in a few minutes.", 503)
