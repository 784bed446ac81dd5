"""Every way through the questions, over every policy: what is asked, and where it ends."""

import sys
from collections import Counter
from functools import cache
from itertools import product

import pytest
from msgspec.structs import replace

from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import next_question
from bot.core.conversation.state import State, facts_of
from bot.core.policy.model import Source
from bot.core.rules.results import Advice
from bot.core.vocabulary import (
    URGENT_RISKS,
    Action,
    Agency,
    Disagreement,
    Exit,
    Outcome,
    Risk,
    Route,
)
from tests.core.conversation.paths import (
    LONG_AGO,
    TODAY,
    Walked,
    agencies,
    answers,
    kinds,
    length,
    walk,
)
from tests.support.core import IDS, advised, policies

pytestmark = pytest.mark.long

MOST_QUESTIONS = 9
MOST_AFTER_AN_OPENING = 3


@cache
def walked(partnership: str) -> Walked:
    """Walk every way that begins in a partnership: each risk, then everything else."""
    total = Walked()
    for risk in Risk:
        # Harm or no harm changes warnings alone (below): one own agency is enough the second time.
        mine = "health" if risk is Risk.no_harm else None
        more = walk(State(risk=risk, partnership=partnership, my_agency=mine))
        total = Walked(
            paths=total.paths + more.paths,
            longest=max(total.longest, more.longest, key=length),
            routes=total.routes + more.routes,
            outcomes=total.outcomes | more.outcomes,
            asked=total.asked + more.asked,
            idle=total.idle | more.idle,
            twice=total.twice | more.twice,
            dead=total.dead + more.dead,
            ends=total.ends + more.ends,
        )
    return total


