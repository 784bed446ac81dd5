"""What a manager is told to do with what their own staff have brought them."""

from datetime import date

import pytest
from msgspec.structs import replace

from bot.core.conversation.brought import when_brought, when_dated
from bot.core.conversation.state import State, facts_of
from bot.core.enquiry.answer import answer_enquiry
from bot.core.handbook.topics import Enquiry, Topic
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


def test_whoever_has_to_answer_is_told_the_day_before_all_is_told() -> None:
    """The stage and its day are enough to count from; nothing is kept of what is supposed."""
    state = State(partnership="kent", side="receiver", reached="line_manager", step_on="2026-11-26")
    asked = replace(state, my_agency="childrens_social_care", their_agency="education")
    owing = when_dated(asked, policies())
    assert owing is not None
    policy = owing.policy(policies())
    advice = advise(facts_of(owing, policies()), policy, TODAY, handbook())
    for topic in (Topic.limits, Topic.answering):
        card = answer_enquiry(Enquiry(topic=topic), asked, policies(), handbook(), advice)
        said = " ".join(item.text for section in card.sections for item in section.items)
        assert "by Thursday 3 December 2026" in said
        assert not said.startswith("No.")


@pytest.mark.parametrize(
    "state",
    [
        State(partnership="kent", side="receiver"),
        State(side="receiver", reached="line_manager", step_on="2026-11-26"),
        State(partnership="kent", reached="line_manager", step_on="2026-11-26"),
    ],
)
def test_nothing_is_owed_by_whoever_has_not_told_it(state: State) -> None:
    """Without a stage or a policy, and on the side that raises it."""
    assert when_dated(state, policies()) is None
