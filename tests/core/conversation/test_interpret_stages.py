"""What typed text tells of the stages: days, outcomes and rungs."""

import msgspec
import pytest

from bot.core.conversation.answers import choose
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import next_question
from bot.core.conversation.state import UNKNOWN, State
from bot.core.vocabulary import Risk
from tests.core.conversation.typed import AT_STAGE_1, said, told
from tests.support.core import IDS, policies, stage_told


def test_a_future_date_is_refused_with_what_would_be_right() -> None:
    """The question stays open and the reason is said."""
    heard = told(AT_STAGE_1, Question.step_on, dates=["2026-12-04"])
    assert heard.state == AT_STAGE_1
    assert said(heard, Question.step_on) == {"note_future_date": {"day": "Friday 4 December 2026"}}


def test_a_day_that_does_not_exist_is_refused_with_why() -> None:
    """The note names 31 February."""
    bad = [{"heard": "31 February", "why": "February has 28 days"}]
    heard = told(AT_STAGE_1, Question.step_on, bad_dates=bad)
    assert heard.state.step_on is None
    assert said(heard, Question.step_on)["note_bad_date"]["why"] == "February has 28 days"


def test_a_vague_date_is_answered_by_asking_for_a_day() -> None:
    """A vague day such as "about two weeks ago" is not taken."""
    spans = [{"heard": "about two weeks ago", "earliest": "2026-11-04", "latest": "2026-11-08"}]
    heard = told(AT_STAGE_1, Question.step_on, date_ranges=spans)
    assert "note_settle_on_a_day" in said(heard, Question.step_on)


def test_an_earlier_stage_after_the_later_one_is_refused() -> None:
    """A step before the one below it is asked again."""
    state = State(
        risk=Risk.no_harm,
        partnership="pan_dorset",
        disagreement="threshold",
        my_agency="health",
        their_agency="police",
        reached="senior_manager",
        step_on="2026-11-12",
        step_outcome="awaiting",
    )
    heard = told(state, Question.earlier_on, dates=["2026-11-16"])
    assert "note_before_the_one_below" in said(heard, Question.earlier_on)
    assert next_question(heard.state, policies()) is Question.earlier_on


@pytest.mark.parametrize("question", [Question.step_on, Question.step_outcome])
def test_i_dont_know_is_accepted_as_an_answer(question: Question) -> None:
    """After "I don't know" the next question follows."""
    heard = told(AT_STAGE_1, question, "dont_know")
    assert getattr(heard.state, str(question)) == UNKNOWN
    assert told(State(), Question.risk, "dont_know").state.risk is Risk.unsure


@pytest.mark.parametrize("text", ["stage 2", "we are at Stage Two", "level two i think"])
def test_a_stage_named_by_its_number_is_understood(text: str) -> None:
    """The policy's own number counts: Stage 2 is the service manager in Kent."""
    state = State(
        risk=Risk.no_harm,
        partnership="kent",
        disagreement="threshold",
        my_agency="health",
        their_agency="police",
    )
    assert told(state, Question.reached, text=text).state.reached == "senior_manager"
    hackney = State(risk=Risk.no_harm, partnership="city_and_hackney")
    assert told(hackney, Question.reached, text=text).state.reached == "line_manager"


def test_what_happened_after_the_advice_moves_the_case_on() -> None:
    """A step at a higher stage becomes the present stage; the stage before keeps its day."""
    state = msgspec.structs.replace(AT_STAGE_1, step_on="2026-11-10", step_outcome="unresolved")
    step = {"level": "senior_manager", "on": "2026-11-18", "outcome": "no_response"}
    moved = told(state, None, "inform", facts={"steps": [step]}).state
    assert (moved.reached, moved.step_on) == ("senior_manager", "2026-11-18")
    assert moved.earlier == {"line_manager": "2026-11-10"}
    lower = {"level": "practitioner", "on": "2026-11-18", "outcome": "unresolved"}
    again = told(state, None, "inform", facts={"steps": [lower]})
    assert msgspec.structs.replace(again.state, misses=0, missed=False) == state
    assert again.missed


@pytest.mark.parametrize(
    ("on", "step"),
    [
        ("2026-11-20", ("line_manager", "2026-11-20", "awaiting")),
        ("2026-11-18", ("line_manager", "2026-11-18", None)),
        (None, ("line_manager", None, None)),
    ],
)
def test_a_stage_that_was_raised_is_a_step_without_an_outcome(
    on: str | None, step: tuple[str, str | None, str | None]
) -> None:
    """Only of one raised today is it known that its answer is awaited."""
    free = msgspec.structs.replace(AT_STAGE_1, reached=None)
    heard = told(free, Question.reached, raised=[stage_told(1, on)]).state
    assert (heard.reached, heard.step_on, heard.step_outcome) == step


