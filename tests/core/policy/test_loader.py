"""Wrong policy files are refused with all their mistakes at once, and never loaded."""

from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from bot.commands.policies import main
from bot.core.policy.checks import Problem
from bot.core.policy.loader import PolicyError, load_policies, load_policy, policy_schema
from bot.paths import POLICIES
from tests.support.core import IDS, policies
from tests.support.small_policy import Change, put


@cache
def written(policy_id: str) -> Any:
    """Return a shipped file as YAML holds it."""
    return yaml.safe_load((POLICIES / f"{policy_id}.yml").read_text("utf-8"))


def save(folder: Path, change: Change, policy_id: str = "kent") -> None:
    """Write a policy file into `folder` with a change made to it."""
    data = deepcopy(written(policy_id))
    change(data)
    (folder / f"{policy_id}.yml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")


def problems(folder: Path) -> list[Problem]:
    """Return the problems of the files in `folder`, without line numbers."""
    with pytest.raises(PolicyError) as caught:
        load_policies(folder)
    return [replace(problem, line=None) for problem in caught.value.problems]


def test_the_shipped_policies_are_the_five_of_the_design() -> None:
    """Every id of the closed list has its file."""
    assert list(policies()) == IDS


def test_three_mistakes_of_three_kinds_are_reported_at_once(tmp_path: Path) -> None:
    """A wrong word, an amount of 0 and a stage that is not there, in one file."""

    def change(data: dict[str, Any]) -> None:
        put("nation", "cornwall")(data)
        put("stages.1.to_answer.0.amount", 0)(data)
        put("stages.3.must_follow.stages", [1, 9])(data)

    save(tmp_path, change)
    assert set(problems(tmp_path)) == {
        Problem(
            "kent.yml", "nation", "one of england, northern_ireland, scotland, wales", "'cornwall'"
        ),
        Problem("kent.yml", "stages[3].must_follow.stages", "earlier stages, from [0, 1, 2]", "9"),
        Problem(
            "kent.yml",
            "stages[1].to_answer[0].amount",
            "a whole number of 1 or more for working_day",
            "0",
        ),
    }


