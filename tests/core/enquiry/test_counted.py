"""From which day a policy's time limits are counted, as somebody asks."""

from typing import Any

import pytest

from bot.core.cards.card import Card, card_text
from bot.core.conversation.state import State
from bot.core.enquiry.answer import answer_enquiry
from bot.core.handbook.topics import Enquiry, Topic
from tests.support.core import IDS, handbook, policies


def ask(policy: str, **details: Any) -> Card:
    """Return the answer for a policy."""
    asked = Enquiry(topic=Topic.counted, **details)
    return answer_enquiry(asked, State(partnership=policy), policies(), handbook())


def said(card: Card) -> str:
    """Return all that a card says in words, on one line."""
    return " ".join(card_text(card, handbook().phrases).split())


def test_day_0_of_a_limit_is_told_with_its_source_and_the_way_to_count() -> None:
    """What the policy says of the stage asked about, and the guide's way to count after it."""
    card = ask("kent", stage=1)
    first = card.sections[0].items[0]
    assert "day 0 is the start of this stage" in first.text
    assert first.source
    assert "the next working day is day 1" in said(card)


def test_two_ways_to_read_day_0_are_both_told() -> None:
    """Dorset's ten days can be counted from two days; the earlier one is used."""
    told = said(ask("pan_dorset", stage=3))
    assert "the start of Stage 2" in told
    assert "the earlier is used" in told


@pytest.mark.parametrize("policy", IDS)
def test_every_counted_limit_of_a_policy_has_its_day_0(policy: str) -> None:
    """None is left out; where there is none, the policy is said to set no time."""
    told = said(ask(policy))
    held = [
        limit
        for stage in policies()[policy].stages
        for limit in (*stage.to_begin, *stage.to_answer, *stage.to_close)
        if limit.amount is not None
    ]
    assert all(limit.what.rstrip(".")[1:] in told for limit in held)
    assert held or "time limit" in told or "number of days" in told
