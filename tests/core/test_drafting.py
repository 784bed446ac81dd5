"""Drafts: one for every stage of every policy, every disagreement and every route."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.core.advice import advise
from bot.core.drafting import Kind, draft
from bot.core.facts import Facts, Step
from bot.core.vocabulary import Agency, Disagreement, Level, Outcome, Risk
from bot.letters.files import FOLDER, LetterError, letters, read_letters
from tests.support.core import IDS, handbook, policies

TODAY = date(2026, 11, 20)
RAISED = date(2026, 11, 19)


def facts(
    partnership: str, disagreement: Disagreement, steps: tuple[Step, ...], risk: Risk
) -> Facts:
    """Return the facts of a health practitioner against social care."""
    return Facts(
        partnership=partnership,
        risk=risk,
        disagreement=disagreement,
        my_agency=Agency.health,
        their_agency=Agency.childrens_social_care,
        steps=steps,
    )


@pytest.mark.parametrize("partnership", IDS)
@pytest.mark.parametrize("kind", list(Kind))
def test_every_stage_disagreement_and_outcome_has_a_draft(partnership: str, kind: Kind) -> None:
    """It names the policy and the stage, fills what the facts fill, and shows every other gap."""
    policy = policies()[partnership]
    for disagreement in Disagreement:
        for stage in policy.stages:
            for outcome in Outcome:
                told = facts(
                    partnership, disagreement, (Step(stage.level, RAISED, outcome),), Risk.concern
                )
                advice = advise(told, policy, TODAY, handbook())
                made = draft(kind, told, policy, advice, letters(), TODAY)
                assert "{{" not in made.body
                assert (made.subject is not None) is (kind is Kind.email)
                assert made.gaps
                for gap in made.gaps:
                    assert f"[{gap}]" in f"{made.subject}{made.body}"
                filled = {gap.label for gap in letters().gaps.values() if gap.fill}
                still_open = set(made.gaps) & filled
                assert still_open <= {"a date that protects the child", "the policy's time limit"}
                if outcome is not Outcome.resolved:
                    assert letters().terms[str(disagreement)].concern in made.body
                    assert policy.name in made.body


@pytest.mark.parametrize("risk", [Risk.immediate_danger, Risk.immediate_harm, Risk.unsure])
def test_the_urgent_drafts_ask_for_action_today(risk: Risk) -> None:
    """With or without a policy the urgent words are for today and for social care or 999."""
    for policy in [None, *policies().values()]:
        told = Facts(risk=risk)
        advice = advise(told, policy, TODAY, handbook())
        email = draft(Kind.email, told, policy, advice, letters(), TODAY)
        assert "today" in str(email.subject)
        assert "Fri 20 Nov 2026" in email.body
        call = draft(Kind.call, told, policy, advice, letters(), TODAY)
        assert "999" in call.body


@pytest.mark.parametrize("level", list(Level))
def test_a_waiting_stage_gets_a_chase(level: Level) -> None:
    """While an answer is owed the draft asks for it by the date it is owed."""
    policy = policies()["kent"]
    told = facts(
        "kent", Disagreement.threshold, (Step(level, RAISED, Outcome.awaiting),), Risk.no_harm
    )
    steps = tuple(
        Step(stage.level, RAISED, Outcome.unresolved)
        for stage in policy.stages
        if stage.level.rank < level.rank
    )
    told = facts("kent", Disagreement.threshold, (*steps, *told.steps), Risk.no_harm)
    advice = advise(told, policy, TODAY, handbook())
    made = draft(Kind.email, told, policy, advice, letters(), TODAY)
    assert made.name == "email/chase"
    assert ("Thu 26 Nov 2026" in made.body) is (
        level not in {Level.practitioner, Level.partnership}
    )


def test_no_draft_holds_an_identifier() -> None:
    """The child is always a gap, never a name."""
    for name, text in letters().texts.items():
        assert "{{child}}" in text or name in {
            "call/chase", "call/outcome", "call/remaining", "call/urgent", "call/partnership",
        }, name  # fmt: skip
        assert not re.search(r"\b\d{2}/\d{2}/\d{4}\b", text)


def test_an_unknown_gap_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    """A letter with a misspelt gap stops the start."""
    for name in ("gaps.yml", "disagreements.yml"):
        (tmp_path / name).write_text((FOLDER / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "email").mkdir()
    (tmp_path / "email" / "chase.txt").write_text("Dear {{their_nam}}", encoding="utf-8")
    with pytest.raises(LetterError, match=r"email/chase: unknown gap \{\{their_nam\}\}"):
        read_letters(tmp_path)
