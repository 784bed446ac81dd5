"""A rehearsal: five replies, left at any time, changing no answer, and danger asked about."""

import random
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from bot.core.cards.card import card_text
from bot.core.cards.rehearsal import rehearsal_note
from bot.core.cards.urgent import danger_card
from bot.core.conversation.answers import TurnResult, choose
from bot.core.conversation.held import Rehearsal
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import next_question, options
from bot.core.conversation.recap import recap
from bot.core.conversation.rehearsal import (
    REPLIES,
    RehearsalMove,
    begin_rehearsal,
    move_meant,
    offered_moves,
)
from bot.core.conversation.slots import SLOTS, from_slots, to_slots
from bot.core.conversation.state import State, facts_of
from bot.core.letters.confidence import Scene, replies_to_practise
from bot.core.rules.advice import advise
from bot.core.vocabulary import Exit, Risk
from bot.letters.files import confidence, letters
from tests.core.conversation.typed import AT_STAGE_1, TODAY, told
from tests.support.confidence import NOT_SAID
from tests.support.core import IDS, handbook, policies

PRACTISING = begin_rehearsal(AT_STAGE_1)
SAID = "i hear you but this child has not eaten since friday and i need to know why"


def answers_of(state: State) -> dict[str, Any]:
    """Return everything but the rehearsal."""
    return {name: getattr(state, name) for name in SLOTS if name != "rehearsal"}


def note_names(heard: TurnResult, asked: Question | None = Question.rehearsal) -> list[str]:
    """Return the names of what is said back."""
    return [note.name for note in recap(heard, asked, policies(), handbook().phrases)]


def turn(state: State) -> tuple[str, str]:
    """Return the name and the whole text of what the guide says at this turn."""
    policy = state.policy(policies())
    facts = facts_of(state, policies())
    advice = advise(facts, policy, TODAY, handbook())
    scene = Scene(facts, policy, advice, TODAY)
    five = replies_to_practise(scene, confidence(), REPLIES)
    note = rehearsal_note(state, five, scene, confidence(), letters(), handbook())
    return note.name, handbook().phrases.say(note.name, **note.gaps)


def test_asking_to_practise_begins_with_the_first_reply() -> None:
    """Whatever question was open waits; it comes back when the rehearsal is over."""
    heard = told(AT_STAGE_1, Question.step_on, "rehearse", "can we practise")
    assert heard.state == PRACTISING
    assert next_question(heard.state, policies()) is Question.rehearsal
    over = choose(heard.state, "rehearsal", "stop", policies())
    assert answers_of(over.state) == answers_of(AT_STAGE_1)
    assert next_question(over.state, policies()) is Question.step_on
    assert note_names(over) == ["note_rehearsal_stopped"]


def test_a_rehearsal_ends_after_five_replies() -> None:
    """The button "next" goes on; after the fifth reply a kind note ends it."""
    state, numbers = PRACTISING, []
    while state.rehearsal:
        numbers.append(state.rehearsal.reply)
        last = numbers[-1] == REPLIES
        assert (RehearsalMove.finish in offered_moves(state)) is last
        answered = choose(state, "rehearsal", str(offered_moves(state)[1]), policies())
        state = answered.state
    assert numbers == [1, 2, 3, 4, 5]
    assert note_names(answered) == ["note_rehearsal_done"]
    assert answers_of(state) == answers_of(AT_STAGE_1)


def test_an_answer_and_a_suggestion_stay_at_their_reply() -> None:
    """What could be said is shown, and asked for no more."""
    for move in (RehearsalMove.answered, RehearsalMove.suggest):
        state = choose(PRACTISING, "rehearsal", str(move), policies()).state
        assert state.rehearsal == Rehearsal(1, str(move))
        assert offered_moves(state) == (RehearsalMove.next, RehearsalMove.stop)


