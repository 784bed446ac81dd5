"""A time limit in words: how long it is and what it is counted from."""

import pytest

from bot.core.policy.model import Anchor, Applies, Limit, LimitReading, Party, Unit
from bot.core.rules.limit_words import anchor_text, conditions_text, or_sooner, rule_text
from bot.core.vocabulary import Agency, ChildStatus, Disagreement
from tests.support.core import handbook, policies, shapes

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


def test_a_condition_says_for_whom_it_holds() -> None:
    """Each fact in words of its own, several values of one as a choice; none says nothing."""
    policy = next(policy for policy in shapes().values() if len(policy.priorities) > 1)
    condition = Applies(
        my_agency=(Agency.police, Agency.health),
        not_their_agency=(Agency.housing,),
        disagreement=(Disagreement.threshold, Disagreement.communication),
        priority=tuple(one.id for one in policy.priorities),
        child_status=(ChildStatus.looked_after, ChildStatus.child_in_need),
    )
    assert list(conditions_text(condition, policy, PHRASES)) == [
        "if your agency is: Police, or Health",
        "unless the other agency is: Housing",
        (
            "if you disagree about: The level of need, or a referral not accepted, or "
            "Communication between agencies"
        ),
        "on the urgent track, or the standard track",
        "for: Looked-after child, or Child in need",
    ]
    assert list(conditions_text(Applies(), policy, PHRASES)) == []
