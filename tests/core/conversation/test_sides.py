"""Who the person is: their side and their rung, told or chosen, with nothing lost by it."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from msgspec.structs import replace

from bot.core.conversation.answers import TurnResult, choose
from bot.core.conversation.figures import Row
from bot.core.conversation.interpret import apply_message, reopen
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import next_question, options, question_response
from bot.core.conversation.ready import ready_to_draft
from bot.core.conversation.recap import fact_lines, given_lines
from bot.core.conversation.row import escalation_row
from bot.core.conversation.state import State, facts_of
from bot.core.rules.advice import advise
from bot.core.rules.results import Advice
from bot.core.vocabulary import Action, Agency, Level, Outcome, Risk, Side
from tests.support.core import IDS, handbook, policies, stage_told

TODAY = date(2026, 11, 24)
RAISED = State(
    risk=Risk.concern,
    trigger_check="no",
    disagreement="threshold",
    my_agency="childrens_social_care",
    their_agency="education",
    child_status=(),
    area="luton",
    reached="line_manager",
    step_on="2026-11-23",
    step_outcome="awaiting",
    concern_on="2026-11-20",
)
"""Everything told, as somebody on the raising side, but the place."""


def at(partnership: str, **changes: Any) -> State:
    """Return the state in a policy that may have member areas or not."""
    area = "luton" if policies()[partnership].areas else None
    return replace(RAISED, partnership=partnership, area=area, **changes)


def advice(state: State) -> Advice:
    """Return the advice for the answers."""
    return advise(facts_of(state, policies()), state.policy(policies()), TODAY, handbook())


def typed(state: State, asked: Question | None, **reading: Any) -> TurnResult:
    """Apply a typed message with this reading."""
    message = TypedMessage("inform", reading, "a few words about it")
    return apply_message(state, asked, message, policies(), TODAY)


@pytest.mark.parametrize(("partnership", "outcome"), product(IDS, ("awaiting", "unresolved")))
def test_turning_to_the_other_side_halfway_loses_nothing(partnership: str, outcome: str) -> None:
    """Only the side changes: the agencies, the stage, its day and its outcome stay."""
    before = at(partnership, step_outcome=outcome)
    after = typed(before, None, side="receiver").state
    assert replace(after, side=None) == before
    chosen = choose(before, "side", "receiver", policies()).state
    assert replace(chosen, side=None) == before
    raiser, receiver = advice(before), advice(chosen)
    assert (raiser.route, raiser.stage) == (receiver.route, receiver.stage)
    assert receiver.next.action is not Action.escalate
    back = typed(after, None, side="raiser").state
    assert advice(back) == raiser


@pytest.mark.parametrize("partnership", IDS)
def test_the_post_is_asked_only_where_it_changes_the_advice(partnership: str) -> None:
    """A raiser is not asked; whoever may owe the answer is, while it is owed."""
    assert next_question(at(partnership), policies()) is None
    owed = at(partnership, side="receiver")
    assert next_question(owed, policies()) is Question.level
    for level in Level:
        told = choose(owed, "level", str(level), policies()).state
        assert next_question(told, policies()) is None
    for outcome in ("unresolved", "resolved"):
        assert next_question(replace(owed, step_outcome=outcome), policies()) is None
    headlines = {
        advice(replace(owed, level=str(level))).headline
        for level in (Level.practitioner, Level.line_manager, Level.senior_manager)
    }
    assert len(headlines) == 3


def test_the_post_is_told_on_the_way() -> None:
    """A post that was told is not asked for, and only a correction changes it."""
    owed = at("kent", side="receiver")
    told = typed(owed, Question.level, level="director").state
    assert told.level == "director"
    assert typed(told, None, level="practitioner").state.level == "director"
    assert typed(told, None, level="practitioner", corrects=True).state.level == "practitioner"


@pytest.mark.parametrize("side", Side)
def test_a_side_can_be_changed_from_the_review_and_is_then_asked(side: Side) -> None:
    """It is reopened like any answer: the question is asked, and the answer before is not shown."""
    told = at("kent", side=str(side), level="line_manager")
    assert any("Your part" in line for line in fact_lines(told, ["side"], {}, handbook().phrases))
    opened = reopen(told, "side")
    assert next_question(opened.state, policies(), opened.reopened) is Question.side
    assert "side" not in given_lines(opened.state, policies(), handbook().phrases)
    assert choose(opened.state, "side", str(side), policies()).state == told


def test_the_receiver_is_asked_in_words_that_fit() -> None:
    """Who raised it, at which stage, on what day, and whether they have answered."""
    menu = Menu(State(side="receiver", partnership="kent"), policies(), TODAY, handbook().phrases)
    for question in (
        Question.their_agency,
        Question.reached,
        Question.step_on,
        Question.step_outcome,
    ):
        response = question_response(question, menu)
        assert response.endswith("_received")
        assert handbook().phrases.has(f"utter_{response}")
    offered = [option.value for option in options(Question.step_outcome, menu)]
    assert str(Outcome.no_response) not in offered


def test_the_figures_count_an_escalation_alike_from_either_side() -> None:
    """The row names who raised it and with whom, and which of them told the guide."""
    phrases = handbook().phrases

    def row(state: State) -> Row:
        return escalation_row(state, advice(state), policies(), phrases, TODAY)

    raiser = row(at("kent", my_agency="education", their_agency="childrens_social_care"))
    receiver = row(at("kent", side="receiver"))
    assert (raiser.raiser, raiser.receiver) == (Agency.education, Agency.childrens_social_care)
    assert (raiser.side, receiver.side) == (Side.raiser, Side.receiver)
    assert replace(receiver, side=raiser.side) == raiser


@pytest.mark.parametrize("partnership", IDS)
def test_whoever_was_written_to_stands_on_the_stage_that_was_raised(partnership: str) -> None:
    """Of every stage between agencies: theirs to answer, unless their title says another rung."""
    for stage in policies()[partnership].stages:
        state = at(partnership, reached=None, step_on=None, step_outcome=None)
        reading = {"side": "receiver", "raised": [stage_told(stage.number, "2026-11-23")]}
        alone = typed(state, Question.risk, written_to_me=True, **reading).state
        if stage.level is Level.partnership:
            assert alone.level is None
            continue
        assert alone.level == stage.level
        titled = {"level": "practitioner", "title": "social worker", **reading}
        assert typed(state, Question.risk, written_to_me=True, **titled).state.level == (
            Level.practitioner
        )
        assert typed(state, Question.risk, **reading).state.level is None


def test_a_title_that_the_policy_names_for_the_stage_is_on_it() -> None:
    """Kent puts the headteacher on Stage 3, where other policies have directors."""
    state = at("kent", my_agency="education", their_agency="childrens_social_care", reached=None)
    reading = {"side": "receiver", "raised": [stage_told(3)], "level": "senior_manager"}
    head = typed(state, Question.risk, title="headteacher", **reading).state
    other = typed(state, Question.risk, title="business manager", **reading).state
    assert (head.level, other.level) == (Level.director, Level.senior_manager)


@pytest.mark.parametrize("partnership", IDS)
def test_an_answer_can_be_drafted_before_every_day_is_known(partnership: str) -> None:
    """For whoever owes it the rest stays a gap; whoever raises it is asked first."""
    untold = {"step_on": None, "step_outcome": None, "my_agency": None, "level": None}
    state = at(partnership, side=Side.receiver, **untold)
    ready = ready_to_draft(state, policies())
    assert next_question(ready, policies()) is None
    assert ready.step_outcome == Outcome.awaiting
    raises = at(partnership, **untold)
    assert ready_to_draft(raises, policies()) == raises
    for safety in (replace(state, risk=None), replace(state, reached=None)):
        assert next_question(ready_to_draft(safety, policies()), policies()) is not None


@pytest.mark.parametrize("partnership", IDS)
def test_a_draft_waits_for_no_kind_of_disagreement(partnership: str) -> None:
    """What it is about stays a gap; what a draft would have to suppose is asked first."""
    untold = at(partnership, disagreement=None, child_status=None)
    assert next_question(untold, policies()) is Question.disagreement
    assert next_question(ready_to_draft(untold, policies()), policies()) is None
    for name in ("risk", "their_agency", "reached", "step_outcome"):
        supposes = replace(untold, **{name: None})
        asked = next_question(ready_to_draft(supposes, policies()), policies())
        assert asked is not None, f"a draft without {name}"


@pytest.mark.parametrize("partnership", IDS)
def test_only_the_rung_changes_when_it_was_somebody_else(partnership: str) -> None:
    """Its day and what came of it are kept, at every stage."""
    for stage in policies()[partnership].stages:
        if stage.level is Level.partnership:
            continue
        state = at(partnership, reached="practitioner", step_outcome="unresolved")
        changed = typed(state, Question.risk, corrects=True, rung_was=str(stage.level)).state
        assert changed.tried is stage.level
        assert (changed.step_on, changed.step_outcome) == ("2026-11-23", "unresolved")


@pytest.mark.parametrize("partnership", IDS)
@pytest.mark.parametrize(
    "asked", [Question.trigger_check, Question.step_outcome, Question.level, None]
)
def test_the_day_it_was_raised_with_them_is_taken_at_any_question(
    partnership: str, asked: Question | None
) -> None:
    """Said in passing, it is kept where no day is known; a known one is moved by no chaser."""
    untold = at(partnership, side="receiver", step_on=None)
    after = typed(untold, asked, side="receiver", dates=["2026-11-19"]).state
    assert replace(untold, step_on="2026-11-19") == after
    known = at(partnership, side="receiver", step_on="2026-11-20")
    assert typed(known, asked, side="receiver", dates=["2026-11-19"]).state == known
    corrected = typed(known, asked, side="receiver", dates=["2026-11-19"], corrects=True).state
    assert corrected.step_on == "2026-11-19"


@pytest.mark.parametrize("partnership", IDS)
def test_whoever_says_they_are_the_other_side_has_both_agencies_turned(partnership: str) -> None:
    """Said as "I'm the social worker they raised it with": who raised it and the stage stay."""
    before = at(partnership, my_agency="education", their_agency="childrens_social_care")
    told = {"my_agency": "childrens_social_care"}
    reading = {"side": "receiver", "facts": told, "agencies": ["childrens_social_care"]}
    for corrects in (True, False):
        after = typed(before, None, **reading, corrects=corrects).state
        assert (after.my_agency, after.their_agency) == ("childrens_social_care", "education")
        assert (after.reached, after.step_on) == (before.reached, before.step_on)


@pytest.mark.parametrize("partnership", IDS)
def test_who_rang_whom_turns_no_side_that_is_settled(partnership: str) -> None:
    """Whoever has raised a stage and is rung by the other side has had an answer."""
    before = at(partnership)
    reading = {"side": "receiver", "infers_side": True, "outcomes": ["unresolved"]}
    after = typed(before, None, **reading, answered_on=TODAY.isoformat()).state
    assert (after.on_side, after.step_on) == (Side.raiser, before.step_on)
    assert (after.step_outcome, list(after.answered.values())) == ("unresolved", [str(TODAY)])


@pytest.mark.parametrize(
    ("partnership", "asked"),
    product(IDS, (None, Question.disagreement, Question.child_status, Question.their_agency)),
)
def test_an_answer_that_was_awaited_is_heard_at_any_question(
    partnership: str, asked: Question | None
) -> None:
    """Neither another open question nor a higher title that rang makes it anything else."""
    before = at(partnership, reached="practitioner", disagreement=None)
    step = {"level": "line_manager", "on": str(TODAY), "outcome": "unresolved"}
    kinds = [{"name": "service_provision", "confidence": 0.9}]
    told = {"outcomes": ["unresolved"], "facts": {"steps": [step]}, "disagreement": kinds}
    after = typed(before, asked, **told, answered_on=str(TODAY)).state
    assert (after.reached, after.step_on) == ("practitioner", before.step_on)
    assert (after.step_outcome, after.disagreement) == ("unresolved", None)
