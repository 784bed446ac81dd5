"""While somebody must act today: calls taken in, and who is next."""

from itertools import product

import pytest

from bot.core.cards.urgent import danger_card
from bot.core.conversation.calls import made_all, with_calls
from bot.core.conversation.crisis import (
    ANSWERED,
    Asked,
    after_call_note,
    crisis_note,
)
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import next_question
from bot.core.conversation.state import State
from bot.core.conversation.whom import ToldCall
from bot.core.vocabulary import CallOutcome, CallTo, Level, Risk
from tests.support.core import IDS, handbook, policies
from tests.support.crisis import URGENT, advice, call, reply, said

ASKS = (None, "help", "what_now", *sorted(ANSWERED))


@pytest.mark.parametrize(("risk", "outcome"), list(product(URGENT, CallOutcome)))
def test_a_call_is_kept_and_fills_no_other_answer(risk: Risk, outcome: CallOutcome) -> None:
    """Whom somebody rang is not whom they disagree with."""
    heard = said(
        State(risk=risk),
        "rang the police",
        calls=[call("police", str(outcome))],
        facts={"their_agency": "police", "my_agency": "housing"},
        agencies=["police"],
    )
    assert heard.state.calls == (f"police.{outcome}",)
    assert heard.state.their_agency is None
    assert heard.state.risk is risk
    assert not heard.missed


@pytest.mark.parametrize(
    ("to", "left"),
    [(None, ("police.made",)), ("police", ("childrens_social_care.refused",))],
)
def test_a_call_that_was_not_told_is_taken_back(to: str | None, left: tuple[str, ...]) -> None:
    """The calls to whoever is named, else the last; nothing else is made of the objection."""
    before = State(risk=Risk.immediate_harm, calls=("police.made", "childrens_social_care.refused"))
    back = {**call(to, "refused"), "taken_back": True}
    heard = said(before, "I never said they refused today", calls=[back], objects=True)
    assert heard.state.calls == left
    assert heard.state.risk is before.risk
    assert next_question(heard.state, policies()) is Question.calls_made


@pytest.mark.parametrize("text", ["asdf", "he's gone out", "", "why", "no idea mate"])
@pytest.mark.parametrize("risk", URGENT)
def test_nothing_is_not_understood_while_the_calls_are_open(risk: Risk, text: str) -> None:
    """No miss is counted, and the question stays open."""
    heard = said(State(risk=risk), text)
    assert not heard.missed
    assert heard.state.misses == 0
    assert next_question(heard.state, policies()) is Question.calls_made


@pytest.mark.parametrize(("asks", "intent"), list(product(ASKS, ["other", "help", "ask_wording"])))
@pytest.mark.parametrize("partnership", [None, *IDS])
def test_every_reply_names_who_is_next_in_few_words(
    partnership: str | None, asks: str | None, intent: str
) -> None:
    """Whatever is asked for: the next person, and at most 100 words."""
    state = State(risk=Risk.immediate_harm, partnership=partnership)
    told = advice(state)
    for words in (0, 9):
        note = crisis_note(told, Asked(intent, asks, words=words))
        text = handbook().phrases.say(note.name, **note.gaps)
        assert told.turn_to[0].do.rstrip(".") in text
        assert len(text.split()) <= 100


@pytest.mark.parametrize("outcome", CallOutcome)
@pytest.mark.parametrize("risk", URGENT)
def test_the_reply_to_a_call_is_whoever_is_next(risk: Risk, outcome: CallOutcome) -> None:
    """Not whoever was just called."""
    before = State(risk=risk)
    first = advice(before).turn_to[0]
    after = with_calls(before, [ToldCall(first.to, outcome)])
    note = after_call_note(advice(after), after, handbook().phrases)
    text = handbook().phrases.say(note.name, **note.gaps)
    assert first.do.rstrip(".") not in text
    assert advice(after).turn_to[0].do.rstrip(".") in text


@pytest.mark.parametrize("to", ["childrens_social_care", "their_manager", "own_manager", "other"])
@pytest.mark.parametrize("partnership", [None, *IDS])
def test_somebody_is_coming_and_999_is_still_to_be_rung(partnership: str | None, to: str) -> None:
    """In danger now: 999 first, and it is told who is on the way."""
    state = State(risk=Risk.immediate_danger, partnership=partnership)
    text = reply(with_calls(state, [ToldCall(CallTo(to), CallOutcome.coming)]))
    assert text.startswith("**Call 999 now, even though somebody is coming.**")
    assert "Say who is on the way too" in text


