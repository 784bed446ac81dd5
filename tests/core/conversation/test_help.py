"""Every question says why it is asked, where that comes from, and goes on without an answer."""

import pytest

from bot.core.cards.advice import advice_card
from bot.core.cards.card import card_text
from bot.core.cards.depends import ANSWERS, unknown_answer_items, with_unknown_answers
from bot.core.conversation.answers import choose
from bot.core.conversation.help import reason_for
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import next_question, options
from bot.core.conversation.state import IN_DOUBT, UNKNOWN, State, facts_of
from bot.core.rules.advice import advise
from bot.core.vocabulary import URGENT_RISKS, Exit, Risk
from tests.core.conversation.paths import TODAY
from tests.support.core import IDS, handbook, policies
from tests.support.each import each

WHERE = {
    Question.area: "pan_bedfordshire",
    Question.trigger_check: "kent",
    Question.child_status: "city_and_hackney",
    Question.earlier_followed: "kent",
    Question.earlier_on: "pan_dorset",
    Question.concern_on: "pan_bedfordshire",
}
"""A policy that asks it, for the questions that not every policy asks."""


def asked(question: Question, partnership: str = "kent") -> State:
    """Return a state in which the question may be open."""
    return State(
        risk=Risk.concern,
        exit=Exit.complaint if question is Question.exit_check else None,
        partnership=WHERE.get(question, partnership),
        reached="director",
    )


@pytest.mark.parametrize("question", [None, *Question])
def test_a_bare_call_for_help_says_what_this_is_and_999(question: Question | None) -> None:
    """At any question, and after the last: what the guide does, and danger first."""
    handbook_ = handbook()
    state = State() if question is Question.risk else asked(question or Question.reached)
    why = reason_for(question, state, policies(), handbook_, only_help=True)
    told = handbook_.phrases.say(why.response)
    assert told.startswith("I help you challenge another agency's decision")
    assert "call 999" in told


@pytest.mark.parametrize("partnership", IDS)
@each("question", list(Question))
def test_every_question_has_a_reason_with_its_source(question: Question, partnership: str) -> None:
    """Why it is asked is a sentence of its own, and says which paragraph asks for it."""
    handbook_ = handbook()
    why = reason_for(question, asked(question, partnership), policies(), handbook_)
    assert why.response == f"help_{question}"
    assert len(handbook_.phrases.say(why.response)) > 40
    assert why.source.document
    assert why.source.section


@pytest.mark.parametrize("question", sorted(WHERE))
def test_what_one_policy_asks_for_is_explained_by_its_own_paragraph(question: Question) -> None:
    """A question that only some policies ask cites the policy, not the guide."""
    partnership = WHERE[question]
    why = reason_for(question, asked(question), policies(), handbook())
    assert why.source.document == policies()[partnership].document.title


ABOUT_THE_TALK = {
    "calls_made", "calls", "start_again", "delete_case", "settled", "review", "follow_up",
    "rehearsal", "decision", "helped", "learned", "side", "own_side", "other_cases",
}  # fmt: skip
"""Questions about the conversation itself, or about the person, which hold nothing to know."""
ABOUT_THE_CASE = [question for question in Question if question not in ABOUT_THE_TALK]


@pytest.mark.parametrize("question", ABOUT_THE_CASE)
def test_i_dont_know_is_accepted_and_not_asked_again(question: Question) -> None:
    """That nobody knows is on offer, is taken, and the question is not asked again."""
    state = asked(question)
    value = str(Risk.unsure) if question is Question.risk else UNKNOWN
    if question is Question.earlier_followed:
        earlier = {"line_manager": IN_DOUBT, "senior_manager": IN_DOUBT}
        state = State(risk=Risk.concern, partnership="kent", reached="director", earlier=earlier)
    offered = {
        option.value
        for option in options(question, Menu(state, policies(), TODAY, handbook().phrases))
    }
    assert value in offered
    heard = choose(state, str(question), value, policies())
    assert heard.filled
    assert next_question(heard.state, policies()) is not question


@pytest.mark.parametrize("name", ANSWERS)
def test_advice_says_how_it_treats_each_unknown_answer(name: str) -> None:
    """Each answer that is not known has a line with the reading that was used."""
    value: object = UNKNOWN
    if name == "child_status":
        value = (UNKNOWN,)
    if name == "earlier":
        value = {"line_manager": UNKNOWN}
    told = {
        "risk": Risk.concern, "partnership": "pan_bedfordshire", "trigger_check": "no",
        "reached": "senior_manager", "exit": Exit.complaint, name: value,
    }  # fmt: skip
    state = State(**told)  # type: ignore[arg-type]  # each value is right for its own field
    lines = list(unknown_answer_items(state, policies(), handbook()))
    assert lines == [lines[0]]
    policy = state.policy(policies())
    advice = advise(facts_of(state, policies()), policy, TODAY, handbook())
    card = advice_card(advice, policy, handbook().phrases)
    shown = with_unknown_answers(card, state, policies(), handbook())
    assert lines[0] in card_text(shown, handbook().phrases)
    assert lines[0] not in card_text(card, handbook().phrases)


def test_an_unsure_risk_stays_urgent() -> None:
    """Not knowing how great the risk is means the same day, whatever else is known."""
    state = choose(State(), "risk", "unsure", policies()).state
    assert state.risk in URGENT_RISKS
    assert next_question(state, policies()) is Question.calls_made


def test_whoever_asks_for_help_at_first_is_told_what_this_is() -> None:
    """Once a risk is asked again in a case that has begun, the reason for asking it is given."""
    first = reason_for(Question.risk, State(), policies(), handbook())
    assert first.response == "help_first"
    assert "999" in handbook().phrases.say(first.response)
    begun = State(partnership="kent", my_agency="health", their_agency="police")
    assert reason_for(Question.risk, begun, policies(), handbook()).response == "help_risk"
