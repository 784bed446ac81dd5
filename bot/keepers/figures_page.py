"""The pages of the figures: read-only, behind the keepers' sign-in."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from html import escape
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.documents import word
from bot.figures.chart import alt_text, chart_svg
from bot.figures.document import report_page
from bot.figures.files import csv_file
from bot.figures.published import NotShownError, PublishedQuarters
from bot.figures.report import (
    SHOWN_BACK,
    SIDE_BY_SIDE,
    QuarterReport,
    ReportSection,
    quarter_report,
    quarter_words,
    report_title,
)
from bot.figures.words import shown_count, words
from bot.figures.workbook import MEDIA, figures_workbook
from bot.keepers.factsheet import MARKS
from bot.keepers.gate import KeepersGate
from bot.keepers.page import html_page, page_response, text_response
from bot.privacy.store.database import StoreUnavailable

AT = "/keepers/figures"
LINK = f'<h2>Figures</h2><p><a href="{AT}/">What the partnership learns</a></p>'

Make = Callable[[str, str], bytes]
Handler = Callable[[Request, str, str], Coroutine[None, None, HTTPResponse]]

FILES = {"word": "report.docx", "xlsx": "figures.xlsx", "csv": "figures.csv"}
"""The names of a page's files, by the key of their link's words."""

log = logging.getLogger(__name__)


class FigurePages:
    """The pages with the figures of one database."""

    def __init__(self, published: PublishedQuarters) -> None:
        self.published = published

    def index(self) -> str:
        """Return the list of policies and quarters."""
        quarters = self.published.quarters(SHOWN_BACK)
        rows = "".join(
            f"<tr><th scope=row>{escape(name)}</th><td>"
            + "<br>".join(
                f'<a href="{AT}/{quote(policy)}/{quarter}">{quarter_words(quarter)}</a>'
                for quarter in quarters
            )
            + "</td></tr>"
            for policy, name in self.published.names().items()
        )
        following = quarters[0].following
        day = f"{following.shown_from.day} {following.shown_from:%B %Y}"
        later = words()["not_yet"].format(quarter=quarter_words(following), day=day)
        return html_page(
            words()["title"],
            f"<p>{escape(words()['what'])}</p><p>{escape(later)}</p><table><thead><tr>"
            f"<th scope=col>Policy</th><th scope=col>Quarter</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>",
        )

    def report(self, policy: str, quarter: str) -> str:
        """Return a policy's quarter beside the three before it."""
        report = self._quarter_report(policy, quarter)
        at = f"{AT}/{quote(policy)}/{report.quarter}"
        sections = "".join(
            _section(section, f"{at}/{section.key}/chart.svg") for section in report.sections
        )
        return html_page(
            report.title,
            f"<p>{escape(report.sentence)}</p><p>{_links(at)}</p>"
            f"<p class=note>{escape(words()['kept'])}</p>{sections}"
            f"{_tables_not_shown(report)}{_section(report.other_help, None)}"
            f"<p class=note>{escape(words()['what'])}</p>",
        )

    def chart(self, policy: str, quarter: str, key: str) -> str:
        """Return the chart of a table."""
        for section in self._quarter_report(policy, quarter).sections:
            if section.key == key:
                return chart_svg(section)
        raise NotShownError(f"There is no chart {key!r} for this quarter.")

    def csv(self, policy: str, quarter: str) -> bytes:
        """Return the same figures as CSV."""
        newest = self.published.find_quarter(policy, quarter)
        return csv_file(self.published.quarters_back(policy, newest, SIDE_BY_SIDE))

    def workbook(self, policy: str, quarter: str) -> bytes:
        """Return the same figures as a workbook, with a sheet that explains them."""
        newest = self.published.find_quarter(policy, quarter)
        found = self.published.quarters_back(policy, newest, SIDE_BY_SIDE)
        return figures_workbook(report_title(self.published.names()[policy], newest), found)

    def word(self, policy: str, quarter: str) -> bytes:
        """Return the report as a Word file."""
        report = self._quarter_report(policy, quarter)
        return word.word_file(report_page(report), report.quarter.shown_from, MARKS)

    def _quarter_report(self, policy: str, quarter: str) -> QuarterReport:
        newest = self.published.find_quarter(policy, quarter)
        found = self.published.quarters_back(policy, newest, SIDE_BY_SIDE)
        return quarter_report(self.published.names()[policy], found, self.published.lost(newest))


