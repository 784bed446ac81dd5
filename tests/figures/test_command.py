"""The figures on the command line: shown, exported, and refused with a reason."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from docx import Document

from bot.paths import ROOT
from tests.figures.rows import SETTLED, database, row


def run(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder of its own, on a day in November 2026."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "ESCALATION_GUIDE_TODAY": "2026-11-26",
        "ESCALATION_GUIDE_DATABASE": f"sqlite:///{folder}/figures.db",
        **settings,
    }
    command = [sys.executable, "-m", "bot", "figures", *words]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(name="folder")
def fixture_folder(tmp_path: Path) -> Path:
    """A folder with a database: a summer with 30 escalations, a dozen of them settled."""
    rows = [row(month="2026-08") for _ in range(18)]
    database(tmp_path, rows + [row(month="2026-08", **SETTLED) for _ in range(12)]).dispose()
    return tmp_path


def test_it_is_shown_as_on_the_page(folder: Path) -> None:
    """The last quarter that is shown, unless another is named."""
    told = run(folder, "show", "kent")
    assert told.returncode == 0, told.stderr
    assert "July to September 2026" in told.stdout
    assert "30 escalations went by the policy’s stages." in told.stdout
    assert "12 of 30 are known to be settled." in told.stdout
    assert "Fewer than 5" in run(folder, "show", "kent", "2026-Q2").stdout


def test_it_is_written_for_a_spreadsheet(folder: Path) -> None:
    """And for Word; in UTF-8, marked as that."""
    assert run(folder, "export", "kent", "2026-Q3").returncode == 0
    written = (folder / "figures-kent-2026-Q3.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbfpolicy,quarter,table,value,title,count,shown\r\n")
    assert "kent,2026-Q3,settled,yes,Known to be settled,12,yes" in written.decode("utf-8-sig")
    report = Document(str(folder / "figures-kent-2026-Q3.docx"))
    said = [one.text for one in report.paragraphs]
    assert "12 of 30 are known to be settled. No figure is shown for the quarter before." in said
    settled = next(one for one in report.tables if "Known to be settled" in one.cell(1, 0).text)
    assert [cell.text for cell in settled.rows[1].cells] == ["Known to be settled", "12", *"–––"]


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("show", "narnia"), 2, "no policy 'narnia'. There are: "),
        (("show", "kent", "2026-Q4"), 2, "12 February 2027"),
        (("show", "kent", "spring"), 2, "written as 2026-Q2"),
        (("export", "kent", "--folder", "no/such"), 2, "cannot be written"),
        (("forget",), 2, "invalid choice"),
    ],
)
def test_a_wrong_word_is_told(folder: Path, words: tuple[str, ...], status: int, told: str) -> None:
    """What was wrong, and what would be right."""
    answer = run(folder, *words)
    assert answer.returncode == status
    assert told in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_database_that_is_not_one_is_told(folder: Path) -> None:
    """Without the address, which may hold a password."""
    answer = run(folder, "show", "kent", ESCALATION_GUIDE_FIGURES="mysql://u:secret@h/d")
    assert answer.returncode == 1
    assert "must be the address of a database" in answer.stderr
    assert "secret" not in answer.stderr
    off = run(folder, "show", "kent", ESCALATION_GUIDE_FIGURES="off")
    assert "No figures are kept" in off.stderr
