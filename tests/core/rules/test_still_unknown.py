"""Advice while things are still unknown, as in a conversation."""

import pytest

from bot.core.rules.advice import advise
from bot.core.rules.facts import Facts
from bot.core.vocabulary import Exit, Risk, Route
from tests.support.core import TODAY, advised, handbook, policies


@pytest.mark.parametrize("risk", [Risk.immediate_danger, Risk.immediate_harm, Risk.unsure])
def test_danger_is_answered_before_the_partnership_is_known(risk: Risk) -> None:
    """Without a policy the standing guidance alone says what to do today."""
    advice = advise(Facts(risk=risk), None, TODAY, handbook())
    assert advice.stage is None
    assert {deadline.due for deadline in advice.deadlines} == {TODAY}
    assert {deadline.source.document for deadline in advice.deadlines} == {
        handbook().safety_guidance.document
    }


def test_an_exit_is_answered_before_the_partnership_is_known() -> None:
    """From the standing guidance; stages need a policy."""
    advice = advise(Facts(risk=Risk.concern, exit=Exit.complaint), None, TODAY, handbook())
    assert advice.route is Route.exit
    assert advice.not_stated == ()
    with pytest.raises(ValueError, match="needs a policy"):
        advise(Facts(risk=Risk.concern), None, TODAY, handbook())


def test_a_kind_of_disagreement_not_yet_told_is_not_said_to_be_missing() -> None:
    """Nothing is said about the policy's list until there is a kind to look for."""
    facts = Facts(partnership="pan_dorset", risk=Risk.concern)
    assert advised(facts, policies()["pan_dorset"]).grounds == ()
