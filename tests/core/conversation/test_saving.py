"""What is saved of a case: every answer, and no typed word."""

import random
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from bot.core.cards.card import card_text
from bot.core.cards.case import case_card, case_text, welcome_back
from bot.core.conversation.answers import choose
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import next_question, options
from bot.core.conversation.returning import (
    advised_stage,
)
from bot.core.conversation.saving import NOT_KEPT, Saved, case_to_save, restore, worth_saving
from bot.core.conversation.slots import SLOTS, from_slots, to_slots
from bot.core.conversation.state import LEFT_OUT, State
from bot.core.vocabulary import Action, Exit, Risk
from tests.core.conversation.returned import (
    EVERYWHERE,
    NAME,
    SAVED_ON,
    TODAY,
    advice_on,
    answered,
    as_before,
    just_back,
    saved_and_back,
)
from tests.support.core import IDS, handbook, policies


@EVERYWHERE
def test_every_answer_comes_back(
    partnership: str, reached: str, outcome: str | None, on: str | None
) -> None:
    """And with the same answers the advice for the day it was saved is the same."""
    state = answered(partnership, reached, outcome, on)
    back = just_back(state)
    back = as_before(back, state)
    assert replace(back, case=None, follow_up=None) == state
    assert next_question(back, policies()) is Question.follow_up
    assert advice_on(back, SAVED_ON) == advice_on(state, SAVED_ON)


def test_every_field_of_a_state_is_saved_or_left_out_on_purpose() -> None:
    """A new field must be put on either list before anything can be saved."""
    full = State(
        risk=Risk.concern,
        calls_made="made",
        exit=Exit.complaint,
        exit_check="no",
        partnership="pan_bedfordshire",
        area="luton",
        trigger_check="no",
        disagreement="threshold",
        my_agency="health",
        their_agency="police",
        child_status=("early_help",),
        reached="line_manager",
        step_on="2026-11-16",
        step_outcome="awaiting",
        settled_on="2026-11-20",
        priority="unknown",
        earlier={"practitioner": LEFT_OUT},
        concern_on="2026-11-02",
        decision="changed",
        helped="talking",
        learned="capacity",
        side="receiver",
        same_agency="apart",
        level="director",
        own_side="own_manager.matron.2026-11-12",
    )
    kept = set(case_to_save(full, None, policies(), SAVED_ON).answers)
    assert kept | set(NOT_KEPT) == set(SLOTS)
    assert not kept & set(NOT_KEPT)


def test_no_typed_text_is_saved() -> None:
    """A text or a name in any field of a state is neither saved nor brought back."""
    texts: dict[str, Any] = {
        name: NAME
        for name, kind in State.__annotations__.items()
        if "str" in str(kind) and "dict" not in str(kind) and "tuple" not in str(kind)
    }
    assert {"red_flag", "partnership", "disagreement", "step_on"} <= set(texts)
    lists: dict[str, Any] = {"guesses": (NAME,), "child_status": (NAME,)}
    earlier = {"practitioner": NAME, NAME: "2026-11-16"}
    state = State(**{**texts, **lists, "risk": Risk.concern, "earlier": earlier})
    saved = case_to_save(state, None, policies(), SAVED_ON)
    assert NAME not in msgspec.json.encode(saved).decode()
    forged = Saved("2026-11-20", {**to_slots(state), "partnership": "kent"})
    assert NAME not in str(replace(restore(State(), forged, "one", policies()), case=None))


def test_danger_that_was_heard_is_kept_as_the_risk_it_stands_for() -> None:
    """The words are not kept, and the risk is not lowered by that."""
    state = State(risk=Risk.concern, red_flag="a weapon", danger_now=True)
    saved = case_to_save(state, None, policies(), SAVED_ON)
    assert saved.answers == {"risk": "immediate_danger", "earlier": {}, "answered": {}}


def test_nothing_answered_is_not_worth_saving() -> None:
    """One answer is."""
    assert not worth_saving(State(misses=3, guesses=("threshold",)))
    assert worth_saving(State(risk=Risk.no_harm))


def test_saving_again_without_a_report_keeps_the_old_advice() -> None:
    """The follow-up is still about the advice given then."""
    state = answered("kent", "line_manager", "unresolved", "2026-11-16")
    back = saved_and_back(state)
    again = case_to_save(back, advice_on(back, TODAY), policies(), TODAY)
    assert (again.action, again.to_stage) == (Action.escalate, 2)


