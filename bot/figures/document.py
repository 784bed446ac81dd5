"""The report of a period as a page for Word: each sentence with its chart, table and comment."""

from collections.abc import Iterator

from bot.documents.page import Bars, Block, Bullets, Heading, Page, PageTable, Paragraph, Strong
from bot.figures.chart import alt_text, chart_text, drawn_columns
from bot.figures.report import Comment, PeriodReport, ReportSection
from bot.figures.words import shown_count, words

NAME, NUMBER = 6, 2
"""The widths of a column of names and of one of numbers, in proportion."""


def report_page(report: PeriodReport, whole: Comment) -> Page:
    """Return the report of a policy and period as a page; `whole` is the comment on all of it."""
    return Page(report.title, tuple(_blocks(report, whole)))


def _blocks(report: PeriodReport, whole: Comment) -> Iterator[Block]:
    yield Paragraph((report.sentence,))
    if report.instead:
        yield Paragraph((words()["instead"].format(period=report.instead.in_words()) + ".",))
    yield from _comment(whole)
    if report.changes:
        yield Heading(words()["changes"]["title"])
        yield Bullets(tuple((change,) for change in report.changes))
    charts = f" {words()['no_bar']}" if report.sections else ""
    yield Paragraph((words()["kept"] + charts,), note=True)
    for section in report.sections:
        yield from _section(section)
    if report.few:
        said = words()["few_in_all"]
        yield Heading(said["title"])
        yield Paragraph((said["what"],))
        yield Bullets(tuple((title,) for title in report.few))
    if report.apart.lines:
        yield from _section(report.apart)
    yield Paragraph((words()["what"],), note=True)


def _section(section: ReportSection) -> Iterator[Block]:
    yield Heading(section.title)
    yield Paragraph((section.sentence,), leads=True)
    rows = [(line.label, line.counts) for line in section.lines]
    if section.totals:
        rows.append((words()["all"], section.totals))
    yield PageTable(
        caption=section.title,
        header=(words()["head"], *section.columns),
        rows=tuple(
            ((label,), *((shown_count(count),) for count in counts)) for label, counts in rows
        ),
        shares=(NAME, *(NUMBER for _ in section.columns)),
        bars=_bars(section) if section.drawn else None,
    )
    if section.note:
        yield Paragraph((section.note,), note=True)
    yield from _comment(section.said)


def _comment(said: Comment) -> Iterator[Block]:
    for name, text in (("comment", said.comment), ("action", said.action)):
        if text:
            yield Paragraph((Strong(f"{words()['comment'][name]}: "), text))


def _bars(section: ReportSection) -> Bars:
    """Return the chart of a section as bars for Word."""
    columns = drawn_columns(section)
    return Bars(
        alt_text=f"{alt_text(section)} {chart_text(section)}",
        names=tuple(section.columns[at] for at, _ in columns),
        looks=tuple(look for _, look in columns),
        rows=tuple(
            (line.label, tuple(line.counts[at] for at, _ in columns)) for line in section.lines
        ),
    )
