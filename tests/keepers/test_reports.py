"""`python -m bot policies` schema, diagram, factsheet, diff and new, from outside."""

import json
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import yaml
from docx import Document

from bot.core.handbook.handbook import load_handbook
from bot.core.policy.loader import load_policies, load_policy, policy_files, policy_schema
from bot.keepers.files import find_policy
from bot.keepers.new import policy_file
from bot.keepers.schema import PARTS, editors_schema, schema_text
from bot.keepers.statements import statement_groups
from bot.paths import POLICIES, ROOT
from tests.support.commands import Done, run_here

pytestmark = pytest.mark.long

SHAPES = ROOT / "tests/policies/shapes"
IDS = [path.stem for path in policy_files(POLICIES)]
NAMES = [(POLICIES, policy_id) for policy_id in IDS] + [
    (SHAPES, path.stem) for path in policy_files(SHAPES)
]
EVERY = pytest.mark.parametrize(("folder", "name"), NAMES, ids=[name for _, name in NAMES])


def run(*words: str | Path, said: str = "") -> Done:
    """Answer a command, with something typed in if wanted."""
    return run_here("policies", *words, given=said)


def on_one_line(text: str) -> str:
    """Return a text without its line breaks."""
    return " ".join(text.split())


# The schema for editors.


def test_the_schema_file_matches_the_model() -> None:
    """After a change of the model, run: python -m bot policies schema."""
    assert (POLICIES / "schema.json").read_text("utf-8") == schema_text()


def test_schema_writes_the_file(tmp_path: Path) -> None:
    """The command that the test above names writes what it compares."""
    out = tmp_path / "schema.json"
    assert run("schema", "--out", out).stdout.strip() == str(out)
    assert out.read_text("utf-8") == schema_text()


def test_every_key_has_a_sentence_to_hover_over() -> None:
    """An editor explains each key; no sentence is left of a key that is gone."""
    described = {
        f"{part}.{key}": value.get("description", "")
        for part, shape in editors_schema()["$defs"].items()
        for key, value in shape.get("properties", {}).items()
    }
    assert [key for key, text in described.items() if not text] == []
    assert set(PARTS) <= set(described)


@EVERY
def test_the_schema_accepts_every_policy(folder: Path, name: str) -> None:
    """An editor underlines nothing in a file that is right, also where it extends another."""
    jsonschema.Draft7Validator.check_schema(editors_schema())
    plain = json.loads(json.dumps(read_yaml(folder / f"{name}.yml"), default=str))
    errors = jsonschema.Draft7Validator(editors_schema()).iter_errors(plain)
    assert [f"{list(error.absolute_path)}: {error.message}" for error in errors] == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("nation",), "cornwall"),
        (("colour",), "red"),
        (("stages", 1, "level"), "boss"),
        (("stages", 1, "to_answer", 0, "unit"), "fortnight"),
        (("stages",), None),
    ],
)
def test_the_schema_underlines_what_is_wrong(path: tuple[Any, ...], value: object) -> None:
    """A wrong word, an unknown key or none where one belongs is marked while typing."""
    plain = json.loads(json.dumps(read_yaml(POLICIES / "kent.yml"), default=str))
    part = plain
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    assert list(jsonschema.Draft7Validator(editors_schema()).iter_errors(plain))


def test_the_schema_asks_for_what_is_missing() -> None:
    """A stage without its source is marked, unless the file extends another."""
    plain = json.loads(json.dumps(read_yaml(POLICIES / "kent.yml"), default=str))
    del plain["stages"][2]["source"]
    checked = jsonschema.Draft7Validator(editors_schema())
    assert any(
        "'source' is a required property" in error.message for error in checked.iter_errors(plain)
    )
    plain["extends"] = "pan_dorset"
    assert list(checked.iter_errors(plain)) == []


def test_editors_find_the_schema() -> None:
    """Each shipped file and the template name it in their first line."""
    for path in [*policy_files(POLICIES), POLICIES / "template/partnership.yml"]:
        first = path.read_text("utf-8").splitlines()[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert named, path.name
        assert (path.parent / named[1]).resolve() == (POLICIES / "schema.json").resolve()


# The picture.


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


# The fact sheet.


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


# What changes.


def changes_after(folder: Path, *pairs: tuple[str, str]) -> str:
    """Return what the guide says has changed where texts in Kent's file are replaced."""
    text = (POLICIES / "kent.yml").read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "kent.yml").write_text(text, "utf-8")
    done = run("diff", "kent", folder / "kent.yml")
    assert done.returncode == 0, done.stderr + done.stdout
    return on_one_line(done.stdout)


@pytest.mark.parametrize("name", IDS)
def test_a_policy_does_not_differ_from_itself(name: str) -> None:
    """Nothing is said to change."""
    assert "No advice changes." in run("diff", name, name).stdout


