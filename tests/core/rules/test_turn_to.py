"""Whom to turn to today: for every policy, agency, level and order of calls."""

import re
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.core.rules.advice import advise
from bot.core.rules.facts import Call, Facts
from bot.core.rules.results import Advice, TurnTo
from bot.core.rules.turn_to import each_once
from bot.core.vocabulary import Agency, CallOutcome, CallTo, Level, Risk, Route, Side
from tests.support.core import (
    IDS,
    advice_on,
    advised,
    facts_given,
    handbook,
    policies,
    shapes,
    told,
    words,
)
from tests.support.each import each
from tests.support.rounds import rounds

many = settings(max_examples=rounds(150), suppress_health_check=[HealthCheck.too_slow])
URGENT = ("immediate_danger", "immediate_harm", "unsure")
CALLS = st.lists(
    st.fixed_dictionaries({"to": words(CallTo), "outcome": words(CallOutcome)}), max_size=14
)
PERSON = st.fixed_dictionaries({"side": words(Side), "level": st.none() | words(Level)})
OWN_SIDE, UNMET = ("safeguarding_lead", "own_manager"), ("refused", "no_answer")
TO_RING = ("Ring", "Call", "Tell", "Ask", "Go", "If")


@st.composite
def urgent_facts(draw: st.DrawFn) -> dict[str, Any]:
    """Draw urgent facts with a person and today's calls."""
    given_facts = draw(facts_given(risk=draw(st.sampled_from(URGENT))))
    return {**given_facts, "me": draw(PERSON), "calls": draw(CALLS)}


def who_it_is(who: TurnTo) -> tuple[str, str, str]:
    """Return what tells one person to turn to from another, however they are reached."""
    return who.role, who.why, str(who.agency)


def advice_after(*calls: tuple[str, str], **changes: Any) -> Advice:
    """Return the same-day advice of a school after calls such as ("police", "refused")."""
    facts = {"risk": "immediate_harm", "my_agency": "education", **changes}
    listed = [{"to": to, "outcome": outcome} for to, outcome in calls]
    return advice_on(told(**facts, calls=listed))


def first_roles(advice: Advice) -> list[str]:
    """Return the roles to turn to, first to last."""
    return [who.role for who in advice.turn_to]


@many
@given(urgent_facts())
def test_there_is_always_somebody_to_turn_to(data: dict[str, Any]) -> None:
    """Whatever came of however many calls; each with a way, a reason, words and a source."""
    advice = advice_on(data)
    assert advice.turn_to
    known = {policies()[data["partnership"]].document.title, handbook().safety_guidance.document}
    for who in advice.turn_to:
        assert all((who.role, who.why, who.say, who.note))
        assert who.do.endswith(".")
        assert who.do.startswith(TO_RING)
        assert who.source.document in known
        assert who.source.section
    assert len(set(advice.turn_to)) == len(advice.turn_to)


@many
@given(urgent_facts())
def test_the_headline_is_the_first_to_turn_to_and_due_today(data: dict[str, Any]) -> None:
    """One sentence, and no deadline is later than today."""
    advice = advice_on(data)
    today = date.fromisoformat(data["today"])
    assert advice.headline is not None
    assert advice.headline.do == advice.turn_to[0].do
    assert advice.headline.by == today
    assert {deadline.due for deadline in advice.deadlines} == {today}


@many
@given(urgent_facts())
def test_nobody_is_told_to_turn_to_themselves(data: dict[str, Any]) -> None:
    """Neither to their own agency's duty service, nor to their own level or below it."""
    advice = advice_on(data)
    policy = policies()[data["partnership"]]
    level = data["me"]["level"]
    below = {
        role.role
        for stage in policy.stages
        if level is not None and stage.level.rank <= Level(level).rank
        for role in stage.roles
    } - {
        role.role
        for stage in policy.stages
        if level is None or stage.level.rank > Level(level).rank
        for role in stage.roles
    }
    for who in advice.turn_to:
        if who.agency is not None and who.agency == data["my_agency"]:
            assert who.to in {CallTo.safeguarding_lead, CallTo.own_manager}
            assert who.role not in below
        assert (who.agency, who.to) != ("police", CallTo.police) or data["my_agency"] != "police"
    if data["my_agency"] == "childrens_social_care":
        assert not any(who.to is CallTo.childrens_social_care for who in advice.turn_to)
    if data["my_agency"] == "police":
        assert not any(who.to is CallTo.police for who in advice.turn_to)


@pytest.mark.long
@many
@given(urgent_facts())
def test_calling_whoever_stands_first_puts_them_behind(data: dict[str, Any]) -> None:
    """Until only the last door is left, the same person never stands first twice."""
    seen: list[TurnTo] = []
    calls: list[dict[str, str]] = []
    while True:
        turn_to = advice_on({**data, "calls": calls}).turn_to
        if len(turn_to) == 1:
            break
        assert turn_to[0] not in seen
        assert not set(map(who_it_is, turn_to)) & set(map(who_it_is, seen))
        seen.append(turn_to[0])
        calls.append({"to": str(turn_to[0].to), "outcome": "refused"})
        assert len(calls) < 60


