"""While somebody must act today: calls taken in, who is next, and buttons of older cards."""

from itertools import product
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.core.cards.urgent import danger_card
from bot.core.conversation.answers import SAFETY, choose, press
from bot.core.conversation.calls import OUTCOMES, ToldCall, made_all, with_calls
from bot.core.conversation.crisis import (
    ANSWERED,
    Asked,
    after_call_note,
    crisis_note,
)
from bot.core.conversation.questions.spec import Menu, Question
from bot.core.conversation.questions.table import next_question, options
from bot.core.conversation.recap import recap
from bot.core.conversation.state import State
from bot.core.vocabulary import URGENT_RISKS, Agency, CallOutcome, CallTo, Level, Risk
from tests.support.core import IDS, TODAY, handbook, policies
from tests.support.crisis import URGENT, advice, call, reply, said
from tests.support.rounds import rounds

GRAVEST_FIRST = list(Risk)
SOCIAL_CARE = "childrens_social_care"
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


@pytest.mark.parametrize("outcome", ["refused", "no_answer"])
def test_whom_they_are_taken_to_be_is_said(outcome: str) -> None:
    """Once the lead was told, "they" are who is to be rung next, and that can be put right."""
    state = State(
        risk=Risk.immediate_danger,
        calls=("police.coming", "safeguarding_lead.made"),
        turning_to=SOCIAL_CARE,
    )
    after = said(state, "they've said no", calls=[call(None, outcome)]).state
    assert after.calls[-1] == f"{SOCIAL_CARE}.{outcome}"
    assert "“they” to be children's social care" in reply(after, {"calls": [call(None, outcome)]})
    assert "“they”" not in reply(after, {"calls": [call("police", outcome)]})


def test_they_are_whoever_was_to_act_last() -> None:
    """Else whoever stands first; with neither, nobody is supposed."""
    coming = State(risk=Risk.immediate_harm, calls=("police.coming", "childrens_social_care.made"))
    assert with_calls(coming, [ToldCall(None, CallOutcome.refused)]).calls[-1] == "police.refused"
    told = State(risk=Risk.immediate_harm, turning_to="safeguarding_lead")
    assert with_calls(told, [ToldCall(None, CallOutcome.no_answer)]).calls == (
        "safeguarding_lead.no_answer",
    )
    assert (
        with_calls(State(risk=Risk.immediate_harm), [ToldCall(None, CallOutcome.refused)]).calls
        == ()
    )


@pytest.mark.parametrize("about", ["safeguarding_lead", "own_manager"])
def test_without_ones_own_lead_whoever_is_next_is_rung(about: str) -> None:
    """With "DSL off sick, may I ring?" the lead counts as not answering."""
    state = State(risk=Risk.immediate_harm, turning_to=about)
    heard = said(state, "dsl off sick", own_side={"worry": "nobody_there"}, asks_about=about).state
    assert heard.calls == (f"{about}.no_answer",)
    assert heard.risk is Risk.immediate_harm


@pytest.mark.parametrize("outcome", [CallOutcome.refused, CallOutcome.no_answer])
@pytest.mark.parametrize(
    ("text", "meant"),
    [("they wont help", "childrens_social_care"), ("they wont come now", "police")],
)
def test_they_are_whoever_is_to_be_rung_next_once_the_lead_was_told(
    text: str, meant: str, outcome: CallOutcome
) -> None:
    """999 is coming and the lead knows: only who was to come is meant by not coming."""
    state = State(
        risk=Risk.immediate_danger,
        calls=("police.coming", "safeguarding_lead.made"),
        turning_to="childrens_social_care",
    )
    after = said(state, text, calls=[call(None, outcome)]).state
    assert after.calls[-1] == f"{meant}.{outcome}"


@pytest.mark.parametrize(
    ("calls", "turning_to", "meant"),
    [
        (("childrens_social_care.refused",), "childrens_social_care", "childrens_social_care"),
        (("childrens_social_care.refused",), "safeguarding_lead", "their_manager"),
        ((), "own_manager", "own_manager"),
        ((), "police", "own_manager"),
    ],
)
def test_the_manager_is_whoever_the_guide_named(
    calls: tuple[str, ...], turning_to: str, meant: str
) -> None:
    """Else a manager of whoever did not act; a call to one is never lost."""
    state = State(risk=Risk.immediate_harm, calls=calls, turning_to=turning_to)
    told = ToldCall(None, CallOutcome.no_answer, manager=True)
    assert with_calls(state, [told]).calls[-1] == f"{meant}.no_answer"


def test_who_refuses_again_is_who_refused() -> None:
    """Not the police, who stand first and were never asked."""
    state = State(
        risk=Risk.immediate_danger, calls=("childrens_social_care.refused",), turning_to="police"
    )
    again = ToldCall(None, CallOutcome.refused, again=True)
    assert with_calls(state, [again]).calls[-1] == "childrens_social_care.refused"
    assert with_calls(state, [again._replace(again=False)]).calls[-1] == "police.refused"


