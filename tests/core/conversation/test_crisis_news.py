"""While somebody must act today: who refused is put right, a child leaves, somebody is accused."""

from typing import Any

import pytest
from msgspec.structs import replace

from bot.core.conversation.answers import choose
from bot.core.conversation.calls import made_all, with_calls
from bot.core.conversation.crisis import Asked, crisis_note
from bot.core.conversation.questions.spec import Question
from bot.core.conversation.questions.table import next_question
from bot.core.conversation.state import State, call_told, facts_of
from bot.core.conversation.whom import ToldCall
from bot.core.handbook.topics import Topic
from bot.core.letters.drafting import DraftRequest, Kind, LetterCase, write_draft
from bot.core.rules.advice import advise
from bot.core.vocabulary import CallOutcome, CallTo, Child, Exit, Risk
from bot.letters.files import letters
from tests.support.core import IDS, TODAY, handbook, policies
from tests.support.crisis import URGENT, advice, call, reply, said

CORRECTED = [
    (("childrens_social_care.refused",), {"to": "police"}, ("police.refused",)),
    (
        ("police.refused", "safeguarding_lead.made"),
        {"to": "childrens_social_care"},
        ("childrens_social_care.refused", "safeguarding_lead.made"),
    ),
    (
        ("police.no_answer", "own_manager.refused"),
        {"to": "childrens_social_care", "instead_of": "police"},
        ("childrens_social_care.no_answer", "own_manager.refused"),
    ),
    (
        ("police.refused",),
        {"to": "police", "level": "practitioner"},
        ("police.refused.practitioner",),
    ),
]


@pytest.mark.parametrize(("before", "was", "after"), CORRECTED)
@pytest.mark.parametrize("risk", URGENT)
def test_who_refused_is_put_right(
    risk: Risk, before: tuple[str, ...], was: dict[str, str], after: tuple[str, ...]
) -> None:
    """What came of it stays, no other answer changes, and whoever it was not is open again."""
    state = State(risk=risk, calls=before, their_agency="health")
    heard = said(state, "wrong, it was them", call_was=was, objects=True).state
    assert heard.calls == after
    assert replace(heard, calls=before) == state
    if call_told(after[-1]).outcome is not CallOutcome.made and "level" not in was:
        assert "I have changed it" in reply(heard, {"call_was": was})


def test_nobody_is_put_right_before_a_call_is_told() -> None:
    """That it was the police who refused is then news like any other."""
    told: dict[str, Any] = {"call_was": {"to": "police"}, "calls": [call("police", "refused")]}
    assert said(State(risk=Risk.immediate_harm), "it was the police", **told).state.calls == (
        "police.refused",
    )


def test_who_is_on_the_telephone_now_puts_no_earlier_call_right() -> None:
    """They tell something new, so both calls stand."""
    told: dict[str, Any] = {"call_was": {"to": "police"}, "calls": [call("police", "coming")]}
    state = State(risk=Risk.immediate_harm, calls=("childrens_social_care.refused",))
    assert said(state, "that was the police, they're coming", **told).state.calls == (
        "childrens_social_care.refused",
        "police.coming",
    )


@pytest.mark.parametrize("risk", [Risk.immediate_harm, Risk.unsure])
def test_a_child_who_left_is_news_and_no_new_alarm(risk: Risk) -> None:
    """Those who act today are told, and 999 is said for whoever may not be safe there."""
    state = State(risk=risk)
    sounds: dict[str, Any] = {"urgent": True, "urgent_because": "x", "asks": "left"}
    unnamed = [{"family": "sounds_like_danger", "heard": "", "when": "now"}]
    heard = said(state, "she's gone out", flags=unnamed, **sounds).state
    assert heard.red_flag is None
    note = crisis_note(advice(heard), Asked("inform", "left", words=3))
    text = handbook().phrases.say(note.name, **note.gaps)
    assert text.startswith("**Tell your designated safeguarding lead")
    assert "call 999 now" in text
    missing = [{"family": "missing", "heard": "run off", "when": "now"}]
    assert said(state, "she's run off", flags=missing, **sounds).state.danger_now


@pytest.mark.parametrize("named", ["boy", "other"])
def test_a_second_child_does_not_take_over_the_alarm_of_the_first(named: str) -> None:
    """It stays with the child it was told of; the calls come first, and then the other's risk."""
    told: dict[str, Any] = {"urgent": True, "urgent_because": "x", "children": ["girl", "boy"]}
    alarm = said(State(), "the girl was hit, the boy is fine", child_in_danger="girl", **told).state
    assert alarm.child is Child.girl
    other = said(alarm, "now the boy", which_child=named)
    assert other.state == alarm
    assert [note.name for note in other.notes] == ["note_other_child_after_calls"]
    called = choose(alarm, "calls_made", "made", policies()).state
    asked = said(called, "now the boy", which_child=named)
    assert asked.state.child is Child.girl


