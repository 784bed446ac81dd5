"""The next question: every path through the questions, over every policy."""

import random
from collections import Counter
from datetime import date

import pytest
from msgspec.structs import replace

from bot.core.cards.advice import advice_card
from bot.core.cards.card import card_text
from bot.core.cards.urgent import danger_card
from bot.core.conversation.answers import choose, clear_answer
from bot.core.conversation.earlier import unconfirmed_stages
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import (
    SPECS,
    next_question,
    options,
    question_gaps,
    question_response,
)
from bot.core.conversation.slots import SLOTS, from_slots, to_slots
from bot.core.conversation.state import UNKNOWN, State, facts_of
from bot.core.policy.model import Applies
from bot.core.rules.advice import advise
from bot.core.vocabulary import URGENT_RISKS, ChildStatus, Disagreement, Exit, Risk, Route, Side
from tests.support.core import IDS, handbook, policies, shapes

TODAY = date(2026, 11, 20)
MOST_QUESTIONS = 11
WALKS = 300


AGENCIES = (Question.my_agency, Question.their_agency, Question.same_agency)
IN_PART_FIRST = (
    Question.disagreement,
    Question.my_agency,
    Question.their_agency,
    Question.reached,
)
"""Questions that show the likeliest answers first, and all of them on demand."""


def menu(state: State) -> Menu:
    """Return the menu the options of a question are made from."""
    return Menu(state, policies(), TODAY, handbook().phrases)


def values(question: Question, state: State) -> list[str]:
    """Return the values on offer for a question."""
    return [option.value for option in options(question, menu(state))]


def walk(state: State, chooser: random.Random) -> tuple[State, list[Question]]:
    """Answer at random until nothing more is asked; urgent calls are made, never denied."""
    asked: list[Question] = []
    while question := next_question(state, policies()):
        asked.append(question)
        offered = values(question, state)
        if question is Question.calls_made:
            offered = ["made"]
        answered = choose(state, str(question), chooser.choice(offered), policies())
        assert answered.filled, f"{question}: an option on offer was not taken"
        state = answered.state
        # One agency on both sides is asked about, and a side of it that was wrong asked for again.
        assert len(asked) <= MOST_QUESTIONS + 3 * asked.count(Question.same_agency), asked
    return state, asked


def walks(partnership: str) -> list[tuple[State, list[Question]]]:
    """Return many walks that begin in one partnership."""
    chooser = random.Random(partnership)  # noqa: S311 - a repeatable walk, no secret
    begin = State(partnership=partnership)
    return [walk(begin, chooser) for _ in range(WALKS)]


def test_of_many_partnerships_none_is_listed_and_the_place_is_typed() -> None:
    """Nobody looks through a hundred buttons in a chat: the question asks for the town instead."""
    few = menu(State())
    kent = policies()["kent"]
    many = {f"place_{number}": replace(kent, id=f"place_{number}") for number in range(100)}
    crowded = Menu(State(), many, TODAY, handbook().phrases)
    assert "kent" in [option.value for option in options(Question.partnership, few)]
    assert question_response(Question.partnership, few) == "ask_partnership"
    offered = [option.value for option in options(Question.partnership, crowded)]
    assert offered == ["elsewhere", UNKNOWN]
    assert question_response(Question.partnership, crowded) == "ask_partnership_typed"


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_every_path_ends_in_advice_and_asks_nothing_twice(partnership: str) -> None:
    """There is never a dead end; only a refused guess or an urgent answer repeats a question."""
    routes: Counter[Route] = Counter()
    for state, asked in walks(partnership):
        policy = state.policy(policies())
        advice = advise(facts_of(state, policies()), policy, TODAY, handbook())
        routes[advice.route] += 1
        # All answers are shown on demand, by the same question.
        most = dict.fromkeys(IN_PART_FIRST, 2)
        # An agency that is taken back from one side is asked for again.
        twice = asked.count(Question.same_agency)
        most |= {one: most.get(one, 1) + 2 * twice for one in AGENCIES}
        again = [name for name, count in Counter(asked).items() if count > most.get(name, 1)]
        assert not again, asked
        card = advice_card(advice, policy, handbook().phrases)
        said = card_text(card, handbook().phrases)
        assert advice.route is Route.exit or advice.next.summary in said
    expected = {Route.emergency, Route.same_day, Route.resolved, Route.staged}
    assert set(routes) - {Route.exit} == expected