@many
@given(urgent_facts(), words(CallTo), words(CallOutcome))
def test_one_more_call_never_brings_anybody_back(
    data: dict[str, Any], to: str, outcome: str
) -> None:
    """A call takes at most one person off the list and adds nobody, once the police are asked."""
    data = {**data, "calls": [{"to": "police", "outcome": "refused"}, *data["calls"]]}
    before = advice_on(data).turn_to
    after = advice_on({**data, "calls": [*data["calls"], {"to": to, "outcome": outcome}]}).turn_to
    assert set(map(who_it_is, after)) <= set(map(who_it_is, before))
    assert len(before) - len(after) <= 1


@many
@given(urgent_facts(), st.sampled_from(OWN_SIDE), st.sampled_from(UNMET))
def test_nobody_is_reached_through_somebody_who_did_not_act(
    data: dict[str, Any], to: str, outcome: str
) -> None:
    """Once one's own lead or manager is passed over, one rings the others oneself."""
    calls = [*data["calls"], {"to": to, "outcome": outcome}]
    for who in advice_on({**data, "calls": calls}).turn_to:
        assert "Ask your" not in who.do


@many
@given(urgent_facts())
def test_untried_people_of_a_service_stand_lowest_first(data: dict[str, Any]) -> None:
    """Within one service the next one up comes before those above them.

    Where only a manager was asked, whoever is above that manager stands first.
    """
    asked = {call["to"] for call in data["calls"]}
    level = {
        do.rstrip("."): rung.level.rank
        for rung in handbook().safety_guidance.ladder
        for do in (rung.do, rung.alone)
        if do
    }
    for to in (CallTo.police, CallTo.childrens_social_care, CallTo.their_manager):
        listed = [who for who in advice_on(data).turn_to if who.to is to]
        ranks = [
            next(rank for do, rank in level.items() if who.do.startswith(do)) for who in listed
        ]
        if CallTo.their_manager in asked:
            ranks = [rank for rank in ranks if rank >= ranks[0]]
        assert ranks == sorted(ranks)


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


RUNGS = [level for level in Level if level not in {Level.practitioner, Level.partnership}]


@many
@given(urgent_facts(), words(CallTo), st.sampled_from(RUNGS))
def test_nobody_of_the_rung_that_refused_or_below_it_is_asked_again(
    data: dict[str, Any], to: str, level: Level
) -> None:
    """By rung and by agency; 999 alone stands for whoever answers it."""
    before = advice_on(data).turn_to
    call = {"to": to, "outcome": "refused", "level": str(level)}
    if to not in {"police", "childrens_social_care"} or to == data["my_agency"]:
        return
    after = advice_on({**data, "calls": [*data["calls"], call]}).turn_to
    rank = {
        do: rung.level.rank
        for rung in handbook().safety_guidance.ladder
        for do in (rung.do.rstrip("."), (rung.alone or rung.do).rstrip("."))
    }
    theirs = [who for who in after[:-1] if str(who.to) == to and who.address != "999"]
    for who in theirs:
        (reached,) = {rank[do] for do in rank if who.do.startswith(do)}
        assert reached > level.rank
    assert {str(who.to) for who in before} - {str(who.to) for who in after} <= {to, "their_manager"}


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


@many
@given(urgent_facts())
def test_an_allegation_never_goes_to_the_person_it_is_about(data: dict[str, Any]) -> None:
    """Lead, head, manager or colleague: whoever is above them, or the LADO, in every policy."""
    data = {**data, "exit": "allegation"}
    advice = advice_on({**data, "calls": []})
    assume(data["me"]["level"] != "partnership")
    branch = advice.turn_to[1 if data["risk"] == "immediate_danger" else 0]
    above = "if it is about them, the chair of governors, proprietor or whoever is above them"
    for words_of_the_branch in ("head or most senior manager now", above, "(LADO) yourself"):
        assert words_of_the_branch in branch.do
    assert "unless it is about them" in advice.next.summary
    said = " ".join(item.what for item in advice.warnings)
    assert "never the person it is about" in said
    assert "one working day" in said
    for who in advice_on(data).turn_to:
        assert who.to is not CallTo.safeguarding_lead
        assert "Ask your" not in who.do
        if who.to is CallTo.own_manager:
            assert "if it is about" in who.do or "unless it is about them" in who.do


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


REFUSED = re.compile(
    r"not (?:agree|accept|acting|acted)|nobody (?:is|has)|refused|can wait|do not act",
    re.IGNORECASE,
)


@many
@given(urgent_facts(), st.lists(words(CallTo), max_size=14), st.sampled_from(["made", "coming"]))
def test_where_nobody_refused_there_is_no_word_of_a_refusal(
    data: dict[str, Any], reached: list[str], outcome: str
) -> None:
    """In nothing that is said to anybody, whoever was told today."""
    calls = [{"to": to, "outcome": outcome} for to in reached]
    for who in advice_on({**data, "calls": calls}).turn_to:
        assert not REFUSED.search(who.say), who


@pytest.mark.long
@many
@given(urgent_facts())
def test_telling_whoever_stands_first_moves_on(data: dict[str, Any]) -> None:
    """Until only the last door is left: the next in line, and nobody twice."""
    seen: list[TurnTo] = []
    calls: list[dict[str, str]] = []
    while len(turn_to := advice_on({**data, "calls": calls}).turn_to) > 1:
        assert who_it_is(turn_to[0]) not in map(who_it_is, seen)
        seen.append(turn_to[0])
        calls.append({"to": str(turn_to[0].to), "outcome": "made"})
        assert len(calls) < 60
