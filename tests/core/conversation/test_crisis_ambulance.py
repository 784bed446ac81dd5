"""A child who is hurt or ill needs an ambulance, and whoever was sent may be in the wrong place."""

from itertools import product
from typing import Any

import pytest
from msgspec.structs import replace

from bot.core.cards.urgent import danger_card
from bot.core.conversation.crisis import Asked, after_call_note, crisis_note, sounds_less
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import SPEC_OF
from bot.core.conversation.state import State
from bot.core.vocabulary import CallTo, Exit, Harm, Risk
from tests.support.core import IDS, TODAY, handbook, policies
from tests.support.crisis import advice, call, said
from tests.support.each import each
from tests.support.reading import ADVICE, open_words

HURT = (Harm.ambulance,)
POLICE_LADDER = ((), ("police.refused",), ("police.no_answer",))


@each(("policy", "calls"), product(IDS, POLICE_LADDER))
def test_an_ambulance_is_asked_for_where_a_child_is_hurt(
    policy: str, calls: tuple[str, ...]
) -> None:
    """Also of the supervisor, after a refusal: an officer alone treats nobody."""
    state = State(risk=Risk.immediate_danger, partnership=policy, harms=HURT, calls=calls)
    first = advice(state).turn_to[0]
    assert "999" in first.do
    assert "ambulance" in first.do
    assert "ambulance" in first.say
    unhurt = State(risk=Risk.immediate_danger, partnership=policy, calls=calls)
    assert "ambulance" not in advice(unhurt).turn_to[0].say


@pytest.mark.parametrize("text", ["theyve stood it down", "its not coming", "crew cancelled"])
def test_it_is_the_ambulance_where_one_was_sent_for(text: str) -> None:
    """The police were never said to come, so they are not who called it off."""
    sent = State(risk=Risk.immediate_danger, harms=HURT, calls=("other.coming.by_999",))
    heard = said(sent, text, calls=[call(None, "refused")]).state
    assert heard.calls[-1] == "other.refused.by_999"
    assert advice(heard).turn_to[0].address == "999"


def test_what_the_ambulance_was_told_of_tells_of_one_that_is_needed() -> None:
    """Whoever says that an ambulance comes has somebody who is hurt or ill."""
    coming = {**call("other", "coming"), "by_999": True}
    heard = said(State(risk=Risk.immediate_danger), "ambulance coming", calls=[coming]).state
    assert heard.harms == HURT


def test_a_child_who_gets_worse_is_told_to_999_again() -> None:
    """An ambulance that is on its way goes by how urgent it was when it was called."""
    sent = State(risk=Risk.immediate_danger, harms=HURT, calls=("other.coming.by_999",))
    flags = [{"family": "grave", "heard": "she's had a seizure", "when": "unknown"}]
    worse: dict[str, Any] = {"urgent": True, "urgent_because": "a seizure", "flags": flags}
    heard = said(sent, "she's had a seizure", harms=["ambulance"], **worse).state
    assert advice(heard).turn_to[0].address == "999"


def test_a_child_who_was_hurt_today_is_to_be_seen_by_a_doctor() -> None:
    """Where nobody says that it is happening now there is a doctor all the same."""
    for harms, shown in ((HURT, True), ((), False)):
        state = State(risk=Risk.immediate_harm, harms=harms)
        card = danger_card(advice(state), state, handbook().phrases)
        assert shown == any("A&E today" in item.text for item in card.sections[0].items)


@each(("policy", "exit_"), product(IDS, (None, Exit.allegation)))
def test_a_card_for_a_child_who_was_hurt_keeps_to_its_budget(
    policy: str, exit_: Exit | None
) -> None:
    """Whoever else is told: what to do now has to be read at once."""
    heard = "somebody hurting a child or shutting them in (“childminder next door shook a baby”)"
    checked = "yes" if exit_ else None
    state = State(risk=Risk.immediate_harm, partnership=policy, harms=HURT, red_flag=heard)
    state = replace(state, exit=exit_, exit_check=checked)
    assert open_words(danger_card(advice(state), state, handbook().phrases)) <= ADVICE


