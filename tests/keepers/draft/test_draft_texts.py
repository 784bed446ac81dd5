"""What is read from invented policies of several shapes, against what a person read in them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.keepers.draft.draft import Draft, Kind, Proposal
from bot.keepers.draft.duties import addresses_in
from bot.keepers.draft.finding import draft_from
from bot.paths import ROOT

TEXTS = Path(__file__).parent / "texts"
PATHS = sorted(path for path in TEXTS.iterdir() if not path.name.endswith(".truth.yml"))
EVERY = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
ASHDOWN = ROOT / "docs/keepers/example"


def read(path: Path) -> tuple[Draft, dict[str, Any]]:
    """Return a text's draft, and what a person read in it."""
    truth = yaml.safe_load((TEXTS / f"{path.stem}.truth.yml").read_text("utf-8"))
    return draft_from(path.read_bytes(), path.name), truth


def of(draft: Draft, kind: Kind) -> list[Proposal]:
    """Return the proposals of a kind."""
    return [proposal for proposal in draft.proposals if proposal.kind is kind]


def value_at(draft: Draft, path: str) -> Any:
    """Return what is proposed at a path, or None."""
    return next((p.value for p in draft.proposals if p.path == path), None)


def stage_of(draft: Draft, proposal: Proposal) -> Any:
    """Return the number of the stage that a proposal is of."""
    stage = value_at(draft, ".".join(proposal.path.split(".")[:2]))
    return stage["number"] if isinstance(stage, dict) and "number" in stage else "caps"


def limits(draft: Draft) -> list[list[Any]]:
    """Return each limit as stage, list, amount, unit and whom it binds."""
    return [
        [
            stage_of(draft, limit),
            limit.path.split(".")[-2],
            limit.value.get("amount"),
            limit.value["unit"],
            "shared"
            if limit.value.get("shared") or limit.path.startswith("caps")
            else limit.value["who"],
        ]
        for limit in of(draft, Kind.limit)
    ]


def plain(text: str) -> str:
    """Return a text on one line, without marks of layout."""
    return " ".join(re.sub(r"<[^>]*>|[*#|]", " ", text).replace("&rsquo;", "’").split())


@EVERY
def test_every_stage_is_read_with_its_label_and_level(path: Path) -> None:
    """The stages come in their order, as the policy calls them."""
    draft, truth = read(path)
    found = [[p.value["label"], p.value["level"]] for p in of(draft, Kind.stage)]
    assert found == truth["stages"]


@EVERY
def test_every_limit_is_read_with_unit_and_party_and_no_other(path: Path) -> None:
    """No limit is missing, and none is made up."""
    draft, truth = read(path)
    assert sorted(limits(draft), key=str) == sorted(truth["limits"], key=str)


@EVERY
def test_every_post_is_read_at_its_stage_and_agency(path: Path) -> None:
    """A post that the text names at a stage is among those who act there."""
    draft, truth = read(path)
    found = [
        (stage_of(draft, role), role.value["role"].lower(), role.value.get("agencies", [None]))
        for role in of(draft, Kind.role)
    ]
    missing = [
        wanted
        for wanted in truth["roles"]
        if not any(
            (stage, agencies) == (wanted[0], [wanted[2]]) and wanted[1] in role
            for stage, role, agencies in found
        )
    ]
    assert missing == []


@EVERY
def test_every_address_is_read(path: Path) -> None:
    """No e-mail address, page or telephone number of the text is lost."""
    draft, truth = read(path)
    told = " ".join(str(proposal.value) for proposal in draft.proposals)
    assert value_at(draft, "contact") == truth["contact"]
    given = addresses_in(path.read_text("utf-8"))
    assert [address for address in given if address not in told] == []


@EVERY
def test_the_document_is_read(path: Path) -> None:
    """Its title, its partnership and its dates stand as in the text."""
    draft, truth = read(path)
    assert draft.title == truth["title"]
    assert value_at(draft, "partnership") == truth["partnership"]
    dates = {p.path.removeprefix("document."): p.value for p in of(draft, Kind.date)}
    assert dates == truth["dates"]


@EVERY
def test_whom_to_tell_forms_and_other_procedures_are_read(path: Path) -> None:
    """Notices, forms, what must come first and what goes elsewhere are found."""
    draft, truth = read(path)
    assert [p.value["who"] for p in of(draft, Kind.notification)] == truth["told"]
    assert [p.value["name"] for p in of(draft, Kind.form)] == truth["forms"]
    assert [p.value["exit"] for p in of(draft, Kind.exclusion)] == truth["exits"]
    first = {
        stage_of(draft, p): p.value["stages"]
        for p in draft.proposals
        if p.path.endswith(".must_follow")
    }
    assert first == truth["must_follow"]


@EVERY
def test_every_statement_carries_its_passage_and_section(path: Path) -> None:
    """A passage is word for word in the text, and its section is one that the text has."""
    draft, _ = read(path)
    whole = plain(path.read_text("utf-8"))
    sections = {section.source for section in draft.sections}
    for proposal in draft.proposals:
        assert plain(proposal.quote) in whole, proposal.path
        assert proposal.source in sections | {"whole document"}, proposal.path


@EVERY
def test_nothing_of_menus_scripts_and_lists_of_contents_is_read(path: Path) -> None:
    """What only surrounds the text proposes nothing."""
    draft, _ = read(path)
    told = str([section.text for section in draft.sections])
    assert "99 working days" not in told
    assert "Stage 9" not in told


def test_the_worked_example_is_drafted_as_a_person_wrote_it() -> None:
    """From the example's text come the stages, levels and limits of the example's file."""
    draft = draft_from((ASHDOWN / "policy.md").read_bytes(), "policy.md")
    file = yaml.safe_load((ASHDOWN / "ashdown_vale.yml").read_text("utf-8"))
    assert [(p.value["label"], p.value["level"]) for p in of(draft, Kind.stage)] == [
        (stage["label"], stage["level"]) for stage in file["stages"]
    ]
    wanted = {
        (at, limit["amount"], limit["unit"])
        for at, stage in enumerate(file["stages"], 1)
        for limit in stage.get("to_answer", [])
    }
    assert wanted <= {(stage, amount, unit) for stage, _, amount, unit, _ in limits(draft)}
    assert ["caps", "caps", 20, "working_day", "shared"] in limits(draft)
    assert value_at(draft, "document.effective_from") == "2026-09-01"
    assert value_at(draft, "contact") == file["contact"]
    assert value_at(draft, "stages.2.must_follow")["stages"] == [2]
