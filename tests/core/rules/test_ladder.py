"""Whom to turn to today: who comes after whom, in one situation after another."""

from datetime import date
from itertools import product

import pytest
from msgspec.structs import replace

from bot.core.rules.advice import advise
from bot.core.rules.facts import Call, Facts, Person
from bot.core.rules.ladder import each_once
from bot.core.vocabulary import Agency, CallOutcome, CallTo, Level, Risk, Route
from tests.support.core import (
    IDS,
    advice_on,
    advised,
    handbook,
    policies,
    shapes,
    told,
)
from tests.support.each import each
from tests.support.ladder import (
    advice_after,
    first_roles,
)

OWN_SIDE, UNMET = ("safeguarding_lead", "own_manager"), ("refused", "no_answer")


@each(("name", "agency"), product(IDS, Agency))
def test_whoever_refuses_has_somebody_above_them_who_stands_first(
    name: str, agency: Agency
) -> None:
    """By the policy's own role where it names one, else by the guide's, named as that."""
    if agency is Agency.childrens_social_care:
        return
    call = {"to": "childrens_social_care", "outcome": "refused"}
    data = told(name, risk="immediate_harm", my_agency=str(agency), calls=[call])
    first = advice_on(data).turn_to[0]
    assert first.agency is Agency.childrens_social_care
    assert "manager on duty" in first.do
    assert first.source.document == policies()[name].document.title


@each(("name", "outcome", "agency"), product(IDS, UNMET, ("education", "health", "housing")))
def test_above_somebody_without_a_rung_of_their_own_their_manager_stands_first(
    name: str, outcome: str, agency: str
) -> None:
    """Whoever is lowest in the other agency has none: the next one up is asked all the same."""
    call = {"to": "their_manager", "outcome": outcome, "level": "practitioner"}
    facts = {"risk": "immediate_harm", "my_agency": "police", "their_agency": agency}
    assert advice_on(told(name, **facts, calls=[call])).turn_to[0].to is CallTo.their_manager


def test_the_ladder_goes_up_through_the_policys_own_roles() -> None:
    """Kent's team manager, service manager and assistant director, then the last doors."""
    refused = ("childrens_social_care", "refused")
    theirs = [first_roles(advice_after(*[refused] * times))[0] for times in (1, 2, 3)]
    assert theirs == [
        "Local Authority team manager",
        "Service Manager, or another designated professional",
        "Assistant Director or Deputy Director",
    ]
    every = (*[refused] * 4, ("police", "made"))
    assert first_roles(advice_after(*every))[0].startswith("Your designated safeguarding")
    assert first_roles(advice_after(*every, ("safeguarding_lead", "no_answer")))[0].startswith(
        "Your line"
    )


@pytest.mark.long
@each(("name", "agency", "outcome"), product(IDS, Agency, ["refused", "no_answer"]))
def test_the_police_stand_beside_social_care_that_does_not_act(
    name: str, agency: Agency, outcome: str
) -> None:
    """On the same day, for every agency but these two: second, and first when nobody is above."""
    if agency in {Agency.childrens_social_care, Agency.police}:
        return
    for theirs, times in product(("childrens_social_care", "health"), range(1, 5)):
        calls = [{"to": "childrens_social_care", "outcome": outcome}] * times
        facts = {"my_agency": str(agency), "their_agency": theirs, "calls": calls}
        asked = advice_on(told(name, risk="immediate_harm", **facts)).turn_to
        police = next(at for at, who in enumerate(asked) if who.to is CallTo.police)
        above = [who for who in asked if who.agency is Agency.childrens_social_care]
        assert police == (1 if above else 0)
        assert "101" in asked[police].do
        assert "if a child is in danger, call 999" in asked[police].do
        assert "police protection" in asked[police].do
        assert "social care" not in asked[police].say


