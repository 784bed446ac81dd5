"""The figures as a workbook: the tables as on the page, the rows of the CSV, and their columns.

The same figures give the same bytes.
"""

from collections.abc import Sequence
from datetime import datetime, time
from io import BytesIO
from textwrap import wrap
from typing import TYPE_CHECKING

from bot.documents.word import AUTHOR
from bot.figures.files import COLUMNS, csv_rows
from bot.figures.report import PeriodReport
from bot.figures.shown import Figures
from bot.figures.words import shown_count, words

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NUMBERS = {"count"}
"""The columns with numbers. All others are text, months and bands of days included."""
FEWEST, MOST = 8, 60
"""The least and greatest width of a column, in letters."""
MOST_COLUMNS, WIDE_COLUMN = 12, 18
"""The columns of numbers on the first sheet, and their width in letters."""
ROOM = 3
"""Extra width for the header's button, in letters."""
EXPLAINED = (12, 90)
"""The widths of the second sheet's columns, where texts are wrapped."""
HEAD = 2
"""The first row of the table on the second sheet, counted from 0."""
LINE = 15.75
"""The height of a line in points."""
A4 = 9
STYLE = "Table Style Light 1"


def figures_workbook(report: PeriodReport, found: Sequence[Figures]) -> bytes:
    """Return a report as .xlsx, with the rows of the figures that it was made from."""
    # The import takes 15 MB and 0.3 s, which a worker that only answers practitioners saves.
    from xlsxwriter import Workbook

    made = BytesIO()
    book = Workbook(made, {"in_memory": True})
    published = datetime.combine(report.period.last.shown_from, time())
    book.set_properties({"title": report.title, "author": AUTHOR, "created": published})
    looks = _Looks(book)
    _tables(book.add_worksheet(words()["file"]["tables"]), report, looks)
    _figures(book.add_worksheet(words()["file"]["figures"]), found, looks)
    _explained(book.add_worksheet(words()["file"]["explained"]), report.title, looks)
    book.close()
    return made.getvalue()


class _Looks:
    """The formats of a workbook's cells.

    Text cells also have the text format, so that a cell that begins with = stays text when somebody
    edits it.
    """

    def __init__(self, book: "Workbook") -> None:
        self.plain = book.add_format()
        self.text = book.add_format({"num_format": "@"})
        self.wrapped = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        self.header = book.add_format({"bold": True, "bottom": 1})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.heading = book.add_format({"bold": True, "font_size": 12})


def _tables(sheet: "Worksheet", report: PeriodReport, looks: _Looks) -> None:
    """Write each table as it stands on the page, under its title and sentence."""
    sheet.set_column(0, 0, MOST)
    sheet.set_column(1, MOST_COLUMNS, WIDE_COLUMN)
    sheet.write_string(0, 0, report.title, looks.title)
    sheet.write_string(1, 0, report.sentence, looks.plain)
    at = HEAD + 1
    apart = [report.apart] if report.apart.lines else []
    for section in (*report.sections, *apart):
        sheet.write_string(at, 0, section.title, looks.heading)
        sheet.write_string(at + 1, 0, section.sentence, looks.plain)
        for column, name in enumerate((words()["head"], *section.columns)):
            sheet.write_string(at + 2, column, name, looks.header)
        rows = [(line.label, line.counts) for line in section.lines]
        rows += [(words()["all"], section.totals)] if section.totals else []
        for row, (label, counts) in enumerate(rows, start=at + 3):
            sheet.write_string(row, 0, label, looks.wrapped)
            for column, count in enumerate(counts, start=1):
                _number(sheet, (row, column), count, looks)
        at += len(rows) + 4
    _on_paper(sheet)


def _number(sheet: "Worksheet", at: tuple[int, int], count: int | None, looks: _Looks) -> None:
    if count is None:
        sheet.write_string(*at, shown_count(count), looks.text)
    else:
        sheet.write_number(*at, count)


def _figures(sheet: "Worksheet", found: Sequence[Figures], looks: _Looks) -> None:
    lines = [row for figures in found for row in csv_rows(figures)]
    for at, line in enumerate(lines, start=1):
        for column, (name, cell) in enumerate(zip(COLUMNS, line, strict=True)):
            if name in NUMBERS and cell:
                sheet.write_number(at, column, int(cell))
            elif cell:
                sheet.write_string(at, column, cell, looks.text)
    for column, cells in enumerate(zip(COLUMNS, *lines, strict=True)):
        longest = max(map(len, cells)) + ROOM
        sheet.set_column(column, column, min(max(longest, FEWEST), MOST))
    _table(sheet, (0, len(lines)), COLUMNS, looks)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    _on_paper(sheet)


def _explained(sheet: "Worksheet", title: str, looks: _Looks) -> None:
    said = words()["file"]
    for column, width in enumerate(EXPLAINED):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, title, looks.title)
    begins, ends = HEAD, HEAD + len(COLUMNS)
    for at, name in enumerate(COLUMNS, start=begins + 1):
        sheet.write_string(at, 0, name, looks.wrapped)
        _written_out(sheet, at, said["columns"][name], looks)
    _table(sheet, (begins, ends), said["heads"], looks)
    sheet.write_string(ends + 2, 0, said["hidden"], looks.heading)
    for at, note in enumerate(said["notes"], start=ends + 3):
        _written_out(sheet, at, note, looks)
    _on_paper(sheet)


def _written_out(sheet: "Worksheet", at: int, text: str, looks: _Looks) -> None:
    """Write a wrapped text and set the row's height, which not every program adjusts itself."""
    sheet.set_row(at, LINE * len(wrap(text, EXPLAINED[1] - ROOM)))
    sheet.write_string(at, 1, text, looks.wrapped)


def _table(sheet: "Worksheet", at: tuple[int, int], names: Sequence[str], looks: _Looks) -> None:
    """Mark the rows `at` as a table with the first row as its header."""
    first, last = at
    columns = [{"header": name, "header_format": looks.header} for name in names]
    sheet.add_table(first, 0, last, len(names) - 1, {"columns": columns, "style": STYLE})
    # Otherwise a band of days such as "2", which is text, gets a warning.
    sheet.ignore_errors({"number_stored_as_text": f"A1:Z{last + 1}"})


def _on_paper(sheet: "Worksheet") -> None:
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&P / &N")
