"""While somebody must act today: whom a call was to that names nobody."""

from typing import Any

import pytest
from msgspec.structs import replace

from bot.core.conversation.calls import with_calls
from bot.core.conversation.state import State
from bot.core.conversation.whom import ToldCall
from bot.core.vocabulary import Agency, CallOutcome, CallTo, Risk
from tests.support.core import IDS
from tests.support.crisis import URGENT, advice, call, reply, said

SOCIAL_CARE = "childrens_social_care"


@pytest.mark.parametrize("outcome", ["refused", "no_answer"])
def test_whom_they_are_taken_to_be_is_said(outcome: str) -> None:
    """Once the lead was told, "they" are who is to be rung next, and that can be put right."""
    state = State(
        risk=Risk.immediate_danger,
        calls=("police.coming", "safeguarding_lead.made"),
        turning_to=SOCIAL_CARE,
    )
    after = said(state, "they've said no", calls=[call(None, outcome)]).state
    assert after.calls[-1] == f"{SOCIAL_CARE}.{outcome}"
    assert "“they” to be children's social care" in reply(after, {"calls": [call(None, outcome)]})
    assert "“they”" not in reply(after, {"calls": [call("police", outcome)]})


def test_they_are_whoever_was_to_act_last() -> None:
    """Else whoever stands first; with neither, nobody is supposed."""
    coming = State(risk=Risk.immediate_harm, calls=("police.coming", "childrens_social_care.made"))
    assert with_calls(coming, [ToldCall(None, CallOutcome.refused)]).calls[-1] == "police.refused"
    told = State(risk=Risk.immediate_harm, turning_to="safeguarding_lead")
    assert with_calls(told, [ToldCall(None, CallOutcome.no_answer)]).calls == (
        "safeguarding_lead.no_answer",
    )
    assert (
        with_calls(State(risk=Risk.immediate_harm), [ToldCall(None, CallOutcome.refused)]).calls
        == ()
    )


@pytest.mark.parametrize("about", ["safeguarding_lead", "own_manager"])
def test_without_ones_own_lead_whoever_is_next_is_rung(about: str) -> None:
    """With "DSL off sick, may I ring?" the lead counts as not answering."""
    state = State(risk=Risk.immediate_harm, turning_to=about)
    heard = said(state, "dsl off sick", own_side={"worry": "nobody_there"}, asks_about=about).state
    assert heard.calls == (f"{about}.no_answer",)
    assert heard.risk is Risk.immediate_harm


@pytest.mark.parametrize("outcome", [CallOutcome.refused, CallOutcome.no_answer])
@pytest.mark.parametrize(
    ("text", "comes", "meant"),
    [
        ("they wont help", False, "childrens_social_care"),
        ("they wont come now", True, "police"),
    ],
)
def test_they_are_whoever_is_to_be_rung_next_once_the_lead_was_told(
    text: str, meant: str, outcome: CallOutcome, *, comes: bool
) -> None:
    """999 is coming and the lead knows: only who was to come is meant by not coming."""
    state = State(
        risk=Risk.immediate_danger,
        calls=("police.coming", "safeguarding_lead.made"),
        turning_to="childrens_social_care",
    )
    after = said(state, text, calls=[{**call(None, outcome), "comes": comes}]).state
    assert after.calls[-1] == f"{meant}.{outcome}"


@pytest.mark.parametrize(
    ("calls", "turning_to", "meant"),
    [
        (("childrens_social_care.refused",), "childrens_social_care", "childrens_social_care"),
        (("childrens_social_care.refused",), "safeguarding_lead", "their_manager"),
        ((), "own_manager", "own_manager"),
        ((), "police", "own_manager"),
    ],
)
def test_the_manager_is_whoever_the_guide_named(
    calls: tuple[str, ...], turning_to: str, meant: str
) -> None:
    """Else a manager of whoever did not act; a call to one is never lost."""
    state = State(risk=Risk.immediate_harm, calls=calls, turning_to=turning_to)
    told = ToldCall(None, CallOutcome.no_answer, manager=True)
    assert with_calls(state, [told]).calls[-1] == f"{meant}.no_answer"


