"""The file that a draft is written into, and the command that writes it."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.commands.policies import main
from bot.core.policy.loader import load_policy, notes_on
from bot.keepers.draft.draft import Draft, Kind
from bot.keepers.draft.finding import draft_from
from bot.keepers.draft.writing import draft_file, draft_summary, policy_id
from bot.keepers.statements import file_details, statement_groups
from bot.paths import ROOT
from tests.support.core import handbook

TEXTS = Path(__file__).parent / "texts"
EXAMPLE = ROOT / "docs/keepers/example/policy.md"
PATHS = [*sorted(p for p in TEXTS.iterdir() if not p.name.endswith(".truth.yml")), EXAMPLE]
EVERY = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
TODAY = date(2026, 11, 29)
BARE = (
    "Something about children. " * 12
    + "Talk to each other. Ring your manager. Nothing else is said here about anything at all."
)


def draft(path: Path) -> Draft:
    """Return the draft of a text."""
    return draft_from(path.read_bytes(), path.name)


def written(found: Draft, folder: Path) -> Path:
    """Write a draft into a policy file and return its path."""
    path = folder / f"{policy_id(found)}.yml"
    path.write_text(draft_file(found, policy_id(found)), encoding="utf-8")
    return path


def values(part: Any) -> list[Any]:
    """Return every single value of a file."""
    if isinstance(part, dict):
        return [inner for value in part.values() for inner in values(value)]
    if isinstance(part, list):
        return [inner for value in part for inner in values(value)]
    return [part]


@EVERY
def test_the_file_is_a_policy_file_without_a_mistake(path: Path, tmp_path: Path) -> None:
    """What was drafted loads, as a draft that nobody has checked."""
    policy = load_policy(written(draft(path), tmp_path))
    assert policy.status.value == "draft"
    assert policy.signed is None


@EVERY
def test_every_proposal_stands_in_the_file_with_passage_and_section(
    path: Path, tmp_path: Path
) -> None:
    """Nothing is lost between the draft and the file."""
    found = draft(path)
    plain = yaml.safe_load(written(found, tmp_path).read_text("utf-8"))
    said = [" ".join(str(value).split()) for value in values(plain)]
    for proposal in found.proposals:
        for value in values(proposal.value):
            assert " ".join(str(value).split()) in said, proposal.path
        if isinstance(proposal.value, dict):
            assert " ".join(proposal.quote.split()) in said, proposal.path


@EVERY
def test_check_lists_each_gap_in_plain_words(path: Path, tmp_path: Path) -> None:
    """`policies check` says of each thing that was not read what to look for."""
    found = draft(path)
    notes = [str(note) for note in notes_on(written(found, tmp_path), TODAY)]
    gaps = [note for note in notes if "not read" in note]
    assert len(gaps) >= len(found.unread)
    assert not any("FILL IN: section" in note for note in notes)


def test_what_was_not_read_is_never_shown_as_not_stated(tmp_path: Path) -> None:
    """Only somebody who has read the document can say that it is silent."""
    text = EXAMPLE.read_text("utf-8").replace("about:", "in many ways:")
    text = re.sub(r"\S+ (?:working )?(?:days?|hours|weeks?)", "good time", text)
    policy = load_policy(written(draft_from(text.encode(), "policy.md"), tmp_path))
    assert not policy.own_areas
    told = [
        said.text for group in statement_groups(policy, handbook()) for said in group.stated
    ] + [f"{name}: {value}" for name, value in file_details(policy)]
    assert any("Nobody has read for this guide yet which kinds" in said for said in told)
    assert any("whether Ashdown Vale gives a time limit at" in said for said in told)
    assert not [said for said in told if "not stated" in said or "gives no time limit" in said]
    assert not [said for said in told if "lists no kinds" in said]


def test_a_text_that_gives_nothing_up_still_begins_a_file(tmp_path: Path) -> None:
    """Even without stages there is a file that one can go on with by hand."""
    found = draft_from(BARE.encode(), "talk-to-us.txt")
    path = written(found, tmp_path)
    assert path.name == "talk_to_us.yml"
    notes = " ".join(str(note) for note in notes_on(path, TODAY))
    assert "the policy's own word for its first stage" in notes


def test_the_head_of_the_file_says_what_it_is() -> None:
    """Whoever opens it reads that nobody has checked it, and what to look at first."""
    text = EXAMPLE.read_text("utf-8") + "\n**8 More** Step 3 takes 9 working days to respond.\n"
    head = draft_file(draft_from(text.encode(), "a\nfile.md"), "a_file").partition("\nid:")[0]
    assert all(line.startswith("#") for line in head.splitlines())
    assert "Nobody has checked it" in head
    assert "two times" in head


@EVERY
def test_the_summary_names_stages_limits_and_gaps(path: Path) -> None:
    """The person who goes on hears how much was read and what is left."""
    found = draft(path)
    told = draft_summary(found)
    stages = sum(p.kind is Kind.stage for p in found.proposals)
    assert f"{stages} stages" in told
    assert told.count("\n  - ") == len(found.unread) + len(found.troubles)
    assert not any(f"  - {gap}" in told for gap in found.unread)


def test_the_command_writes_the_file_and_says_what_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`policies draft FILE` begins the policy file in the folder."""
    assert main(["draft", str(EXAMPLE), "--folder", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert str(tmp_path / "ashdown_vale.yml") in told
    assert "Not read" in told
    assert load_policy(tmp_path / "ashdown_vale.yml").id == "ashdown_vale"


def test_the_command_takes_an_id_and_overwrites_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that is there stays as it is."""
    words = ["draft", str(EXAMPLE), "--folder", str(tmp_path), "--id", "vale"]
    assert main(words) == 0
    before = (tmp_path / "vale.yml").read_text("utf-8")
    (tmp_path / "vale.yml").write_text(before + "# mine\n", "utf-8")
    assert main(words) == 2
    assert (tmp_path / "vale.yml").read_text("utf-8").endswith("# mine\n")
    assert "already there" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", ["Vale", "../vale", "a b", ""])
def test_the_command_refuses_an_id_that_names_no_file(wrong: str, tmp_path: Path) -> None:
    """An id is one short word; it never leads out of the folder."""
    folder = tmp_path / "in"
    folder.mkdir()
    assert main(["draft", str(EXAMPLE), "--folder", str(folder), f"--id={wrong}"]) == 2
    assert list(tmp_path.rglob("*.yml")) == []


def test_the_command_says_why_a_file_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sentence for the business manager is what the command prints."""
    file = tmp_path / "minutes.xls"
    file.write_bytes(b"\xd0\xcf\x11\xe0" + b"x" * 500)
    assert main(["draft", str(file), "--folder", str(tmp_path)]) == 2
    assert "minutes.xls: The guide cannot read this kind of file" in capsys.readouterr().err
