"""A time limit in words: how long it is and what it is counted from."""

import pytest

from bot.core.policy.model import Anchor, Limit, LimitReading, Party, Unit
from bot.core.rules.limit_words import anchor_text, or_sooner, rule_text
from tests.support.core import handbook, policies

PHRASES = handbook().phrases


def limit(unit: Unit, amount: int | None = None, sooner: str | None = None) -> Limit:
    """A limit for the other agency."""
    return Limit(
        what="Answer",
        who=Party.receiver,
        unit=unit,
        amount=amount,
        readings=(),
        source="1",
        or_sooner=sooner,
    )


@pytest.mark.parametrize(
    ("unit", "amount", "said"),
    [
        (Unit.hour, 24, "24 hours"),
        (Unit.calendar_day, 1, "1 day"),
        (Unit.working_day, 5, "5 working days"),
        (Unit.working_week, 1, "1 working week"),
        (Unit.same_working_day, None, "same working day"),
        (Unit.without_delay, None, "without delay"),
    ],
)
def test_rule_names_amount_and_unit(unit: Unit, amount: int | None, said: str) -> None:
    """Each unit has its own words; one of a unit is singular."""
    assert rule_text(limit(unit, amount), PHRASES) == said


def test_or_sooner_is_said_only_where_the_policy_says_it() -> None:
    """The words follow the rule only if the policy says them."""
    assert or_sooner("2 days", limit(Unit.hour, 1), PHRASES) == "2 days"
    said = or_sooner("2 days", limit(Unit.hour, 1, "if the child needs it"), PHRASES)
    assert said == "2 days, or sooner if the child needs it"


def test_anchor_names_the_earlier_stage_and_the_reason() -> None:
    """The stage by the policy's own label; the reason for a reading only when it is asked for."""
    reading = LimitReading(
        counted_from=Anchor.earlier_stage_start, stage=2, because="the flowchart goes on counting"
    )
    dorset = policies()["pan_dorset"]
    assert anchor_text(reading, dorset, PHRASES) == "the start of Stage 2"
    said = anchor_text(reading, dorset, PHRASES, reason=True)
    assert said == "the start of Stage 2 (the flowchart goes on counting)"