READINGS: list[dict[str, Any]] = [
    {"facts": {"my_agency": "police", "their_agency": "health"}, "agencies": ["police"]},
    {"facts": {"steps": [{"level": "director", "on": "2026-11-18", "outcome": "unresolved"}]}},
    {"partnership": "pan_dorset", "exit": "complaint", "dates": ["2026-11-03"]},
    {"outcomes": ["resolved"], "levels": ["director"], "child_status": ["looked_after"]},
    {"disagreement": [{"name": "communication", "confidence": 0.99}], "facts": {"risk": "no_harm"}},
    {"bad_dates": [{"heard": "31 February", "why": "no"}], "facts": {"risk": "concern"}},
]


@pytest.mark.parametrize("reading", READINGS, ids="+".join)
@pytest.mark.parametrize("intent", ["threshold", "change_answer", "start_again", "own_agency"])
def test_what_is_said_in_a_rehearsal_fills_and_changes_nothing(
    reading: dict[str, Any], intent: str
) -> None:
    """Whatever a line of practice names, it was said to the other side."""
    heard = told(PRACTISING, Question.rehearsal, intent, SAID, **reading)
    assert answers_of(heard.state) == answers_of(AT_STAGE_1)
    assert heard.state.rehearsal == Rehearsal(1, "answered")
    assert note_names(heard) == []


def test_a_long_rehearsal_of_anything_leaves_the_answers_as_they_were() -> None:
    """A hundred random walks through moves and lines."""
    chooser = random.Random("rehearsal")  # noqa: S311 - a repeatable walk, no secret
    for _ in range(100):
        state = PRACTISING
        while state.rehearsal:
            reading = chooser.choice(READINGS)
            text = chooser.choice([SAID, "next", "stop", "no", "what do i say"])
            intent = {"stop": "stop", "what do i say": "ask_wording"}.get(text, "inform")
            state = told(state, Question.rehearsal, intent, text, **reading).state
        assert state == AT_STAGE_1


@pytest.mark.parametrize(
    ("intent", "text", "move"),
    [
        ("stop", "stop", RehearsalMove.stop),
        ("stop", "enough thanks", RehearsalMove.stop),
        ("show_advice", "show me the advice", RehearsalMove.stop),
        ("dont_know", "I don't know", RehearsalMove.suggest),
        ("help", "help", RehearsalMove.suggest),
        ("ask_wording", "what do i say?", RehearsalMove.suggest),
        ("inform", "next", RehearsalMove.next),
        ("inform", "Next one please.", RehearsalMove.next),
        ("rehearse", "another one", RehearsalMove.next),
        ("deny", "no", RehearsalMove.answered),
        ("thank", "thank you", RehearsalMove.answered),
        ("stop", "please stop and listen to what this child says", RehearsalMove.answered),
        ("help", "why do you say that, what would help this child", RehearsalMove.answered),
        ("stages", "then it goes to stage two of the policy", RehearsalMove.answered),
        ("start_again", "can we start again with what the child said", RehearsalMove.answered),
    ],
)
def test_only_a_short_word_to_the_guide_is_not_an_answer(
    intent: str, text: str, move: RehearsalMove
) -> None:
    """A sentence is said to the other side, whatever it sounds like."""
    assert move_meant(intent, text) is move


DANGER = {
    "urgent": True,
    "urgent_because": "somebody hurting a child",
    "flags": [{"family": "hurt", "heard": "hit him", "when": "now"}],
    "dates": ["2026-11-19"],
}


@pytest.mark.parametrize("when", ["now", "recent", "unknown"])
def test_danger_in_a_rehearsal_is_asked_about_and_the_rehearsal_waits(when: str) -> None:
    """Only they know whether it is a line or the truth: the calls come first either way."""
    flags = [{"family": "hurt", "heard": "hit him", "when": when}]
    heard = told(PRACTISING, Question.rehearsal, "danger", SAID, **{**DANGER, "flags": flags})
    assert next_question(heard.state, policies()) is Question.calls_made
    assert heard.state.rehearsal == Rehearsal()
    assert heard.state.step_on is None
    advice = advise(facts_of(heard.state.with_heard_risk(), policies()), None, TODAY, handbook())
    text = card_text(danger_card(advice, heard.state, handbook().phrases), handbook().phrases)
    assert text.startswith("**Call 999 now**" if when == "now" else "**Act today**")
    assert "You were practising" in text
    assert "is this happening now? If it is, call 999." in text
    assert "You mentioned somebody hurting a child" in text
    assert "Ring children's social care for where the child is now" in text


