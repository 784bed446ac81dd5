"""Questions about safety: old buttons, objections, numbers and half answers never answer them."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.conversation.answers import SAFETY, choose, press
from bot.core.conversation.calls import OUTCOMES
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import next_question, options
from bot.core.conversation.recap import recap
from bot.core.conversation.short_answers import short_answer
from bot.core.conversation.state import State
from bot.core.vocabulary import URGENT_RISKS, CallOutcome, CallTo, Risk
from tests.support.core import IDS, TODAY, handbook, policies
from tests.support.crisis import URGENT, advice, said
from tests.support.rounds import rounds

GRAVEST_FIRST = list(Risk)


@pytest.mark.parametrize(("stated", "pressed"), list(product(Risk, Risk)))
@pytest.mark.parametrize("open_question", ["calls or place", "trigger"])
def test_an_old_risk_button_never_lowers_the_risk(
    stated: Risk, pressed: Risk, open_question: str
) -> None:
    """It may raise it; anything else is refused with a sentence, and the question stays."""
    partnership = "kent" if open_question == "trigger" else None
    state = State(risk=stated, partnership=partnership)
    asked = next_question(state, policies())
    heard = press(state, asked, "risk", str(pressed), policies())
    graver = GRAVEST_FIRST.index(pressed) < GRAVEST_FIRST.index(stated)
    if graver and pressed in URGENT_RISKS:
        assert heard.state.risk is pressed
        return
    assert heard.state == state
    assert [note.name for note in heard.notes] == ["note_old_button"]
    assert next_question(heard.state, policies()) is asked


@pytest.mark.parametrize("name", [name for name in Question if name not in SAFETY])
@pytest.mark.parametrize("asked", SAFETY)
def test_no_other_button_answers_while_a_question_about_safety_is_open(
    asked: Question, name: Question
) -> None:
    """Whatever it was for, it is refused and changes nothing.

    Only the side is offered beside the first question, and leaves it open.
    """
    if (asked, name) == (Question.risk, Question.side):
        heard = press(State(), asked, str(name), "receiver", policies())
        assert heard.state == State(side="receiver")
        assert next_question(heard.state, policies()) is Question.risk
        return
    state = State(risk=Risk.concern if asked is Question.trigger_check else None)
    for value in ("yes", "no", "made", "kent", "unknown", "police"):
        heard = press(state, asked, str(name), value, policies())
        assert heard.state == state
        assert heard.notes[0].name == "note_old_button"


@settings(max_examples=rounds(60))
@given(
    st.lists(st.sampled_from(OUTCOMES), max_size=12),
    st.sampled_from(URGENT),
    st.sampled_from([None, *IDS]),
)
def test_pressed_outcomes_go_up_and_older_ones_are_refused(
    pressed: list[CallOutcome], risk: Risk, partnership: str | None
) -> None:
    """Each press is about whoever stood first; a button of an earlier call is known as that."""
    state = State(risk=risk, partnership=partnership)
    for outcome in pressed:
        if next_question(state, policies()) is not Question.calls_made:
            return
        first = advice(state).turn_to[0]
        ready = replace_turning(state, first.to)
        menu = Menu(ready, policies(), TODAY, handbook().phrases)
        (value,) = [
            one.value
            for one in options(Question.calls_made, menu)
            if one.value.startswith(str(outcome))
        ]
        heard = press(ready, Question.calls_made, "calls_made", value, policies())
        assert heard.state.calls[-1].startswith(str(first.to)) or heard.state.calls_made
        again = press(heard.state, Question.calls_made, "calls_made", value, policies())
        assert again.notes[0].name == "note_old_button"
        state = heard.state


def replace_turning(state: State, to: CallTo) -> State:
    """Return the state as the form leaves it: with whom to turn to."""
    return State(**{**{n: getattr(state, n) for n in State.__struct_fields__}, "turning_to": to})


@pytest.mark.parametrize(
    "text", ["wrong", "no that's not right", "that's wrong", "not right", "no, incorrect"]
)
@pytest.mark.parametrize("intent", ["deny", "affirm", "change_answer_not", "other"])
@pytest.mark.parametrize(
    "state",
    [State(), State(risk=Risk.concern, partnership="kent"), State(risk=Risk.immediate_harm)],
    ids=["risk", "trigger_check", "calls_made"],
)
def test_an_objection_never_answers_a_question_about_safety(
    state: State, text: str, intent: str
) -> None:
    """It is asked what is wrong, and the question stays open."""
    asked = next_question(state, policies())
    assert asked in SAFETY
    heard = said(state, text, intent)
    assert (heard.state.risk, heard.state.trigger_check) == (state.risk, None)
    assert heard.state.calls_made is None
    assert [note.name for note in heard.notes] == ["note_what_is_wrong"]
    assert next_question(heard.state, policies()) is asked


@pytest.mark.parametrize("text", ["9", "0", "12", "!!", "3."])
@pytest.mark.parametrize("intent", ["deny", "affirm", "dont_know"])
def test_a_number_without_an_option_never_answers_about_safety(text: str, intent: str) -> None:
    """Whatever intent it looks like."""
    assert said(State(), text, intent).state.risk is None


@pytest.mark.parametrize("risk", [Risk.concern, Risk.no_harm])
def test_each_risk_stored_is_said_back(risk: Risk) -> None:
    """Pressed or typed; a graver one is on its card."""
    pressed = choose(State(), "risk", str(risk), policies())
    typed = said(State(), "worried", facts={"risk": str(risk)})
    for heard in (pressed, typed):
        notes = list(recap(heard, Question.risk, policies(), handbook().phrases))
        (told,) = [note for note in notes if note.name == "note_risk_stored"]
        assert told.gaps["value"] == handbook().phrases.say(f"option_risk_{risk}")


@pytest.mark.parametrize(
    "text", ["none of them", "none of these", "neither", "not really", "none", "none of those fit"]
)
@pytest.mark.parametrize("asked", ["risk", "trigger_check"])
def test_half_a_no_never_answers_a_question_about_safety(asked: str, text: str) -> None:
    """It may be of the options: the question stays open, and they are told why."""
    state = State() if asked == "risk" else State(risk=Risk.concern, partnership="kent")
    assert next_question(state, policies()) == asked
    heard = said(state, text, intent="deny")
    assert heard.state == state
    assert [note.name for note in heard.notes] == ["note_say_no"]


@pytest.mark.parametrize("text", ["no", "nope", "no, none of those", "definitely not", "he is not"])
def test_a_plain_no_about_safety_is_stored_and_said_back(text: str) -> None:
    """The policy's own question too: whoever was misread can say so."""
    state = State(risk=Risk.concern, partnership="kent")
    heard = said(state, text, intent="deny")
    assert heard.state.trigger_check == "no"
    notes = recap(heard, Question.trigger_check, policies(), handbook().phrases)
    assert "note_safety_stored" in {note.name for note in notes}


@pytest.mark.parametrize("asked", [Question.risk, Question.trigger_check])
@pytest.mark.parametrize(
    ("text", "says"),
    [("got it yesterday", False), ("it was yesterday", False), ("yep he is", True)],
)
def test_only_a_word_of_yes_says_yes_about_safety(
    asked: Question, text: str, *, says: bool
) -> None:
    """Whatever a message is ranked as, "yesterday" answers nothing about the child."""
    state = State(risk=Risk.concern if asked is Question.trigger_check else None)
    value, _ = short_answer(state, asked, "affirm", text)
    assert (value is not None) is says