@pytest.mark.parametrize("outcome", CallOutcome)
def test_who_rang_101_in_danger_now_is_told_to_ring_999(outcome: CallOutcome) -> None:
    """They are not said to have rung 999, and the calls stay open."""
    told = ToldCall(CallTo.police, outcome, level=Level.practitioner)
    state = with_calls(State(risk=Risk.immediate_danger), [told])
    assert reply(state).startswith("**Call 999 now: 101 is not for danger now.**")
    card = danger_card(advice(state), state, handbook().phrases)
    assert card.title == handbook().phrases.say("card_title_emergency")
    others = [
        ToldCall(to, CallOutcome.made)
        for to in (CallTo.safeguarding_lead, CallTo.childrens_social_care)
    ]
    assert with_calls(state, others).calls_made is None


def test_what_comes_of_101_is_told_of_101() -> None:
    """After a call to 101, "they are coming" is no answer of 999."""
    rang = ToldCall(CallTo.police, CallOutcome.made, level=Level.practitioner)
    state = with_calls(State(risk=Risk.immediate_danger, turning_to="police"), [rang])
    after = with_calls(state, [ToldCall(None, CallOutcome.coming)])
    assert after.calls[-1] == "police.coming.practitioner"


def test_yes_after_somebody_was_told_is_that_the_calls_were_made() -> None:
    """Then it is the last question that was asked."""
    told = State(risk=Risk.immediate_harm, calls=("safeguarding_lead.made",))
    after = said(told, "yes", "affirm").state
    assert not after.is_now
    assert after.calls_made == "made"


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (Asked("inform", words=9), "crisis_news"),
        (Asked("inform", words=9, fact=True), "crisis_next"),
        (Asked("inform", asks="which_council", words=9), "crisis_which_council"),
        (Asked("ask_draft", words=9), "crisis_next"),
        (Asked("inform"), "crisis_next"),
    ],
)
def test_only_news_of_the_child_is_to_be_passed_on(asked: Asked, name: str) -> None:
    """A fact about the case, a wish and a button are none."""
    assert crisis_note(advice(State(risk=Risk.immediate_harm)), asked).name == name


def test_words_for_the_manager_are_words_for_the_manager() -> None:
    """Not for 999, which stands first in danger now."""
    state = State(risk=Risk.immediate_danger, calls=("childrens_social_care.refused",))
    asked = Asked("inform", asks="say", about=CallTo.their_manager, words=7)
    note = crisis_note(advice(state), asked)
    assert "manager on duty" in note.gaps["do"]
    assert "999" not in note.gaps["do"]


@pytest.mark.parametrize(
    ("risk", "agency", "calls"),
    [
        ("immediate_danger", None, {"police", "childrens_social_care", "safeguarding_lead"}),
        ("immediate_harm", None, {"childrens_social_care", "safeguarding_lead"}),
        ("immediate_harm", "childrens_social_care", {"safeguarding_lead"}),
        ("immediate_danger", "police", {"childrens_social_care", "safeguarding_lead"}),
    ],
)
def test_having_made_the_calls_means_those_that_were_asked_for(
    risk: str, agency: str | None, calls: set[str]
) -> None:
    """999 only in danger now, and nobody has rung themselves."""
    state = made_all(State(risk=Risk(risk), my_agency=agency))
    assert {told.partition(".")[0] for told in state.calls} == calls


def test_the_calls_are_made_once_everybody_who_comes_first_was_told() -> None:
    """In any order; a refusal opens the question again."""
    state = State(risk=Risk.immediate_harm)
    state = with_calls(state, [ToldCall(CallTo.childrens_social_care, CallOutcome.coming)])
    assert state.calls_made is None
    state = with_calls(state, [ToldCall(CallTo.safeguarding_lead, CallOutcome.made)])
    assert state.calls_made == "made"
    state = with_calls(state, [ToldCall(CallTo.childrens_social_care, CallOutcome.refused)])
    assert state.calls_made is None


@pytest.mark.parametrize("intent", ["affirm", "thank"])
@pytest.mark.parametrize("text", ["ok", "okay then", "right", "thanks"])
def test_noted_is_not_made(text: str, intent: str) -> None:
    """An "ok" says that something was read."""
    assert said(State(risk=Risk.immediate_harm), text, intent).state.calls_made is None


@pytest.mark.parametrize("text", ["I want to change my answer", "change an answer"])
def test_whoever_wants_to_change_an_answer_tells_of_no_call(text: str) -> None:
    """Though the ranker takes "answer" for one; a person who is named was rung."""
    calls = [call(None, "no_answer")]
    changed = said(State(risk=Risk.immediate_harm), text, "change_answer", calls=calls)
    assert changed.state.calls == ()
    rang = [call("police", "no_answer")]
    named = said(State(risk=Risk.immediate_harm), text, "change_answer", calls=rang)
    assert named.state.calls
