"""Reads the file of an agency log as CSV, or says what is wrong with it.

No message repeats the text of a cell: somebody may have typed a name there.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

import msgspec

from bot.figures.words import words

COLUMNS = (
    "month", "policy", "area", "disagreement", "raiser", "receiver", "stage", "settled", "answered",
    "decision", "helped", "learned", "days_practitioner", "days_line_manager",
    "days_senior_manager", "days_director", "days_partnership", "guide",
)  # fmt: skip
REQUIRED = ("month", "policy")
MOST_ROWS = 200_000
DELIMITERS = ",;\t"
_WORKBOOK = (b"PK", b"\xd0\xcf\x11\xe0")
_LONGEST = 40


class Fault(msgspec.Struct, frozen=True):
    """A fault and its remedy. `row` counts from 1, as in a spreadsheet."""

    row: int
    column: str
    what: str

    def __str__(self) -> str:
        at = log_wording()["at"] if self.column else log_wording()["at_row"]
        return f"{at.format(row=self.row, column=self.column)} {self.what}"


class WrongLogError(ValueError):
    """The file cannot be loaded. `faults` lists everything that is wrong with it."""

    def __init__(self, faults: Sequence[Fault], message: str = "") -> None:
        super().__init__(message or "\n".join(map(str, faults)))
        self.faults = tuple(faults)


class Record(msgspec.Struct, frozen=True):
    """A row of the file: its number, and its non-empty cells by column."""

    row: int
    cells: dict[str, str]


def log_wording() -> Mapping[str, Any]:
    """Return the wording about agency logs."""
    found: Mapping[str, Any] = words()["own_log"]
    return found


def read_records(content: bytes) -> list[Record]:
    """Return the non-empty rows of a file. Raises WrongLogError where it cannot be read."""
    lines = _lines(_text(content))
    row, head = next(lines, (1, []))
    names = [_name(cell) for cell in head]
    _check(row, names)
    records, faults = [], []
    for row, line in lines:
        cells = [cell.strip() for cell in line]
        if any(cells[len(names) :]):
            faults.append(Fault(row, "", log_wording()["too_long"]))
        held = {name: cell for name, cell in zip(names, cells, strict=False) if name and cell}
        if held:
            records.append(Record(row, held))
        if len(records) > MOST_ROWS:
            raise WrongLogError([Fault(row, "", log_wording()["too_many"].format(most=MOST_ROWS))])
    if faults:
        raise WrongLogError(faults)
    if not records:
        raise WrongLogError([Fault(1, "", log_wording()["empty"])])
    return records


def _text(content: bytes) -> str:
    if content.startswith(_WORKBOOK) or b"\0" in content:
        raise WrongLogError([Fault(1, "", log_wording()["workbook"])])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Excel saves "CSV" so in Britain. Every byte is a letter in that encoding.
        return content.decode("cp1252", errors="replace")


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    first = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        # Rows are counted, not lines: a cell may hold several.
        yield from enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter), 1)
    except csv.Error:
        raise WrongLogError([Fault(1, "", log_wording()["not_csv"])]) from None


def _name(cell: str) -> str:
    """Return a heading as a column's name.

    >>> _name(" Days line-manager")
    'days_line_manager'
    """
    return re.sub(r"[\s_-]+", "_", cell.strip().lower())


def _check(row: int, names: list[str]) -> None:
    faults = [
        Fault(row, name, log_wording()["missing_column"]) for name in REQUIRED if name not in names
    ]
    for name in dict.fromkeys(filter(None, names)):
        if name not in COLUMNS:
            shown = "".join(filter(str.isprintable, name))[:_LONGEST]
            faults.append(Fault(row, shown, log_wording()["unknown_column"]))
        elif names.count(name) > 1:
            faults.append(Fault(row, name, log_wording()["twice"]))
    if faults:
        raise WrongLogError(faults)
