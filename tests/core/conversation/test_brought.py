"""What a manager is told to do with what their own staff have brought them."""

from datetime import date

import pytest

from bot.core.conversation.brought import when_brought
from bot.core.conversation.state import State, facts_of
from bot.core.rules.advice import advise
from bot.core.vocabulary import Level, Risk
from tests.support.core import handbook, policies

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize("partnership", sorted(policies()))
@pytest.mark.parametrize("level", [Level.line_manager, Level.senior_manager, Level.director])
def test_it_has_come_up_to_their_own_rung(partnership: str, level: Level) -> None:
    """They are told what to do at their own stage, whatever is known of those below."""
    state = State(partnership=partnership, level=str(level))
    brought = when_brought(state, policies())
    assert brought is not None
    policy = brought.policy(policies())
    assert policy is not None
    advice = advise(facts_of(brought, policies()), policy, TODAY, handbook())
    assert advice.next.to_stage == policy.stage_for(level).number
    assert advice.headline is not None
    assert not advice.headline.do.startswith("Ask your line manager")


@pytest.mark.parametrize(
    "state",
    [
        State(level="line_manager"),
        State(partnership="kent"),
        State(partnership="kent", level="practitioner"),
        State(partnership="kent", level="line_manager", side="receiver"),
        State(partnership="kent", level="line_manager", risk=Risk.immediate_harm),
        State(partnership="kent", level="line_manager", reached="practitioner"),
    ],
)
def test_nothing_is_supposed_of_anybody_else(state: State) -> None:
    """Without a policy, below managers, on the other side, in danger, or where a stage is told."""
    assert when_brought(state, policies()) is None
