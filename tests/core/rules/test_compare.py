"""What is tried in two policies: everybody a condition asks about, in every situation."""

from typing import Any

import pytest
from msgspec.structs import replace

from bot.core.policy.model import Applies, Policy
from bot.core.rules.compare import AdviceChange, Comparison, Situation, compare
from bot.core.vocabulary import Agency, ChildStatus, Disagreement, Level, Outcome, Risk
from tests.support.core import handbook, policies

pytestmark = pytest.mark.long


def changed(policy: Policy, level: Level, **parts: Any) -> Comparison:
    """Return what changes where parts of the stage at a level are others."""
    stages = tuple(
        replace(stage, **parts) if stage.level is level else stage for stage in policy.stages
    )
    return compare(policy, replace(policy, stages=stages), handbook())


def told_at(found: Comparison, level: Level, outcome: Outcome, kind: str) -> list[AdviceChange]:
    """Return the changes of a kind with a stage that was raised after those below it."""
    where = Situation(level, outcome)
    return [one for one in found.changes if one.situation == where and one.kind == kind]


@pytest.mark.parametrize(
    ("condition", "value", "fact"),
    [
        ("my_agency", Agency.youth_justice, "my_agency"),
        ("not_my_agency", Agency.youth_justice, "my_agency"),
        ("their_agency", Agency.youth_justice, "their_agency"),
        ("not_their_agency", Agency.youth_justice, "their_agency"),
        ("disagreement", Disagreement.plan_progress, "disagreement"),
        ("child_status", ChildStatus.early_help, "child_status"),
    ],
)
def test_a_new_statement_is_told_for_whom_its_condition_holds(
    condition: str, value: object, fact: str
) -> None:
    """Whichever fact it asks about, and for all others where it leaves somebody out."""
    trust = policies()["trust_guidance"]
    applies = Applies(**{condition: (value,)})  # type: ignore[arg-type]  # the name gives its type
    record = replace(trust.stages[-1].records[0], what="Note the weather.", applies=applies)
    found = changed(trust, Level.line_manager, records=(record,))
    (change,) = told_at(found, Level.line_manager, Outcome.awaiting, "records")
    holds = {who for who in found.people if (getattr(who, fact) == value) is (condition == fact)}
    assert set(change.who) == holds
    assert 0 < len(holds) < len(found.people)
    assert (change.before, change.after) == (None, "Note the weather.")


def test_a_changed_rule_for_today_is_told_for_both_urgent_routes() -> None:
    """Danger, and harm on the same day; no stage is changed by it."""
    dorset = policies()["pan_dorset"]
    urgent = tuple(replace(rule, what=f"{rule.what} Twice.") for rule in dorset.urgent)
    found = compare(dorset, replace(dorset, urgent=urgent, triggers=()), handbook())
    told = {one.situation.risk for one in found.changes if one.kind == "deadline"}
    assert told == {Risk.immediate_danger, Risk.immediate_harm}


def test_the_stages_below_were_raised_a_week_apart() -> None:
    """A limit that goes on from the stage before is counted from that stage's day."""
    dorset = policies()["pan_dorset"]
    (limit,) = dorset.stages[-1].to_answer
    found = changed(dorset, Level.senior_manager, to_answer=(replace(limit, amount=8),))
    (change,) = told_at(found, Level.senior_manager, Outcome.awaiting, "deadline")
    assert change.before
    assert change.before.endswith("due on Mon 9 Nov 2026")
    assert change.after
    assert change.after.endswith("due on Thu 5 Nov 2026")


def test_a_step_at_a_level_without_a_stage_still_counts() -> None:
    """It belongs to the stage below: whoever waits for a director's answer goes on waiting."""
    kent = policies()["kent"]
    without = tuple(stage for stage in kent.stages if stage.level is not Level.director)
    found = compare(kent, replace(kent, stages=without), handbook())
    assert told_at(found, Level.director, Outcome.awaiting, "next") == []
    assert found.changes


def test_another_day_to_leave_a_stage_is_told_for_whom_it_is() -> None:
    """A shorter limit for one agency changes nothing for the others."""
    kent = policies()["kent"]
    (limit,) = kent.stages[1].to_answer
    police = (Agency.police,)
    found = changed(
        kent,
        Level.line_manager,
        to_answer=(
            replace(limit, amount=3, applies=Applies(my_agency=police)),
            replace(limit, applies=Applies(not_my_agency=police)),
        ),
    )
    (turn,) = found.turns
    assert {who.my_agency for who in turn.who} == set(police)
    assert [str(day) for day in (turn.before, turn.after)] == ["2026-11-10", "2026-11-06"]
