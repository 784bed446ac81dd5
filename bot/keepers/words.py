"""Words of the policy model as people read them: units, sides, moments, conditions, dates."""

from datetime import date
from enum import Enum

from bot.core.policy.model import (
    Anchor,
    Applies,
    Limit,
    LimitReading,
    Moment,
    Party,
    Policy,
    Status,
    Unit,
)

SIDES = {
    Party.raiser: "whoever raises it",
    Party.receiver: "the other agency",
    Party.partnership: "the partnership",
}
MOMENTS = {
    Moment.raised: "when raised",
    Moment.unresolved: "when not settled",
    Moment.resolved: "when settled",
}
ANCHORS = {
    Anchor.concern: "the concern",
    Anchor.decision: "the decision",
    Anchor.stage_start: "the start of this stage",
    Anchor.earlier_stage_start: "the start of",
    Anchor.escalation_start: "the first step, beginning with",
}


def approval(policy: Policy) -> str:
    """Return how far the file has come, and who stands behind it since when."""
    if policy.status is Status.signed and policy.signed:
        return f"signed for the partnership by its {policy.signed.role}, {policy.signed.day}"
    if policy.status is Status.fact_checked and policy.fact_checked:
        checked = f"{policy.fact_checked.role}, {policy.fact_checked.day}"
        return f"checked against the published text ({checked}), not signed by the partnership"
    return "written from the published text, not signed by the partnership"


def amount(limit: Limit) -> str:
    """Return how long a limit is: "5 working days"."""
    if limit.unit is Unit.same_working_day:
        return "the same working day"
    if limit.amount is None:
        return plain(limit.unit)
    return f"{limit.amount} {plain(limit.unit)}{'' if limit.amount == 1 else 's'}"


def reading_words(reading: LimitReading, policy: Policy) -> str:
    """Return what a limit is counted from, and why."""
    stage = "" if reading.stage is None else f" {policy.stage(reading.stage).label}"
    because = f" ({reading.because})" if reading.because else ""
    lapses = ", unless that had passed before the stage began" if reading.lapses else ""
    return f"{ANCHORS[reading.counted_from]}{stage}{because}{lapses}"


def condition(applies: Applies) -> str:
    """Return under which condition something holds, for after a text; empty for always."""
    said = (
        ("my agency is", applies.my_agency),
        ("their agency is", applies.their_agency),
        ("my agency is not", applies.not_my_agency),
        ("their agency is not", applies.not_their_agency),
        ("the child has or is", applies.child_status),
        ("they disagree about", applies.disagreement),
        ("the area is", applies.area),
        ("what was agreed is", applies.priority),
    )
    return "".join(f", if {text} {' or '.join(map(plain, some))}" for text, some in said if some)


def day_words(day: date | None) -> str:
    """Return a day, or that it is not stated."""
    return day.isoformat() if day else "not stated"


def plain(word: Enum | str) -> str:
    """Return a word of a closed list with blanks."""
    return str(word.value if isinstance(word, Enum) else word).replace("_", " ")