@pytest.mark.parametrize("partnership", IDS)
def test_i_dont_know_moves_forward_on_every_question(partnership: str) -> None:
    """Where a question offers "I don't know", taking it every time still ends in advice."""
    state = State(partnership=partnership, risk=Risk.no_harm)
    asked: list[Question] = []
    while question := next_question(state, policies()):
        asked.append(question)
        offered = values(question, state)
        state = choose(
            state, str(question), UNKNOWN if UNKNOWN in offered else offered[1], policies()
        ).state
    assert len(asked) == len(set(asked))
    advice = advise(facts_of(state, policies()), state.policy(policies()), TODAY, handbook())
    assert advice.next.summary


@pytest.mark.parametrize("partnership", IDS)
@pytest.mark.parametrize("risk", sorted(URGENT_RISKS))
def test_danger_is_asked_about_before_any_other_question(partnership: str, risk: Risk) -> None:
    """With an urgent risk or a red flag the calls come first, whatever else is open."""
    assert SPECS[0].name is Question.calls_made
    order = [spec.name for spec in SPECS]
    before_risk = set(order[: order.index(Question.risk)])
    assert before_risk == {
        Question.calls_made,
        Question.calls,
        Question.start_again,
        Question.delete_case,
        Question.other_cases,
        Question.settled,
        Question.review,
    }
    for state in (State(risk=risk), State(partnership=partnership, red_flag="a weapon")):
        assert next_question(state, policies()) is Question.calls_made


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_danger_anywhere_keeps_every_answer(partnership: str) -> None:
    """A red flag at any point of any walk leaves only the risk to be asked again."""
    for state, _ in walks(partnership)[:40]:
        stated = State(**{**{name: getattr(state, name) for name in SLOTS}, "risk": Risk.concern})
        heard = State(**{**{name: getattr(stated, name) for name in SLOTS}, "red_flag": "a weapon"})
        calmed = choose(heard, "calls_made", "not_now", policies()).state
        asked_again = {"calls_made", "risk"}
        same = {name: getattr(stated, name) for name in SLOTS if name not in asked_again}
        assert {name: getattr(calmed, name) for name in same} == same


@pytest.mark.parametrize("risk", list(Risk))
def test_making_the_calls_never_lowers_the_risk(risk: Risk) -> None:
    """After a red flag and the calls, the risk is at least immediate harm."""
    order = list(Risk)
    for now in (True, False):
        state = State(risk=risk, red_flag="a weapon", danger_now=now)
        made = choose(state, "calls_made", "made", policies()).state
        assert made.risk is not None
        assert order.index(made.risk) <= order.index(risk)
        assert made.risk in URGENT_RISKS


@pytest.mark.parametrize("partnership", [None, *IDS])
@pytest.mark.parametrize("flag", [None, "a bruise"])
@pytest.mark.parametrize("risk", list(Risk))
def test_not_happening_now_has_the_risk_asked_again(
    partnership: str | None, flag: str | None, risk: Risk
) -> None:
    """Whatever was stated before the news: the guide neither keeps nor lowers it unasked."""
    state = State(partnership=partnership, risk=risk, red_flag=flag)
    if not state.urgent:
        return
    calmed = choose(state, "calls_made", "not_now", policies())
    assert calmed.state.risk is None
    assert next_question(calmed.state, policies()) is Question.risk
    heard = ["note_still_for_today"] if flag else []
    assert [note.name for note in calmed.notes] == ["note_risk_after_alarm", *heard]


def test_a_made_up_button_changes_nothing() -> None:
    """A question or a value that is on no list leaves the state as it was."""
    state = State(risk=Risk.concern, partnership="kent")
    for name, value in [
        ("risk", "safe"),
        ("partnership", "atlantis"),
        ("misses", "9"),
        ("my_agency", "army"),
        ("child_status", "looked_after.happy"),
        ("step_on", "2026-02-31"),
        ("reached", "moon"),
        ("steps", "x"),
    ]:
        answered = choose(state, name, value, policies())
        assert answered.state == state, name
        assert not answered.filled


def test_a_state_survives_the_slots() -> None:
    """What is written to the slots is read back the same, on every walk."""
    for state, _ in walks("kent")[:50]:
        assert from_slots(to_slots(state)) == state


