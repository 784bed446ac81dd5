"""The pages of the figures, behind the keepers' sign-in; only the group's comments change."""

from collections.abc import Mapping
from html import escape
from urllib.parse import quote

from bot.core.vocabulary import Agency
from bot.documents import word
from bot.figures.chart import NARROW, WIDE, alt_text, chart_svg
from bot.figures.comments import FEWEST_CONTACTS, MOST_CONTACTS, MOST_LETTERS, WHOLE, CommentBook
from bot.figures.document import report_page
from bot.figures.files import csv_file
from bot.figures.published import NotShownError, PublishedQuarters
from bot.figures.report import (
    CONTACTS,
    Comment,
    PeriodReport,
    ReportSection,
    period_report,
)
from bot.figures.sentences import RAISERS
from bot.figures.words import NONE_CHOSEN, option, shown_count, words
from bot.figures.workbook import figures_workbook
from bot.keepers.factsheet import MARKS
from bot.keepers.page import html_page
from bot.keepers.people import Keeper, Right

AT = "/keepers/figures"
LINK = f'<h2>Figures</h2><p><a href="{AT}/">What the partnership learns</a></p>'
MOST_COLUMNS = 4
"""A table of more may be wider than its page, and then scrolls by itself."""

FILES = {"word": "report.docx", "xlsx": "figures.xlsx", "csv": "figures.csv"}
"""The names of a page's files, by the key of their link's words."""
DIGITS = 9
"""Of a longer number only its length is looked at."""
CHARTS = {"chart.svg": WIDE, "narrow.svg": NARROW}


class WrongCommentError(ValueError):
    """What the group entered cannot be kept. The message says why."""