@pytest.mark.parametrize(
    ("calls", "turning_to", "meant"),
    [
        (("childrens_social_care.made", "police.made"), "safeguarding_lead", SOCIAL_CARE),
        (("childrens_social_care.refused",), "police", SOCIAL_CARE),
        ((), "police", SOCIAL_CARE),
        (("police.made",), "police", "police"),
        ((), "safeguarding_lead", "safeguarding_lead"),
    ],
)
def test_who_puts_off_until_the_morning_is_social_care(
    calls: tuple[str, ...], turning_to: str, meant: str
) -> None:
    """The police keep no office hours, unless nobody else was asked."""
    state = State(risk=Risk.immediate_danger, calls=calls, turning_to=turning_to)
    told = ToldCall(None, CallOutcome.refused, put_off=True)
    assert with_calls(state, [told]).calls[-1] == f"{meant}.refused"


def test_so_did_the_manager_is_what_came_of_the_call_before() -> None:
    """It is no call that was only made."""
    refused = State(risk=Risk.immediate_harm, calls=("childrens_social_care.refused",))
    likewise = ToldCall(CallTo.their_manager, CallOutcome.made, again=True)
    assert with_calls(refused, [likewise]).calls[-1] == "their_manager.refused"
    alone = State(risk=Risk.immediate_harm)
    assert with_calls(alone, [likewise]).calls == ("their_manager.made",)


@pytest.mark.parametrize(
    "text", ["yes", "Yes, now", "it is happening", "yes it is", "still going on"]
)
@pytest.mark.parametrize("intent", ["affirm", "other", "not_happening_now"])
@pytest.mark.parametrize("calls", [(), ("childrens_social_care.refused",)])
def test_yes_it_is_happening_is_danger_now(text: str, intent: str, calls: tuple[str, ...]) -> None:
    """The card asks it. Nobody takes it for calls that were made."""
    for state in (State(risk=Risk.immediate_harm), State(red_flag="covered in bruises")):
        after = said(msgspec.structs.replace(state, calls=calls), text, intent).state
        assert after.is_now
        assert after.calls_made is None


def test_yes_after_somebody_was_told_is_that_the_calls_were_made() -> None:
    """Then it is the last question that was asked."""
    told = State(risk=Risk.immediate_harm, calls=("safeguarding_lead.made",))
    after = said(told, "yes", "affirm").state
    assert not after.is_now
    assert after.calls_made == "made"


def test_the_name_of_an_agency_alone_is_no_call() -> None:
    """Nor is anybody called who is only asked about."""
    state = State(risk=Risk.immediate_harm, turning_to="police")
    named = said(state, "CSC", "called_for_help", is_name_alone=True).state
    asked = said(state, "who's above them", calls=[call(None, "made")], asks="what_now").state
    assert (named.calls, named.calls_made) == (asked.calls, asked.calls_made) == ((), None)


def test_what_is_told_before_the_guide_has_named_anybody_is_about_nobody() -> None:
    """A referral sent back is no call to the police, who stand first."""
    alarm: dict[str, Any] = {
        "urgent": True,
        "urgent_because": "a knife",
        "calls": [call(None, "refused")],
    }
    assert said(State(), "referral sent back, he has a knife", "other", **alarm).state.calls == ()


@pytest.mark.parametrize("risk", URGENT)
@pytest.mark.parametrize("partnership", [None, *IDS])
@pytest.mark.parametrize("agency", [None, *Agency])
def test_whoever_social_care_refused_keeps_a_lead_and_its_managers(
    agency: str | None, partnership: str | None, risk: Risk
) -> None:
    """A children's home that was taken for social care too: its duty team is another."""
    state = State(
        risk=risk,
        partnership=partnership,
        my_agency=agency,
        calls=("childrens_social_care.refused",),
    )
    told = advice(state).turn_to
    assert CallTo.safeguarding_lead in {who.to for who in told}
    assert CallTo.childrens_social_care in {who.to for who in told[:2]}


def test_whoever_disagrees_with_social_care_is_not_its_duty_team() -> None:
    """Their own agency is in doubt while somebody must act, and only then."""
    mine = State(my_agency="childrens_social_care", their_agency="childrens_social_care")
    assert mine.own_agency is Agency.childrens_social_care
    assert replace(mine, risk=Risk.immediate_harm).own_agency is None
    police = replace(mine, risk=Risk.immediate_harm, their_agency="police")
    assert police.own_agency is Agency.childrens_social_care


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


def test_a_refusal_and_a_question_are_no_new_alarm() -> None:
    """Only words of danger bring the card again."""
    state = State(risk=Risk.immediate_harm)
    refused = said(
        state, "edt said monday", urgent=True, urgent_because="x", calls=[call(None, "refused")]
    )
    assert refused.state.red_flag is None
    news = said(state, "he's gone out", urgent=True, urgent_because="x", flags=[])
    assert news.state.red_flag is None
    flag = {"family": "assault", "heard": "hitting her", "when": "now"}
    again = said(state, "he's hitting her now", urgent=True, urgent_because="x", flags=[flag])
    assert again.state.danger_now


# Buttons of older cards


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


# Objections and numbers


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