def test_a_shorter_limit_is_told_with_its_dates(tmp_path: Path) -> None:
    """What it is about, whom it binds, how long it was and is, and when one goes on instead."""
    told = changes_after(tmp_path, ("amount: 5", "amount: 3"))
    assert (
        "'Give a written response to the Stage 1 escalation', which binds the other agency, is "
        "now 3 working days, due on Thu 5 Nov 2026, instead of 5 working days, due on Mon 9 Nov "
        "2026."
    ) in told
    assert (
        "Stage 1 raised on Mon 2 Nov 2026 and not answered: go on from Fri 6 Nov 2026, instead of "
        "Tue 10 Nov 2026."
    ) in told
    assert "Stage 2 raised" not in told


def test_another_post_is_told_for_whom_it_is(tmp_path: Path) -> None:
    """A change at the police is listed for people who deal with the police."""
    told = changes_after(
        tmp_path, ("Detective Sergeant in the Police Public Protection Unit", "Inspector")
    )
    for sentence in ("Go to Inspector", "No longer go to Detective Sergeant"):
        said = [one for one in re.split(r" - (?=[A-Z])", told) if sentence in one]
        assert said, told
        assert all(
            "if your agency is police" in one or "other agency is police" in one for one in said
        )


def test_a_rule_of_order_that_is_gone_is_told(tmp_path: Path) -> None:
    """Kent without the rule that Stages 1 and 2 come first."""
    text = (POLICIES / "kent.yml").read_text("utf-8")
    start = text.index("    must_follow:")
    rule = text[start : text.index("    to_answer:", start)]
    told = changes_after(tmp_path, (rule, ""))
    assert (
        "When Stage 3 was begun without those before it: go on to Stage 4 (Safeguarding "
        "Partnership Executive Board), instead of: go on to Stage 1 (Team manager)."
    ) in told


def test_a_notification_that_is_new_is_told_with_its_condition(tmp_path: Path) -> None:
    """It holds for looked-after children from Stage 3 on."""
    told = changes_after(
        tmp_path,
        (
            "    notify:\n      - who: KSCMP\n",
            (
                "    notify:\n      - who: The reviewing officer\n        what: Tell them.\n"
                "        source: '9'\n        applies: {child_status: [looked_after]}\n"
                "      - who: KSCMP\n"
            ),
        ),
    )
    assert "the child's status is looked after: Tell The reviewing officer: Tell them." in told


@pytest.mark.parametrize("today", ["2026-06-01", "2027-06-01"])
def test_the_day_of_the_change_is_told(today: str) -> None:
    """Two versions side by side, whichever is in force: from when, and cases begun before."""
    told = on_one_line(
        run("diff", "penhallow", "penhallow.2027", "--folder", SHAPES, "--today", today).stdout
    )
    assert "From penhallow.yml to penhallow.2027.yml" in told
    assert "It holds from Mon 11 Jan 2027." in told
    assert "3 working days" in told


def test_diff_by_ids_compares_the_files_that_are_named() -> None:
    """Also once the new version is in force, and it says what becomes of open cases."""
    shapes = ROOT / "tests/policies/shapes"
    day = ("--today", "2027-02-01", "--folder", str(shapes))
    told = run("diff", "penhallow", "penhallow.2027", *day).stdout
    assert "From penhallow.yml to penhallow.2027.yml" in told
    assert "3 working days" in told
    kept = run("diff", "rookhope", "rookhope.2026", *day).stdout
    assert "a case begun under it still goes by it" in " ".join(kept.split())


def test_a_changed_section_alone_changes_no_advice(tmp_path: Path) -> None:
    """It is counted, so that nobody thinks nothing was done."""
    told = changes_after(
        tmp_path, ("source: Stage 1 – Escalation to Team Manager", "source: Stage 1b")
    )
    assert "No advice changes. 1 statement stands in another section than before." in told


def test_diff_with_a_file_that_is_wrong_tells_its_problems(tmp_path: Path) -> None:
    """With an unknown name it lists the known ones."""
    text = (POLICIES / "kent.yml").read_text("utf-8").replace("nation: england", "nation: essex")
    (tmp_path / "kent.yml").write_text(text, "utf-8")
    done = run("diff", "kent", tmp_path / "kent.yml")
    assert done.returncode == 1
    assert "nation: expected one of" in done.stdout
    done = run("diff", "kent", "narnia")
    assert done.returncode == 2
    assert "no policy 'narnia'" in done.stderr


# A new file.

ANSWERS = {
    "id": "north_vale",
    "name": 'North Vale: how to "escalate" & resolve #1',
    "short-name": "North Vale",
    "partnership": "North Vale Safeguarding Partnership",
    "title": "Escalation: a policy {2026}",
    "nation": "wales",
    "label": "Step",
    "stages": "3",
}


def flags(folder: Path, **other: str) -> list[str]:
    """Return the answers as flags, and where the files go."""
    given = {**ANSWERS, **other, "folder": str(folder), "cases": str(folder)}
    return [word for name, value in given.items() for word in (f"--{name}", value)]


