"""`python -m bot policies new`, from outside."""

import re
from pathlib import Path

import pytest
import yaml

from bot.core.policy.loader import load_policies
from bot.keepers.new import policy_file
from tests.support.policy_commands import run

pytestmark = pytest.mark.long

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
