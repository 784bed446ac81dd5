"""Pages for keepers of policies: read-only, behind a password, and off while none is set.

They show what `python -m bot policies` prints: the policies with their approval, the diagram, the
fact sheet, two files compared, and the advice for facts to try.
"""

import asyncio
import hmac
import time
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from html import escape
from pathlib import Path
from urllib.parse import quote

import msgspec
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.core.handbook.handbook import Handbook
from bot.core.policy.loader import PolicyError, load_library, load_policy, policy_files
from bot.core.policy.model import Policy
from bot.core.rules.advice import advise
from bot.core.rules.facts import FactsError, parse_facts, read_json
from bot.core.rules.narrowing import narrowed
from bot.core.rules.results import Advice
from bot.core.text import parse_day
from bot.documents.webpage import STYLE, web_file
from bot.keepers.diagram import diagram_svg
from bot.keepers.diff import policy_changes
from bot.keepers.factsheet import MARKS, factsheet_page
from bot.keepers.files import NoSuchPolicyError, find_policy
from bot.keepers.words import approval, day_words

PASSWORD = "ESCALATION_GUIDE_KEEPERS_PASSWORD"  # noqa: S105 - the variable's name
SHORTEST = 12
TRIES, TRIES_SECONDS = 10, 600
"""After so many wrong passwords in so many seconds from one address, it is let in no more for as
long. Others go on: a stranger must not be able to shut the keepers out."""
MOST_ADDRESSES = 10_000
"""How many addresses with wrong passwords are remembered at once."""
TRY_IT = """{"partnership": "kent", "today": "2026-11-24", "risk": "concern",
 "disagreement": "threshold", "my_agency": "education",
 "their_agency": "childrens_social_care",
 "steps": [{"level": "practitioner", "on": "2026-11-20", "outcome": "unresolved"}]}"""
DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{DIGEST}'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
}
LISTS = (
    "deadlines", "contacts", "notify", "records", "forms", "guidance", "grounds", "support",
    "warnings", "not_stated",
)  # fmt: skip


def keepers_password(environment: Mapping[str, str]) -> str | None:
    """Return the password that turns the pages on, or None. Raises ValueError for a short one."""
    password = environment.get(PASSWORD, "").strip()
    if password and len(password) < SHORTEST:
        msg = f"{PASSWORD} must have at least {SHORTEST} characters."
        raise ValueError(msg)
    return password or None


class KeeperPages:
    """The pages of one folder of policies. `more` is HTML that ends the list of policies."""

    def __init__(
        self, folder: Path, handbook: Handbook, today: Callable[[], date], more: str = ""
    ) -> None:
        self.folder = folder
        self.more = more
        self.handbook = handbook
        self.today = today

    def index(self) -> str:
        """Return the list of policies, each version with its approval and dates."""
        rows = "".join(self._row(path) for path in policy_files(self.folder))
        names = [path.stem for path in policy_files(self.folder)]
        options = "".join(f"<option>{escape(name)}</option>" for name in names)
        pick = "".join(
            f'<label>{label} <select name="{name}">{options}</select></label> '
            for name, label in (("old", "Old"), ("new", "New"))
        )
        return html_page(
            "The policies",
            "<table><thead><tr><th scope=col>File</th><th scope=col>Policy</th>"
            "<th scope=col>Standing</th><th scope=col>In force from</th>"
            f"<th scope=col>Next review</th></tr></thead><tbody>{rows}</tbody></table>"
            f'<h2>Side by side</h2><form action="/keepers/compare">{pick}'
            "<button>Compare</button></form>"
            '<h2>Try it</h2><p><a href="/keepers/try">Facts in, advice out</a></p>'
            f"{self.more}",
        )

    def _row(self, path: Path) -> str:
        policy, at = load_policy(path), f"/keepers/policy/{quote(path.stem)}"
        review = policy.document.next_review
        passed = " (has passed)" if review and review < self.today() else ""
        cells = (
            escape(policy.name),
            escape(approval(policy)),
            day_words(policy.document.effective_from),
            f"{day_words(review)}{passed}",
        )
        return (
            f'<tr><th scope=row><a href="{at}">{escape(path.stem)}</a><br>'
            f'<a href="{at}/diagram.svg">picture</a></th>'
            + "".join(f"<td>{cell}</td>" for cell in cells)
            + "</tr>"
        )

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

    def try_it(self, text: str | None) -> str:
        """Return a form for facts and, once facts are given, the advice with its sources."""
        advised = "" if text is None else self._tried(text)
        return html_page(
            "Try it",
            '<form method="post" action="/keepers/try"><label for="facts">Facts, as for '
            '<code>advise</code>. Never a name.</label><br><textarea id="facts" name="facts" '
            f'rows="8" cols="80">{escape(TRY_IT if text is None else text)}</textarea><br>'
            f"<button>What does the guide say?</button></form>{advised}",
        )

    def _tried(self, text: str) -> str:
        try:
            data = read_json(text.encode())
            given = parse_day(data.get("today")) if isinstance(data, dict) else None
            today = given or self.today()
            policies = load_library(self.folder).on(today)
            facts = parse_facts(data, policies, today)
        except (FactsError, RecursionError) as error:
            problems = getattr(error, "problems", ["facts: too deep; expected one JSON object"])
            return f"<h2>Not understood</h2><ul>{_items(problems)}</ul>"
        policy = narrowed(policies[str(facts.partnership)], facts)
        return _advice(advise(facts, policy, today, self.handbook))

    def _policy(self, name: str) -> Policy:
        if name not in {path.stem for path in policy_files(self.folder)}:
            raise NoSuchPolicyError(name)
        return find_policy(str(self.folder / f"{name}.yml"), self.folder, self.today())[1]