def test_new_writes_a_file_that_checks_with_a_list_of_what_is_left(tmp_path: Path) -> None:
    """By flags alone: the file loads at once, and check lists every text to fill in."""
    done = run("new", *flags(tmp_path))
    assert done.returncode == 0, done.stderr
    policy = load_policies(tmp_path)["north_vale"]
    assert policy.name == ANSWERS["name"]
    assert policy.document.title == ANSWERS["title"]
    assert [stage.label for stage in policy.stages] == ["Step 1", "Step 2", "Step 3"]
    assert (policy.nation.value, policy.status.value) == ("wales", "draft")
    checked = run("check", "--folder", tmp_path)
    assert checked.returncode == 0, checked.stdout
    left = (tmp_path / "north_vale.yml").read_text("utf-8").count('"FILL IN')
    assert len(re.findall(r"north_vale\.yml:\d+: .*FILL IN", checked.stdout)) == left


def test_new_writes_an_empty_case_file_that_can_be_read(tmp_path: Path) -> None:
    """Its example, taken out of the remarks, is a case."""
    run("new", *flags(tmp_path))
    text = (tmp_path / "north_vale.cases.yml").read_text("utf-8")
    assert yaml.safe_load(text)["cases"] == []
    example = re.sub(r"(?m)^# (?=cases:|  )", "", text.replace("cases: []\n", ""))
    cases = yaml.safe_load(example)["cases"]
    assert cases[0]["expect"]["action"] == "discuss"


def test_new_asks_what_is_not_given_and_asks_again(tmp_path: Path) -> None:
    """A wrong answer gets an explanation, and Enter takes the default."""
    said = "North Vale!\nnorth_vale\nNorth Vale Policy\nVale\nPartnership\nA title\n\n\n99\n2\n"
    done = run("new", "--folder", tmp_path, "--cases", tmp_path, said=said)
    assert done.returncode == 0, done.stderr
    assert "That has to be a short word in lower case" in done.stdout
    assert "That has to be a number from 1 to 12" in done.stdout
    policy = load_policies(tmp_path)["north_vale"]
    assert [stage.label for stage in policy.stages] == ["Stage 1", "Stage 2"]
    assert policy.nation.value == "england"


def test_new_without_answers_names_the_flags(tmp_path: Path) -> None:
    """Where nobody can be asked nothing is written, and what is missing is said."""
    done = run("new", "--id", "vale", "--folder", tmp_path, "--cases", tmp_path)
    assert done.returncode == 2
    assert "--name, --short-name, --partnership" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("id", "../kent", "a short word in lower case"),
        ("id", "kent.2027", "a short word in lower case"),
        ("nation", "cornwall", "one of england, wales"),
        ("stages", "0", "a number from 1 to 12"),
        ("name", " ", "some text"),
    ],
)
def test_new_refuses_a_wrong_answer(tmp_path: Path, name: str, value: str, expected: str) -> None:
    """What is wrong, and what would be right; nothing is written."""
    done = run("new", *flags(tmp_path, **{name: value}))
    assert done.returncode == 2
    assert f"--{name}: expected {expected}" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("count", [1, 4, 5, 7, 12])
def test_new_begins_a_file_with_any_number_of_stages(tmp_path: Path, count: int) -> None:
    """Stages beyond the five levels share one with the next, and none stands below the last."""
    told = {
        "id": "vale", "name": "Vale", "short-name": "Vale", "partnership": "Vale Partnership",
        "title": "Vale", "nation": "england", "label": "Step", "stages": str(count),
    }  # fmt: skip
    (tmp_path / "vale.yml").write_text(policy_file(told), "utf-8")
    stages = load_policies(tmp_path)["vale"].stages
    assert len(stages) == count
    ranks = [stage.level.rank for stage in stages]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == min(count, 5)


def test_new_never_writes_over_a_file(tmp_path: Path) -> None:
    """A second time it says what is there, and leaves it."""
    run("new", *flags(tmp_path))
    (tmp_path / "north_vale.yml").write_text("mine", "utf-8")
    done = run("new", *flags(tmp_path))
    assert done.returncode == 2
    assert "already there" in done.stderr
    assert (tmp_path / "north_vale.yml").read_text("utf-8") == "mine"


@pytest.mark.parametrize("stages", ["1", "2", "3", "4", "5"])
def test_new_gives_every_number_of_stages_levels_that_go_up(tmp_path: Path, stages: str) -> None:
    """Each ladder loads."""
    assert run("new", *flags(tmp_path, stages=stages)).returncode == 0
    assert len(load_policies(tmp_path)["north_vale"].stages) == int(stages)


# Versions on the command line.


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


def read_yaml(path: Path) -> Any:
    """Return a file as YAML holds it."""
    return yaml.safe_load(path.read_text("utf-8"))


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


def test_the_model_is_what_the_schema_is_made_from() -> None:
    """Each part of the model is in the published schema."""
    assert set(policy_schema()["$defs"]) == set(editors_schema()["$defs"])
