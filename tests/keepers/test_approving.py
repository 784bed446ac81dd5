"""A file is checked and signed by a command too: two roles, over the same content."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.core.policy.loader import load_library, load_policy
from bot.core.policy.model import Status
from bot.keepers.approving import NotApproved, approve
from bot.paths import POLICIES, ROOT
from tests.support.commands import run_here

SHAPES = ROOT / "tests/policies/shapes"
DAY = date(2026, 11, 24)


def approved(path: Path) -> None:
    """Check a file, then sign it."""
    approve(path, Status.fact_checked, "Safeguarding lead", DAY)
    approve(path, Status.signed, 'Business manager of "Vale"', DAY)


@pytest.mark.parametrize(
    ("name", "whose"),
    [("kent", "partnership"), ("pan_bedfordshire", "partnerships"), ("trust_guidance", "trust")],
)
def test_a_file_keeps_all_it_says_and_gets_its_approval(
    tmp_path: Path, name: str, whose: str
) -> None:
    """Only what is said of the approval changes, and it can be done again."""
    path = tmp_path / f"{name}.yml"
    shutil.copy(POLICIES / path.name, path)
    before = path.read_text("utf-8").splitlines()
    approved(path)
    policy = load_policy(path)
    assert policy.status is Status.signed
    assert policy.signed
    assert policy.signed.role == 'Business manager of "Vale"'
    after = path.read_text("utf-8").splitlines()
    gone = [line for line in before if line not in after and not line.startswith("status")]
    assert [line.partition(". ")[0] for line in gone] == [f"# Not signed off by the {whose}"]
    assert gone[0].partition(". ")[2] in "\n".join(after)
    approved(path)
    assert path.read_text("utf-8").splitlines() == after


@pytest.mark.long
@pytest.mark.parametrize("path", sorted(POLICIES.glob("*.yml")), ids=lambda path: path.stem)
def test_the_top_of_a_file_never_denies_its_approval(tmp_path: Path, path: Path) -> None:
    """Checked alone it is not signed off; signed it is; checked anew the signature is gone."""
    copy = Path(shutil.copy(path, tmp_path))

    def top() -> str:
        return copy.read_text("utf-8").partition("\nid:")[0]

    for done, unsigned in ((Status.fact_checked, True), (Status.signed, False)) * 2:
        approve(copy, done, f"Role {done.value}", DAY)
        assert ("Not signed off" in top()) is unsigned
        assert "Nobody has checked" not in top()
        assert all(line.startswith("#") for line in top().splitlines())


def test_nobody_signs_what_was_not_checked_or_changed_since(tmp_path: Path) -> None:
    """The check has to be of the very same content."""
    path = tmp_path / "kent.yml"
    shutil.copy(POLICIES / "kent.yml", path)
    with pytest.raises(NotApproved):
        approve(path, Status.signed, "Business manager", DAY)
    approve(path, Status.fact_checked, "Safeguarding lead", DAY)
    text = path.read_text("utf-8")
    path.write_text(text.replace("amount: 5", "amount: 6", 1), "utf-8")
    assert load_policy(path).status is Status.draft
    with pytest.raises(NotApproved):
        approve(path, Status.signed, "Business manager", DAY)


def test_an_areas_signature_ends_when_the_regions_text_changes(tmp_path: Path) -> None:
    """It covered that text as well: nobody has signed the new one."""
    for name in ("jurby.yml", "kelderby.yml"):
        shutil.copy(SHAPES / name, tmp_path / name)
    approved(tmp_path / "jurby.yml")
    approved(tmp_path / "kelderby.yml")
    assert "kelderby" in load_library(tmp_path, drafts=False).newest()
    region = tmp_path / "jurby.yml"
    region.write_text(region.read_text("utf-8").replace("amount: 3", "amount: 1", 1), "utf-8")
    assert "kelderby" not in load_library(tmp_path, drafts=False).newest()


def test_whoever_checked_it_cannot_sign_it_as_well(tmp_path: Path) -> None:
    """It is refused before anything is written, so the file can still be signed."""
    path = tmp_path / "kent.yml"
    shutil.copy(POLICIES / "kent.yml", path)
    approve(path, Status.fact_checked, "Safeguarding lead", DAY)
    before = path.read_text("utf-8")
    for role, day in (("safeguarding  LEAD", DAY), ("Business manager", date(2026, 11, 23))):
        with pytest.raises(NotApproved, match="expected"):
            approve(path, Status.signed, role, day)
    assert path.read_text("utf-8") == before
    approve(path, Status.signed, "Business manager", DAY)
    assert load_policy(path).status is Status.signed


CASES = (ROOT / "tests/policies/kent.cases.yml").read_text("utf-8")
HEAD, FIRST, *_ = CASES.split("  - case:")


@pytest.mark.long
@pytest.mark.parametrize(
    ("held", "told"),
    [
        (None, "cases in kent.cases.yml"),
        (f"{HEAD}  - case:{FIRST}", "a case that waits at Talk between you"),
        (CASES.replace("action: discuss", "action: chase", 1), "cases[0].expect"),
    ],
    ids=["none", "too few", "wrong"],
)
def test_the_command_signs_nothing_whose_cases_are_not_confirmed(
    tmp_path: Path, held: str | None, told: str
) -> None:
    """As on the keepers' page: they are there, enough, and answered as they say."""
    path, cases = tmp_path / "kent.yml", tmp_path / "kent.cases.yml"
    shutil.copy(POLICIES / path.name, path)
    approve(path, Status.fact_checked, "Safeguarding lead", DAY)
    if held:
        cases.write_text(held, "utf-8")
    sign = ("policies", "approve", "kent", "signed", "--role", "Business manager")
    more = ("--folder", tmp_path, "--today", str(DAY))
    refused = run_here(*sign, *more)
    assert refused.returncode == 2
    assert "Nothing was signed" in refused.stderr
    assert told in refused.stderr
    assert load_policy(path).status is Status.fact_checked
    cases.write_text(CASES, "utf-8")
    assert run_here(*sign, *more).returncode == 0
    assert load_policy(path).status is Status.signed


def test_a_file_with_a_placeholder_left_is_not_approved(tmp_path: Path) -> None:
    """A draft may have one; a file that is checked would no longer load."""
    path = tmp_path / "kent.yml"
    text = (POLICIES / "kent.yml").read_text("utf-8")
    path.write_text(
        text.replace("    title: Team manager", '    title: "FILL IN: who"', 1), "utf-8"
    )
    assert "FILL IN" in path.read_text("utf-8")
    with pytest.raises(NotApproved, match="words of your own"):
        approve(path, Status.fact_checked, "Safeguarding lead", DAY)
