"""A time limit in words: how long it is and what it is counted from.

The one place for all who name a limit; the sentences are in `data/responses/advice.yml`.
"""

from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Limit, LimitReading, Policy, Unit


def rule_text(limit: Limit, phrases: Phrases, *, exact: bool = False) -> str:
    """Return how long a limit is: "5 working days".

    `exact` tells "5 calendar days" from "5 days", for those who check which of them is meant.
    """
    name = f"rule_{limit.unit.value}"
    if exact and limit.unit is Unit.calendar_day:
        name += "_exact"
    return phrases.say(name, amount=limit.amount, s="" if limit.amount == 1 else "s")


def or_sooner(rule: str, limit: Limit, phrases: Phrases) -> str:
    """Return a limit's rule, followed by "or sooner" where the policy says so."""
    return phrases.say("rule_or_sooner", rule=rule) if limit.or_sooner else rule


def anchor_text(
    reading: LimitReading, policy: Policy, phrases: Phrases, *, reason: bool = False
) -> str:
    """Return what a limit is counted from: "the start of Stage 2"; with the `reason` if wanted."""
    stage = "" if reading.stage is None else policy.stage(reading.stage).label
    anchor = phrases.say(f"anchor_{reading.counted_from.value}", stage=stage)
    if reason and reading.because:
        return phrases.say("anchor_because", anchor=anchor, because=reading.because)
    return anchor