@pytest.mark.parametrize("name", ["risk", "partnership", "my_agency", "reached", "step_on"])
def test_changing_an_answer_asks_only_what_hangs_on_it(name: str) -> None:
    """An answer that is to be given anew is asked again, and answers it does not touch stay."""
    chooser = random.Random(name)  # noqa: S311 - a repeatable walk, no secret
    begin = State(partnership="kent", risk=Risk.concern, trigger_check="no", reached="line_manager")
    state, _ = walk(begin, chooser)
    cleared = clear_answer(state, name)
    assert next_question(cleared, policies()) in {Question(name), Question.trigger_check}
    for kept in {"my_agency", "their_agency", "disagreement"} - {name}:
        assert getattr(cleared, kept) == getattr(state, kept)


def test_another_procedure_ends_the_questions_once_confirmed() -> None:
    """An exit is asked about, explained, and can be refused."""
    state = State(risk=Risk.concern, exit=Exit.allegation)
    assert next_question(state, policies()) is Question.exit_check
    fits = choose(state, "exit_check", "yes", policies()).state
    assert next_question(fits, policies()) is None
    assert facts_of(fits, policies()).exit is Exit.allegation
    refused = choose(state, "exit_check", "no", policies()).state
    assert next_question(refused, policies()) is Question.partnership
    assert facts_of(refused, policies()).exit is None


@pytest.mark.parametrize("risk", sorted(URGENT_RISKS))
def test_the_urgent_card_says_999_or_the_same_day_first_and_no_later_date(risk: Risk) -> None:
    """The card names the red flag, what to do today, and never another day."""
    for partnership in [*IDS, None]:
        state = State(risk=risk, partnership=partnership, red_flag="a weapon")
        facts = facts_of(state, policies())
        advice = advise(facts, state.policy(policies()), TODAY, handbook())
        text = card_text(danger_card(advice, state, handbook().phrases), handbook().phrases)
        for said in (
            "You mentioned a weapon",
            "999",
            "established safeguarding procedures",
            "designated safeguarding lead",
            "Do not wait for the stages",
        ):
            assert said in text, (partnership, said)
        assert "2026" not in text.replace("20 Nov 2026", "")


def test_not_knowing_the_childs_status_tells_everyone_who_might_have_to_know() -> None:
    """The cautious reading: both chairs are named, each with the condition it depends on."""
    state = choose(
        State(partnership="city_and_hackney", risk=Risk.no_harm, reached="practitioner"),
        "child_status",
        UNKNOWN,
        policies(),
    ).state
    advice = advise(facts_of(state, policies()), state.policy(policies()), TODAY, handbook())
    assert len([told for told in advice.notify if "Chair" in told.who or "Review" in told.who]) == 2


def test_a_new_risk_asks_again_what_the_policy_treats_as_urgent() -> None:
    """Kent's question about an injured infant belongs to the risk, and is asked anew with it."""
    state = State(partnership="kent", risk=Risk.concern, trigger_check="no", calls_made="made")
    changed = choose(clear_answer(state, "risk"), "risk", "concern", policies()).state
    assert next_question(changed, policies()) is Question.trigger_check


@pytest.mark.parametrize("told", ["yes", "no", UNKNOWN])
def test_an_old_risk_button_asks_again_what_the_policy_treats_as_urgent(told: str) -> None:
    """Pressed after the question about an injured infant, it does not carry its answer over."""
    raised = State(partnership="kent", risk=Risk.immediate_harm, trigger_check=told)
    changed = choose(raised, "risk", "concern", policies()).state
    assert next_question(changed, policies()) is Question.trigger_check


def test_the_likeliest_kinds_are_offered_first_and_said_to_be_guesses() -> None:
    """All of them then brings the whole list."""
    state = State(risk=Risk.no_harm, partnership="kent", guesses=("threshold", "communication"))
    offered = values(Question.disagreement, state)
    assert offered == ["threshold", "communication", "every", UNKNOWN]
    assert question_response(Question.disagreement, menu(state)) == "ask_disagreement_guess"
    whole = choose(state, "disagreement", "every", policies()).state
    assert len(values(Question.disagreement, whole)) == 14
    assert question_response(Question.disagreement, menu(whole)) == "ask_disagreement"


def test_without_a_guess_three_kinds_are_offered_and_all_on_demand() -> None:
    """Fourteen buttons are no list: the rest is one tap away."""
    state = State(risk=Risk.no_harm, partnership="kent")
    assert len(values(Question.disagreement, state)) == 5
    whole = choose(state, "disagreement", "every", policies()).state
    assert next_question(whole, policies()) is Question.disagreement
    assert set(values(Question.disagreement, whole)) == {*map(str, Disagreement), UNKNOWN}