def test_when_it_is_not_happening_the_rehearsal_goes_on_where_it_was() -> None:
    """Nothing is lost, and the stated risk stays."""
    at_three = msgspec.structs.replace(PRACTISING, rehearsal=Rehearsal(3))
    heard = told(at_three, Question.rehearsal, "danger", SAID, **DANGER)
    calm = choose(heard.state, "calls_made", "not_now", policies())
    assert calm.state == at_three
    assert note_names(calm, Question.calls_made) == ["note_rehearsal_goes_on"]
    assert next_question(calm.state, policies()) is Question.rehearsal


def test_real_danger_ends_the_rehearsal() -> None:
    """After the calls the risk is the red flag's, and advice comes next."""
    heard = told(PRACTISING, Question.rehearsal, "danger", SAID, **DANGER)
    made = choose(heard.state, "calls_made", "made", policies()).state
    assert made.risk is Risk.immediate_danger
    assert made.rehearsal is None
    assert next_question(made, policies()) is None


@pytest.mark.parametrize("asked", [Question.rehearsal, Question.step_on])
@pytest.mark.parametrize("risk", ["immediate_danger", "immediate_harm", "unsure"])
def test_an_urgent_risk_that_is_rehearsed_or_supposed_is_asked_about(
    asked: Question, risk: str
) -> None:
    """A grave statement without a red flag is not passed over as a line of practice."""
    state = PRACTISING if asked is Question.rehearsal else AT_STAGE_1
    heard = told(state, asked, "ask_pushback", SAID, facts={"risk": risk})
    assert next_question(heard.state, policies()) is Question.calls_made
    assert heard.state.risk is AT_STAGE_1.risk
    raised = heard.state.with_heard_risk().risk
    assert raised is (Risk.immediate_danger if risk == "immediate_danger" else Risk.immediate_harm)


@pytest.mark.parametrize("reading", READINGS, ids="+".join)
def test_what_is_only_supposed_fills_no_answer(reading: dict[str, Any]) -> None:
    """Asking what to say to "it was settled" settles nothing."""
    state = msgspec.structs.replace(AT_STAGE_1, step_on="2026-11-18")
    heard = told(state, Question.step_outcome, "ask_pushback", "what if they say no", **reading)
    assert heard.state == state


def test_nothing_is_practised_before_the_first_question_is_answered() -> None:
    """Danger is asked about first, and the rehearsal follows it."""
    heard = told(State(), Question.risk, "rehearse", "practise it")
    assert next_question(heard.state, policies()) is Question.risk
    assert note_names(heard, Question.risk) == ["note_rehearsal_after_this"]
    calm = choose(heard.state, "risk", "concern", policies()).state
    assert next_question(calm, policies()) is Question.rehearsal
    grave = choose(heard.state, "risk", "immediate_danger", policies()).state
    assert next_question(grave, policies()) is Question.calls_made
    card = danger_card(
        advise(facts_of(grave, policies()), None, TODAY, handbook()), grave, handbook().phrases
    )
    assert "practising" not in card_text(card, handbook().phrases)


@pytest.mark.parametrize("state", [State(risk=Risk.immediate_harm), State(red_flag="a weapon")])
def test_nothing_is_practised_while_there_are_calls_to_make(state: State) -> None:
    """It is refused: kindly after a stated danger, without a word after a red flag."""
    heard = told(state, Question.calls_made, "rehearse", "practise it")
    assert heard.state == state
    said = note_names(heard, Question.calls_made)
    assert said == ([] if state.red_flag else ["note_rehearsal_not_now"])


def test_a_rehearsal_is_possible_after_the_calls() -> None:
    """What to say if they will not act today is worth trying out."""
    state = State(risk=Risk.immediate_harm, calls_made="made", partnership="kent")
    assert told(state, None, "rehearse", "practise").state.rehearsal == Rehearsal()
    name, text = turn(choose(begin_rehearsal(state), "rehearsal", "suggest", policies()).state)
    assert name == "rehearsal_suggest"
    assert "manager on duty" in text
    assert "action today" in text
    assert "next step" not in text