def test_the_command_line_reports_the_same_mistakes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`policies check` prints shape and meaning of one file together, a line each."""

    def change(data: dict[str, Any]) -> None:
        put("nation", "cornwall")(data)
        put("stages.1.to_answer.0.amount", 0)(data)
        put("stages.3.must_follow.stages", [1, 9])(data)

    save(tmp_path, change)
    assert main(["check", "--folder", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    for problem in problems(tmp_path):
        assert f": {problem.key}: expected {problem.expected}; got {problem.got}" in told
    assert "3 problems." in told


def test_a_problem_reads_as_file_key_expected_and_got(tmp_path: Path) -> None:
    """The error's message has such a line for each problem, with the line in the file."""
    text = (POLICIES / "kent.yml").read_text("utf-8").replace("nation: england", "nation: cornwall")
    (tmp_path / "kent.yml").write_text(text, "utf-8")
    line = text.splitlines().index("nation: cornwall") + 1
    with pytest.raises(PolicyError) as caught:
        load_policies(tmp_path)
    assert str(caught.value) == (
        f"kent.yml:{line}: nation: expected one of england, northern_ireland, scotland, wales; "
        "got 'cornwall'"
    )


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "value", "key", "expected", "got"),
    [
        ("id", "essex", "id", "the file's own name, kent", "essex"),
        ("colour", "red", "colour", "one of the keys id, name", "an unknown key"),
        ("name", None, "name", "a text", "nothing"),
        ("name", 5, "name", "a text", "5"),
        ("name", "  ", "name", "some text", "an empty text"),
        ("stages", "none", "stages", "a list", "'none'"),
        ("stages", [], "stages", "at least one stage", "none"),
        ("contact_source", None, "contact_source", "the section that gives", "nothing"),
        ("document.effective_from", "soon", "document.effective_from", "YYYY-MM-DD", "'soon'"),
        ("stages.1.number", 0, "stages", "stage numbers that go up", "[0, 0, 2, 3, 4]"),
        (
            "stages.1.level",
            "director",
            "stages",
            "levels that never go down",
            "'director', 'senior_man",
        ),
        ("stages.1.level", "boss", "stages[1].level", "practitioner", "'boss'"),
        ("stages.1.roles.0.agencies", ["shop"], "stages[1].roles[0].agencies[0]", "police", "shop"),
        ("stages.1.to_answer.0.amount", 5.5, "stages[1].to_answer[0].amount", "whole number", "5."),
        ("stages.1.to_answer.0.amount", None, "stages[1].to_answer[0].amount", "1 or more", "None"),
        ("stages.2.to_begin.0.amount", 1, "stages[2].to_begin[0].amount", "none for without_", "1"),
        (
            "stages.1.to_answer.0.readings",
            [],
            "stages[1].to_answer[0].readings",
            "at least one reading",
            "none",
        ),
        (
            "stages.1.to_answer.0.readings.0",
            {"counted_from": "earlier_stage_start", "stage": 2},
            "stages[1].to_answer[0].readings[0].stage",
            "an earlier stage, from [0]",
            "2",
        ),
        (
            "stages.1.to_answer.0.readings.0.stage",
            0,
            "stages[1].to_answer[0].readings[0].stage",
            "none, unless earlier_stage_start",
            "0",
        ),
        (
            "stages.3.notify.0.applies",
            {"area": ["thanet"]},
            "stages[3].notify[0].applies.area",
            "an area of this policy",
            "thanet",
        ),
        (
            "every_stage.0.applies",
            {"area": ["thanet"]},
            "every_stage[0].applies.area",
            "an area of this policy",
            "thanet",
        ),
    ],
)
def test_each_mistake_is_reported_with_its_key(
    tmp_path: Path, path: str, value: object, key: str, expected: str, got: str
) -> None:
    """Shape, order, references and empty texts: the key, what would be right, what is there."""
    save(tmp_path, put(path, value))
    found = [problem for problem in problems(tmp_path) if problem.key == key]
    assert len(found) == 1, problems(tmp_path)
    assert expected in found[0].expected
    assert got in found[0].got


def test_missing_keys_are_reported_together(tmp_path: Path) -> None:
    """Two keys left out of a stage give a single line that names both."""

    def change(data: dict[str, Any]) -> None:
        del data["stages"][1]["source"]
        del data["stages"][1]["title"]

    save(tmp_path, change)
    (problem,) = problems(tmp_path)
    assert str(problem) == ("kent.yml: stages[1]: expected the keys source, title; got no such key")


def test_a_statement_without_a_source_stops_the_file(tmp_path: Path) -> None:
    """No fact without its section: an empty section is refused too."""
    save(tmp_path, put("stages.1.what", ""))
    assert [problem.key for problem in problems(tmp_path)] == ["stages[1].what"]
    save(tmp_path, put("stages.1.source", " "))
    assert [problem.key for problem in problems(tmp_path)] == ["stages[1].source"]


def test_a_key_given_twice_is_a_mistake(tmp_path: Path) -> None:
    """YAML would keep the last of two lists of limits and drop the first without a word."""
    text = (POLICIES / "kent.yml").read_text("utf-8")
    twice = text.replace("    must_follow:", "    title: Once more\n    must_follow:")
    (tmp_path / "kent.yml").write_text(twice, "utf-8")
    (problem,) = problems(tmp_path)
    assert (problem.key, problem.expected) == ("title", "each key once")
    assert "line" in problem.got


@pytest.mark.parametrize(
    "text",
    ["", "[]", "3", "a: b: c", "\t", "&a [*a]", "a: {b: *x}", "? [a]\n: b", "<<: 3"],
)
def test_a_file_that_is_not_a_policy_is_refused(tmp_path: Path, text: str) -> None:
    """Empty, broken or looped YAML is a single problem of the whole file."""
    (tmp_path / "kent.yml").write_text(text, "utf-8")
    (problem,) = problems(tmp_path)
    assert problem.file == "kent.yml"
    assert problem.key == "(file)"


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """A file saved as UTF-16 is refused by name."""
    (tmp_path / "kent.yml").write_bytes("id: kent".encode("utf-16"))
    (problem,) = problems(tmp_path)
    assert problem.expected == "YAML in UTF-8"