@pytest.mark.parametrize("risk", URGENT)
def test_an_allegation_told_while_somebody_must_act_never_goes_to_the_accused(risk: Risk) -> None:
    """It is no call to the head either, and nobody is told to tell them; unless they say no."""
    before = State(risk=risk, my_agency="education")
    own = call("own_manager", "made")
    alarm: dict[str, Any] = {"urgent": True, "urgent_because": "harm (“hit him”)"}
    for danger in ({}, alarm):
        heard = said(before, "its the head", exit="allegation", accuses=True, calls=[own], **danger)
        assert heard.state.calls == ()
        asked = [who.do for who in advice(heard.state).turn_to]
        assert not [do for do in asked if do.startswith("Tell your designated safeguarding lead")]
        assert any("if it is about them, the chair of governors" in do for do in asked)
        made = said(heard.state, "rang 999", calls=[call("police", "made")]).state
        assert facts_of(made, policies()).exit is Exit.allegation
        refused = replace(heard.state, exit_check="no")
        assert facts_of(refused, policies()).exit is None


@pytest.mark.parametrize("risk", URGENT)
def test_with_an_allegation_against_the_head_the_chair_of_governors_comes_first(risk: Risk) -> None:
    """Nobody is told to begin with the head and to read on; if it is somebody else, they are."""
    before = State(risk=risk, my_agency="education")
    told = said(before, "the head did it", exit="allegation", accuses=True, about_whom="head").state
    own = [who.do for who in advice(told).turn_to if who.to is CallTo.own_manager]
    assert own[0].startswith("Tell the chair of governors")
    assert not any("your head" in who.do for who in advice(told).turn_to)
    other = said(told, "no its the dsl", about_whom="lead").state
    assert advice(other).turn_to != advice(told).turn_to


def test_with_an_allegation_the_calls_are_to_whoever_is_above_the_accused() -> None:
    """And not to the lead: nothing is written down of a call that was not asked for."""
    alleged = State(risk=Risk.immediate_harm, exit=Exit.allegation)
    told = [call_told(held).to for held in made_all(alleged).calls]
    assert told == [CallTo.childrens_social_care, CallTo.own_manager]


@pytest.mark.parametrize("risk", [Risk.immediate_danger, Risk.immediate_harm])
def test_calls_told_all_at_once_are_written_down_in_nobodys_name(risk: Risk) -> None:
    """Advice goes on from "I've made the calls"; a draft claims only a call told by itself."""
    state = made_all(State(partnership="pan_bedfordshire", risk=risk, my_agency="housing"))
    told = with_calls(state, [ToldCall(CallTo.safeguarding_lead, CallOutcome.made)])
    assert len(told.calls) == len(state.calls)
    for held, claims in ((state, False), (told, True)):
        facts = facts_of(held, policies())
        policy = held.policy(policies())
        made = advise(facts, policy, TODAY, handbook())
        assert made.turn_to[0].to not in {CallTo.safeguarding_lead, CallTo.childrens_social_care}
        draft = write_draft(
            DraftRequest(Kind.email), LetterCase(facts, policy, made, TODAY), letters()
        )
        assert ("my safeguarding lead (told)" in draft.body) is claims
        assert "children's social care (told)" not in draft.body
        assert "the police (told)" not in draft.body


@pytest.mark.parametrize("risk", [None, Risk.concern, Risk.no_harm])
@pytest.mark.parametrize("partnership", [None, *IDS])
@pytest.mark.parametrize("text", ["no", "nope", "n", "not yet", "no, not rung them", "havent yet"])
def test_no_and_not_yet_leave_what_was_heard_for_today(
    text: str, partnership: str | None, risk: Risk | None
) -> None:
    """However often it is said: it may be of the calls, and no harm now is not no harm today."""
    state = State(risk=risk, partnership=partnership, red_flag="a belt", danger_now=False)
    heard = said(state, text, intent="deny")
    assert [note.name for note in heard.notes] == ["note_calls_not_made"]
    again = said(heard.state, text, intent="deny").state
    assert (again.risk, again.red_flag, again.calls_made) == (risk, "a belt", None)
    assert next_question(again, policies()) is Question.calls_made


@pytest.mark.parametrize("danger_now", [True, False])
def test_what_was_heard_is_said_again_where_it_is_not_happening_now(
    *,
    danger_now: bool,
) -> None:
    """Before the risk is asked about: not happening now is not the same as no risk."""
    heard = State(red_flag="a belt this morning", danger_now=danger_now)
    typed = said(heard, "no it isnt happening now", intent="not_happening_now")
    pressed = choose(heard, "calls_made", "not_now", policies())
    for calmed in (typed, pressed):
        assert next_question(calmed.state, policies()) is Question.risk
        [note] = calmed.notes
        assert note.name == "note_still_for_today"
        told = handbook().phrases.say(note.name, **note.gaps)
        assert "a belt this morning" in told
        assert "for today" in told


