"""`python -m bot figures show | export | purge | load | unload`: what is published, and own logs.

Shown and exported are the same numbers as on the page, changed by chance and rounded. Nothing is
sent anywhere.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import today
from bot.commands import agency_log
from bot.core.policy.loader import PolicyError, load_sound_library
from bot.documents.word import word_file
from bot.figures.agency_log_file import WrongLogError
from bot.figures.comments import WHOLE, comments_on, contacts_in
from bot.figures.document import report_page
from bot.figures.files import csv_file
from bot.figures.loading import WrongSourceError
from bot.figures.log import SETTING, figure_log
from bot.figures.published import NotShownError, PublishedQuarters
from bot.figures.purging import PurgedFigures, purge_figures
from bot.figures.quarters import Period
from bot.figures.report import Comment, PeriodReport, ReportSection, period_report
from bot.figures.words import listed, shown_count, words
from bot.figures.workbook import figures_workbook
from bot.keepers.factsheet import MARKS
from bot.paths import POLICIES, SOUND_POLICIES
from bot.privacy.store.database import (
    MAINTENANCE_SECONDS,
    StoreUnavailable,
    database_url,
    make_engine,
)

WIDTH, NUMBER = 60, 16


def main(argv: list[str]) -> int:
    """Print the figures or write them to a file. Exit status 2 for a wrong word, 1 if away."""
    parser = argparse.ArgumentParser(prog="python -m bot figures", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, what in (
        ("show", "print what is published"),
        ("export", "write it as CSV, as a workbook and for Word"),
    ):
        one = commands.add_parser(name, help=what)
        one.add_argument("policy", help="a policy's id, or 'none' where none was chosen")
        one.add_argument(
            "period",
            nargs="?",
            help="such as 2026-Q2, 2026-27 or 2026-Q2-year; without it the year up to now",
        )
        if name == "export":
            one.add_argument("--folder", type=Path, default=Path(), help="where to; else here")
    one = commands.add_parser("purge", help="take away what is counted of quarters long ago")
    one.add_argument(
        "--before", type=date.fromisoformat, required=True, metavar="DATE",
        help="only quarters that ended before this day, such as 2026-04-01",
    )  # fmt: skip
    one.add_argument(
        "--published",
        action="store_true",
        help="also the published numbers and comments",
    )
    agency_log.add_commands(commands)
    given = parser.parse_args(argv)
    try:
        for line in _done(given):
            print(line)
    except (NotShownError, PolicyError, WrongLogError, WrongSourceError) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        done = "read" if given.command in agency_log.COMMANDS else "written"
        print(f"The file cannot be {done} ({error.strerror}).", file=sys.stderr)
        return 2
    except StoreUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    except SQLAlchemyError as error:
        print(f"The database cannot be used: {type(error).__name__}.", file=sys.stderr)
        return 1
    return 0


def _done(given: argparse.Namespace) -> Iterator[str]:
    """Run the command and yield the lines to print."""
    library = load_sound_library(POLICIES, kept=SOUND_POLICIES)
    if given.command in agency_log.COMMANDS:
        yield from agency_log.run_log_command(given, library, _engine, today())
        return
    engine = _engine()
    published = PublishedQuarters(engine, library, today)
    if given.command == "purge":
        yield from _purged(
            purge_figures(engine, published, given.before, today(), all_of_it=given.published)
        )
        return
    name = given.period or str(Period(published.newest(), year=True))
    period = published.find_period(given.policy, name)
    found = published.periods_back(given.policy, period)
    comments = comments_on(engine, found[0].policy, period)
    contacts = contacts_in(engine, found[0].policy, period)
    named, lost = published.names()[given.policy], published.lost(period)
    report = period_report(named, found, lost, comments, contacts)
    if given.command == "show":
        yield plain_report(report)
        return
    page = report_page(report, comments.get(WHOLE, Comment()))
    for kind, made in (
        ("csv", csv_file(found)),
        ("xlsx", figures_workbook(report, found)),
        ("docx", word_file(page, period.last.shown_from, MARKS)),
    ):
        out = given.folder / f"figures-{given.policy}-{period}.{kind}"
        out.write_bytes(made)
        yield f"Written to {out}."


def _purged(done: PurgedFigures) -> Iterator[str]:
    said = words()["purged"]
    if not done.quarters:
        yield said["nothing"]
    else:
        quarters = listed(map(str, done.quarters))
        yield said["rows"].format(rows=done.rows, quarters=quarters)
        yield said["published" if done.published else "kept"]
    for quarter in done.stays:
        yield said["stays"].format(quarter=quarter)


def _engine() -> Engine:
    conversations = database_url()
    log = figure_log(conversations, make_engine(conversations, MAINTENANCE_SECONDS), os.environ)
    if log is None:
        raise NotShownError(f"No figures are kept: {SETTING} is off.")
    return log.engine


def plain_report(report: PeriodReport) -> str:
    """Return a report as plain text."""
    lines = [report.title, "", report.sentence, "", words()["kept"]]
    if report.instead:
        lines += [words()["instead"].format(period=report.instead)]
    if report.changes:
        lines += ["", words()["changes"]["title"], *(f"- {change}" for change in report.changes)]
    for section in (*report.sections, report.apart):
        lines += ["", section.title, section.sentence, *_table(section)]
        lines += [section.note] if section.note else []
    if report.few:
        said = words()["few_in_all"]
        lines += ["", said["title"], said["what"], *(f"- {title}" for title in report.few)]
    return "\n".join([*lines, "", words()["what"]])


def _table(section: ReportSection) -> list[str]:
    rows = [(line.label, line.counts) for line in section.lines]
    if section.totals:
        rows.append((words()["all"], section.totals))
    lines = [("", section.columns)]
    lines += [(label, tuple(shown_count(count) for count in counts)) for label, counts in rows]
    widths = [max(NUMBER, len(head)) for head in section.columns]
    return [
        f"{label:{WIDTH}} "
        + " ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        for label, cells in lines
    ]
