"""Stages told by number, and the rungs they are on."""

from typing import Any

import pytest

from bot.core.policy.told import steps_at_stages
from tests.support.core import IDS, policies, stage_told


def step(level: str, on: str | None) -> dict[str, Any]:
    """Return a step as a reading holds it."""
    return {"level": level, "on": on, "outcome": "unresolved"}


@pytest.mark.parametrize("partnership", IDS)
def test_a_stage_told_by_number_is_on_its_policys_rung(partnership: str) -> None:
    """Whatever rung the talk at it was taken for; an earlier talk below it stands."""
    policy = policies()[partnership]
    rungs = {stage.number: policy.rung(stage) for stage in policy.stages}
    before = step("practitioner", "2026-11-02")
    for stage in policy.stages[1:]:
        raised = [stage_told(stage.number, "2026-11-20", "no_response")]
        here = {"level": rungs[stage.number], "on": "2026-11-20", "outcome": "no_response"}
        for same in (step("practitioner", "2026-11-20"), step("line_manager", None)):
            assert steps_at_stages([before, same], raised, rungs) == (
                [before, here] if here["level"] != "practitioner" else [here]
            )


def test_a_stage_that_the_policy_does_not_have_changes_nothing() -> None:
    """A slip of the pen moves nobody up."""
    told = [step("line_manager", "2026-11-20")]
    assert steps_at_stages(told, [stage_told(9, "2026-11-20")], {1: "line_manager"}) == told
