"""Who stands on today's ladder: nobody close to the family, and the police's own once asked."""

import re
from itertools import product

import pytest
from msgspec.structs import replace

from bot.core.handbook.safety_guidance import Chain, Rung
from bot.core.rules.facts import Call, Facts
from bot.core.rules.ladder import LED_BELOW, ladder
from bot.core.rules.narrowing import narrowed
from bot.core.vocabulary import Agency, CallOutcome, CallTo, Exit, Level, Risk, Route
from tests.support.core import IDS, TODAY, advised, handbook, policies
from tests.support.each import each

EVERYBODY = list(product(IDS, Agency))
SAME_DAY = Facts(risk=Risk.immediate_harm, their_agency=Agency.childrens_social_care)


def rungs(name: str, facts: Facts) -> list[Rung]:
    """Return the rungs that hold on the same day, lowest first."""
    policy = narrowed(policies()[name], facts)
    places = ladder(Route.same_day, facts, policy, TODAY, handbook())
    return list({id(place.rung): place.rung for place in places}.values())


def gone(name: str, agency: Agency, *out: CallTo, exit_: Exit | None = None) -> list[Rung]:
    """Return the rungs that are left out because somebody on one's own side is close."""
    facts = replace(SAME_DAY, my_agency=agency, exit=exit_)
    before, after = rungs(name, facts), rungs(name, replace(facts, kept_out=out))
    assert set(map(id, after)) <= set(map(id, before))
    return [rung for rung in before if rung not in after]


@pytest.mark.long
@each(("name", "agency"), EVERYBODY)
def test_a_lead_close_to_the_family_is_passed_over(name: str, agency: Agency) -> None:
    """Nobody is told to tell them, and everybody else is still there."""
    out = gone(name, agency, CallTo.safeguarding_lead)
    assert out
    assert all(rung.lead and rung.chain is Chain.own for rung in out)
    facts = replace(SAME_DAY, my_agency=agency, kept_out=(CallTo.safeguarding_lead,))
    assert CallTo.safeguarding_lead not in {
        who.to for who in advised(facts, policies()[name]).turn_to
    }


@each(("name", "agency"), EVERYBODY)
def test_a_manager_close_to_the_family_is_passed_over(name: str, agency: Agency) -> None:
    """The lowest of them; in a school or nursery every one up to the head, never the board."""
    out = gone(name, agency, CallTo.own_manager)
    below = {Level.line_manager, Level.senior_manager} if agency in LED_BELOW else {out[0].level}
    assert {rung.level for rung in out} == below
    assert all(rung.manager and rung.chain is Chain.own for rung in out)
    facts = replace(SAME_DAY, my_agency=agency, kept_out=(CallTo.own_manager,))
    left = [rung for rung in rungs(name, facts) if rung.manager and rung.chain is Chain.own]
    assert left
    assert all(rung.level not in below for rung in left)


@each(("name", "agency"), EVERYBODY)
def test_whom_an_allegation_goes_to_is_told_whoever_is_close(name: str, agency: Agency) -> None:
    """That rung says itself whom to pass over."""
    both = (CallTo.safeguarding_lead, CallTo.own_manager)
    assert not [rung for rung in gone(name, agency, *both, exit_=Exit.allegation) if rung.exits]


@pytest.mark.long
@each(("name", "agency"), EVERYBODY)
def test_the_police_s_own_managers_wait_until_the_police_were_asked(
    name: str, agency: Agency
) -> None:
    """A disagreement with the police is no call to them; a call to their manager is."""
    for theirs, to in product((Agency.police, Agency.health), (None, *CallTo)):
        calls = () if to is None else (Call(to, CallOutcome.refused),)
        facts = replace(SAME_DAY, my_agency=agency, their_agency=theirs, calls=calls)
        asked = to is CallTo.police or (to is CallTo.their_manager and theirs is Agency.police)
        above = any(rung.asked for rung in rungs(name, facts))
        assert above is (asked and agency is not Agency.police), (theirs, to)


@pytest.mark.parametrize("exit_", [None, Exit.allegation])
@each(("name", "agency"), EVERYBODY)
def test_whoever_a_policy_names_stands_inside_the_sentence(
    name: str, agency: Agency, exit_: Exit | None
) -> None:
    """The full stop comes once, after them."""
    facts = replace(SAME_DAY, my_agency=agency, exit=exit_)
    for who in advised(facts, policies()[name]).turn_to:
        assert not re.search(r"\.\s*[(,.]", who.do)
