"""Practitioners are offered signed policies, and drafts only where that was allowed."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from bot import offered
from bot.core.cards.lines import stages_card
from bot.core.conversation.answers import choose
from bot.core.conversation.slots import without_lapsed_policy
from bot.core.conversation.state import State
from bot.core.policy.model import SignOff, Status
from bot.paths import POLICIES, ROOT
from tests.support.core import TODAY, handbook, policies

SIGNED = """status: signed
fact_checked: {role: Safeguarding lead, day: 2026-11-19}
signed: {role: Business manager, day: 2026-11-20}"""


@pytest.fixture(name="folder")
def fixture_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own with Kent's file and Dorset's, both drafts."""
    for name in ("kent", "pan_dorset"):
        text = (POLICIES / f"{name}.yml").read_text("utf-8")
        (tmp_path / f"{name}.yml").write_text(text, "utf-8")
    monkeypatch.setattr(offered, "POLICIES", tmp_path)
    monkeypatch.delenv(offered.DRAFTS, raising=False)
    offered.offered_library.cache_clear()
    yield tmp_path
    offered.offered_library.cache_clear()


def sign(path: Path) -> None:
    """Sign a policy file."""
    path.write_text(path.read_text("utf-8").replace("status: draft", SIGNED), "utf-8")


def test_a_signed_policy_is_offered_and_a_draft_is_not(folder: Path) -> None:
    """Kent signed, Dorset a draft: a practitioner can choose Kent."""
    sign(folder / "kent.yml")
    assert list(offered.offered_policies()) == ["kent"]


@pytest.mark.parametrize("said", ["yes", "1", " True ", "on"])
def test_with_drafts_allowed_both_are_offered(
    folder: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    """The demonstration does so."""
    assert folder.is_dir()
    monkeypatch.setenv(offered.DRAFTS, said)
    assert list(offered.offered_policies()) == ["kent", "pan_dorset"]


@pytest.mark.parametrize("said", ["", "no", "0", "maybe"])
def test_without_a_signed_policy_the_guide_says_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    """It does not start and offer nothing."""
    assert folder.is_dir()
    monkeypatch.setenv(offered.DRAFTS, said)
    with pytest.raises(offered.NothingOfferedError, match="--drafts"):
        offered.offered_library()


@pytest.mark.server
def test_the_server_does_not_start_without_a_signed_policy() -> None:
    """None of the shipped ones is: whoever starts it without --drafts is told."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run", "--port", "0"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "The guide cannot start. No policy in policies/ is signed" in done.stderr
    assert "--drafts" in done.stderr


def test_make_run_allows_drafts() -> None:
    """The demonstration offers all five policies."""
    recipe = (ROOT / "Makefile").read_text("utf-8").partition("\nrun:")[2].partition("\n\n")[0]
    assert "bot run --drafts" in recipe


def test_the_stated_approval_follows_the_policy_file() -> None:
    """Written from the text, checked against it, or signed: by whose role and when."""
    kent, done = policies()["kent"], SignOff(role="business manager", day=TODAY)
    told = {
        status: stages_card(
            msgspec.structs.replace(kent, status=status, signed=done), handbook().phrases
        ).footer
        or ""
        for status in Status
    }
    assert told[Status.draft].startswith(
        "Written from the published text, not signed by the partnership."
    )
    assert told[Status.fact_checked].startswith(
        "Checked against the published text, not signed by the partnership."
    )
    assert "business manager on Tue 24 Nov 2026" in told[Status.signed]
    assert all("You and your designated safeguarding lead decide" in one for one in told.values())


def test_a_place_without_any_policy_is_told_where_to_look() -> None:
    """Where no guidance stands in for the local policy, nobody is asked the same again unsaid."""
    only = {"kent": policies()["kent"]}
    heard = choose(State(), "partnership", "elsewhere", only)
    assert [note.name for note in heard.notes] == ["note_no_fallback"]
    assert heard.state == State()


def test_a_conversation_about_a_policy_that_is_gone_asks_again() -> None:
    """The other answers are kept."""
    state = State(partnership="kent", area=None, my_agency="health")
    left = without_lapsed_policy(state, {"pan_dorset": policies()["pan_dorset"]})
    assert (left.partnership, left.my_agency) == (None, "health")
    assert without_lapsed_policy(state, policies()) == state
