"""`python -m bot policies diff`, from outside."""

import re
from pathlib import Path

import pytest

from bot.paths import POLICIES, ROOT
from tests.support.policy_commands import IDS, SHAPES, on_one_line, run

pytestmark = pytest.mark.long


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
