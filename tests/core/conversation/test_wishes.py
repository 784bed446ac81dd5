"""A wish for a rung, and "should I raise it?": each has an answer, and neither changes one."""

from datetime import date

import pytest
from msgspec.structs import replace

from bot.core.conversation.answers import Note
from bot.core.conversation.interpret import apply_message
from bot.core.conversation.listener import TypedMessage
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import next_question
from bot.core.conversation.state import State, facts_of
from bot.core.conversation.wishes import answered, whether_to_raise
from bot.core.policy.model import Stage
from bot.core.rules.advice import advise
from bot.core.vocabulary import Disagreement, Level, Outcome, Risk, Side
from tests.support.core import IDS, handbook, policies
from tests.support.each import each

TODAY = date(2026, 11, 30)
STAGES = [(policy, stage) for policy in IDS for stage in policies()[policy].stages]
MOST_WORDS = 100


def at(policy: str, level: Level | None = None, **changes: object) -> State:
    """Return a state that has tried a level without success, or nothing."""
    return replace(
        State(
            risk=Risk.concern,
            partnership=policy,
            my_agency="health",
            their_agency="childrens_social_care",
            reached=str(level) if level else "nothing",
            step_on="2026-11-23" if level else None,
            step_outcome=str(Outcome.unresolved) if level else None,
        ),
        **changes,
    )


def wished(state: State, wish: str) -> tuple[State, Note | None]:
    """Return what becomes of a wish."""
    return answered(state, replace(state, wish=wish), policies(), handbook(), TODAY)


def text_of(note: Note | None) -> str:
    """Return a note as it is said."""
    assert note is not None
    return handbook().phrases.say(note.name, **note.gaps)


@pytest.mark.parametrize(("policy", "target"), STAGES)
def test_a_wish_for_any_rung_is_answered_and_is_no_step(policy: str, target: Stage) -> None:
    """Whatever rung is wished for, one answer says so, with its source, and moves nothing."""
    for level in (None, *(stage.level for stage in policies()[policy].stages)):
        before = at(policy, level)
        state, note = wished(before, f"stage.{target.number}")
        told = text_of(note)
        assert state == before
        assert "Source: " in told
        assert target.label in told
        assert len(told.split()) <= MOST_WORDS


@pytest.mark.parametrize("policy", IDS)
def test_only_the_next_rung_is_said_to_be_next(policy: str) -> None:
    """With the first stage unsettled the second is next; those beyond name what stands between.

    Yes is said to whoever stands on its rung: nobody else starts it by themselves.
    """
    first, second, *beyond = policies()[policy].stages
    state = at(policy, first.level)
    theirs = text_of(wished(replace(state, level=second.level), f"stage.{second.number}")[1])
    assert theirs.startswith("Yes, ")
    below = text_of(wished(state, f"stage.{second.number}")[1])
    assert below.startswith(f"{second.label} is next, but you do not start it by yourself.")
    for stage in beyond:
        told = text_of(wished(state, f"stage.{stage.number}")[1])
        assert told.startswith("Not ")
        assert second.label in told or (stage.must_follow and stage.must_follow.what in told)
    assert text_of(wished(state, f"stage.{first.number}")[1]).startswith("You are at ")


@pytest.mark.parametrize("policy", IDS)
def test_a_rung_the_policy_lacks_is_said_to_be_missing(policy: str) -> None:
    """A ninth stage is in no policy, and is not promised."""
    assert "has no Stage 9" in text_of(wished(at(policy), "stage.9")[1])


def test_a_wish_waits_for_the_place_and_is_said_to_wait_once() -> None:
    """Without a policy nothing is promised; with it the wish is answered."""
    told = TypedMessage("inform", {"wish": {"stage": 3, "level": None}}, "i want stage 3")
    heard = apply_message(State(), Question.risk, told, policies(), TODAY).state
    assert heard.risk is None
    waiting, first = answered(State(), heard, policies(), handbook(), TODAY)
    assert "where the child lives" in text_of(first)
    assert answered(waiting, waiting, policies(), handbook(), TODAY) == (waiting, None)
    _, last = answered(waiting, replace(waiting, partnership="kent"), policies(), handbook(), TODAY)
    assert "Stages 1 and 2" in text_of(last)


@pytest.mark.parametrize("risk", [Risk.immediate_danger, Risk.immediate_harm, Risk.unsure])
def test_no_rung_comes_before_what_to_do_today(risk: Risk) -> None:
    """While a child is at immediate risk a wish brings no stage, and the calls stay next."""
    state = at("kent", risk=risk)
    after, note = wished(state, "stage.3")
    assert note is None
    assert next_question(after, policies()) is Question.calls_made


def test_whoever_has_to_answer_is_offered_no_rung_to_go_to() -> None:
    """A receiver who names a stage is not told to escalate."""
    state, note = wished(at("kent", Level.line_manager, side=str(Side.receiver)), "stage.3")
    assert (state.wish, note) == (None, None)


@pytest.mark.parametrize("policy", IDS)
@each("kind", [None, *Disagreement])
def test_should_i_is_answered_directly_from_the_policy(policy: str, kind: str | None) -> None:
    """The answer comes first, rests on a named passage, and decides for nobody."""
    told = text_of(whether_to_raise(at(policy, disagreement=kind), policies(), handbook()))
    assert told.startswith("**Yes")
    assert policies()[policy].document.title in told
    assert "it can end there" in told
    assert "you should" not in told.lower()


def test_a_likely_kind_is_an_if_and_no_answer() -> None:
    """A guess from their words is said as an if, and stays unconfirmed."""
    state = at("pan_bedfordshire", guesses=("step_up_step_down",))
    told = text_of(whether_to_raise(state, policies(), handbook()))
    assert "If it is mainly about stepping up or stepping down" in told
    assert "Decisions to step up or step down" in told
    assert state.disagreement is None


def test_without_a_place_should_i_is_answered_in_general() -> None:
    """Until the area is known the guide's own guidance answers, and asks for the place."""
    told = text_of(whether_to_raise(State(), policies(), handbook()))
    assert "where the child lives" in told
    assert "Source: " in told


@pytest.mark.parametrize("policy", IDS)
def test_whoever_stands_on_the_rung_takes_it_there_themselves(policy: str) -> None:
    """Somebody on the rung they wish for is not told that another post takes it."""
    target = policies()[policy].stage_for(Level.senior_manager)
    _, theirs = wished(at(policy, my_agency="police"), f"stage.{target.number}")
    _, own = wished(
        replace(at(policy, my_agency="police"), level="director"), f"stage.{target.number}"
    )
    assert "you take it" not in text_of(theirs)
    assert f"At {target.label} your" not in text_of(own)


@pytest.mark.parametrize("policy", IDS)
def test_nobody_above_the_worker_is_sent_a_worker_of_their_own(policy: str) -> None:
    """A sergeant or a ward sister may be the one who works with the child."""
    state = replace(at(policy), level="line_manager")
    advice = advise(facts_of(state, policies()), state.policy(policies()), TODAY, handbook())
    assert advice.headline is not None
    assert "alk to " in advice.headline.do
    assert "your practitioner" not in advice.headline.do
