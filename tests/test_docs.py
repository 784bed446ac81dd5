"""What the pages say of the project's files is true: paths, tests and links lead somewhere."""

import re
from pathlib import Path

import pytest

from bot.paths import ROOT
from tests.support.each import each

PAGES = [
    *ROOT.glob("*.md"),
    *(page for folder in ("bot", "data", "docs", "policies", "tests")
      for page in (ROOT / folder).rglob("*.md")),
]  # fmt: skip
FILE = re.compile(
    r"(?:[\w.-]+/)*[\w-]+(?:\.[\w-]+)*\.(?:cfg|html|js|json|md|npz|py|sh|toml|txt|yml)"
)
FOLDER = re.compile(r"(?:actions|bench|bot|data|deploy|docs|policies|tests)/[\w./-]*")
HERE = ("var/", "models/", "reports/")
"""Folders that the guide makes where it runs."""
FOR_EXAMPLE = {"kent.2027.yml"}
"""A file that a page tells a keeper to make."""


@pytest.fixture(scope="module")
def names() -> set[str]:
    """Every file and folder of the project, by each of the ends of its path."""
    kept = [ROOT / folder for folder in FOLDER.pattern[3:].partition(")")[0].split("|")]
    found = [*ROOT.glob("*"), *(path for folder in kept for path in folder.rglob("*"))]
    paths = [path.relative_to(ROOT).parts for path in found if "__pycache__" not in path.parts]
    return {"/".join(parts[at:]) for parts in paths for at in range(len(parts))}


def quoted(page: Path) -> list[str]:
    """What a page says in backticks."""
    return re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8"))


@each("page", PAGES)
def test_every_file_that_a_page_names_exists(page: Path, names: set[str]) -> None:
    """A path in backticks is a file or folder of the project, or one that the guide makes."""
    paths = [text.partition("::")[0].rstrip("/") for text in quoted(page)]
    named = {path for path in paths if FILE.fullmatch(path) or FOLDER.fullmatch(path)}
    ours = {path for path in named - FOR_EXAMPLE if not path.startswith(HERE)}
    assert sorted(ours - names) == []


@each("page", PAGES)
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    """`path::test` is a function of that file."""
    for file, _, test in (text.partition("::") for text in quoted(page) if ".py::" in text):
        assert f"def {test}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file}::{test}"


@each("page", PAGES)
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    """A link to another page is relative to its own page, and that page exists."""
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [at for at in links if "://" not in at and not (page.parent / at).exists()] == []


def test_every_decision_is_in_the_list() -> None:
    """The list of decisions has each record with its title, in order."""
    records = sorted((ROOT / "docs/decisions").glob("0*.md"))
    titles = [record.read_text(encoding="utf-8").partition("\n")[0] for record in records]
    rows = [
        "| {} | [{}]({}) |".format(*title.removeprefix("# ").split(". ", 1), record.name)
        for title, record in zip(titles, records, strict=True)
    ]
    listed = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    assert [line for line in listed.splitlines() if line.startswith("| ") and "](" in line] == rows
