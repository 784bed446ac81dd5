"""The figures on the command line: shown, exported, and refused with a reason."""

import csv
import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from bot.paths import ROOT
from tests.figures.rows import SETTLED, database, figures_row
from tests.support.commands import Done, run_here


def run(folder: Path, *words: str, **settings: str) -> Done:
    """Run the command in a folder of its own, on a day in November 2026."""
    return run_here("figures", *words, folder=folder, **(settings_in(folder) | settings))


def settings_in(folder: Path) -> dict[str, str]:
    """Return the day and the database of a folder."""
    return {
        "ESCALATION_GUIDE_TODAY": "2026-11-26",
        "ESCALATION_GUIDE_DATABASE": f"sqlite:///{folder}/figures.db",
    }


@pytest.fixture(name="folder")
def fixture_folder(tmp_path: Path) -> Path:
    """A folder with a database: a summer with 60 escalations, twenty of them settled."""
    rows = [figures_row(month="2026-08") for _ in range(40)]
    database(
        tmp_path, rows + [figures_row(month="2026-08", **SETTLED) for _ in range(20)]
    ).dispose()
    return tmp_path


@pytest.mark.command
def test_show_prints_the_figures_of_the_page(folder: Path) -> None:
    """It takes the year to the last shown quarter unless a period is named; it stays the same."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **settings_in(folder)}
    command = [sys.executable, "-m", "bot", "figures", "show", "kent"]
    told = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert told.returncode == 0, told.stderr
    assert "October 2025 to September 2026" in told.stdout
    assert "The guide counts since July 2026" in told.stdout
    assert re.search(r"About (55|60|65) escalations reached a stage\.", told.stdout)
    assert re.search(r"Of about (55|60|65), about (15|20|25) are known to be", told.stdout)
    assert run(folder, "show", "kent").stdout == told.stdout
    assert "July to September 2026" in run(folder, "show", "kent", "2026-Q3").stdout


@pytest.mark.long
def test_export_writes_csv_workbook_and_report(folder: Path) -> None:
    """The CSV is UTF-8 with a byte order mark."""
    assert run(folder, "export", "kent", "2026-Q3").returncode == 0
    written = (folder / "figures-kent-2026-Q3.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbfpolicy,period,log,table,value,title,count,shown\r\n")
    lines = list(csv.DictReader(StringIO(written.decode("utf-8-sig"))))
    (line,) = (one for one in lines if (one["table"], one["value"]) == ("settled", "yes"))
    assert (line["period"], line["log"], line["shown"]) == ("2026-Q3", "guide", "yes")
    count = int(line["count"])
    book = load_workbook(folder / "figures-kent-2026-Q3.xlsx")
    figures = [[cell.value for cell in one] for one in book.worksheets[1].rows]
    assert ["kent", "2026-Q3", "guide", "settled", "yes", line["title"], count, "yes"] in figures
    tables = [[cell.value for cell in one] for one in book.worksheets[0].rows]
    assert ["Known to be settled", count] in tables
    report = Document(str(folder / "figures-kent-2026-Q3.docx"))
    said = [paragraph.text for paragraph in report.paragraphs]
    assert any(f"about {count} are known to be settled." in each for each in said)
    settled = next(
        table for table in report.tables if "Known to be settled" in table.cell(1, 0).text
    )
    assert [cell.text for cell in settled.rows[1].cells] == ["Known to be settled", str(count)]


def test_a_loaded_agency_log_is_shown_beside_the_guides(folder: Path) -> None:
    """A check names faults by row and column, and loading again replaces the rows."""
    log = folder / "log.csv"
    lines = ["Month,Policy,Raiser,Stage,Settled,Guide"]
    lines += ["Sep-26,Kent Escalation and Professional Challenge,Police,1,no,"] * 40
    log.write_text("\n".join([*lines, "2026-09,kent,Mrs Jones,7,,", "10/2026,kent,,,,yes"]))
    load = ("load", "log.csv", "--source", "Kent Police")
    refused = run(folder, *load)
    assert refused.returncode == 2
    assert "Row 42, column raiser: it may be one of: childrens_social_care, " in refused.stderr
    assert "Row 42, column stage: it may be one of: 0 (practitioner), 1 (" in refused.stderr
    assert "Nothing is loaded." in refused.stderr
    assert "Jones" not in refused.stderr
    log.write_text("\n".join([*lines, "10/2026,kent,,,,yes", "10/2026,kent,,,,no"]))
    assert "would load: 41" in run(folder, *load, "--check").stdout
    assert "Own log" not in run(folder, "show", "kent").stdout
    done = run(folder, *load)
    assert done.returncode == 0
    assert "Left out: 1, which the guide counted itself." in done.stdout
    assert "own log of Kent Police: 41." in done.stdout
    shown = run(folder, "show", "kent").stdout
    assert re.search(r"About (55|60|65) escalations reached a stage\.", shown)
    own = r"The own log of Kent Police holds about (35|40|45); some of them may be counted above"
    assert re.search(own, shown)
    again = run(folder, *load)
    assert "own log of Kent Police: 1.\nTaken away, since it was loaded before: 1." in again.stdout
    assert "Left as it was: kent, 2026-Q3 (40 in the file)." in again.stdout
    taken = run(folder, "unload", "--source", "kent police")
    assert "Taken away of the own log of Kent Police: 1." in taken.stdout
    assert "Shown, and stays as it is: kent, 2026-Q3." in taken.stdout
    like = run(folder, "load", "log.csv", "--source", "Kent Polise")
    assert like.returncode == 2
    assert "If it is the same agency, use that name." in like.stderr


def test_the_columns_are_listed_with_their_words(folder: Path) -> None:
    """The list is for people who make the file."""
    told = run(folder, "columns").stdout
    assert "month  " in told
    assert "One of: in_time, late, waiting, overdue." in told


def test_only_the_first_faults_are_printed_and_the_rest_counted(folder: Path) -> None:
    """Twenty faults are printed."""
    (folder / "log.csv").write_text("month,policy\n" + "soon,kent\n" * 50)
    told = run(folder, "load", "log.csv", "--source", "Kent Police").stderr
    assert told.count("column month") == 20
    assert "There are 30 more problems." in told


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("show", "narnia"), 2, "no policy 'narnia'. There are: "),
        (("show", "kent", "2026-Q4"), 2, "12 February 2027"),
        (("show", "kent", "spring"), 2, "written as 2026-Q2"),
        (("export", "kent", "--folder", "no/such"), 2, "cannot be written"),
        (("forget",), 2, "invalid choice"),
        (("load", "no-such.csv", "--source", "Kent Police"), 2, "cannot be read (No such file"),
        (("unload", "--source", "=1+1"), 2, "at most 64 letters"),
        (("load", "log.csv"), 2, "--source"),
    ],
)
def test_a_wrong_argument_is_refused_with_the_reason(
    folder: Path, words: tuple[str, ...], status: int, told: str
) -> None:
    """The message says what would be right."""
    answer = run(folder, *words)
    assert answer.returncode == status
    assert told in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_wrong_database_address_is_refused_and_not_repeated(folder: Path) -> None:
    """It may hold a password."""
    answer = run(folder, "show", "kent", ESCALATION_GUIDE_FIGURES="mysql://u:secret@h/d")
    assert answer.returncode == 1
    assert "must be the address of a database" in answer.stderr
    assert "secret" not in answer.stderr
    off = run(folder, "show", "kent", ESCALATION_GUIDE_FIGURES="off")
    assert "No figures are kept" in off.stderr
