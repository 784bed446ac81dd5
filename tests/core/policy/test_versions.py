"""Which of several files holds: versions, signed policies, and areas that extend a region."""

from datetime import date
from pathlib import Path

import pytest

from bot.core.policy.loader import load_library
from tests.support.small_policy import Change, load_problems, put, save


def begins(day: str) -> Change:
    """Return a change of the day a version takes effect."""
    return put("document", {"title": f"Vale of {day}", "effective_from": day})


CHANGED = put("replaces", {"what": "Stage 2 is new.", "source": "0"})


def test_two_versions_in_force_at_once_are_refused(tmp_path: Path) -> None:
    """Neither of two versions with the same day, or with none, could be chosen."""
    save(tmp_path, "vale.yml", begins("2026-01-01"))
    save(tmp_path, "vale.second.yml", begins("2026-01-01"), CHANGED)
    (problem,) = load_problems(tmp_path)
    assert (problem.key, problem.got) == ("document.effective_from", "2026-01-01")
    assert "on which no other version begins" in problem.expected
    save(tmp_path, "vale.yml")
    save(tmp_path, "vale.second.yml", CHANGED)
    (problem,) = load_problems(tmp_path)
    assert problem.got == "no day in either"


def test_a_new_version_must_say_what_changed(tmp_path: Path) -> None:
    """A case that began under the old version has to learn of the change."""
    save(tmp_path, "vale.yml", begins("2026-01-01"))
    save(tmp_path, "vale.2027.yml", begins("2027-01-01"))
    (problem,) = load_problems(tmp_path)
    assert (problem.file, problem.key) == ("vale.2027.yml", "replaces")


def test_the_version_in_force_on_the_day_is_used(tmp_path: Path) -> None:
    """The day before the change the old one, on the day the new one; before both the first."""
    save(tmp_path, "vale.yml", begins("2026-01-01"))
    save(tmp_path, "vale.2027.yml", begins("2027-01-01"), CHANGED)
    library = load_library(tmp_path)
    titles = {
        day: library.on(date.fromisoformat(day))["vale"].document.title
        for day in ("2025-06-01", "2026-12-31", "2027-01-01")
    }
    assert titles == {
        "2025-06-01": "Vale of 2026-01-01",
        "2026-12-31": "Vale of 2026-01-01",
        "2027-01-01": "Vale of 2027-01-01",
    }
    assert library.newest()["vale"].document.title == "Vale of 2027-01-01"


def test_only_signed_policies_are_offered_without_drafts(tmp_path: Path) -> None:
    """A draft and a file that was only checked stay with those who keep them."""
    done = {"role": "Business manager", "day": "2026-11-01"}
    lead = {"role": "Safeguarding lead", "day": "2026-10-30"}
    checked = put("fact_checked", lead)
    save(tmp_path, "vale.yml", put("status", "signed"), checked, put("signed", done))
    save(tmp_path, "hill.yml", put("id", "hill"))
    save(
        tmp_path,
        "dale.yml",
        put("id", "dale"),
        put("status", "fact_checked"),
        put("fact_checked", done),
    )
    assert set(load_library(tmp_path).newest()) == {"vale", "hill", "dale"}
    assert set(load_library(tmp_path, drafts=False).newest()) == {"vale"}


def test_a_mistake_in_what_an_area_adds_is_reported_at_its_line(tmp_path: Path) -> None:
    """Lines are those of the area's own file, also where the region's list comes first."""
    save(tmp_path, "vale.yml")
    (tmp_path / "hill.yml").write_text(
        "id: hill\nextends: vale\nname: Hill\nshort_name: Hill\npartnership: Hill\n"
        "document: {title: Hill}\nnames: [Hill]\nplaces: [Hill]\n"
        "own_areas:\n  - kinds: [roles]\n    what: Roles\n    source: '1'\n",
        "utf-8",
    )
    (problem,) = load_problems(tmp_path)
    assert (problem.file, problem.line) == ("hill.yml", 10)
    assert problem.key == "own_areas[1].kinds[0]"


@pytest.mark.parametrize(
    ("named", "expected"),
    [("dale", "the name of another policy file, from ['vale']"), ("hill", "another policy file")],
)
def test_a_policy_that_extends_a_missing_file_is_refused(
    tmp_path: Path, named: str, expected: str
) -> None:
    """The region's file has to be there, and to be another one."""
    save(tmp_path, "vale.yml")
    save(tmp_path, "hill.yml", put("id", "hill"), put("extends", named))
    (problem,) = load_problems(tmp_path)
    assert (problem.key, problem.got) == ("extends", named)
    assert expected in problem.expected