@pytest.mark.parametrize("partnership", IDS)
def test_whoever_has_to_answer_is_asked_only_what_their_answer_rests_on(partnership: str) -> None:
    """Where, danger, who raised it, which stage and when: none of the raiser's reasons.

    Their own agency is asked for where the policy names its posts by agency.
    """
    raisers = {Question.disagreement, Question.child_status}
    stages = policies()[partnership].stages
    if not any(role.agencies for stage in stages for role in stage.roles):
        raisers.add(Question.my_agency)
    for stage in policies()[partnership].stages:
        state = State(risk=Risk.concern, side=str(Side.receiver), partnership=partnership)
        asked = []
        while question := next_question(state, policies()):
            asked.append(question)
            value = str(stage.level) if question is Question.reached else values(question, state)[0]
            value = "no" if question is Question.trigger_check else value
            state = choose(state, str(question), value, policies()).state
        assert not raisers & set(asked)
        assert "nothing" not in values(Question.reached, state)
        advice = advise(facts_of(state, policies()), state.policy(policies()), TODAY, handbook())
        assert advice.headline is not None


def test_the_card_of_another_procedure_names_its_source() -> None:
    """The policy's own paragraph, or the standing guidance where the policy is silent."""
    for name in Exit:
        for partnership in IDS:
            state = State(partnership=partnership, risk=Risk.concern, exit=name, exit_check="yes")
            policy = state.policy(policies())
            advice = advise(facts_of(state, policies()), policy, TODAY, handbook())
            if advice.route is not Route.exit:
                continue
            first = advice_card(advice, policy, handbook().phrases).sections[0].items[0]
            assert first.source is not None
            assert first.source.section


def at_fenwick_stage_3(my_agency: str) -> State:
    """Stage 3 reached at Fenwick, where Stage 1 has to come first for all but schools."""
    return State(
        risk=Risk.concern, partnership="fenwick", disagreement="threshold", my_agency=my_agency,
        their_agency="police", child_status=(), reached="senior_manager",
    )  # fmt: skip


def test_a_school_is_not_asked_for_a_stage_that_it_may_leave_out() -> None:
    """A rule of order that is not for schools is neither asked of one nor offered as a gap."""
    school = at_fenwick_stage_3("education")
    assert unconfirmed_stages(school, shapes()) == []
    assert next_question(school, shapes()) is Question.step_on
    titles = [
        option.title
        for option in options(Question.reached, Menu(school, shapes(), TODAY, handbook().phrases))
    ]
    assert [title for title in titles if "left out" in title] == []


def test_others_are_asked_for_the_stage_that_has_to_come_first() -> None:
    """The same rule holds for everybody else, and is asked with its own words."""
    doctor = at_fenwick_stage_3("health")
    assert [stage.label for stage in unconfirmed_stages(doctor, shapes())] == ["Stage 1"]
    assert next_question(doctor, shapes()) is Question.earlier_followed
    asked = Menu(doctor, shapes(), TODAY, handbook().phrases)
    gaps = question_gaps(Question.earlier_followed, asked, handbook().safety_guidance)
    assert gaps["what"] == "Stage 1 has to come first, except for schools."
    assert "A stage was left out" in [one.title for one in options(Question.reached, asked)]
    whole = replace(asked, state=replace(doctor, listed=str(Question.reached)))
    titles = [option.title for option in options(Question.reached, whole)]
    assert "Stage 3, but Stage 1 was left out" in titles


def test_a_status_that_only_a_limit_asks_about_is_still_asked() -> None:
    """What is not known yet drops no question: the child's status is asked, with its options."""
    fenwick = shapes()["fenwick"]
    first = fenwick.stages[0]
    limit = replace(first.to_answer[0], applies=Applies(child_status=(ChildStatus.looked_after,)))
    stages = (replace(first, to_answer=(limit,)), *fenwick.stages[1:])
    held = {"fenwick": replace(fenwick, stages=stages)}
    state = replace(at_fenwick_stage_3("education"), child_status=None)
    assert next_question(state, held) is Question.child_status
    offered = options(Question.child_status, Menu(state, held, TODAY, handbook().phrases))
    assert [option.value for option in offered] == ["looked_after", "none", UNKNOWN]
    unsure = choose(state, "child_status", UNKNOWN, held).state
    assert facts_of(unsure, held).child_status == (ChildStatus.looked_after,)
    narrowed_to = unsure.policy(held)
    assert narrowed_to is not None
    assert narrowed_to.stages[0].to_answer == (limit,)