def test_31_february_is_refused_with_its_key(tmp_path: Path) -> None:
    """A date that does not exist is a problem and does not hide the others."""
    text = (POLICIES / "kent.yml").read_text("utf-8")
    text = text.replace("document:\n", "document:\n  reviewed: 2026-02-31\n", 1)
    text = text.replace("nation: england", "nation: cornwall")
    (tmp_path / "kent.yml").write_text(text, "utf-8")
    found = {problem.key: problem for problem in problems(tmp_path)}
    assert set(found) == {"nation", "document.reviewed"}
    assert "2026-02-31" in found["document.reviewed"].got


def test_the_problems_of_all_files_are_reported_together(tmp_path: Path) -> None:
    """One wrong file does not hide another, nor one with the wrong ending."""
    save(tmp_path, put("nation", "cornwall"))
    save(tmp_path, put("name", ""), "pan_dorset")
    (tmp_path / "essex.yaml").write_text("id: essex", "utf-8")
    assert {problem.file for problem in problems(tmp_path)} == {
        "kent.yml",
        "pan_dorset.yml",
        "essex.yaml",
    }


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    """The guide does not start without a policy."""
    (problem,) = problems(tmp_path)
    assert problem.expected == "at least one policy file"


def test_nothing_is_loaded_from_a_file_with_a_mistake(tmp_path: Path) -> None:
    """One problem is enough to refuse the file."""
    save(tmp_path, put("stages.1.to_answer.0.amount", -5))
    with pytest.raises(PolicyError):
        load_policy(tmp_path / "kent.yml")


def test_a_policy_may_hold_every_shape_that_other_partnerships_have(tmp_path: Path) -> None:
    """Limits in hours, calendar days and weeks, an area, an excluded dispute and all dates."""

    def change(data: dict[str, Any]) -> None:
        data["document"] |= {
            "effective_from": "2026-01-01",
            "reviewed": "2026-06-01",
            "next_review": "2027-06-01",
        }
        data["areas"] = [{"id": "thanet", "name": "Thanet", "places": ["Margate"], "source": "1"}]
        data["other_procedures"].append(
            {"exit": "conference_dissent", "what": "Ask the chair.", "source": "2"}
        )
        data["stages"][1]["label"] = "Step One"
        limit = data["stages"][1]["to_answer"][0]
        data["stages"][1]["to_answer"] = [
            {**deepcopy(limit), "unit": unit, "amount": 2}
            for unit in ("hour", "calendar_day", "working_day", "working_week")
        ]
        data["stages"][1]["notify"] = [
            {"who": "Thanet", "what": "Tell it.", "source": "1", "applies": {"area": ["thanet"]}}
        ]

    save(tmp_path, change)
    policy = load_policies(tmp_path)["kent"]
    assert policy.document.next_review is not None
    assert len(policy.stage(1).to_answer) == 4


def test_the_schema_knows_every_key_of_a_shipped_policy() -> None:
    """The schema that problems come from is that of the model."""
    schema = policy_schema()["$defs"]["Policy"]["properties"]
    assert all(set(written(policy_id)) <= set(schema) for policy_id in IDS)


def test_a_folder_is_read_again_when_a_file_in_it_changes(tmp_path: Path) -> None:
    """The cache holds only as long as the files do not change."""
    text = (POLICIES / "kent.yml").read_text(encoding="utf-8")
    (tmp_path / "kent.yml").write_text(text, encoding="utf-8")
    first = load_policies(tmp_path)
    assert load_policies(tmp_path)["kent"] is first["kent"]
    renamed = text.replace("short_name: Kent", "short_name: Kent county")
    (tmp_path / "kent.yml").write_text(renamed, encoding="utf-8")
    assert load_policies(tmp_path)["kent"].short_name == "Kent county"
    (tmp_path / "kent.yml").write_text(text + "\nunknown: key\n", encoding="utf-8")
    with pytest.raises(PolicyError):
        load_policies(tmp_path)