@pytest.mark.parametrize(
    ("risk", "told", "begins"),
    [
        (Risk.immediate_danger, "police", "**Ring 999 again now"),
        (Risk.immediate_harm, "childrens_social_care", "**Ring whoever sent them again now"),
    ],
)
def test_whoever_is_in_the_wrong_place_is_told_the_right_one(
    risk: Risk, told: str, begins: str
) -> None:
    """They were not refused: what they need is the address. Who is next stands behind it."""
    state = State(risk=risk, calls=(f"{told}.coming", f"{told}.no_answer"))
    for elsewhere in (True, False):
        note = after_call_note(
            advice(state), state, handbook().phrases, told={"elsewhere": elsewhere}
        )
        text = handbook().phrases.say(note.name, **note.gaps)
        assert text.startswith(begins) is elsewhere
        assert advice(state).turn_to[0].do.rstrip(".") in text


def test_somebody_held_by_the_police_is_not_yet_help_for_the_child() -> None:
    """They may hold the man: who is with the child is another matter."""
    state = State(risk=Risk.immediate_danger, calls=("police.coming.here",))
    phrases = handbook().phrases
    note = after_call_note(advice(state), state, phrases, told={"they_hold": True})
    text = phrases.say(note.name, **note.gaps)
    assert "who is with the child now" in text
    assert "help is there" not in text


def test_only_news_that_sounds_like_less_is_said_to_change_no_risk() -> None:
    """A reply to "they want an answer now" does not speak of a risk that has changed."""
    now = advice(State(risk=Risk.immediate_harm))
    for text, less in (
        ("they want an answer now", False),
        ("her mum doesn't believe me", False),
        ("it's sorted, they've moved him", True),
        ("hes calmed down", True),
    ):
        note = crisis_note(now, Asked("inform", words=5, less=sounds_less(text)))
        told = handbook().phrases.say(note.name, **note.gaps)
        assert ("only they can decide" in told) is less, text
        assert "Tell them this news too" in told


def test_a_form_is_no_call() -> None:
    """Nobody may read it today, so it puts nobody behind them."""
    note = crisis_note(advice(State(risk=Risk.immediate_harm)), Asked("other", "wrote"))
    assert "ring as well" in handbook().phrases.say(note.name, **note.gaps)


def test_a_number_stands_for_the_same_answer_on_every_card() -> None:
    """Also once a call was told: who typed 4 for "no answer" types 4 again."""
    orders = set()
    for calls in ((), ("police.refused",), ("police.refused", "safeguarding_lead.made")):
        state = State(risk=Risk.immediate_harm, calls=calls, turning_to=str(CallTo.police))
        options = SPEC_OF[Question.calls_made].options(
            Menu(state, policies(), TODAY, handbook().phrases)
        )
        orders.add(tuple(option.title for option in options))
    assert len(orders) == 1


@pytest.mark.parametrize("risk", [Risk.immediate_danger, Risk.immediate_harm, Risk.unsure])
@pytest.mark.parametrize(
    "text", ["oops meant worried not danger", "not 1, 4", "i didnt mean to press that"]
)
def test_a_risk_that_was_not_meant_is_asked_again(risk: Risk, text: str) -> None:
    """However it is put; what they say instead answers nothing."""
    assert said(State(risk=risk), text).state.risk is None


def test_whoever_the_police_hold_is_asked_about_without_any_call() -> None:
    """An arrest that is told of is no call that somebody made."""
    note = crisis_note(advice(State(risk=Risk.immediate_danger)), Asked("inform", held=True))
    assert "who is with the child now" in handbook().phrases.say(note.name, **note.gaps)


def test_the_wrong_entrance_is_no_wish_to_change_an_answer() -> None:
    """It is news of whoever was sent."""
    sent = State(risk=Risk.immediate_danger, harms=HURT, calls=("other.coming.by_999",))
    told = [call(None, "no_answer")]
    heard = said(
        sent, "its gone to the wrong entrance", "change_answer", calls=told, elsewhere=True
    )
    assert heard.state.calls[-1] == "other.no_answer.by_999"