@pytest.mark.parametrize("partnership", IDS)
def test_every_way_ends_in_advice_and_no_answer_on_offer_is_refused(
    partnership: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is no dead end; the number of ways is printed."""
    found = walked(partnership)
    with capsys.disabled():
        sys.stdout.write(f"\n{partnership}: {found.paths:,} paths walked ")
    assert found.dead == []
    assert found.paths > 1000


@pytest.mark.parametrize("partnership", IDS)
def test_nothing_is_asked_twice(partnership: str) -> None:
    """An answer that was given is never asked for again."""
    assert walked(partnership).twice == set()


@pytest.mark.parametrize("partnership", IDS)
def test_at_most_nine_questions(partnership: str) -> None:
    """The longest way counts the risk and the partnership too, which a walk begins with.

    One agency on both sides is checked by one question more.
    """
    found = walked(partnership)
    assert length(found.longest) + 2 <= MOST_QUESTIONS, found.longest


@pytest.mark.parametrize("partnership", IDS)
def test_no_question_whose_answer_changes_nothing(partnership: str) -> None:
    """Wherever a question is asked, two of its answers lead to different advice or wording."""
    assert walked(partnership).idle == set()


@pytest.mark.parametrize("partnership", IDS)
def test_every_outcome_can_be_reached(partnership: str) -> None:
    """Each route, each action of whoever raises it, and each stage as the next."""
    policy = policies()[partnership]
    found = walked(partnership)
    assert set(found.routes) == set(Route)
    assert {action for action, _ in found.outcomes} == set(map(str, Action)) - {"respond"}
    reached = {stage for _, stage in found.outcomes}
    assert {stage.number for stage in policy.stages[1:]} <= reached


def test_every_question_is_asked_on_some_way() -> None:
    """What is never asked would be dead; those about typed words are asked elsewhere."""
    asked = {question for partnership in IDS for question in walked(partnership).asked}
    about_the_talk = {
        Question.calls, Question.start_again, Question.delete_case, Question.settled,
        Question.review, Question.follow_up, Question.rehearsal, Question.decision, Question.helped,
        Question.learned, Question.other_cases, Question.answered_on,
    }  # fmt: skip
    typed = about_the_talk | {Question.exit_check, Question.own_side}
    # The walks are those of whoever raises it; test_sides goes the other side's.
    begun_with = {Question.risk, Question.partnership, Question.side, Question.level}
    # None of the five has tracks, or days from a settlement; tests/policies go those ways.
    of_others = {Question.priority, Question.settled_on}
    assert asked == set(Question) - typed - begun_with - of_others


@pytest.mark.parametrize("partnership", IDS)
def test_the_safety_rules_hold_at_the_end_of_every_way(partnership: str) -> None:
    """Danger comes first, nothing later than today is urgent, and every item names its source."""
    for state, advice in walked(partnership).ends:
        if state.risk in URGENT_RISKS:
            assert advice.route in {Route.emergency, Route.same_day}
            assert {deadline.due for deadline in advice.deadlines} == {TODAY}
            assert "Do not wait for the stages" in advice.next.summary
        if state.risk is Risk.immediate_danger:
            assert advice.next.summary.startswith("Call 999 now")
        for source in sources(advice):
            assert source.document
            assert source.section


def sources(advice: Advice) -> list[Source]:
    """Return the source of every item of every list of the advice."""
    lists = (
        advice.deadlines, advice.contacts, advice.notify, advice.records, advice.forms,
        advice.guidance, advice.grounds, advice.support, advice.warnings, advice.not_stated,
    )  # fmt: skip
    return [item.source for items in lists for item in items]


@pytest.mark.parametrize("partnership", IDS)
@pytest.mark.parametrize("name", list(Exit))
def test_another_procedure_adds_one_question_and_can_be_refused(
    partnership: str, name: Exit
) -> None:
    """It is asked about once; refused, the way goes on as it would have."""
    begin = State(risk=Risk.concern, partnership=partnership, exit=name)
    if name is Exit.conference_dissent:
        assert next_question(begin, policies()) is not Question.exit_check
        return
    assert next_question(begin, policies()) is Question.exit_check
    found = walk(replace(begin, exit_check="yes"))
    assert set(found.routes) == {Route.exit}
    refused = replace(begin, exit_check="no")
    plain = State(risk=Risk.concern, partnership=partnership)
    assert next_question(refused, policies()) == next_question(plain, policies())


@pytest.mark.parametrize("partnership", IDS)
@pytest.mark.parametrize("risk", [Risk.concern, Risk.no_harm])
def test_at_most_three_questions_after_a_full_opening_sentence(
    partnership: str, risk: Risk
) -> None:
    """What one sentence can tell: risk, place, kind, both agencies, and each stage with its day."""
    policy = policies()[partnership]
    most: Counter[int] = Counter()
    for top, stage in enumerate(policy.stages):
        told = State(
            risk=risk,
            partnership=partnership,
            area=policy.areas[0].id if policy.areas else None,
            disagreement="threshold",
            my_agency="health",
            their_agency="police",
            reached=str(stage.level),
            step_on=LONG_AGO,
            step_outcome="awaiting",
            earlier={str(stage.level): LONG_AGO for stage in policy.stages[:top]},
        )
        found = walk(told)
        most[len(found.longest)] += 1
    assert max(most) <= MOST_AFTER_AN_OPENING


@pytest.mark.parametrize("partnership", IDS)
def test_agencies_that_stand_for_others_may(partnership: str) -> None:
    """What the walks leave out: an agency that a policy does not name gets what any such gets."""
    policy = policies()[partnership]
    walks = agencies(partnership)
    unnamed = [
        str(agency) for agency in Agency if str(agency) not in walks or str(agency) == walks[-1]
    ]
    begin = State(
        risk=Risk.no_harm, partnership=partnership, disagreement="threshold",
        child_status=(), step_on=LONG_AGO, step_outcome="unresolved",
    )  # fmt: skip
    for stage in policy.stages:
        seen = set()
        for agency in unnamed:
            told = replace(
                begin, my_agency=agency, their_agency="childrens_social_care",
                reached=str(stage.level),
            )  # fmt: skip
            if agency == "childrens_social_care":
                continue
            advice = advised(facts_of(told, policies()), policy)
            seen.add(str(advice).replace(f"Agency.{agency}", "").replace(f"'{agency}'", ""))
        assert len(seen) <= 1


@pytest.mark.parametrize("partnership", IDS)
def test_kinds_that_stand_for_others_may(partnership: str) -> None:
    """What the walks leave out: kinds with the same areas in a policy get the same advice."""
    policy = policies()[partnership]
    begin = State(
        risk=Risk.no_harm, partnership=partnership, my_agency="health", their_agency="police",
        child_status=(), reached="practitioner", step_on=LONG_AGO, step_outcome="unresolved",
    )  # fmt: skip
    advice = {
        kind: advised(facts_of(replace(begin, disagreement=str(kind)), policies()), policy)
        for kind in Disagreement
    }
    assert len(set(advice.values())) == len(kinds(partnership))


def test_the_area_and_the_risk_change_the_same_whatever_the_kind() -> None:
    """What the walks leave out: every kind in every area, and every kind without harm."""
    for policy in policies().values():
        areas = [*(area.id for area in policy.areas), "unknown"] if policy.areas else [None]
        sides = (("health", "police"), ("education", "education"))
        for stage, outcome, (mine, theirs) in product(policy.stages, Outcome, sides):
            begin = State(
                risk=Risk.concern, partnership=policy.id, my_agency=mine, their_agency=theirs,
                child_status=(), reached=str(stage.level), step_on=LONG_AGO,
                step_outcome=str(outcome),
            )  # fmt: skip
            advice = {
                (area, kind): parts(replace(begin, area=area, disagreement=kind))
                for area, kind in product(areas, (*kinds(policy.id), None))
            }
            known_area, known_kind = next(iter(advice))
            for (area, kind), found in advice.items():
                by_kind, by_area = advice[known_area, kind], advice[area, known_kind]
                assert by_kind & by_area <= found <= by_kind | by_area
            for kind in kinds(policy.id):
                harmless = replace(begin, risk=Risk.no_harm, area=known_area, disagreement=kind)
                changed = parts(harmless) ^ advice[known_area, kind]
                assert {name for name, _ in changed} <= {"warnings"}


def parts(state: State) -> set[tuple[str, object]]:
    """Return what is advised, each item of each list by itself, with the field it stands in."""
    advice = advised(facts_of(state, policies()), policies()[str(state.partnership)])
    return {
        (name, item)
        for name in advice.__struct_fields__
        for value in [getattr(advice, name)]
        for item in (value if isinstance(value, tuple) else (value,))
    }


def test_the_answers_walked_are_those_on_offer() -> None:
    """A walk presses what a person sees, and types a day long ago where a day is asked."""
    state = State(risk=Risk.no_harm, partnership="kent", reached="line_manager")
    assert LONG_AGO in answers(Question.step_on, state)
    assert "made" in answers(Question.calls_made, State(risk=Risk.unsure))
