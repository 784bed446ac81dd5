"""A time limit in words: how long it is, what it is counted from, and when a statement holds.

This is the only place that puts these into words. The sentences are in `data/responses`.
"""

from collections.abc import Iterable, Iterator

from bot.core.handbook.wording import Phrases
from bot.core.policy.model import Applies, Limit, LimitReading, Policy
from bot.core.vocabulary import Agency


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


def agencies_text(agencies: Iterable[Agency], phrases: Phrases) -> str:
    """Return agencies as a list: "Police or Health"."""
    titles = [phrases.say(f"option_agency_{agency}") for agency in agencies]
    return phrases.say("answer_or").join(titles)


def conditions_text(condition: Applies, policy: Policy, phrases: Phrases) -> Iterator[str]:
    """Yield for whom a statement holds, without the area, which the statement names itself."""
    either = phrases.say("answer_or")
    for name in ("my_agency", "their_agency", "not_my_agency", "not_their_agency"):
        agencies = getattr(condition, name)
        if agencies:
            yield phrases.say(f"answer_if_{name}", agencies=agencies_text(agencies, phrases))
    kinds = [phrases.say(f"option_disagreement_{kind}") for kind in condition.disagreement]
    if kinds:
        yield phrases.say("answer_if_disagreement", kinds=either.join(kinds))
    names = [one.name for one in policy.priorities if one.id in condition.priority]
    if names:
        yield phrases.say("answer_if_priority", names=either.join(names))
    statuses = [phrases.say(f"option_child_status_{status}") for status in condition.child_status]
    if statuses:
        yield phrases.say("answer_if_child_status", statuses=either.join(statuses))
