"""One's own side says no: it answers no question, is remembered, and is told only to one's own."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest
from msgspec.structs import replace

from bot.core.conversation.answers import TurnResult, choose
from bot.core.conversation.interpret import apply_message
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import next_question, options, question_gaps
from bot.core.conversation.recap import fact_lines
from bot.core.conversation.slots import SLOTS
from bot.core.conversation.state import State, facts_of
from bot.core.letters.account import fact_items
from bot.core.letters.case import LetterCase
from bot.core.letters.drafting import DraftRequest, Kind, Purpose, write_draft
from bot.core.rules.advice import advise
from bot.core.rules.own_side import own_side_items
from bot.core.rules.results import Advice
from bot.core.vocabulary import Action, Agency, Outcome, Risk, Worry
from bot.letters.files import letters
from tests.support.core import IDS, handbook, policies

TODAY = date(2026, 11, 24)
UNSETTLED = State(
    risk=Risk.concern,
    trigger_check="no",
    disagreement="threshold",
    my_agency="health",
    their_agency="childrens_social_care",
    child_status=(),
    reached="practitioner",
    step_on="2026-11-23",
    step_outcome="unresolved",
)
MATRON = {"worry": "own_manager", "who": "matron", "agency": "health"}
TEAM_MANAGER = {"worry": "own_manager", "who": "team manager", "agency": None}
OF_THE_TALK = {"own_side", "misses", "missed"}
ASKED_IN_A_FORM = [None, *(question for question in Question if question is not Question.rehearsal)]


def at(partnership: str, **changes: Any) -> State:
    """Return the state in a policy that may have member areas or not."""
    area = "luton" if policies()[partnership].areas else None
    return replace(UNSETTLED, partnership=partnership, area=area, **changes)


def told(
    state: State, asked: Question | None, own_side: dict[str, Any], **reading: Any
) -> TurnResult:
    """Apply a typed message that tells of one's own side."""
    known = {"is_told": True, "surely": True, "on": None, **own_side}
    message = TypedMessage("inform", {"own_side": known, **reading}, "matron wont ring them")
    return apply_message(state, asked, message, policies(), TODAY)


def advice(state: State) -> Advice:
    """Return the advice for the answers."""
    return advise(facts_of(state, policies()), state.policy(policies()), TODAY, handbook())


@pytest.mark.parametrize("asked", ASKED_IN_A_FORM)
def test_a_no_of_ones_own_side_answers_no_question(asked: Question | None) -> None:
    """Whatever is open, nothing else changes, whatever else is made of the words."""
    misread = {"levels": ["senior_manager"], "outcomes": ["unresolved"], "facts": {"steps": [
        {"level": "senior_manager", "on": None, "outcome": "unresolved"}]}}  # fmt: skip
    state = State(risk=Risk.concern, partnership="kent", my_agency="health")
    result = told(state, asked, MATRON, **misread)
    changed = {name for name in SLOTS if getattr(result.state, name) != getattr(state, name)}
    assert changed <= OF_THE_TALK
    assert result.state.own_side == "own_manager.matron."
    assert not result.missed


@pytest.mark.parametrize(
    ("asked", "reached"), [(Question.reached, None), (Question.step_on, "practitioner")]
)
def test_the_day_is_kept_and_shown(asked: Question, reached: str | None) -> None:
    """The day of their no is no day of a stage, even where one is asked for."""
    state = at("kent", reached=reached, step_on=None, step_outcome=None)
    result = told(state, asked, {**MATRON, "on": "2026-11-19"}, dates=["2026-11-19"])
    assert result.state.step_on is None
    shown = list(fact_lines(result.state, ["own_side"], policies(), handbook().phrases))
    assert shown == ["Your own side: Matron said no (Thu 19 Nov 2026)"]


@pytest.mark.parametrize(
    ("mine", "theirs", "held"),
    [
        ("health", "childrens_social_care", "own_manager.matron."),
        ("childrens_social_care", "health", None),
        (None, "childrens_social_care", "own_manager.matron."),
        (None, "health", None),
        ("police", "childrens_social_care", "in_doubt.matron."),
    ],
)
def test_the_agencies_say_whose_a_title_is(
    mine: str | None, theirs: str | None, held: str | None
) -> None:
    """A matron is a nurse's own, and the other side for a social worker against health."""
    state = at("kent", my_agency=mine, their_agency=theirs)
    heard = told(state, Question.disagreement, {**MATRON, "is_told": False}).state
    assert heard.own_side == held