def test_where_another_procedure_fits_nothing_is_practised() -> None:
    """These are not the conversations it asks for."""
    state = State(risk=Risk.concern, exit=Exit.allegation, exit_check="yes")
    assert told(state, None, "rehearse", "practise it").state == state


@pytest.mark.parametrize("value", ["jump", "reply", "", "6"])
def test_a_made_up_move_changes_nothing(value: str) -> None:
    """Nor does a real one where nothing is rehearsed."""
    assert choose(PRACTISING, "rehearsal", value, policies()).state == PRACTISING
    assert choose(AT_STAGE_1, "rehearsal", "next", policies()).state == AT_STAGE_1


def test_starting_again_ends_a_rehearsal_without_a_closing_note() -> None:
    """Everything is cleared, and only that is said."""
    cleared = choose(PRACTISING, "start_again", "yes", policies())
    assert cleared.state == State()
    assert note_names(cleared) == []


def test_a_rehearsal_survives_the_slots() -> None:
    """What is written to the slots is read back the same."""
    state = msgspec.structs.replace(PRACTISING, rehearsal=Rehearsal(4, "suggest"))
    assert from_slots(to_slots(state)) == state


def test_the_moves_are_on_offer_with_titles() -> None:
    """Suggest, next and stop; after the last reply, finish."""

    def titles(state: State) -> list[str]:
        menu = Menu(state, policies(), TODAY, handbook().phrases)
        return [option.title for option in options(Question.rehearsal, menu)]

    assert titles(PRACTISING) == ["Suggest a sentence", "Next reply", "Stop practising"]
    last = msgspec.structs.replace(PRACTISING, rehearsal=Rehearsal(REPLIES, "answered"))
    assert titles(last) == ["Finish"]


@pytest.mark.parametrize("partnership", IDS)
def test_every_turn_is_marked_as_practice_and_judges_nothing(partnership: str) -> None:
    """Each of the five replies, with what could be said back and where that comes from."""
    state = State(
        risk=Risk.concern, partnership=partnership, disagreement="plan_progress", reached="nothing"
    )
    heard = []
    for number in range(1, REPLIES + 1):
        for shown in ("reply", "suggest", "answered"):
            name, text = turn(msgspec.structs.replace(state, rehearsal=Rehearsal(number, shown)))
            assert f"**Practice, {number} of 5.**" in text
            assert not NOT_SAID.search(text.replace("There are no marks.", "")), text
            if shown == "reply":
                heard.append(text.rpartition('They say: "')[2])
                assert (name == "ask_rehearsal_first") is (number == 1)
                continue
            assert f"Source: {handbook().safety_guidance.document}, " in text
            assert "asks for the reason" in text
    assert len(set(heard)) == REPLIES


@pytest.mark.parametrize("partnership", IDS)
def test_whom_it_was_raised_with_practises_answering(partnership: str) -> None:
    """The guide plays the side that raised it, and no answer challenges anybody back."""
    receiving = replace(
        PRACTISING,
        partnership=partnership,
        side="receiver",
        my_agency="health",
        their_agency="police",
    )
    replies = confidence().replies
    seen = set()
    state: State | None = receiving
    while state is not None and state.rehearsal is not None:
        asked, _ = turn(state)
        shown = choose(state, "rehearsal", "suggest", policies()).state
        name, text = turn(shown)
        assert asked.startswith("ask_rehearsal")
        assert name == "rehearsal_suggest"
        assert not any(reply.heard in text for reply in replies.values())
        assert "the next step is" not in text
        assert "by when they hear from you" in text
        seen.add(text)
        state = choose(state, "rehearsal", "next", policies()).state
    assert len(seen) == REPLIES


def test_in_danger_even_a_receiver_practises_what_makes_somebody_act() -> None:
    """A child at immediate risk waits for no answer."""
    urgent = replace(PRACTISING, side="receiver", risk="immediate_harm", calls_made="yes")
    shown = choose(urgent, "rehearsal", "suggest", policies()).state
    assert "today" in turn(shown)[1]
