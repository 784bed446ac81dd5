"""`python -m bot policies` from outside, as the keeper of a policy runs it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.commands import policies
from bot.core.policy.loader import policy_files
from bot.letters import files
from bot.paths import POLICIES, ROOT
from tests.support.commands import Done, run_here

IDS = [path.stem for path in policy_files(POLICIES)]
STAGES = {"city_and_hackney": 4, "kent": 5, "pan_bedfordshire": 4, "pan_dorset": 3}


def run(*words: str | Path) -> Done:
    """Run the command in the project's root."""
    return run_here("policies", *words)


def policy_data(policy_id: str) -> dict[str, Any]:
    """Return a policy file as it is written."""
    data: dict[str, Any] = yaml.safe_load((POLICIES / f"{policy_id}.yml").read_text("utf-8"))
    return data


def write(folder: Path, name: str, data: object) -> None:
    """Write a policy file into `folder`."""
    (folder / f"{name}.yml").write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")


def statements(value: object) -> Iterator[str]:
    """Yield every sentence, name, address and source that a policy file holds."""
    coded = {"id", "level", "who", "unit", "strength", "counted_from", "exit", "nation"}
    # Passages stand beside the statements in the fact sheet, posts in the drafts.
    coded |= {"quote", "post"}
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in coded or (key == "who" and "unit" not in value):
                yield from statements(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from statements(inner)
    elif isinstance(value, str) and not value.replace("_", "").islower():
        yield " ".join(value.split())


@pytest.mark.command
def test_check_says_that_the_shipped_policies_are_all_right() -> None:
    """The shipped files pass, and each is named with its stages and its status."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "policies", "check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    first, *lines = done.stdout.partition("\n\n")[0].splitlines()
    assert first == f"{len(IDS)} policies, all right."
    counts = {line.split()[0]: int(line.split()[1]) for line in lines}
    assert list(counts) == IDS
    assert counts.items() >= STAGES.items()
    assert all(line.endswith("(draft)") for line in lines if line.split()[0] in STAGES)


@pytest.mark.long
def test_check_tells_every_problem_of_every_file_at_once(tmp_path: Path) -> None:
    """Two wrong files: each mistake is told with file, key, what is right and what is there."""
    kent = policy_data("kent")
    kent["nation"] = "cornwall"
    kent["stages"][1]["to_answer"][0]["unit"] = "fortnight"
    del kent["stages"][2]["source"]
    write(tmp_path, "kent", kent)
    dorset = policy_data("pan_dorset")
    dorset["stages"][1]["to_answer"][0]["amount"] = 0
    dorset["stages"][2]["to_answer"][0]["readings"][0]["stage"] = 7
    write(tmp_path, "pan_dorset", dorset)
    (tmp_path / "torn.yml").write_text("id: [", "utf-8")
    write(tmp_path, "trust_guidance", policy_data("trust_guidance"))

    done = run("check", "--folder", tmp_path)

    assert done.returncode == 1
    *problems, last = done.stdout.splitlines()
    assert last == f"{len(problems)} problems."
    for file, key, expected, got in [
        ("kent.yml", "nation", "scotland, wales", "'cornwall'"),
        ("kent.yml", "stages[1].to_answer[0].unit", "working_day", "'fortnight'"),
        ("kent.yml", "stages[2]", "source", "no such key"),
        ("pan_dorset.yml", "stages[1].to_answer[0].amount", "whole number of 1 or more", "0"),
        ("pan_dorset.yml", "stages[2].to_answer[0].readings[0].stage", "[1, 2]", "7"),
        ("torn.yml", "(file)", "closing bracket", "expected node content"),
    ]:
        told = [
            line for line in problems if re.match(rf"{file}:\d+: {re.escape(key)}: expected ", line)
        ]
        assert any(expected in line and got in line for line in told), (file, key, problems)
    assert not any("trust_guidance" in line for line in problems)


def test_check_says_when_there_is_no_policy(tmp_path: Path) -> None:
    """An empty folder is a problem, and so is one that is not there."""
    for folder in (tmp_path, tmp_path / "missing"):
        done = run("check", "--folder", folder)
        assert done.returncode == 1
        assert "at least one policy file" in done.stdout


@pytest.mark.parametrize("policy_id", IDS)
def test_show_prints_everything_the_file_says(policy_id: str) -> None:
    """Each statement, role, limit, address and source of the file is in the text."""
    done = run("show", policy_id)
    assert done.returncode == 0, done.stderr
    shown = " ".join(done.stdout.split())
    missing = [text for text in statements(policy_data(policy_id)) if text not in shown]
    assert not missing


def test_show_gives_a_limit_with_who_it_binds_and_each_reading() -> None:
    """Dorset's Stage 3: amount, both readings, whom it binds, and that it is a guide."""
    shown = " ".join(run("show", "pan_dorset").stdout.split())
    limit = shown[shown.index("Reach a decision between the senior managers") :]
    limit = limit[: limit.index("- Tell the practitioners")]
    assert "10 working days, counted from the start of Stage 2" in limit
    assert "or the start of this stage" in limit
    assert "the earliest date is used" in limit
    assert "both sides have it together, and neither owes the other an answer; a guide" in limit


def test_show_says_for_whom_and_when_a_notification_holds() -> None:
    """Hackney's chair for a protection plan, and Bedfordshire's chair of governors for schools."""
    hackney = " ".join(run("show", "city_and_hackney").stdout.split())
    assert "if the child has or is child protection plan: The Child Protection Chair" in hackney
    bedfordshire = " ".join(run("show", "pan_bedfordshire").stdout.split())
    assert "When not settled, if my agency is education: The Chair of Governors" in bedfordshire


def test_show_says_which_stages_must_come_first() -> None:
    """Kent's Stage 3 needs Stages 1 and 2."""
    shown = " ".join(run("show", "kent").stdout.split())
    assert "Needed first: Stage 1, Stage 2." in shown


def test_briefing_writes_the_policy_on_one_page_for_web_and_word(tmp_path: Path) -> None:
    """Both files are named; without a folder the page is printed."""
    done = run("briefing", "kent", "--out", tmp_path, "--today", "2026-11-24")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "kent-briefing-2026-11-24.docx",
        "kent-briefing-2026-11-24.html",
    ]
    printed = run("briefing", "kent", "--today", "2026-11-24").stdout
    assert printed == (tmp_path / "kent-briefing-2026-11-24.html").read_text(encoding="utf-8")