def test_an_absence_is_ones_own_only_where_something_says_so() -> None:
    """That the matron is on leave tells a social worker nothing of their own side."""
    away = {"worry": "nobody_there", "who": "matron", "agency": "health", "is_told": False}
    assert told(at("kent"), None, away).state.own_side == "nobody_there.matron."
    for mine in (None, "police"):
        assert told(at("kent", my_agency=mine), None, away).state.own_side is None


@pytest.mark.parametrize("agency", Agency)
def test_a_title_of_many_agencies_is_asked_about(agency: Agency) -> None:
    """The words "the team manager" may be on either side: both answers are on offer."""
    state = at("kent", my_agency=str(agency), their_agency="childrens_social_care")
    heard = told(state, None, {**TEAM_MANAGER, "is_told": False}).state
    assert next_question(heard, policies()) is Question.own_side
    assert list(fact_lines(heard, ["own_side"], policies(), handbook().phrases)) == []
    menu = Menu(heard, policies(), TODAY, handbook().phrases)
    assert [option.value for option in options(Question.own_side, menu)] == ["ours", "theirs"]
    gaps = question_gaps(Question.own_side, menu, handbook().safety_guidance)
    assert gaps == {"who": "team manager"}
    ours = choose(heard, "own_side", "ours", policies()).state
    assert ours.own_side == "own_manager.team manager."
    assert choose(heard, "own_side", "theirs", policies()).state == replace(state, misses=0)


def test_an_old_button_about_ones_own_side_changes_nothing() -> None:
    """Once it is known whose manager it was, a second press is no answer."""
    state = at("kent", own_side="own_manager.matron.")
    assert choose(state, "own_side", "theirs", policies()).state == state


def test_who_must_act_today_is_not_asked_whose_manager_it_was() -> None:
    """In danger whoever is next comes first."""
    state = at("kent", risk=Risk.immediate_harm)
    assert told(state, Question.calls_made, MATRON).state.own_side is None


def refused() -> Iterator[tuple[State, Advice]]:
    """Yield every case in which a rung above the writer's is to take it up, after a no there."""
    for partnership, level, worry in product(IDS, (None, "practitioner", "line_manager"), Worry):
        for reached in ("practitioner", "line_manager", "senior_manager"):
            state = at(partnership, level=level, reached=reached)
            state = replace(
                state, earlier=dict.fromkeys(("practitioner", "line_manager"), "unknown")
            )
            before = advice(state)
            after = replace(state, own_side=f"{worry}.manager.2026-11-19")
            if before.next.action is Action.escalate and before.headline:
                yield after, before


def test_whoever_said_no_is_not_asked_as_if_they_had_not() -> None:
    """The first sentence names who else there is on one's own side; the rest of it stays."""
    met = 0
    for state, before in refused():
        now = advice(state)
        assert before.headline is not None
        assert now.headline is not None
        assert (now.headline.by, now.next, now.deadlines) == (
            before.headline.by,
            before.next,
            before.deadlines,
        )
        if "Ask your" in before.headline.do or "ask your" in before.headline.do:
            met += 1
            assert "the next manager up" in now.headline.do
        told_of = facts_of(state, policies()).own_side
        policy = state.policy(policies())
        assert told_of is not None
        assert policy is not None
        assert set(
            own_side_items(told_of, facts_of(state, policies()).me.level, policy, handbook())
        ) <= set(now.support)
    assert met > len(IDS)


@pytest.mark.long
def test_only_ones_own_side_reads_of_its_no() -> None:
    """The message to one's own manager says it; no message to anybody else does."""
    for state, _ in refused():
        facts, policy = facts_of(state, policies()), state.policy(policies())
        case = LetterCase(facts, policy, advice(state), TODAY)
        for kind, purpose in product(Kind, Purpose):
            made = write_draft(DraftRequest(kind, purpose), case, letters())
            own = made.name.endswith("/own_manager")
            no = facts.own_side is not None and facts.own_side.worry is Worry.own_manager
            assert ("the answer on our side was no" in made.body) == (own and no), made.name


@pytest.mark.parametrize("worry", Worry)
def test_the_record_says_who_was_asked(worry: Worry) -> None:
    """Who was asked and on what day, by their title."""
    state = at("kent", own_side=f"{worry}.matron.2026-11-19", step_outcome=str(Outcome.awaiting))
    facts, policy = facts_of(state, policies()), state.policy(policies())
    lines = {line.label: line.text for line in fact_items(facts, policy, handbook().phrases)}
    assert lines["On our own side"].startswith("Matron ")
    assert lines["On our own side"].endswith("(Thu 19 Nov 2026)")