def test_a_stage_named_by_its_number_is_on_that_rung_whoever_spoke() -> None:
    """A head who raises Stage 1 with a manager is at Kent's Stage 1."""
    free = msgspec.structs.replace(AT_STAGE_1, reached=None)
    steps = [{"level": "senior_manager", "on": "2026-11-18", "outcome": "unresolved"}]
    raised = [stage_told(1, "2026-11-18")]
    heard = told(free, None, raised=raised, facts={"steps": steps}).state
    assert (heard.reached, heard.step_outcome) == ("line_manager", None)


@pytest.mark.parametrize("partnership", IDS)
def test_a_stage_told_before_its_policy_is_kept(partnership: str) -> None:
    """Which rung it is on is known with the place, however that is answered."""
    for stage in policies()[partnership].stages[1:]:
        raised = [stage_told(stage.number, "2026-11-18", "no_response")]
        steps = [{"level": "practitioner", "on": "2026-11-18", "outcome": "unresolved"}]
        before = told(State(risk=Risk.concern), None, raised=raised, facts={"steps": steps}).state
        assert before.reached is None
        for after in (
            told(before, Question.partnership, partnership=partnership).state,
            choose(before, "partnership", partnership, policies()).state,
        ):
            at = (after.stage(policies()), after.step_on, after.step_outcome)
            assert at == (stage, "2026-11-18", "no_response")


def test_the_day_of_an_answer_is_not_the_day_of_its_stage() -> None:
    """Only the day on which it was raised is asked for."""
    free = msgspec.structs.replace(AT_STAGE_1, reached=None)
    raised = [stage_told(1, None, "unresolved", "2026-11-19")]
    heard = told(free, None, raised=raised).state
    assert (heard.step_on, heard.answered) == (None, {"line_manager": "2026-11-19"})


@pytest.mark.parametrize(
    ("own", "alone", "reached"),
    [
        (None, True, "practitioner"),
        ("practitioner", True, "practitioner"),
        ("line_manager", True, "line_manager"),
        ("practitioner", False, "line_manager"),
    ],
)
def test_who_rang_a_manager_themselves_has_had_no_manager_ring(
    own: str | None,
    alone: bool,  # noqa: FBT001
    reached: str,
) -> None:
    """No rung is passed over that their own manager still has to climb."""
    before = msgspec.structs.replace(AT_STAGE_1, reached=None, level=own)
    talk = {"level": "line_manager", "on": "2026-11-18", "outcome": "unresolved"}
    heard = told(
        before,
        Question.reached,
        "inform",
        facts={"steps": [talk]},
        own_talks=["line_manager"] if alone else [],
    ).state
    assert (heard.reached, heard.step_on) == (reached, "2026-11-18")
    assert heard.step_outcome == "unresolved"


def test_nothing_is_settled_by_what_would_only_be_a_reply() -> None:
    """With no question open, a settlement is told by some clause and not by the sound of it."""
    waiting = msgspec.structs.replace(AT_STAGE_1, step_on="2026-11-18", step_outcome="awaiting")
    replies = {"came_of_it": ("resolved", 0.69)}
    for outcomes in ([], ["awaiting"]):
        heard = told(waiting, None, "inform", "a few words", outcomes=outcomes, replies=replies)
        assert heard.state.step_outcome == "awaiting"
    heard = told(waiting, None, "inform", "a few words", outcomes=["resolved"], replies=replies)
    assert heard.state.step_outcome == "resolved"


@pytest.mark.parametrize("asked", [Question.step_outcome, Question.step_on, None])
def test_a_stages_title_is_that_stage_whatever_is_asked(asked: Question | None) -> None:
    """Its posts are not the person's own agency, and the same stage again changes nothing."""
    kent = policies()["kent"]
    state = State(
        risk=Risk.concern, partnership="kent", trigger_check="no", side="receiver",
        my_agency="childrens_social_care", their_agency="education",
        reached="senior_manager", step_on="2026-11-20",
    )  # fmt: skip
    reading = {"agencies": ["education"], "facts": {"my_agency": "education"}}
    for stage in kent.stages:
        title = f"{stage.label}: {stage.title}".lower()
        heard = told(state, asked, "inform", title, **reading)
        assert heard.state.reached == kent.rung(stage)
        assert heard.state.my_agency == state.my_agency
        assert (heard.state == state) == (kent.rung(stage) == state.reached)


def test_silence_that_is_told_early_is_kept_for_the_stage() -> None:
    """It is no talk, and answers no other question."""
    state = State(risk=Risk.concern, partnership="kent", trigger_check="no")
    heard = told(
        state,
        Question.disagreement,
        "inform",
        "they havent come back to me",
        outcomes=["no_response"],
    )
    assert heard.state == msgspec.structs.replace(state, step_outcome="no_response")
    for grave in (Risk.immediate_danger, Risk.immediate_harm, Risk.unsure):
        today = msgspec.structs.replace(state, risk=grave)
        news = told(
            today, Question.calls_made, "inform", "they havent come back", outcomes=["no_response"]
        )
        assert news.state.step_outcome is None
