"""A time limit in words: how long it is and what it is counted from.

This is the only place that puts limits into words. The sentences are in `data/responses`.
"""

from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Limit, LimitReading, Policy


def rule_text(limit: Limit, phrases: Phrases) -> str:
    """Return how long a limit is: "5 working days"."""
    plural = "" if limit.amount == 1 else "s"
    return phrases.say(f"rule_{limit.unit.value}", amount=limit.amount, s=plural)


def or_sooner(rule: str, limit: Limit, phrases: Phrases) -> str:
    """Return a limit's rule, followed by "or sooner" if the policy says so."""
    return phrases.say("rule_or_sooner", rule=rule) if limit.or_sooner else rule


def anchor_text(
    reading: LimitReading, policy: Policy, phrases: Phrases, *, reason: bool = False
) -> str:
    """Return what a limit is counted from ("the start of Stage 2"), and with `reason` why."""
    stage = "" if reading.stage is None else policy.stage(reading.stage).label
    anchor = phrases.say(
        f"anchor_{reading.counted_from.value}", stage=stage, limit=reading.limit or ""
    )
    if reason and reading.because:
        return phrases.say("answer_because", anchor=anchor, because=reading.because)
    return anchor
