"""The figures as CSV: the same numbers as the page's, and no row of the log."""

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO

from bot.figures.shown import Figures
from bot.figures.words import NONE_CHOSEN, words

COLUMNS = ("policy", "period", "log", "table", "value", "title", "count", "shown")
GUIDE = "guide"
"""The name of the guide's own log, beside the names of agency logs."""
FORMULA = re.compile(r"^[=+\-@\t\r]")
"""Cells that a spreadsheet would take for a formula."""


def csv_file(found: Sequence[Figures]) -> bytes:
    """Return periods as CSV in UTF-8, with the byte order mark that Excel needs."""
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
    """Yield a period's rows: of each table its cells and the total."""
    at = (figures.policy or NONE_CHOSEN, str(figures.period), figures.source or GUIDE)
    for key, table in figures.tables.items():
        for value, count in table.counts.items():
            yield *at, key, value, table.shape.cells[value], *_count(count)
        if table.shape.of:
            yield *at, key, "all", words()["all"], *_count(table.total)


def _count(number: int | None) -> tuple[str, str]:
    return ("", "no") if number is None else (str(number), "yes")
