"""`python -m bot policies` diagram, factsheet and show, from outside."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from docx import Document

from bot.core.handbook.handbook import load_handbook
from bot.core.policy.loader import load_policy
from bot.keepers.files import find_policy
from bot.keepers.statements import statement_groups
from bot.paths import POLICIES, ROOT
from tests.support.policy_commands import EVERY, IDS, SHAPES, on_one_line, read_yaml, run

pytestmark = pytest.mark.long


@EVERY
def test_the_picture_names_every_stage_and_limit(folder: Path, name: str) -> None:
    """SVG that can be read as XML, with each stage's label and each limit's words in it."""
    done = run("diagram", name, "--folder", folder)
    assert done.returncode == 0, done.stderr
    root = ET.fromstring(done.stdout)  # noqa: S314 - our own output
    drawn = on_one_line(" ".join(one.text or "" for one in root.iter() if one.tag.endswith("text")))
    drawn = drawn.replace("• ", "")
    for stage in load_policy(folder / f"{name}.yml").stages:
        assert f"{stage.label}: {stage.title}" in drawn
        for limit in (*stage.to_begin, *stage.to_answer, *stage.to_close):
            assert on_one_line(limit.what) in drawn


def test_the_picture_stays_within_its_frame() -> None:
    """No text begins below the frame, and the frame is as high as it is drawn."""
    for name in IDS:
        root = ET.fromstring(run("diagram", name).stdout)  # noqa: S314 - our own output
        height = int(root.attrib["height"])
        assert root.attrib["viewBox"].split()[3] == str(height)
        lows = [int(one.attrib["y"]) for one in root.iter() if one.tag.endswith("text")]
        assert max(lows) < height


def test_the_picture_can_be_read_aloud() -> None:
    """It is an image with a title and a description of all that it shows."""
    root = ET.fromstring(run("diagram", "kent").stdout)  # noqa: S314 - our own output
    assert root.attrib["role"] == "img"
    told = {one.tag.rpartition("}")[2]: one.text or "" for one in root}
    assert "Kent Escalation and Professional Challenge" in told["title"]
    assert "5 working days for the other agency" in told["desc"]


def test_mermaid_joins_the_stages_in_their_order(tmp_path: Path) -> None:
    """The same boxes for a README, each stage with an arrow to the next."""
    out = tmp_path / "kent.mmd"
    assert run("diagram", "kent", "--format", "mermaid", "--out", out).returncode == 0
    drawn = out.read_text("utf-8")
    assert drawn.startswith("flowchart TD\n")
    arrows = re.findall(r"^    (\w+) -->\|\"[^\"]+\"\| (\w+)$", drawn, re.MULTILINE)
    assert arrows == [(f"stage_{n}", f"stage_{n + 1}") for n in range(4)] + [("stage_4", "after")]
    assert "Not without Stage 1, Stage 2" in drawn


def test_a_stage_that_may_be_left_out_is_drawn_with_a_broken_line() -> None:
    """And says so in words, since a line alone is not seen by everybody."""
    drawn = run("diagram", "ashcombe", "--folder", SHAPES).stdout
    assert drawn.count("stroke-dasharray") == 1
    assert "May be left out" in drawn


@EVERY
def test_the_fact_sheet_holds_every_statement_with_its_source(folder: Path, name: str) -> None:
    """Nothing that has a source in the file is missing on the page, and nothing has no box."""
    done = run("factsheet", name, "--folder", folder)
    assert done.returncode == 0, done.stderr
    rows = [
        [on_one_line(unescape(re.sub(r"<[^>]+>", " ", cell))) for cell in cells]
        for cells in (
            re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
            for row in re.findall(r"<tr[^>]*>(.*?)</tr>", done.stdout, re.DOTALL)
        )
    ]
    missing = [
        (said, source)
        for said, source in sourced_statements(read_yaml(folder / f"{name}.yml"))
        if not any(said in row[0] and source in row[1] for row in rows)
    ]
    assert missing == []
    headings = done.stdout.count('<th scope="col">Checked</th>')
    checked = [cells for cells in rows if cells[-1] in {"right wrong", "it is silent it is not"}]
    assert done.stdout.count('<input type="checkbox"') == 2 * len(checked) > 2 * headings > 0
    titles = re.findall(r'<h2 id="([^"]+)">', done.stdout)
    assert re.findall(r'<a href="#([^"]+)">', done.stdout) == titles
    assert len(set(titles)) == len(titles) > headings / 2


@pytest.mark.parametrize("name", IDS)
def test_the_fact_sheet_says_what_show_says(name: str) -> None:
    """Whoever compares the two finds every statement in the same words in both."""
    shown = on_one_line(run("show", name).stdout)
    page = on_one_line(unescape(re.sub(r"<[^>]+>", " ", run("factsheet", name).stdout)))
    said = [
        statement
        for group in statement_groups(find_policy(name, POLICIES, date.max)[1], load_handbook(ROOT))
        for statement in group.stated
    ]
    assert [one for one in said if f"{on_one_line(one.text)} [{one.source}]" not in shown] == []
    assert [one for one in said if on_one_line(one.text) not in page] == []


def test_the_fact_sheet_comes_as_a_page_and_for_word(tmp_path: Path) -> None:
    """Both files say the same; the Word file has a table for each stage."""
    done = run("factsheet", "pan_dorset", "--out", tmp_path / "sheets", "--today", "2026-11-24")
    assert done.returncode == 0, done.stderr
    names = [Path(line).name for line in done.stdout.split()]
    assert names == [f"pan-dorset-factsheet-2026-11-24.{ending}" for ending in ("html", "docx")]
    document = Document(BytesIO((tmp_path / "sheets" / names[1]).read_bytes()))
    page = on_one_line(unescape((tmp_path / "sheets" / names[0]).read_text("utf-8")))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert len(cells) > 100
    assert [
        text for text in cells if on_one_line(text.split("\n")[0].lstrip("☐ ")) not in page
    ] == []


def test_the_fact_sheet_works_dates_out() -> None:
    """Each limit with a date to compare: five working days from Tuesday 22 December."""
    page = on_one_line(unescape(run("factsheet", "kent", "--today", "2026-12-22").stdout))
    assert "Stage 1: Give a written response to the Stage 1 escalation" in page
    assert "Thu 31 Dec 2026" in page
    assert "bank holiday" in page


def test_the_fact_sheet_says_who_has_signed(tmp_path: Path) -> None:
    """A role and a day where there is one, else room for them."""
    assert "[role]" in run("factsheet", "kent").stdout
    text = (POLICIES / "kent.yml").read_text("utf-8")
    signed = (
        "status: signed\nfact_checked: {role: Safeguarding lead, day: 2026-11-19}\n"
        "signed: {role: Business manager, day: 2026-11-20}"
    )
    (tmp_path / "kent.yml").write_text(text.replace("status: draft", signed), "utf-8")
    page = run("factsheet", "kent", "--folder", tmp_path).stdout
    assert "signed for the partnership by its Business manager, 2026-11-20" in page
    assert "Fri 20 Nov 2026" in page


def test_an_id_means_the_version_in_force() -> None:
    """Before the change the old one, after it the new; a file's name means that file."""
    for day, name, amount in [
        ("2026-12-31", "penhallow", "5 working days"),
        ("2027-01-11", "penhallow", "3 working days"),
        ("2026-12-31", "penhallow.2027", "3 working days"),
    ]:
        shown = run("show", name, "--folder", SHAPES, "--today", day).stdout
        assert f"Answer the practitioner: {amount}" in on_one_line(shown)


def test_check_lists_every_version_with_its_status(tmp_path: Path) -> None:
    """And says, without stopping, which review has passed."""
    for name in ("penhallow.yml", "penhallow.2027.yml"):
        (tmp_path / name).write_text((SHAPES / name).read_text("utf-8"), "utf-8")
    done = run("check", "--folder", tmp_path, "--today", "2027-01-01")
    assert done.returncode == 0
    assert "penhallow.2027  2 stages: Stage 1, Stage 2 (draft)" in done.stdout
    assert re.search(r"penhallow\.yml:\d+: document\.next_review: .*2026-12-31", done.stdout)


def sourced_statements(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the words and the section of everything in a file that has a source."""
    if isinstance(value, dict):
        said = value.get("what") or value.get("role") or value.get("name")
        if "source" in value:
            yield on_one_line(str(said)), on_one_line(str(value["source"]))
        for inner in value.values():
            yield from sourced_statements(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from sourced_statements(inner)
