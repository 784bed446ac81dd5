"""Whom to turn to today: what holds for every policy, agency, level and order of calls."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.handbook.safety_guidance import Chain
from bot.core.rules.results import TurnTo
from bot.core.vocabulary import CallOutcome, CallTo, Level
from tests.support.core import (
    advice_on,
    handbook,
    policies,
    words,
)
from tests.support.ladder import (
    many,
    urgent_facts,
    who_it_is,
)

OWN_SIDE, UNMET = ("safeguarding_lead", "own_manager"), ("refused", "no_answer")
TO_RING = ("Ring", "Call", "Tell", "Ask", "Go", "If")
SERVICES = ("police", "childrens_social_care")
RUNGS = [level for level in Level if level not in {Level.practitioner, Level.partnership}]
REFUSED = re.compile(
    r"not (?:agree|accept|acting|acted)|nobody (?:is|has)|refused|can wait|do not act",
    re.IGNORECASE,
)


@pytest.mark.long
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
    if level is not None:
        ranks = {
            do.rstrip("."): rung.level.rank
            for rung in handbook().safety_guidance.ladder
            if rung.chain is Chain.own
            for do in (rung.do, rung.alone)
            if do
        }
        for who in advice.turn_to:
            stands = [rank for do, rank in ranks.items() if who.do.startswith(do)]
            assert not stands or max(stands) > Level(level).rank
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


@pytest.mark.long
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


@pytest.mark.long
@many
@given(urgent_facts(), st.sampled_from(OWN_SIDE), st.sampled_from(UNMET))
def test_nobody_is_reached_through_somebody_who_did_not_act(
    data: dict[str, Any], to: str, outcome: str
) -> None:
    """Once one's own lead or manager is passed over, one rings the others oneself."""
    calls = [*data["calls"], {"to": to, "outcome": outcome}]
    for who in advice_on({**data, "calls": calls}).turn_to:
        assert "Ask your" not in who.do


@pytest.mark.long
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


@pytest.mark.long
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


@pytest.mark.long
@many
@given(
    urgent_facts(),
    st.lists(
        st.tuples(st.sampled_from(SERVICES), st.sampled_from(RUNGS)),
        min_size=2,
        max_size=6,
    ),
)
def test_whoever_was_tried_never_stands_before_the_untried_of_their_rung(
    data: dict[str, Any], tried: list[tuple[str, Level]]
) -> None:
    """In whatever order the services refused; nor does it bring back whoever reads."""
    calls = [{"to": to, "outcome": "refused", "level": str(level)} for to, level in tried]
    advice = advice_on({**data, "calls": calls})
    rungs = {
        do.rstrip("."): rung
        for rung in handbook().safety_guidance.ladder
        for do in (rung.do, rung.alone)
        if do
    }
    highest = {to: max(level.rank for other, level in tried if other == to) for to, _ in tried}
    for who in advice.turn_to:
        assert str(who.to) not in SERVICES or str(who.to) != data["my_agency"]
    for who in advice.turn_to[:-1]:
        to = str(who.to)
        if to not in highest or who.address == "999":
            continue
        (rank,) = {rung.level.rank for do, rung in rungs.items() if who.do.startswith(do)}
        assert rank > highest[to], who.do
