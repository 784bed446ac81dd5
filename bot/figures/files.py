"""The published figures as CSV: the same numbers as the page's, and no row of the log."""

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO

from bot.figures.counting import Figures
from bot.figures.words import NONE_CHOSEN, words

COLUMNS = ("policy", "quarter", "log", "table", "value", "title", "count", "shown")
GUIDE = "guide"
"""The name of the guide's own log, beside the names of agency logs."""
FORMULA = re.compile(r"^[=+\-@\t\r]")
"""Cells that a spreadsheet would take for a formula."""


def csv_file(found: Sequence[Figures]) -> bytes:
    """Return quarters as CSV in UTF-8, with the byte order mark that Excel needs."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for figures in found:
        writer.writerows([harmless(cell) for cell in row] for row in csv_rows(figures))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def harmless(cell: str) -> str:
    """Return a cell that a spreadsheet does not take for a formula.

    >>> harmless("=1+1"), harmless("12")
    ("'=1+1", '12')
    """
    return f"'{cell}" if FORMULA.match(cell) else cell


def csv_rows(figures: Figures) -> Iterator[tuple[str, ...]]:
    """Yield a quarter's rows: of each table the total, the cells, and the sum of hidden cells."""
    at = (figures.policy or NONE_CHOSEN, str(figures.quarter), figures.source or GUIDE)
    yield *at, "all", "", words()["all"], *_count(figures.total)
    for route, number in figures.other_help.items():
        yield *at, "other_help", str(route), words()["routes"][str(route)], *_count(number)
    for key, table in figures.tables.items():
        name = (key, table.shape.title)
        if table.total is None:
            yield *at, name[0], "all", name[1], "", "no"
            continue
        yield *at, name[0], "all", name[1], *_count(table.total)
        for value, title in table.shape.cells.items():
            if key == "pair" and value not in table.counts:
                continue
            yield *at, key, value, title, *_count(table.counts.get(value))
        if table.rest is not None:
            yield *at, key, "rest", words()["rest"], *_count(table.rest)


def _count(number: int | None) -> tuple[str, str]:
    return ("", "no") if number is None else (str(number), "yes")
