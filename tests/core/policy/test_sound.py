"""A wrong file leaves its own policy out, or as it last was, and never stops the others."""

import shutil
from pathlib import Path

import pytest

from bot.core.policy.loader import (
    PolicyError,
    keep_sound_files,
    load_library,
    load_sound_library,
)
from bot.paths import ROOT

SHAPES = ROOT / "tests/policies/shapes"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with three policies."""
    made = tmp_path / "policies"
    made.mkdir()
    for name in ("fernley", "harcombe", "longmere"):
        shutil.copy(SHAPES / f"{name}.yml", made)
    return made


def spoil(folder: Path, name: str) -> None:
    """Write a mistake into a file."""
    path = folder / f"{name}.yml"
    path.write_text(path.read_text("utf-8").replace("nation: england", "nation: eng"), "utf-8")


def test_the_others_load_and_the_wrong_one_is_named(folder: Path) -> None:
    """Its file, its line and what would be right."""
    spoil(folder, "harcombe")
    library = load_sound_library(folder)
    assert set(library.newest()) == {"fernley", "longmere"}
    (problem,) = library.left_out
    assert (problem.file, problem.key, problem.got) == ("harcombe.yml", "nation", "'eng'")
    assert problem.line


def test_the_last_good_version_stands_in(folder: Path, tmp_path: Path) -> None:
    """Practitioners go on with what was right, and the mistake is still told."""
    kept = tmp_path / "kept"
    keep_sound_files(folder, kept)
    spoil(folder, "harcombe")
    library = load_sound_library(folder, kept=kept)
    assert set(library.newest()) == {"fernley", "harcombe", "longmere"}
    assert [problem.file for problem in library.left_out] == ["harcombe.yml"]
    keep_sound_files(folder, kept)
    assert set(load_library(kept).newest()) == {"fernley", "harcombe", "longmere"}


def test_a_file_that_was_taken_away_does_not_come_back(folder: Path, tmp_path: Path) -> None:
    """Only what is wrong is replaced by its copy."""
    kept = tmp_path / "kept"
    keep_sound_files(folder, kept)
    (folder / "longmere.yml").unlink()
    spoil(folder, "harcombe")
    assert set(load_sound_library(folder, kept=kept).newest()) == {"fernley", "harcombe"}


def test_a_mended_file_is_used_again(folder: Path, tmp_path: Path) -> None:
    """And its new content becomes the last good one."""
    kept = tmp_path / "kept"
    keep_sound_files(folder, kept)
    path = folder / "harcombe.yml"
    path.write_text(path.read_text("utf-8").replace("title: Managers", "title: Both managers"))
    keep_sound_files(folder, kept)
    spoil(folder, "harcombe")
    policy = load_sound_library(folder, kept=kept).newest()["harcombe"]
    assert policy.stages[1].title == "Both managers"


def test_nothing_but_wrong_files_stops_the_start(folder: Path) -> None:
    """With all their problems at once."""
    for name in ("fernley", "harcombe", "longmere"):
        spoil(folder, name)
    with pytest.raises(PolicyError) as caught:
        load_sound_library(folder)
    assert len(caught.value.problems) == 3


def test_the_check_still_refuses_the_folder(folder: Path) -> None:
    """What is left out at the start is a problem for its keeper."""
    spoil(folder, "harcombe")
    with pytest.raises(PolicyError):
        load_library(folder)