def test_the_police_are_not_rung_for_a_strategy_discussion_twice() -> None:
    """Social care itself, and whoever disagrees with the police, have their own first call."""
    for facts in ({"my_agency": "childrens_social_care"}, {"their_agency": "police"}):
        roles = first_roles(advice_after(("childrens_social_care", "refused"), **facts))
        assert not any("do not act" in role for role in roles)
        assert any(role.startswith("The police") for role in roles)


@pytest.mark.parametrize("name", IDS)
def test_an_office_is_no_rung_on_a_day_off(name: str) -> None:
    """The partnership is reached in working hours; the NSPCC has a number and an address."""
    for day, open_ in (("2026-12-24", True), ("2026-12-25", False), ("2026-12-26", False)):
        asked = advice_on(told(name, risk="immediate_harm", today=day)).turn_to
        assert any("partnership can reach" in who.why for who in asked) is open_
        helpline = next(who for who in asked if "NSPCC" in who.do)
        assert "0808 800 5000" in helpline.do
        assert "help@nspcc.org.uk" in helpline.do


def test_one_s_own_manager_who_does_not_answer_is_passed_over() -> None:
    """The manager on duty there stands first, and theirs above are rung by oneself."""
    refused, own = ("childrens_social_care", "refused"), ("own_manager", "no_answer")
    advice = advice_after(refused, own)
    assert advice.turn_to[0].role == "Local Authority team manager"
    assert not any(role.startswith("Your line manager") for role in first_roles(advice))
    above = advice_after(refused, own, refused).turn_to[0]
    assert above.do.startswith("Ring the council's switchboard yourself now")


def test_with_nobody_on_one_s_own_side_the_other_doors_are_left() -> None:
    """Whoever else can act stands there until the last door."""
    own = [(to, "no_answer") for to in ("safeguarding_lead", *["own_manager"] * 3)]
    left = advice_after(*own, ("childrens_social_care", "refused")).turn_to
    assert not {CallTo.safeguarding_lead, CallTo.own_manager} & {who.to for who in left}
    assert {CallTo.childrens_social_care, CallTo.other} <= {who.to for who in left}


def test_the_police_have_a_supervisor_above_the_first_call() -> None:
    """A refusal at 999 leads to the control-room supervisor, then to the duty inspector."""
    danger = {"risk": "immediate_danger"}
    assert advice_after(**danger).turn_to[0].address == "999"
    once = advice_after(("police", "refused"), **danger)
    assert once.turn_to[0].role == "The police control-room supervisor"
    assert once.next.summary.startswith("Call 999 and ask for the control-room supervi")


@pytest.mark.parametrize("outcome", UNMET)
def test_999_stays_in_the_headline_until_somebody_is_coming(outcome: str) -> None:
    """Through 999 up to the duty inspector; then one's own side, and 999 is still said."""
    calls: list[tuple[str, str]] = []
    for wanted in (
        "Call 999 now",
        "control-room supervisor",
        "duty inspector",
        "safeguarding lead",
    ):
        first = advice_after(*calls, risk="immediate_danger").turn_to[0]
        assert wanted in first.do
        assert "999" in first.do
        calls.append(("police", outcome))
    coming = advice_after(*calls, ("police", "coming"), risk="immediate_danger").turn_to[0]
    assert "999" not in coming.do


@pytest.mark.parametrize("outcome", UNMET)
def test_a_manager_who_does_not_act_in_an_emergency_has_somebody_else_beside_them(
    outcome: str,
) -> None:
    """The lead, then social care, then the next manager up: never the same sentence again."""
    calls = [("police", outcome), ("police", outcome), ("own_manager", outcome)]
    seen = []
    for then in ("safeguarding_lead", "childrens_social_care"):
        first = advice_after(*calls, risk="immediate_danger").turn_to[0]
        seen.append(first.do)
        assert str(first.to) == then
        assert "Keep calling 999" in first.do
        calls.append((then, outcome))
    assert len(set(seen)) == len(seen)