SOUNDS = [{"family": "sounds_like_danger", "heard": "", "when": "now"}]


@pytest.mark.parametrize("partnership", [None, *IDS])
@pytest.mark.parametrize("risk", URGENT)
@pytest.mark.parametrize(
    ("asks", "said_of_it", "never"),
    [
        ("take_child", ["not take the child to your own home", "court order", "999"], "permission"),
        ("left_adult", ["who has left", "may come back", "999"], "when the child left"),
        ("left_somebody", ["Who has gone, the child or the adult?", "999"], "when the child left"),
    ],
)
def test_who_left_and_taking_a_child_home_have_an_answer_and_are_no_new_alarm(
    asks: str, said_of_it: list[str], never: str, risk: Risk, partnership: str | None
) -> None:
    """Whoever is next stands first; nobody is told to do it, or that it is the child who left."""
    state = State(risk=risk, partnership=partnership)
    heard = said(state, "x", asks=asks, urgent=True, urgent_because="x", flags=SOUNDS).state
    assert heard == state
    first = advice(heard)
    note = crisis_note(first, Asked("ask_confidence", asks, words=6, topic=Topic.permission))
    text = handbook().phrases.say(note.name, **note.gaps)
    assert text.startswith(f"**{first.turn_to[0].do.rstrip('.')}")
    assert all(part in text for part in said_of_it)
    assert never not in text


@pytest.mark.parametrize("partnership", [None, *IDS])
@pytest.mark.parametrize("risk", URGENT)
@pytest.mark.parametrize("case", ["head", "conflict"])
def test_with_the_head_or_their_friends_accused_the_lado_comes_before_any_service(
    case: str, risk: Risk, partnership: str | None
) -> None:
    """The chair first where nobody is close to the head; and a LADO who does not answer is past."""
    state = State(
        risk=risk, partnership=partnership, my_agency="education", exit=Exit.allegation,
        calls=("police.made",) if risk is Risk.immediate_danger else (),
    )  # fmt: skip
    own = [call("own_manager", "refused")]
    nobody = {"worry": "nobody_there"}
    named: dict[str, Any] = {"about_whom": case, "accuses": case == "head", "own_side": nobody}
    told = said(state, "x", calls=own, **named).state
    assert told.calls == state.calls, "who somebody is tells of no call"
    roles = [who.role for who in advice(told).turn_to]
    lado = next(at for at, role in enumerate(roles) if "LADO" in role)
    before = [role for role in roles[:lado] if role != "Children's social care"]
    assert all("chair of governors" in role for role in before)
    assert len(before) == (1 if case == "head" else 0)
    assert not any("your head" in who.do for who in advice(told).turn_to)
    silent = with_calls(told, [ToldCall(CallTo.other, CallOutcome.no_answer)])
    left = [who.role for who in advice(silent).turn_to]
    assert not any("LADO" in role for role in left)
    assert left != roles


def test_that_somebody_is_close_to_the_head_leaves_the_head_accused() -> None:
    """What is added does not take back whom it is about."""
    state = State(risk=Risk.immediate_harm, exit=Exit.allegation, head_accused=True)
    told = said(state, "the chair is his brother", about_whom="conflict").state
    assert (told.head_accused, told.conflict) == (True, True)


@pytest.mark.parametrize("to", ["childrens_social_care", "safeguarding_lead", "police"])
def test_still_on_hold_is_the_same_call(to: str) -> None:
    """Nobody else is said not to have answered; another outcome, or somebody named, is news."""
    state = replace(State(risk=Risk.immediate_harm), turning_to="childrens_social_care")
    silent = replace(state, calls=(f"{to}.no_answer",))
    still = ToldCall(None, CallOutcome.no_answer, again=True)
    assert with_calls(silent, [still]) == silent
    assert with_calls(silent, [still._replace(outcome=CallOutcome.refused)]) != silent
    assert with_calls(silent, [still._replace(to=CallTo.own_manager)]) != silent
    assert with_calls(state, [still]) != state


@pytest.mark.parametrize("partnership", [None, *IDS])
@pytest.mark.parametrize("risk", URGENT)
@pytest.mark.parametrize(
    ("asks", "said_of_it"),
    [("safe", "I cannot say that a child is safe"), ("above", "Next above whoever you rang")],
)
def test_whether_the_child_is_safe_and_who_is_above_have_an_answer(
    asks: str, said_of_it: str, risk: Risk, partnership: str | None
) -> None:
    """Whoever is next stands in it, and what comes after them."""
    first = advice(State(risk=risk, partnership=partnership))
    note = crisis_note(first, Asked("inform", asks, words=4))
    text = handbook().phrases.say(note.name, **note.gaps)
    assert said_of_it in text
    assert first.turn_to[0].do.rstrip(".") in text
    assert first.turn_to[1].do in text
