"""Tell somebody who hesitates to challenge from somebody who asks for a fact."""

from collections.abc import Mapping, Sequence

from bot.core.handbook.topics import Enquiry, Topic
from bot.understanding.model.ranker import DANGER, NO_TOPIC

SURE = 0.5
"""Least confidence to act on an intent of the conversation."""
NAMED = 0.3
"""The same if the words name what the intent is about: a worry, or a reply."""
HESITATING = {"ask_confidence", "ask_pushback"}
"""Intents close to questions of fact: "am I allowed?", "what if they refuse?"."""
HELPED_BETTER = {Topic.permission, Topic.relationship, Topic.refusal, Topic.remaining}
"""Topics on which somebody who is afraid needs more than what the policies say."""
OF_THE_CASE = {Topic.limits, Topic.manager_wont}
"""Topics of their own dates and people: nobody is served better by encouragement alone."""
SURELY = 0.9
"""With this confidence somebody certainly hesitates, whatever they name."""
SURE_OF_FACT = 0.8
"""With this share of a topic a question certainly asks for a fact."""


def hesitates(
    shares: Mapping[str, float],
    worry: str | None,
    pushback: str | None,
    enquiry: Enquiry,
    topics: Sequence[tuple[str, float]],
) -> bool:
    """Say whether a question shows that somebody hesitates to challenge.

    It does if it names a fear or an expected reply, or if hesitation is surer than the topic. A
    question that names a stage or a place asks for a fact, and so does a question whose topic only
    a rule found.
    """
    first = max((name for name in shares if name != DANGER), key=shares.__getitem__, default="")
    enough = enough_for(first, worry, pushback)
    if first not in HESITATING or shares[first] < enough:
        return False
    if enquiry.stage or enquiry.which or enquiry.partnerships:
        return False
    if enquiry.topic in OF_THE_CASE and not (worry or pushback):
        return False
    if enquiry.topic is Topic.unknown:
        return True
    if enquiry.topic in HELPED_BETTER and (enough < SURE or shares[first] >= SURELY):
        return True
    by_rule = bool(topics) and topics[0][0] not in {enquiry.topic, NO_TOPIC}
    sure = min(shares[first], SURE_OF_FACT)
    return not by_rule and dict(topics).get(enquiry.topic, 1.0) < sure


def enough_for(intent: str, worry: str | None, pushback: str | None) -> float:
    """Return the least confidence to act on an intent of the conversation."""
    named = {"ask_confidence": worry, "ask_pushback": pushback}
    return NAMED if named.get(intent) else SURE