@pytest.mark.parametrize("when", ["today", "recent", "past", "unknown"])
@pytest.mark.parametrize("stated", [None, *Risk])
def test_danger_now_stays_so_whatever_else_is_told(stated: Risk | None, when: str) -> None:
    """Bruises of last week, told while somebody is hitting a child, make it no less."""
    state = State(risk=stated, red_flag="hitting her right now", danger_now=True)
    flag = {"family": "injury", "heard": "bruises last week", "when": when}
    told = said(state, "he had bruises", urgent=True, urgent_because="bruises", flags=[flag]).state
    assert told.danger_now
    assert told.red_flag == "hitting her right now"
    assert told.with_heard_risk().risk is Risk.immediate_danger


@pytest.mark.parametrize("text", ["I want to change my answer", "change an answer"])
def test_whoever_wants_to_change_an_answer_tells_of_no_call(text: str) -> None:
    """Though the ranker takes "answer" for one; a person who is named was rung."""
    calls = [call(None, "no_answer")]
    changed = said(State(risk=Risk.immediate_harm), text, "change_answer", calls=calls)
    assert changed.state.calls == ()
    rang = [call("police", "no_answer")]
    named = said(State(risk=Risk.immediate_harm), text, "change_answer", calls=rang)
    assert named.state.calls


@pytest.mark.parametrize("told", [risk for risk in Risk if risk not in URGENT_RISKS])
@pytest.mark.parametrize("stated", [None, Risk.concern, Risk.no_harm])
def test_what_was_heard_is_not_held_against_whoever_says_it_is_less(
    stated: Risk | None, told: Risk
) -> None:
    """A red flag that was heard ends with "worried, not immediate": that is the risk, said back."""
    heard = State(risk=stated, red_flag="low weight", danger_now=True)
    answer = said(heard, "worried, not immediate", facts={"risk": str(told)})
    assert "risk" in answer.filled
    after = answer.state
    assert after.red_flag is None
    assert after.risk is min(filter(None, (stated, told)), key=GRAVEST_FIRST.index)
    assert not after.danger_now


@pytest.mark.parametrize("stated", URGENT)
@pytest.mark.parametrize("told", [risk for risk in Risk if risk not in URGENT_RISKS])
def test_a_stated_urgent_risk_is_not_lowered_by_a_word(stated: Risk, told: Risk) -> None:
    """Whoever stated it is asked again before anything less is believed."""
    for flag in (None, "a knife"):
        before = State(risk=stated, red_flag=flag)
        assert said(before, "just worried", facts={"risk": str(told)}).state.risk in {stated, None}


@pytest.mark.parametrize("partnership", [None, *IDS])
@pytest.mark.parametrize("mine", [None, *Agency])
def test_the_urgent_card_names_ones_own_lead_until_they_were_told(
    partnership: str | None, mine: Agency | None
) -> None:
    """Whoever else refused or did not answer before, and whoever comes first for it."""
    for risk, told_call in product(URGENT, ("", "police.refused", f"{SOCIAL_CARE}.no_answer")):
        state = State(
            risk=risk,
            red_flag="a weapon",
            partnership=partnership,
            my_agency=mine,
            calls=(told_call,) if told_call else (),
        )
        told = advice(state)
        lead = [who.do for who in told.turn_to if who.to is CallTo.safeguarding_lead]
        card = danger_card(told, state, handbook().phrases)
        steps = {item.text for item in card.sections[0].items}
        assert set(lead[:1]) <= steps, (risk, told_call)
        # A call to one's own agency was to its lead.
        assert lead or told_call.startswith(str(mine)), (risk, told_call)


@pytest.mark.parametrize("partnership", [None, *IDS])
def test_who_must_report_fgm_themselves_is_told_so_at_once(partnership: str | None) -> None:
    """Telling one's lead does not do it; of any other danger nothing of the kind is said."""
    phrases = handbook().phrases
    duty = phrases.say("card_step_fgm")
    for flag, practice in (("FGM, forced marriage (“she has had FGM”)", True), ("a weapon", False)):
        for risk in URGENT:
            state = State(risk=risk, red_flag=flag, partnership=partnership)
            card = danger_card(advice(state), state, phrases)
            found = [item for item in card.sections[0].items if item.text == duty]
            assert bool(found) is practice
            assert all(item.source and item.source.section == "Duties to report" for item in found)


@pytest.mark.parametrize("risk", URGENT)
def test_done_is_about_whoever_stood_first(risk: Risk) -> None:
    """Each time the next in line, also on a second rung of the same service."""
    state = State(risk=risk, my_agency="education", level="senior_manager")
    firsts = []
    for _ in range(6):
        first = advice(state).turn_to[0]
        firsts.append(first.do)
        state = with_calls(
            replace(state, turning_to=str(first.to)), [ToldCall(None, CallOutcome.made)]
        )
    assert len(set(firsts)) == len(firsts)
    again = with_calls(
        replace(state, turning_to="other"), [ToldCall(CallTo(SOCIAL_CARE), CallOutcome.made)]
    )
    assert again == replace(state, turning_to="other")


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