def test_who_refuses_again_is_who_refused() -> None:
    """Not the police, who stand first and were never asked."""
    state = State(
        risk=Risk.immediate_danger, calls=("childrens_social_care.refused",), turning_to="police"
    )
    again = ToldCall(None, CallOutcome.refused, again=True)
    assert with_calls(state, [again]).calls[-1] == "childrens_social_care.refused"
    assert with_calls(state, [again._replace(again=False)]).calls[-1] == "police.refused"


@pytest.mark.parametrize(
    ("calls", "turning_to", "meant"),
    [
        (("childrens_social_care.made", "police.made"), "safeguarding_lead", SOCIAL_CARE),
        (("childrens_social_care.refused",), "police", SOCIAL_CARE),
        ((), "police", SOCIAL_CARE),
        (("police.made",), "police", "police"),
        ((), "safeguarding_lead", "safeguarding_lead"),
    ],
)
def test_who_puts_off_until_the_morning_is_social_care(
    calls: tuple[str, ...], turning_to: str, meant: str
) -> None:
    """The police keep no office hours, unless nobody else was asked."""
    state = State(risk=Risk.immediate_danger, calls=calls, turning_to=turning_to)
    told = ToldCall(None, CallOutcome.refused, put_off=True)
    assert with_calls(state, [told]).calls[-1] == f"{meant}.refused"


def test_so_did_the_manager_is_what_came_of_the_call_before() -> None:
    """It is no call that was only made."""
    refused = State(risk=Risk.immediate_harm, calls=("childrens_social_care.refused",))
    likewise = ToldCall(CallTo.their_manager, CallOutcome.made, again=True)
    assert with_calls(refused, [likewise]).calls[-1] == "their_manager.refused"
    alone = State(risk=Risk.immediate_harm)
    assert with_calls(alone, [likewise]).calls == ("their_manager.made",)


def test_the_name_of_an_agency_alone_is_no_call() -> None:
    """Nor is anybody called who is only asked about."""
    state = State(risk=Risk.immediate_harm, turning_to="police")
    named = said(state, "CSC", "called_for_help", is_name_alone=True).state
    asked = said(state, "who's above them", calls=[call(None, "made")], asks="what_now").state
    assert (named.calls, named.calls_made) == (asked.calls, asked.calls_made) == ((), None)


def test_what_is_told_before_the_guide_has_named_anybody_is_about_nobody() -> None:
    """A referral sent back is no call to the police, who stand first."""
    alarm: dict[str, Any] = {
        "urgent": True,
        "urgent_because": "a knife",
        "calls": [call(None, "refused")],
    }
    assert said(State(), "referral sent back, he has a knife", "other", **alarm).state.calls == ()


@pytest.mark.parametrize("risk", URGENT)
@pytest.mark.parametrize("partnership", [None, *IDS])
@pytest.mark.parametrize("agency", [None, *Agency])
def test_whoever_social_care_refused_keeps_a_lead_and_its_managers(
    agency: str | None, partnership: str | None, risk: Risk
) -> None:
    """A children's home that was taken for social care too: its duty team is another."""
    state = State(
        risk=risk,
        partnership=partnership,
        my_agency=agency,
        calls=("childrens_social_care.refused",),
    )
    told = advice(state).turn_to
    assert CallTo.safeguarding_lead in {who.to for who in told}
    assert CallTo.childrens_social_care in {who.to for who in told[:2]}


def test_whoever_disagrees_with_social_care_is_not_its_duty_team() -> None:
    """Their own agency is in doubt while somebody must act, and only then."""
    mine = State(my_agency="childrens_social_care", their_agency="childrens_social_care")
    assert mine.own_agency is Agency.childrens_social_care
    assert replace(mine, risk=Risk.immediate_harm).own_agency is None
    police = replace(mine, risk=Risk.immediate_harm, their_agency="police")
    assert police.own_agency is Agency.childrens_social_care


