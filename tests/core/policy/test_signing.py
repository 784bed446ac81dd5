"""A signature takes two people, and holds only for what they approved."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.policy.file import read_plain
from bot.core.policy.loader import PolicyError, load_library, load_policy, notes_on
from bot.core.policy.model import Status
from bot.core.policy.signing import changed_since_approved, content_digest
from bot.keepers.words import approval
from bot.paths import POLICIES

TODAY = date(2026, 11, 24)
CHECKED = {"role": "Safeguarding lead", "day": "2026-11-19"}
SIGNED = {"role": "Business manager", "day": "2026-11-20"}


def kent() -> dict[str, Any]:
    """The values of a shipped file."""
    plain: Any = read_plain(POLICIES / "kent.yml")[0]
    return dict(plain)


def write(folder: Path, plain: Mapping[str, Any]) -> Path:
    """Write a file as a keeper's editor might, in another order than before."""
    path = folder / "kent.yml"
    path.write_text(yaml.safe_dump(dict(plain), sort_keys=True), "utf-8")
    return path


def approved(folder: Path, change: Callable[[dict[str, Any]], None] | None = None) -> Path:
    """Write a file that was signed, and changed afterwards."""
    plain = kent()
    digest = {"digest": content_digest(plain)}
    plain |= {
        "status": "signed",
        "fact_checked": {**CHECKED, **digest},
        "signed": {**SIGNED, **digest},
    }
    if change:
        change(plain)
    return write(folder, plain)


def longer(plain: dict[str, Any]) -> None:
    """Give the other agency 50 days."""
    limit = next(stage["to_answer"][0] for stage in plain["stages"] if stage.get("to_answer"))
    limit["amount"] = 50


def another_place(plain: dict[str, Any]) -> None:
    """Add a town."""
    plain["places"].append("Faversham")


def no_contact(plain: dict[str, Any]) -> None:
    """Leave the address out."""
    plain["contact"] = plain["contact_source"] = None


def test_a_signature_holds_for_what_was_signed(tmp_path: Path) -> None:
    """The layout of the file and the order of its keys may change."""
    path = approved(tmp_path)
    policy = load_policy(path)
    assert policy.status is Status.signed
    assert not changed_since_approved(policy)
    assert set(load_library(tmp_path, drafts=False).newest()) == {"kent"}
    assert [note for note in notes_on(path, TODAY) if "signed" in note.key] == []


@pytest.mark.parametrize("change", [longer, another_place, no_contact])
def test_a_file_changed_after_it_was_signed_is_unsigned(
    tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    """Practitioners are not offered it as signed, and `check` says why."""
    path = approved(tmp_path, change)
    policy = load_policy(path)
    assert policy.status is Status.draft
    assert load_library(tmp_path, drafts=False).newest() == {}
    assert "changed after its Business manager signed it" in approval(policy)
    assert "not signed" in approval(policy)
    noted = {note.key: note.got for note in notes_on(path, TODAY)}
    assert noted["signed"] == "another content than on 2026-11-20"


def test_one_digest_of_another_content_is_enough(tmp_path: Path) -> None:
    """What was checked and what was signed must be the same."""

    def checked_before(plain: dict[str, Any]) -> None:
        plain["fact_checked"]["digest"] = "0" * 64

    assert load_policy(approved(tmp_path, checked_before)).status is Status.draft


def test_a_signature_without_a_digest_is_noted(tmp_path: Path) -> None:
    """Nobody would notice a change of that file."""
    signed = {"status": "signed", "fact_checked": CHECKED, "signed": SIGNED}
    path = write(tmp_path, {**kent(), **signed})
    assert load_policy(path).status is Status.signed
    assert {note.key for note in notes_on(path, TODAY)} >= {"signed.digest", "fact_checked.digest"}


@pytest.mark.parametrize(
    ("checked", "key"),
    [
        (None, "fact_checked"),
        ({**CHECKED, "day": "2026-11-21"}, "signed.day"),
        ({**CHECKED, "role": " business  Manager"}, "signed.role"),
    ],
)
def test_a_signature_needs_a_check_before_it_in_another_role(
    tmp_path: Path, checked: dict[str, str] | None, key: str
) -> None:
    """Nobody signs what was not compared with the document, or only by themselves."""
    signed = {"status": "signed", "fact_checked": checked, "signed": SIGNED}
    with pytest.raises(PolicyError) as refused:
        load_policy(write(tmp_path, {**kent(), **signed}))
    assert [problem.key for problem in refused.value.problems] == [key]