def _advice(advice: Advice) -> str:
    rows = "".join(
        f"<tr><th scope=row>{name.replace('_', ' ')}</th><td>{escape(_words(item))}</td>"
        f"<td>{escape(f'{item.source.document}, {item.source.section}')}</td></tr>"
        for name in LISTS
        for item in getattr(advice, name)
    )
    stage = f" At {escape(advice.stage.label)}." if advice.stage else ""
    return (
        f"<h2>{escape(str(advice.route))}: {escape(str(advice.next.action))}</h2>"
        f"<p>{escape(advice.next.summary)}{stage}</p><table><thead><tr><th scope=col>Part</th>"
        f"<th scope=col>What it says</th><th scope=col>Source</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _words(item: object) -> str:
    values = {k: v for k, v in msgspec.to_builtins(item).items() if k not in {"source", "id"}}
    return "\n".join(f"{key}: {value}" for key, value in values.items() if value not in (None, []))


def _items(texts: list[str]) -> str:
    return "".join(f"<li>{escape(text)}</li>" for text in texts)


def html_page(title: str, body: str) -> str:
    """Return a whole page; `body` is HTML."""
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>"
        f'<h1>{escape(title)}</h1>{body}<p><a href="/keepers/">All policies</a></p>'
        "</main></body></html>\n"
    )


class PasswordGate:
    """Checks the password, and lets an address in no more for a while after too many wrong ones."""

    def __init__(self, password: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._expected = sha256(password.encode()).digest()
        self._clock = clock
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()

    def refusal(self, request: Request) -> HTTPResponse | None:
        """Return the refusal of a request, or None where the password is right."""
        now, address = self._clock(), str(request.remote_addr or request.ip)
        wrong = [at for at in self._wrong.get(address, ()) if now - at < TRIES_SECONDS]
        if len(wrong) >= TRIES:
            return text_response("Too many wrong passwords. Try again in ten minutes.", 429)
        given = _given(request.headers.get("authorization"))
        if given is not None:
            if hmac.compare_digest(sha256(given).digest(), self._expected):
                return None
            self._wrong.pop(address, None)
            self._wrong[address] = [*wrong, now]
            if len(self._wrong) > MOST_ADDRESSES:
                self._wrong.popitem(last=False)
        asked = {"WWW-Authenticate": 'Basic realm="Keepers of the policies", charset="UTF-8"'}
        return text_response("Sign in with the keepers' password.", 401, asked)


def _given(authorization: str | None) -> bytes | None:
    scheme, _, coded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        return b64decode(coded, validate=True).partition(b":")[2]
    except NotBase64:
        return b""


def text_response(
    words: str, status: int, headers: Mapping[str, str] | None = None
) -> HTTPResponse:
    """Return a plain-text answer."""
    return HTTPResponse(
        body=words,
        status=status,
        headers={**HEADERS, **(headers or {})},
        content_type="text/plain; charset=utf-8",
    )


def keepers_blueprint(pages: KeeperPages, gate: PasswordGate) -> Blueprint:
    """Return the routes: all need the password, and none changes anything."""
    routes = Blueprint("keepers", url_prefix="/keepers")

    async def signed_in(request: Request) -> HTTPResponse | None:
        return gate.refusal(request)

    async def index(_request: Request) -> HTTPResponse:
        return await _found(lambda: page_response(pages.index()))

    async def sheet(_request: Request, name: str) -> HTTPResponse:
        return await _found(lambda: page_response(pages.fact_sheet(name)))

    async def picture(_request: Request, name: str) -> HTTPResponse:
        return await _found(lambda: page_response(pages.diagram(name), "image/svg+xml"))

    async def compare(request: Request) -> HTTPResponse:
        old, new = request.args.get("old", ""), request.args.get("new", "")
        return await _found(lambda: page_response(pages.compare(old, new)))

    async def form(_request: Request) -> HTTPResponse:
        return await _found(lambda: page_response(pages.try_it(None)))

    async def tried(request: Request) -> HTTPResponse:
        facts = (request.form or {}).get("facts") or ""
        return await _found(lambda: page_response(pages.try_it(facts)))

    routes.middleware(signed_in, "request")
    for path, handler in (
        ("/", index),
        ("/policy/<name:str>", sheet),
        ("/policy/<name:str>/diagram.svg", picture),
        ("/compare", compare),
        ("/try", form),
    ):
        routes.add_route(handler, path, methods=["GET"])
    routes.add_route(tried, "/try", methods=["POST"], name="tried")
    return routes


async def _found(answer: Callable[[], HTTPResponse]) -> HTTPResponse:
    """Answer in a thread: comparing takes a second, and practitioners must not wait for it."""
    try:
        return await asyncio.to_thread(answer)
    except NoSuchPolicyError:
        return text_response("There is no policy of that name.", 404)
    except PolicyError as error:
        return text_response(f"A policy file is wrong.\n{error}", 500)


def page_response(body: str | bytes, media: str = "text/html; charset=utf-8") -> HTTPResponse:
    """Return a page or an image, with the content policy and without caching."""
    coded = body.encode() if isinstance(body, str) else body
    return HTTPResponse(body=coded, headers=HEADERS, content_type=media)