@pytest.mark.parametrize("risk", URGENT)
def test_done_is_about_whoever_stood_first(risk: Risk) -> None:
    """Each time the next in line, also on a second rung of the same service."""
    state = State(risk=risk, my_agency="education", level="senior_manager")
    firsts = []
    for _ in range(6):
        first = advice(state).turn_to[0]
        firsts.append(first.do)
        state = with_calls(
            replace(state, turning_to=str(first.to)), [ToldCall(None, CallOutcome.made)]
        )
    assert len(set(firsts)) == len(firsts)
    again = with_calls(
        replace(state, turning_to="other"), [ToldCall(CallTo(SOCIAL_CARE), CallOutcome.made)]
    )
    assert again == replace(state, turning_to="other")


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [("childrens_social_care", "education"), ("police", "childrens_social_care")],
)
def test_whoever_is_warned_by_another_agency_was_refused_by_nobody(mine: str, theirs: str) -> None:
    """What the other side says is no call, and it is theirs to act: nobody over there is blamed."""
    after = said(
        State(partnership="kent"),
        "they raised stage 1 with me today, dad will be back tonight",
        urgent=True,
        urgent_because="something",
        side="receiver",
        facts={"my_agency": mine, "their_agency": theirs},
        calls=[call("their_manager", "refused"), call("other", "refused"), call(None, "refused")],
    ).state
    assert after.calls == ()
    assert "not acting" not in " ".join(who.say for who in advice(after).turn_to[:3])


def test_a_refusal_of_a_third_agency_still_counts_for_whoever_is_warned() -> None:
    """Social care, warned by a school, whom the police refuse."""
    after = said(
        State(partnership="kent"),
        "school raised it with me and the police refuse to come",
        urgent=True,
        urgent_because="something",
        side="receiver",
        facts={"my_agency": "childrens_social_care", "their_agency": "education"},
        calls=[call("police", "refused")],
    ).state
    assert after.calls == ("police.refused",)


ONE_PERSON = {"one_person": True}


@pytest.mark.parametrize(
    ("calls", "turning_to", "meant"),
    [
        (("safeguarding_lead.refused",), SOCIAL_CARE, "safeguarding_lead"),
        (("own_manager.made",), "police", "own_manager"),
        (("their_manager.coming",), "police", "their_manager"),
        ((f"{SOCIAL_CARE}.refused", "safeguarding_lead.made"), SOCIAL_CARE, SOCIAL_CARE),
        ((), "safeguarding_lead", "safeguarding_lead"),
    ],
)
def test_she_who_is_away_is_the_person_who_was_told_last(
    calls: tuple[str, ...], turning_to: str, meant: str
) -> None:
    """Unless the guide has said to ask for somebody at a service that was rung already."""
    state = State(risk=Risk.immediate_harm, calls=calls, turning_to=turning_to)
    heard = {**call(None, "no_answer"), **ONE_PERSON}
    after = said(state, "shes on leave now", calls=[heard]).state
    assert after.calls[-1] == f"{meant}.no_answer"


def test_that_it_was_noted_is_no_call_more() -> None:
    """It is of whoever was told last, and does not make the lead told as well."""
    state = State(
        risk=Risk.immediate_harm, calls=(f"{SOCIAL_CARE}.made",), turning_to="safeguarding_lead"
    )
    heard = {**call(None, "made"), "again": True}
    after = said(state, "noted, thats all theyd say", calls=[heard]).state
    assert (after.calls, after.calls_made) == (state.calls, None)


@pytest.mark.parametrize("to", [None, "other"])
def test_whoever_refuses_at_the_hospital_has_its_named_doctor_above_them(to: str | None) -> None:
    """Where health is disagreed with, its consultant is no lead of the person's own."""
    state = State(
        risk=Risk.immediate_harm,
        my_agency="childrens_social_care",
        their_agency="health",
        calls=("safeguarding_lead.made",),
        turning_to="police",
    )
    told = said(
        state,
        "the registrar refuses to keep him",
        calls=[call(to, "refused")],
        facts={"their_agency": "health"},
    ).state
    assert told.calls[-1] == "their_manager.refused.practitioner"
    assert "named doctor or nurse for safeguarding" in advice(told).turn_to[0].do
    crew = said(
        state,
        "the ambulance crew wont take him",
        calls=[call("other", "refused")],
        facts={"their_agency": "health"},
    ).state
    assert crew.calls[-1] == "other.refused"


def test_999_that_only_notes_it_has_sent_nobody() -> None:
    """In danger now the supervisor is next, and nobody is told that help is sent."""
    state = State(risk=Risk.immediate_danger, calls=("police.made",), turning_to=SOCIAL_CARE)
    heard = {**call(None, "made"), "again": True}
    after = said(state, "theyll ring me back", calls=[heard]).state
    assert after.calls[-1] == "police.refused"
    assert "supervisor" in advice(after).turn_to[0].do