class FigurePages:
    """The pages with the figures of one database, and with the comments on them if there are any.

    Without `comments` nothing can be written.
    """

    def __init__(self, published: PublishedQuarters, comments: CommentBook | None = None) -> None:
        self.published = published
        self.comments = comments

    def index(self, keeper: Keeper) -> str:
        """Return the list of the policies that somebody keeps, and their periods."""
        periods = self.published.periods()
        links = "".join(
            f"<tr><th scope=row>{escape(name)}</th><td>"
            + "<br>".join(
                f'<a href="{AT}/{quote(policy)}/{period}">{period.in_words()}</a>'
                for period in periods
            )
            + "</td></tr>"
            for policy, name in self.published.names().items()
            if policy == NONE_CHOSEN or keeper.may(Right.read, policy)
        )
        table = (
            "<table><thead><tr><th scope=col>Policy</th><th scope=col>Period</th></tr></thead>"
            f"<tbody>{links}</tbody></table>"
        )
        none = f"<p>{escape(words()['none_yet'])}</p>"
        following = self.published.following()
        day = f"{following.last.shown_from.day} {following.last.shown_from:%B %Y}"
        later = words()["not_yet"].format(period=following.in_words(), day=day)
        return html_page(
            words()["title"],
            f"<p>{escape(words()['what'])}</p><p>{escape(later)}</p>{table if periods else none}",
        )

    def report(self, policy: str, period: str) -> str:
        """Return a policy's period beside those before it."""
        report = self._report(policy, period)
        at, writing = f"{AT}/{quote(policy)}/{report.period}", self.comments is not None
        sections = "".join(_section(section, at, comments=writing) for section in report.sections)
        apart = ""
        if report.apart.lines:
            apart = _section(report.apart, at, comments=writing)
        whole = (WHOLE, words()["comment"]["whole"])
        return html_page(
            report.title,
            f"<p>{escape(report.sentence)}</p>{_instead(report)}"
            f"{_comment(self._whole(report), whole, at, comments=writing)}"
            f"<p>{_links(at)}</p><p class=note>{escape(words()['kept'])}</p>"
            f"{_list(words()['changes']['title'], '', report.changes)}{sections}"
            f"{_list(words()['few_in_all']['title'], words()['few_in_all']['what'], report.few)}"
            f"{apart}<p class=note>{escape(words()['what'])}</p>",
        )

    def chart(self, policy: str, period: str, key: str, name: str = "chart.svg") -> str:
        """Return the chart of a table, for a desk or narrow for a phone."""
        for section in self._report(policy, period).sections:
            if section.key == key and section.drawn and name in CHARTS:
                return chart_svg(section, CHARTS[name])
        raise NotShownError(f"There is no chart {key!r} for this period.")

    def csv(self, policy: str, period: str) -> bytes:
        """Return the same figures as CSV."""
        newest = self.published.find_period(policy, period)
        return csv_file(self.published.periods_back(policy, newest))

    def workbook(self, policy: str, period: str) -> bytes:
        """Return the same tables and figures as a workbook, with a sheet that explains them."""
        report = self._report(policy, period)
        return figures_workbook(report, self.published.periods_back(policy, report.period))

    def word(self, policy: str, period: str) -> bytes:
        """Return the report as a Word file."""
        report = self._report(policy, period)
        page = report_page(report, self._whole(report))
        return word.word_file(page, report.period.last.shown_from, MARKS)

    def comment_form(self, policy: str, period: str, section: str) -> str:
        """Return the form for a comment on a section, or on the report as a whole."""
        report = self._report(policy, period)
        title = self._sections(report).get(section)
        if self.comments is None or title is None:
            raise NotShownError(f"There is no table {section!r} for this period.")
        said = self.comments.of(report.policy, report.period).get(section, Comment())
        form: dict[str, str] = words()["comment"]
        fields = "".join(
            f'<p><label for="{name}">{escape(form[name])}</label><br><textarea id="{name}" '
            f'name="{name}" rows="5" maxlength="{MOST_LETTERS}">{escape(text)}</textarea></p>'
            for name, text in (("comment", said.comment), ("action", said.action))
        )
        at = f"{AT}/{quote(policy)}/{report.period}"
        return html_page(
            form["title"],
            f"<p>{escape(report.title)}<br>{escape(form['section'])}: {escape(title)}</p>"
            f'<p>{escape(form["names"])}</p><form method="post" action="{at}/{section}/comment">'
            f"{fields}<button>{escape(form['save'])}</button></form>",
        )

    def keep_comment(self, policy: str, period: str, section: str, said: Comment) -> str:
        """Keep a comment, and return the page with it. Raises WrongCommentError."""
        report = self._report(policy, period)
        if self.comments is None or section not in self._sections(report):
            raise NotShownError(f"There is no table {section!r} for this period.")
        if max(len(said.comment), len(said.action)) > MOST_LETTERS:
            raise WrongCommentError(words()["comment"]["too_long"].format(most=MOST_LETTERS))
        self.comments.keep(report.policy, report.period, section, said)
        return self.report(policy, period)

    def contacts_form(self, policy: str, period: str) -> str:
        """Return the form for the contacts or referrals of each agency."""
        report = self._report(policy, period)
        if self.comments is None:
            raise NotShownError("Nothing can be written here.")
        entered = self.comments.contacts(report.policy, report.period)
        said: dict[str, str] = words()[CONTACTS]
        fields = "".join(
            f'<p><label for="{agency}">{escape(option("agency", agency))}</label><br>'
            f'<input id="{agency}" name="{agency}" type="number" inputmode="numeric" '
            f'min="{FEWEST_CONTACTS}" max="{MOST_CONTACTS}" value="{entered.get(agency, "")}"></p>'
            for agency in Agency
        )
        return html_page(
            said["title"],
            f"<p>{escape(report.title)}</p>"
            f"<p>{escape(said['what'].format(fewest=FEWEST_CONTACTS))}</p>"
            f'<form method="post" action="{AT}/{quote(policy)}/{report.period}/{CONTACTS}">'
            f"{fields}<button>{escape(said['save'])}</button></form>",
        )

    def keep_contacts(self, policy: str, period: str, given: Mapping[str, str]) -> str:
        """Keep what each agency's field holds, and return the page. Raises WrongCommentError."""
        report = self._report(policy, period)
        if self.comments is None:
            raise NotShownError("Nothing can be written here.")
        contacts = {
            agency: _contacts(agency, given[agency])
            for agency in Agency
            if given.get(agency, "").strip()
        }
        self.comments.keep_contacts(report.policy, report.period, contacts)
        return self.report(policy, period)

    def _sections(self, report: PeriodReport) -> dict[str, str]:
        titles = {section.key: section.title for section in (*report.sections, report.apart)}
        return {WHOLE: words()["comment"]["whole"], **titles}

    def _whole(self, report: PeriodReport) -> Comment:
        if self.comments is None:
            return Comment()
        return self.comments.of(report.policy, report.period).get(WHOLE, Comment())

    def _report(self, policy: str, name: str) -> PeriodReport:
        period = self.published.find_period(policy, name)
        found = self.published.periods_back(policy, period)
        book, at = self.comments, (found[0].policy, period)
        named, lost = self.published.names()[policy], self.published.lost(period)
        own = (book.of(*at), book.contacts(*at)) if book else ()
        return period_report(named, found, lost, *own)


