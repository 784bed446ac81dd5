"""`python -m bot figures show | export | load | unload`: what is published, and own logs beside it.

Shown and exported are the same numbers as on the page, with the small ones held back. Nothing is
sent anywhere.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import today
from bot.commands import agency_log
from bot.core.policy.loader import PolicyError, load_sound_library
from bot.documents.word import word_file
from bot.figures.agency_log_file import WrongLogError
from bot.figures.document import report_page
from bot.figures.files import csv_file
from bot.figures.loading import WrongSourceError
from bot.figures.log import SETTING, figure_log
from bot.figures.published import NotShownError, PublishedQuarters
from bot.figures.report import SIDE_BY_SIDE, QuarterReport, ReportSection, quarter_report
from bot.figures.words import shown_count, words
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
            "quarter", nargs="?", help="such as 2026-Q2; without it the last one shown"
        )
        if name == "export":
            one.add_argument("--folder", type=Path, default=Path(), help="where to; else here")
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
    published = PublishedQuarters(_engine(), library, today)
    quarter = published.find_quarter(given.policy, given.quarter or str(published.quarters(1)[0]))
    found = published.quarters_back(given.policy, quarter, SIDE_BY_SIDE)
    report = quarter_report(published.names()[given.policy], found, published.lost(quarter))
    if given.command == "show":
        yield _plain(report)
        return
    for kind, made in (
        ("csv", csv_file(found)),
        ("xlsx", figures_workbook(report.title, found)),
        ("docx", word_file(report_page(report), quarter.shown_from, MARKS)),
    ):
        out = given.folder / f"figures-{given.policy}-{quarter}.{kind}"
        out.write_bytes(made)
        yield f"Written to {out}."


def _engine() -> Engine:
    conversations = database_url()
    log = figure_log(conversations, make_engine(conversations, MAINTENANCE_SECONDS), os.environ)
    if log is None:
        raise NotShownError(f"No figures are kept: {SETTING} is off.")
    return log.engine


def _plain(report: QuarterReport) -> str:
    lines = [report.title, "", report.sentence, "", words()["kept"]]
    for section in (*report.sections, report.other_help):
        lines += ["", section.title, section.sentence, *_table(section)]
        lines += [section.note] if section.note else []
    if report.not_shown:
        said = words()["nothing"]
        lines += ["", said["title"], said["what"], *(f"- {title}" for title in report.not_shown)]
    return "\n".join([*lines, "", words()["what"]])


def _table(section: ReportSection) -> list[str]:
    rows = [(line.label, line.counts) for line in section.lines]
    if section.totals:
        rows.append((words()["all"], section.totals))
    lines = [("", section.columns)]
    lines += [(label, tuple(map(shown_count, counts))) for label, counts in rows]
    widths = [max(NUMBER, len(head)) for head in section.columns]
    return [
        f"{label:{WIDTH}} "
        + " ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        for label, cells in lines
    ]
