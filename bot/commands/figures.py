"""`python -m bot figures show | export`: what is published of a quarter, on paper or in a file.

The same numbers as on the page, with the small ones held back. Nothing is sent anywhere.
"""

import argparse
import os
import sys
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.clock import today
from bot.commands.policy_factsheet import MARKS
from bot.core.loader import PolicyError, load_library
from bot.documents.word import word_file
from bot.figures.document import document
from bot.figures.files import csv_file
from bot.figures.log import SETTING, figure_log
from bot.figures.report import SIDE_BY_SIDE, Report, Section, report
from bot.figures.shelf import NotShownError, Shelf
from bot.figures.words import words
from bot.figures.workbook import workbook
from bot.paths import POLICIES
from bot.privacy.database import MAINTENANCE_SECONDS, StoreUnavailable, database_url, make_engine

WIDTH = 60


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
    given = parser.parse_args(argv)
    try:
        shelf = _shelf()
        quarter = shelf.find(given.policy, given.quarter or str(shelf.quarters(1)[0]))
        found = shelf.back(given.policy, quarter, SIDE_BY_SIDE)
        if given.command == "show":
            print(_plain(report(shelf.names()[given.policy], found)))
        else:
            told = report(shelf.names()[given.policy], found)
            for kind, made in (
                ("csv", csv_file(found)),
                ("xlsx", workbook(told.title, found)),
                ("docx", word_file(document(told), quarter.shown_from, MARKS)),
            ):
                out = given.folder / f"figures-{given.policy}-{quarter}.{kind}"
                out.write_bytes(made)
                print(f"Written to {out}.")
    except (NotShownError, PolicyError) as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"The file cannot be written ({error.strerror}).", file=sys.stderr)
        return 2
    except StoreUnavailable as error:
        print(error, file=sys.stderr)
        return 1
    except SQLAlchemyError as error:
        print(f"The database cannot be used: {type(error).__name__}.", file=sys.stderr)
        return 1
    return 0


def _shelf() -> Shelf:
    conversations = database_url()
    log = figure_log(conversations, make_engine(conversations, MAINTENANCE_SECONDS), os.environ)
    if log is None:
        raise NotShownError(f"No figures are kept: {SETTING} is off.")
    return Shelf(log.engine, load_library(POLICIES), today)


def _plain(told: Report) -> str:
    lines = [told.title, "", told.sentence, "", words()["kept"]]
    for section in (*told.sections, told.other_help):
        lines += ["", section.title, section.sentence, *_table(section)]
        lines += [section.note] if section.note else []
    if told.nothing:
        said = words()["nothing"]
        lines += ["", said["title"], said["what"], *(f"- {title}" for title in told.nothing)]
    return "\n".join([*lines, "", words()["what"]])


def _table(section: Section) -> list[str]:
    rows = [(line.label, line.counts) for line in section.lines]
    if section.totals:
        rows.append((words()["all"], section.totals))
    heads = " ".join(f"{head:>16}" for head in section.quarters)
    return [f"{'':{WIDTH}} {heads}", *(_row(label, counts) for label, counts in rows)]


def _row(label: str, counts: tuple[int | None, ...]) -> str:
    cells = (words()["not_shown"] if one is None else str(one) for one in counts)
    return f"{label:{WIDTH}} " + " ".join(f"{cell:>16}" for cell in cells)