def _contacts(agency: Agency, given: str) -> int:
    """Return the number in a field. Raises WrongCommentError."""
    plain = given.strip().replace(",", "")
    number = int(plain) if plain.isascii() and plain.isdecimal() and len(plain) <= DIGITS else 0
    if not FEWEST_CONTACTS <= number <= MOST_CONTACTS:
        raise WrongCommentError(
            words()[CONTACTS]["wrong"].format(
                agency=option("agency", agency), fewest=FEWEST_CONTACTS, most=MOST_CONTACTS
            )
        )
    return number


def _links(at: str) -> str:
    links = (
        *((f"{at}/{name}", kind) for kind, name in FILES.items()),
        (f"{AT}/", "others"),
    )
    return " · ".join(f'<a href="{to}">{escape(words()[name])}</a>' for to, name in links)


def _instead(report: PeriodReport) -> str:
    if report.instead is None:
        return ""
    policy = quote(report.policy or NONE_CHOSEN)
    said = words()["instead"].format(period=report.instead.in_words())
    return f'<p><a href="{AT}/{policy}/{report.instead}">{escape(said)}</a></p>'


def _section(section: ReportSection, at: str, *, comments: bool) -> str:
    """Return a section. Its heading and sentence stay with its chart, and its table follows."""
    head = f"<h2>{escape(section.title)}</h2><p class=leads>{escape(section.sentence)}</p>"
    note = f"<p class=note>{escape(section.note)}</p>" if section.note else ""
    picture = (
        f'<picture><source media="(max-width: 30rem)" srcset="{at}/{section.key}/narrow.svg">'
        f'<img src="{at}/{section.key}/chart.svg" alt="{escape(alt_text(section))}"></picture>'
        if section.drawn
        else ""
    )
    said = _comment(section.said, (section.key, section.title), at, comments=comments)
    if comments and section.key in {RAISERS, CONTACTS}:
        enter = escape(words()[CONTACTS]["change"])
        said += f'<p class="note screen"><a href="{at}/{CONTACTS}">{enter}</a></p>'
    return f"<div class=keep>{head}{picture}</div>{_table(section)}{note}{said}"


def _table(section: ReportSection) -> str:
    last = f"{section.key}-last"
    titles = [words()["head"], *section.columns]
    columns = "".join(f"<th scope=col>{escape(title)}</th>" for title in titles[:-1])
    columns += f'<th scope=col id="{last}">{escape(titles[-1])}</th>'
    rows = "".join(_row(line.label, line.counts) for line in section.lines)
    total = _row(words()["all"], section.totals) if section.totals else ""
    title = escape(section.title)
    table = (
        f"<table class=keep><caption>{title}</caption><thead><tr>{columns}</tr></thead>"
        f"<tbody>{rows}{total}</tbody></table>"
    )
    if len(section.columns) <= MOST_COLUMNS:
        return table
    # On a narrow screen the table scrolls, and the link is what the keyboard reaches it by.
    to_last = f'<p class="note slide"><a href="#{last}">{escape(words()["to_last"])}</a></p>'
    return f'<div class="wide" role="region" aria-label="{title}">{to_last}{table}</div>'


def _comment(said: Comment, section: tuple[str, str], at: str, *, comments: bool) -> str:
    """Return the group's comment on a section, and where it can be written."""
    key, title = section
    form: dict[str, str] = words()["comment"]
    told = "".join(
        f"<p><strong>{escape(form[name])}:</strong> {escape(text)}</p>"
        for name, text in (("comment", said.comment), ("action", said.action))
        if text
    )
    if not comments:
        return told
    label = f'{form["change"]}<span class="hidden">: {escape(title)}</span>'
    return f'{told}<p class="note screen"><a href="{at}/{key}/comment">{label}</a></p>'


def _list(title: str, what: str, items: tuple[str, ...]) -> str:
    if not items:
        return ""
    said = f"<p class=leads>{escape(what)}</p>" if what else ""
    listed = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<h2>{escape(title)}</h2>{said}<ul>{listed}</ul>"


def _row(label: str, counts: tuple[int | None, ...]) -> str:
    cells = "".join(f"<td>{shown_count(count)}</td>" for count in counts)
    return f"<tr><th scope=row>{escape(label)}</th>{cells}</tr>"