def test_whoever_is_above_the_one_who_refused_stands_first() -> None:
    """A sergeant who says no leads to the inspector, an inspector to the superintendent."""
    us = {"my_agency": "childrens_social_care", "their_agency": "police"}
    for level, wanted in (("line_manager", "inspector"), ("senior_manager", "superintendent")):
        refused = [{"to": "police", "outcome": "refused", "level": level}]
        facts = {"risk": "immediate_harm", **us, "calls": [*refused, *refused]}
        assert wanted in advice_on(told("trust_guidance", **facts)).turn_to[0].do


def test_a_manager_who_is_not_reached_is_passed_and_nobody_above_them() -> None:
    """Whether or not they were asked before."""
    manager = {"to": "their_manager", "outcome": "no_answer", "level": "line_manager"}
    refused = {"to": "childrens_social_care", "outcome": "refused"}
    for calls in ([refused, manager], [refused, refused, manager]):
        facts = {"risk": "immediate_harm", "my_agency": "health", "calls": calls}
        assert "head of service" in advice_on(told("trust_guidance", **facts)).turn_to[0].do


@pytest.mark.parametrize("outcome", ["made", "coming"])
def test_who_has_called_999_is_not_told_to_call_it_again(outcome: str) -> None:
    """The lead comes next, and 999 is no deadline any more."""
    advice = advice_after(("police", outcome), risk="immediate_danger")
    assert advice.turn_to[0].to is CallTo.safeguarding_lead
    assert advice.next.summary.startswith("You have called 999.")
    assert not any("999" in deadline.what for deadline in advice.deadlines)


@pytest.mark.parametrize("outcome", CallOutcome)
@pytest.mark.parametrize("partnership", IDS)
def test_101_is_no_call_to_999(partnership: str, outcome: CallOutcome) -> None:
    """In danger now 999 comes first whatever came of 101, and only who rang 999 has rung it."""
    by_101 = {"to": "police", "outcome": str(outcome), "level": "practitioner"}
    facts = {"risk": "immediate_danger", "my_agency": "education"}
    advice = advice_on(told(partnership, **facts, calls=[by_101]))
    assert advice.turn_to[0].do == "Call 999 now."
    assert not any("again" in who.do for who in advice.turn_to[:1])
    assert not advice.next.summary.startswith("You have called 999")
    rang = {"to": "police", "outcome": "made"}
    after = advice_on(told(partnership, **facts, calls=[by_101, rang]))
    assert after.turn_to[0].to is CallTo.safeguarding_lead


@pytest.mark.parametrize("outcome", [CallOutcome.refused, CallOutcome.no_answer])
def test_in_a_same_day_case_101_is_a_call_to_the_police(outcome: CallOutcome) -> None:
    """Whoever is above them comes next."""
    by_101 = {"to": "police", "outcome": str(outcome), "level": "practitioner"}
    facts = {"risk": "immediate_harm", "my_agency": "health", "their_agency": "police"}
    advice = advice_on(told("kent", **facts, calls=[by_101]))
    assert "control-room supervisor" in advice.turn_to[0].do


def test_rung_and_then_refused_is_one_call() -> None:
    """What came of a call completes it; a second refusal is by somebody else."""
    made, refused = (Call(CallTo.police, CallOutcome(word)) for word in ("made", "refused"))
    lead = Call(CallTo.safeguarding_lead, CallOutcome.coming)
    assert each_once([made, lead, refused]) == [lead, refused]
    assert each_once([refused, refused]) == [refused, refused]


@pytest.mark.parametrize("agency", ["health", "police", "childrens_social_care"])
def test_each_agency_has_its_own_safeguarding_lead(agency: str) -> None:
    """Named professionals, duty inspectors and duty managers are no "designated" lead."""
    advice = advice_after(my_agency=agency, their_agency="education")
    lead = next(who for who in advice.turn_to if who.to is CallTo.safeguarding_lead)
    assert "designated" not in lead.role
    assert lead.agency == agency