def _links(at: str) -> str:
    links = (
        *((f"{at}/{name}", kind) for kind, name in FILES.items()),
        (f"{AT}/", "others"),
    )
    return " · ".join(f'<a href="{to}">{escape(words()[name])}</a>' for to, name in links)


def _section(section: ReportSection, chart: str | None) -> str:
    head = f"<h2>{escape(section.title)}</h2><p>{escape(section.sentence)}</p>"
    note = f"<p class=note>{escape(section.note)}</p>" if section.note else ""
    alt = escape(alt_text(section))
    picture = f'<p><img src="{escape(chart)}" alt="{alt}"></p>' if chart else ""
    columns = "".join(
        f"<th scope=col>{escape(title)}</th>" for title in (words()["head"], *section.columns)
    )
    rows = "".join(_row(line.label, line.counts) for line in section.lines)
    total = _row(words()["all"], section.totals) if section.totals else ""
    title = escape(section.title)
    table = (
        f"<table><caption>{title}</caption><thead><tr>{columns}</tr></thead>"
        f"<tbody>{rows}{total}</tbody></table>"
    )
    if len(section.columns) > 1:
        table = f'<div class="wide" role="region" tabindex="0" aria-label="{title}">{table}</div>'
    return f"{head}{picture}{table}{note}"


def _tables_not_shown(report: QuarterReport) -> str:
    if not report.not_shown:
        return ""
    said = words()["nothing"]
    items = "".join(f"<li>{escape(title)}</li>" for title in report.not_shown)
    return f"<h2>{escape(said['title'])}</h2><p>{escape(said['what'])}</p><ul>{items}</ul>"


def _row(label: str, counts: tuple[int | None, ...]) -> str:
    cells = "".join(f"<td>{shown_count(count)}</td>" for count in counts)
    return f"<tr><th scope=row>{escape(label)}</th>{cells}</tr>"


def figures_blueprint(pages: FigurePages, gate: KeepersGate) -> Blueprint:
    """Return the routes, each behind the keepers' sign-in."""
    routes = Blueprint("figures", url_prefix=AT)

    async def signed_in(request: Request) -> HTTPResponse | None:
        return await gate.refusal(request)

    async def index(_request: Request) -> HTTPResponse:
        return await _answered(lambda: page_response(pages.index()))

    async def told(_request: Request, policy: str, quarter: str) -> HTTPResponse:
        return await _answered(lambda: page_response(pages.report(policy, quarter)))

    async def chart(_request: Request, policy: str, quarter: str, key: str) -> HTTPResponse:
        return await _answered(
            lambda: page_response(pages.chart(policy, quarter, key), "image/svg+xml")
        )

    routes.middleware(signed_in, "request")
    for path, handler in (
        ("/", index),
        ("/<policy:str>/<quarter:str>", told),
        ("/<policy:str>/<quarter:str>/<key:str>/chart.svg", chart),
    ):
        routes.add_route(handler, path, methods=["GET"])
    for kind, media, make in (
        ("word", word.MEDIA, pages.word),
        ("xlsx", MEDIA, pages.workbook),
        ("csv", "text/csv; charset=utf-8", pages.csv),
    ):
        path = f"/<policy:str>/<quarter:str>/{FILES[kind]}"
        routes.add_route(_file(make, media, FILES[kind]), path, methods=["GET"], name=kind)
    return routes


def _file(make: Make, media: str, name: str) -> Handler:
    """Return a handler that sends a file named after its policy and quarter."""
    ending = Path(name).suffix

    async def file(_request: Request, policy: str, quarter: str) -> HTTPResponse:
        answer = await _answered(lambda: page_response(make(policy, quarter), media))
        if answer.status == HTTPStatus.OK:
            called = f'attachment; filename="figures-{policy}-{quarter}{ending}"'
            answer.headers["Content-Disposition"] = called
        return answer

    return file


async def _answered(answer: Callable[[], HTTPResponse]) -> HTTPResponse:
    """Answer in a thread: counting may take a second, and practitioners must not wait for it."""
    try:
        return await asyncio.to_thread(answer)
    except NotShownError as error:
        return text_response(str(error), 404)
    except (SQLAlchemyError, StoreUnavailable) as error:
        # The error's text may hold a row.
        log.error("The figures could not be counted: %s.", type(error).__name__)  # noqa: TRY400
        return text_response("The figures cannot be read now. Try again in a few minutes.", 503)
