"""The published figures as a workbook: the rows of the CSV, and a sheet that explains them.

Bytes depend on the figures alone.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.documents.word import AUTHOR
from bot.figures.counting import Figures
from bot.figures.files import COLUMNS, rows
from bot.figures.words import words

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NUMBERS = {"count"}
"""The columns that hold numbers. All others are text: months and days of bands too."""
FEWEST, MOST = 8, 60
"""The letters that a column is wide."""
ROOM = 3
"""For the header's button beside the widest text."""
EXPLAINED = (12, 100)
"""The same of the columns of the second sheet, whose texts go over several lines."""
A4 = 9
STYLE = "Table Style Light 1"


def workbook(title: str, found: Sequence[Figures]) -> bytes:
    """Return quarters as .xlsx. `title` says whose, and of which quarter the first of them is."""
    made = BytesIO()
    book = Workbook(made, {"in_memory": True})
    published = datetime.combine(found[0].quarter.shown_from, time())
    book.set_properties({"title": title, "author": AUTHOR, "created": published})
    said = words()["file"]
    # As text, so that a cell that begins with = stays text also when somebody goes into it.
    text = book.add_format({"num_format": "@", "valign": "top"})
    _figures(book.add_worksheet(said["figures"]), found, text)
    wrapped = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
    headings = [book.add_format({"bold": True, "font_size": size}) for size in (14, 12)]
    _explained(book.add_worksheet(said["explained"]), title, wrapped, headings)
    book.close()
    return made.getvalue()


def _figures(sheet: Worksheet, found: Sequence[Figures], text: Format) -> None:
    lines = [row for one in found for row in rows(one)]
    for at, line in enumerate(lines, start=1):
        for column, (name, cell) in enumerate(zip(COLUMNS, line, strict=True)):
            if name in NUMBERS and cell:
                sheet.write_number(at, column, int(cell))
            elif cell:
                sheet.write_string(at, column, cell, text)
    for column, (name, *cells) in enumerate(zip(COLUMNS, *lines, strict=True)):
        longest = max(map(len, (name, *cells))) + ROOM
        sheet.set_column(column, column, min(max(longest, FEWEST), MOST))
    _table(sheet, (0, len(lines)), COLUMNS)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    _on_paper(sheet)


def _table(sheet: Worksheet, at: tuple[int, int], names: Sequence[str]) -> None:
    """Mark the rows between two as a table, the first of them as its header."""
    first, last = at
    columns = [{"header": name} for name in names]
    sheet.add_table(first, 0, last, len(names) - 1, {"columns": columns, "style": STYLE})
    # Else a band of days that begins at 2, which is text, has a warning beside it.
    sheet.ignore_errors({"number_stored_as_text": f"A1:Z{last + 1}"})


def _explained(sheet: Worksheet, title: str, text: Format, headings: Sequence[Format]) -> None:
    said = words()["file"]
    for column, width in enumerate(EXPLAINED):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, title, headings[0])
    begins = 2
    for at, line in enumerate(_columns(), start=begins + 1):
        for column, cell in enumerate(line):
            sheet.write_string(at, column, cell, text)
    _table(sheet, (begins, begins + len(COLUMNS)), said["heads"])
    at = begins + len(COLUMNS) + 2
    sheet.write_string(at, 0, said["hidden"], headings[1])
    for note in said["notes"]:
        at += 1
        sheet.write_string(at, 1, note, text)
    _on_paper(sheet)


def _columns() -> Iterator[tuple[str, str]]:
    for name in COLUMNS:
        yield name, words()["file"]["columns"][name]


def _on_paper(sheet: Worksheet) -> None:
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&P / &N")
