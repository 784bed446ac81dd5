"""`python -m bot talk`: a whole conversation in the terminal, and nothing left behind."""

import os
import subprocess
import sys

import pytest

from tests.support.server import ROOT

pytestmark = pytest.mark.command


def talk(*arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Hold a conversation of these lines."""
    environment = os.environ | {"ESCALATION_GUIDE_TODAY": "2026-11-20"}
    return subprocess.run(
        [sys.executable, "-m", "bot", "talk", *arguments],
        cwd=ROOT, env=environment, input=typed, capture_output=True, text=True, check=False,
        timeout=600,
    )  # fmt: skip


def test_a_conversation_goes_to_advice_and_danger_comes_first() -> None:
    """By words and numbers; no library says a word, and nothing is kept in var/."""
    before = sorted((ROOT / "var").rglob("*"))
    ended = talk(
        typed="worried but not immediate. im the dsl at a school in folkestone, thats the third "
        "referral social care have knocked back, i rang them on monday and got nowhere\n2\n1\n"
        "By when, and how it was counted\na child is being hit right now\n"
    )
    assert ended.returncode == 0
    assert ended.stderr.replace("Training the model …\n", "") == ""
    said = ended.stdout
    assert "4. Worried, but it isn't immediate" in said
    advised = said.index("Contact the team manager")
    assert said.index("+ By when") < said.index("5 working days") < said.index("Call 999 now")
    assert advised < said.index("+ By when")
    assert sorted((ROOT / "var").rglob("*")) == before


def test_it_begins_with_the_policy_that_is_named() -> None:
    """Another name is refused with the names there are."""
    wrong = talk("--partnership", "atlantis")
    assert wrong.returncode == 1
    assert "There is no policy 'atlantis'. There are: " in wrong.stderr
    assert "kent" in wrong.stderr