def test_a_social_worker_turns_to_their_manager_and_the_police() -> None:
    """They are children's social care: nobody rings themselves."""
    advice = advice_after(my_agency="childrens_social_care", their_agency="police")
    first, second = advice.turn_to[:2]
    assert "team manager" in first.role
    assert second.agency is Agency.police
    assert "strategy discussion" in second.do
    assert [contact.agency for contact in advice.contacts] == [first.agency, second.agency]


@pytest.mark.parametrize(
    ("level", "first"),
    [
        ("practitioner", "Your designated"),
        ("line_manager", "Children's social care"),
        ("director", "Children's social care"),
    ],
)
def test_a_manager_is_not_told_to_turn_to_the_rung_they_stand_on(level: str, first: str) -> None:
    """The lead may be the manager themselves."""
    advice = advice_after(me={"side": "raiser", "level": level})
    assert first_roles(advice)[0].startswith(first)


@each(("name", "agency"), product(IDS, Agency))
def test_harm_by_somebody_who_works_with_children_goes_to_both_services(
    name: str, agency: Agency
) -> None:
    """Children's social care and the police, of whom nobody rings themselves."""
    facts = {"my_agency": str(agency), "exit": "allegation"}
    asked = advice_on(told(name, risk="immediate_harm", **facts)).turn_to[:3]
    own = {
        Agency.childrens_social_care: CallTo.childrens_social_care,
        Agency.police: CallTo.police,
    }
    called = {who.to for who in asked} & set(own.values())
    assert called == set(own.values()) - {own.get(agency)}


@pytest.mark.parametrize(("day", "out"), [("2026-11-24", False), ("2026-11-28", True)])
def test_on_a_day_off_the_emergency_duty_team_answers(day: str, out: bool) -> None:  # noqa: FBT001
    """Weekends and bank holidays; on working days it is named for the night."""
    (team,) = [who for who in advice_after(today=day).turn_to if "emergency duty" in who.role]
    assert ("today its emergency duty team" in team.role) is out
    assert "where the child is now" in team.role


@pytest.mark.parametrize("name", sorted(shapes()))
def test_policies_of_every_shape_have_a_ladder(name: str) -> None:
    """More rungs than five, several on one level, or fewer: somebody stands first."""
    policy = shapes()[name]
    for risk in Risk:
        advice = advice_on(told(name, risk=str(risk)), policy)
        assert bool(advice.turn_to) is (advice.route in {Route.emergency, Route.same_day})


def test_the_ladder_is_there_before_a_policy_is_chosen() -> None:
    """In danger nobody waits for the question about the place."""
    advice = advised(Facts(risk=Risk.immediate_harm), None)
    assert [who.to for who in advice.turn_to[:2]] == [
        CallTo.safeguarding_lead,
        CallTo.childrens_social_care,
    ]


def test_an_ambulance_that_is_there_is_not_called_again() -> None:
    """What 999 sent beside the police counts; one that is only promised does not."""
    for here in (True, False):
        facts = Facts(
            partnership="kent",
            risk=Risk.immediate_danger,
            disagreement=None,
            my_agency=Agency.health,
            their_agency=None,
            calls=(Call(CallTo.other, CallOutcome.coming, here=here),),
        )
        first = advise(facts, None, date(2026, 11, 24), handbook()).turn_to[0]
        assert ("999" in first.do) is not here


@pytest.mark.parametrize("level", ["line_manager", "senior_manager"])
def test_a_head_or_manager_who_is_not_the_lead_tells_their_lead(level: str) -> None:
    """Whatever their rung; a lead is not told to tell themselves."""
    facts = Facts(
        risk=Risk.immediate_harm,
        my_agency=Agency.early_years,
        me=Person(level=Level(level)),
    )
    leads = {
        not_lead: [
            who.to
            for who in advise(
                replace(facts, not_lead=not_lead), None, date(2026, 11, 30), handbook()
            ).turn_to
        ]
        for not_lead in (True, False)
    }
    assert leads[True][0] is CallTo.safeguarding_lead
    assert CallTo.safeguarding_lead not in leads[False]