def test_random_walks_come_back_whole() -> None:
    """Whatever was answered, in whatever order, saving and coming back asks no more than before."""
    chooser = random.Random("return")  # noqa: S311 - a repeatable walk, no secret
    for _ in range(300):
        state = State(partnership=chooser.choice(IDS))
        for _ in range(chooser.randint(0, 9)):
            question = next_question(state, policies())
            if question is None:
                break
            menu = Menu(state, policies(), SAVED_ON, handbook().phrases)
            offered = [option.value for option in options(question, menu)]
            state = choose(state, str(question), chooser.choice(offered), policies()).state
        done = next_question(state, policies()) is None
        advice = advice_on(state, SAVED_ON) if done else None
        back = restore(
            State(), case_to_save(state, advice, policies(), SAVED_ON), "one", policies()
        )
        assert from_slots(to_slots(back)) == back
        # Calls are today's: on another day they are made again.
        same = replace(
            back,
            case=None,
            follow_up=None,
            risk=back.risk or state.risk,
            calls_made=state.calls_made,
            calls=state.calls,
        )
        assert same == replace(state, guesses=(), listed=None)


def test_the_card_of_a_case_says_what_the_code_is_and_holds_none() -> None:
    """It says what the code opens, what is not kept, until when, who can use it, how it ends."""
    card = case_card(SAVED_ON, 30, handbook().phrases, again=False)
    text = case_text(card, handbook().phrases)
    for said in (
        "shown to you once",
        "I can't show it again",
        "It brings back your answers",
        "no names and nothing that you wrote",
        "until Sun 20 Dec 2026",
        "Anyone who has the code",
        "delete my case",
    ):
        assert said in text
    again = case_text(case_card(SAVED_ON, 30, handbook().phrases, again=True), handbook().phrases)
    assert "still opens it" in again
    assert "The old one then stops working" in again


@EVERYWHERE
def test_the_welcome_says_when_where_and_what_was_next(
    partnership: str, reached: str, outcome: str | None, on: str | None
) -> None:
    """In the terms of every policy, with no gap left open and 999 in it."""
    state = answered(partnership, reached, outcome, on)
    saved = case_to_save(state, advice_on(state, SAVED_ON), policies(), SAVED_ON)
    back = restore(State(), saved, "one", policies())
    card = welcome_back(State(), back, saved, policies(), handbook().phrases)
    text = card_text(card, handbook().phrases)
    told = [section for section in card.sections if section.folded]
    assert [section.heading for section in told] == ["What you told me then"]
    assert "Risk: No" in [item.text for item in told[0].items]
    assert "Fri 20 Nov 2026" in text
    policy = policies()[partnership]
    elsewhere = handbook().phrases.say("option_partnership_elsewhere")
    assert f"Where: {elsewhere if policy.fallback else policy.short_name}" in text
    assert "999" in text
    target = advised_stage(back, policies())
    assert target is None or f"{target.label} (" in text
    assert not set("{}") & set(text)


@EVERYWHERE
def test_a_case_that_somebody_else_changed_is_shown_beside_what_was_said_here(
    partnership: str, reached: str, outcome: str | None, on: str | None
) -> None:
    """Both accounts and the question which is right; nothing of it where nothing differs."""
    theirs = answered(partnership, reached, outcome, on)
    mine = replace(theirs, case="one", my_agency="housing", their_agency="police")
    saved = case_to_save(theirs, advice_on(theirs, SAVED_ON), policies(), SAVED_ON)
    phrases = handbook().phrases

    def welcome(before: State) -> str:
        back = restore(before, saved, "one", policies())
        card = welcome_back(before, back, saved, policies(), phrases)
        opened = (section for section in card.sections if not section.folded)
        return "\n".join(item.text for section in opened for item in section.items)

    text = welcome(mine)
    changed, _, said = text.partition("Here you had told me something else")
    assert "This was changed while you had it open" in changed
    assert "You: Housing" not in changed
    assert "You: Housing" in said
    assert phrases.say("back_which_is_right") in said
    assert "This was changed" not in welcome(replace(theirs, case="one"))
    assert "This was changed" not in welcome(replace(mine, case=None))


@pytest.mark.parametrize("key", ["Jane Smith", "practitioner2", ""])
def test_a_saved_case_holds_no_word_that_is_not_on_a_list_even_as_a_key(key: str) -> None:
    """Days are kept by levels only: a name in their place is neither saved nor read back."""
    forged = {"line_manager": "2026-11-16", key: "2026-11-16"}
    state = State(risk=Risk.concern, partnership="kent", reached="senior_manager", earlier=forged)
    saved = case_to_save(state, None, policies(), SAVED_ON)
    assert "earlier" not in saved.answers
    answers = {**saved.answers, "earlier": forged}
    back = restore(State(), Saved(saved.on, answers), "ref", policies())
    assert back.earlier == {}
    honest = msgspec.structs.replace(state, earlier={"line_manager": "2026-11-16"})
    kept = case_to_save(honest, None, policies(), SAVED_ON)
    assert restore(State(), kept, "ref", policies()).earlier == {"line_manager": "2026-11-16"}
