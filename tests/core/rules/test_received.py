"""What the receiving side is told beside the dates: warnings, how to answer, and who is "you"."""

from itertools import product

import pytest
from msgspec.structs import replace

from bot.core.policy.model import Party
from bot.core.rules.duties import seen_from
from bot.core.rules.results import Item
from bot.core.vocabulary import Action, Outcome, Side
from tests.support.core import IDS, TODAY, advised, handbook, policies, shapes
from tests.support.each import each
from tests.support.invented import facts_at

EVERY_POLICY = {**policies(), **shapes()}
IN_ORDER = [
    name
    for name, policy in EVERY_POLICY.items()
    if any(stage.must_follow for stage in policy.stages)
]
GUIDANCE = handbook().safety_guidance


@pytest.mark.long
@each(("name", "outcome"), product(EVERY_POLICY, Outcome))
def test_what_would_make_it_urgent_is_told_to_the_receiver(name: str, outcome: Outcome) -> None:
    """At every stage: the policy's own triggers, and what the guide says."""
    policy = EVERY_POLICY[name]
    worse = {(one.what, policy.cite(one.source)) for one in policy.triggers}
    worse.add((GUIDANCE.becomes_urgent.what, GUIDANCE.cite(GUIDANCE.becomes_urgent.source)))
    for stage in policy.stages:
        advice = advised(facts_at(policy, stage, outcome, TODAY, Side.receiver), policy)
        assert worse <= {(one.what, one.source) for one in advice.warnings}, stage.label


@pytest.mark.parametrize("name", IN_ORDER)
def test_the_receiver_reads_which_stages_had_to_come_first(name: str) -> None:
    """With the rule and its source, only where one of them was left out."""
    policy = EVERY_POLICY[name]
    for stage in policy.stages:
        rule = stage.must_follow
        if rule is None:
            continue
        told = Item(rule.what, policy.cite(rule.source))
        facts = facts_at(policy, stage, Outcome.awaiting, TODAY, Side.receiver)
        assert told not in advised(facts, policy).warnings
        straight = replace(facts, steps=facts.steps[-1:])
        assert told in advised(straight, policy).warnings


@each(("name", "outcome"), product(IDS, Outcome))
def test_what_a_good_answer_holds_is_told_to_whoever_owes_one(name: str, outcome: Outcome) -> None:
    """While they respond, and not once they wait or record."""
    policy = policies()[name]
    good = {Item(one.what, GUIDANCE.cite(one.source)) for one in GUIDANCE.answering}
    for stage in policy.stages:
        advice = advised(facts_at(policy, stage, outcome, TODAY, Side.receiver), policy)
        owes = advice.next.action is Action.respond
        assert (good & set(advice.guidance)) == (good if owes else set()), stage.label


@each(
    ("side", "party", "seen"),
    [
        (Side.raiser, Party.raiser, Party.raiser),
        (Side.raiser, Party.receiver, Party.receiver),
        (Side.receiver, Party.receiver, Party.raiser),
        (Side.receiver, Party.raiser, Party.receiver),
        *((side, Party.partnership, Party.partnership) for side in Side),
    ],
)
def test_ones_own_side_is_always_seen_as_the_raiser_sees_theirs(
    side: Side, party: Party, seen: Party
) -> None:
    """The words for "you" and "the other agency" then fit whoever reads."""
    assert seen_from(side, party) is seen
