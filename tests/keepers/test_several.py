"""Many policies at once: a folder of texts becomes drafts, and a policy becomes handouts."""

import csv
import shutil
from datetime import date
from io import StringIO
from pathlib import Path

import pytest

from bot.core.policy.loader import load_policies, load_policy
from bot.keepers.several import COLUMNS, draft_folder, handouts, register
from bot.paths import POLICIES, ROOT
from tests.support.core import handbook

TEXTS = ROOT / "tests/keepers/draft/texts"
SHAPES = ROOT / "tests/policies/shapes"


@pytest.mark.long
def test_every_text_of_a_folder_becomes_a_draft(tmp_path: Path) -> None:
    """One that cannot be read is named with the reason, and a second time nothing is lost."""
    texts, folder = tmp_path / "texts", tmp_path / "policies"
    for made in (texts, folder):
        made.mkdir()
    for name in ("fernley.txt", "jurby.html"):
        shutil.copy(TEXTS / name, texts / name)
    (texts / "scan.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    (texts / "notes.xlsx").write_bytes(b"no text")
    done = {one.text: one for one in draft_folder(texts, folder)}
    assert set(done) == {"fernley.txt", "jurby.html", "scan.pdf"}
    assert done["scan.pdf"].written is None
    assert done["scan.pdf"].told
    written = [one.written for one in done.values() if one.written]
    assert sorted(path.stem for path in written) == sorted(load_policies(folder))
    before = [path.read_text("utf-8") for path in written]
    assert all(
        "already there" in one.told for one in draft_folder(texts, folder) if "pdf" not in one.text
    )
    assert [path.read_text("utf-8") for path in written] == before


def test_the_register_has_a_line_for_every_file_the_wrong_one_too(tmp_path: Path) -> None:
    """Whose it is, how far it has come, and the days that matter."""
    shutil.copy(POLICIES / "kent.yml", tmp_path / "kent.yml")
    shutil.copy(SHAPES / "skerne.yml", tmp_path / "skerne.yml")
    (tmp_path / "wrong.yml").write_text("id: wrong\n", "utf-8")
    rows = list(csv.DictReader(StringIO(register(tmp_path).decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    lines = {row["file"]: row for row in rows}
    assert set(lines) == {"kent", "skerne", "wrong"}
    assert lines["skerne"]["no longer in force from"] == "2026-12-01"
    assert "not signed" in lines["kent"]["standing"]
    assert "expected" in lines["wrong"]["problems"]
    shown = register(tmp_path, lambda name: name == "kent").decode("utf-8-sig")
    assert "skerne" not in shown


def test_a_policy_gives_its_web_site_a_page_a_picture_and_practice() -> None:
    """Each is a file of its own, and says whether the partnership has signed it."""
    policy = load_policy(POLICIES / "kent.yml")
    files = handouts("kent", policy, handbook(), date(2026, 11, 24))
    assert {kind: name for kind, (name, _) in files.items()} == {
        "stages.svg": "kent-stages-2026-11-24.svg",
        "briefing.html": "kent-briefing-2026-11-24.html",
        "briefing.docx": "kent-briefing-2026-11-24.docx",
        "practice.html": "kent-practice-2026-11-24.html",
        "practice.docx": "kent-practice-2026-11-24.docx",
    }
    made = {kind: make() for kind, (_, make) in files.items() if kind != "practice.docx"}
    assert made["stages.svg"].startswith(b"<")
    assert b"Anything wrong? Tell the guide." in made["briefing.html"]
    assert b"Is something here wrong or unclear?" in made["practice.html"]
    assert b"not signed by the partnership" in made["briefing.html"]