def test_show_with_an_unknown_id_names_those_there_are() -> None:
    """Exit status 2 and the list of ids; a path is not an id."""
    for wrong in ("narnia", "../policies/kent"):
        done = run("show", wrong)
        assert done.returncode == 2
        assert f"'{wrong}'" in done.stderr
        assert ", ".join(IDS) in done.stderr
        assert not done.stdout


def test_show_of_a_wrong_file_tells_its_problems(tmp_path: Path) -> None:
    """A file that cannot be read as a policy is not shown in part."""
    kent = policy_data("kent")
    kent["stages"] = []
    write(tmp_path, "kent", kent)
    done = run("show", "kent", "--folder", tmp_path)
    assert done.returncode == 1
    assert re.search(r"kent.yml:\d+: stages: expected at least one stage; got none", done.stdout)
    assert "Principles" not in done.stdout


@pytest.mark.parametrize("words", [[], ["paint"], ["show"], ["check", "kent", "--loudly"]])
def test_a_wrong_command_is_told_with_the_usage(words: list[str]) -> None:
    """Exit status 2, and only the commands that there are."""
    done = run(*words)
    assert done.returncode == 2
    assert done.stderr.startswith("usage: python -m bot policies")


def test_help_offers_check_and_show() -> None:
    """Help ends well and names both commands."""
    done = run("--help")
    assert done.returncode == 0
    assert "check" in done.stdout
    assert "show" in done.stdout


@pytest.mark.long
def test_check_names_a_wrong_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The letters are checked with the policies that they name."""
    copy = tmp_path / "letters"
    shutil.copytree(files.FOLDER, copy)
    (copy / "email/chase.txt").write_text("Dear {{their_nam}}", "utf-8")
    monkeypatch.setattr(policies, "letters", lambda: files.read_letters(copy))
    assert policies.main(["check"]) == 1
    assert "email/chase.txt: unknown gap {{their_nam}}" in capsys.readouterr().out


def test_check_tells_what_is_wrong_with_the_short_answers_too(tmp_path: Path) -> None:
    """The guide's own guidance is checked with the policies, its mistakes told with theirs."""
    write(tmp_path, "kent", {**policy_data("kent"), "nation": "cornwall"})
    guidance = yaml.safe_load((POLICIES / "guidance/answers.yml").read_text("utf-8"))
    guidance["terms"][0]["what"] = ""
    (tmp_path / "guidance").mkdir()
    write(tmp_path / "guidance", "answers", guidance)
    done = run("check", "--folder", tmp_path)
    assert done.returncode == 1
    kent, answers, last = done.stdout.splitlines()
    assert re.match(r"kent.yml:\d+: nation:", kent)
    assert answers == "answers.yml: terms[0].what: expected some text; got an empty text"
    assert last == "2 problems."
