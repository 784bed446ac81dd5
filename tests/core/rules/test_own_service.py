"""Whoever works for the police or social care: who is above them when their own side refuses."""

from typing import Any

import pytest

from bot.core.rules.results import TurnTo
from tests.support.core import IDS, advice_on, told
from tests.support.ladder import URGENT


def first_after(policy: str, agency: str, risk: str, *calls: tuple[str, ...]) -> TurnTo:
    """Return who stands first after refusals such as ("own_manager", "senior_manager")."""
    listed: list[dict[str, Any]] = [
        {"to": to, "outcome": "refused", "level": level[0] if level else None}
        for to, *level in calls
    ]
    facts = {"risk": risk, "my_agency": agency, "their_agency": "education", "calls": listed}
    return advice_on(told(policy, **facts)).turn_to[0]


@pytest.mark.parametrize("risk", URGENT)
@pytest.mark.parametrize("policy", IDS)
def test_an_officer_whose_control_room_refuses_has_the_inspector_above_it(
    policy: str, risk: str
) -> None:
    """Then whoever is above the inspector, and never the same sentence again."""
    control = first_after(policy, "police", risk, ("police",))
    assert "duty inspector" in control.do
    inspector = ("police", "senior_manager")
    above = first_after(policy, "police", risk, ("police",), inspector)
    assert "director on call" in above.do
    assert "inspector" not in above.do


@pytest.mark.parametrize("policy", IDS)
@pytest.mark.parametrize("risk", ["immediate_harm", "unsure"])
def test_a_social_worker_goes_up_their_own_side_when_it_refuses(policy: str, risk: str) -> None:
    """Their service decides today: the next one up in it stands before the police."""
    manager = first_after(policy, "childrens_social_care", risk, ("own_manager",))
    assert "senior manager on call" in manager.do
    head = first_after(policy, "childrens_social_care", risk, ("own_manager", "senior_manager"))
    assert "director on call" in head.do


@pytest.mark.parametrize("policy", IDS)
def test_a_social_worker_still_calls_999_first(policy: str) -> None:
    """Nobody's refusal stands before it in danger now."""
    own = ("own_manager", "senior_manager")
    first = first_after(policy, "childrens_social_care", "immediate_danger", own)
    assert first.address == "999"


@pytest.mark.parametrize("policy", IDS)
def test_a_school_s_lead_is_there_after_a_director_refused(policy: str) -> None:
    """The lead is no manager below them."""
    first = first_after(policy, "education", "immediate_harm", ("own_manager", "director"))
    assert "safeguarding lead" in first.do
