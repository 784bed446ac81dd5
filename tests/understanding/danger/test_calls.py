"""Calls told of in an emergency: to whom, and what came of them."""

import json
from pathlib import Path

import pytest

from bench import measure_understanding as measure
from bot.core.vocabulary import CallTo
from bot.understanding.danger.calls import (
    call_clauses,
    find_calls,
)
from bot.understanding.danger.people import whom_asked_about, whom_it_was
from tests.support.asked import broadly_asked

LINES = Path(__file__).parents[1] / "lines"
"""What practitioners type after "call 999 now", in batches of sealed lines."""
ENOUGH = {
    "crisis": 0.81,
    "crisis_second": 0.77,
    "crisis_fourth": 0.80,
    "crisis_fifth": 0.59,
    "crisis_sixth": 0.68,
    "crisis_seventh": 0.82,
}
"""The least share of lines whose every call is heard as it was meant. At first sight 0.52 of the
first batch, 0.72 of the second, 0.77 of the third, 0.71 of the fourth, 0.61 of the fifth, 0.69 of
the sixth and 0.83 of the seventh. Since the sixth, help has to be heard surely: that halved the
help that was supposed wrongly (17 lines of 790) and cost one of the fifth: a father came as the
police."""
ENOUGH_ASKED = {"crisis_sixth": 0.85}
"""What is asked for, likewise; elsewhere 0.90."""


def heard(text: str) -> list[str]:
    """Return the calls of a text as "police refused"."""
    return [f"{call.to} {call.outcome}" for call in measure.calls_told(text)]


@pytest.mark.parametrize(
    "text",
    [
        "csc said it's fine last week",
        "they told us last month that it was not their threshold",
        "csc refused in october",
        "mash turned us down two weeks ago",
        "rang csc last thursday, they refused",
        "social care refused the referral before half term",
        "csc said no. that was in september",
    ],
)
def test_what_was_refused_on_another_day_is_no_call_of_today(text: str) -> None:
    """A draft says that today's calls were made before it: no other belongs there."""
    assert heard(text) == []


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("i never said they refused today, that was in october", None),
        ("I didn't say csc refused", CallTo.childrens_social_care),
        ("they didn't refuse today", None),
        ("no, not today", None),
    ],
)
def test_a_call_that_was_not_told_is_taken_back(text: str, to: CallTo | None) -> None:
    """By whoever never said it, or not of today."""
    (call,) = measure.calls_told(text)
    assert call.taken_back
    assert call.to is to


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("rang 999 they said its civil", ["police refused"]),
        ("police said ring social care", ["police refused"]),
        ("ooh not picking up", ["childrens_social_care no_answer"]),
        ("told to wait til monday", ["None refused"]),
        ("they've said no what do i do", ["None refused"]),
        ("they're on their way", ["None coming"]),
        ("told my dsl", ["safeguarding_lead made"]),
        ("my line manager is on leave", ["own_manager no_answer"]),
        ("the team manager refused too", ["their_manager refused"]),
        ("ambulance coming", ["other coming"]),
        (
            "dsl voicemail. rang mash, they're sending somebody out",
            ["safeguarding_lead no_answer", "childrens_social_care coming"],
        ),
        ("told the police and social care", ["police made", "childrens_social_care made"]),
        ("wait til monday they said. that was edt", ["childrens_social_care refused"]),
        ("knocked it back. the duty social worker", ["childrens_social_care refused"]),
        ("999, dsl, both told", ["police made", "safeguarding_lead made"]),
        ("the duty inspector's phone is off", ["their_manager no_answer"]),
        ("a&e won't look at him", ["other refused"]),
        ("999 refused", ["police refused"]),
        ("said no again", ["None refused"]),
        ("nor will the duty manager", ["their_manager refused"]),
        ("rang social care, no reply", ["childrens_social_care no_answer"]),
        ("neither is my team leader", ["own_manager no_answer"]),
        ("the on-call phone rings out", ["own_manager no_answer"]),
        ("he won't either", ["None refused"]),
        ("nobody at my place picks up", ["safeguarding_lead no_answer", "own_manager no_answer"]),
        ("the lead is away today", ["safeguarding_lead no_answer"]),
        ("police told us ring mum", ["police refused"]),
        ("they said speak to her dad", ["None refused"]),
        ("still ringing out", ["None no_answer"]),
        ("rang back, still nobody", ["None no_answer"]),
        ("officers still haven't turned up", ["police no_answer"]),
        ("mash shut it", ["childrens_social_care refused"]),
        ("manager shut it too", ["None refused"]),
        ("knocked back", ["None refused"]),
        ("social care have agreed to go out tonight", ["childrens_social_care coming"]),
        (
            "social care refused, manager wouldn't speak to me",
            ["childrens_social_care refused", "None refused"],
        ),
        (
            "night staff in a children's home. 14yo went off with a man, edt say morning",
            ["childrens_social_care refused"],
        ),
    ],
)
def test_each_call_is_heard_with_what_came_of_it(text: str, calls: list[str]) -> None:
    """Whoever is named, or nobody, and the latest that is said of it."""
    assert heard(text) == calls


@pytest.mark.parametrize(
    "text",
    [
        "he's gone out",
        "mum says she'll stay at nan's",
        "should i ring the police",
        "i havent rung anyone",
        "she's locked herself in the bathroom",
        "what do i say to social care",
        "knocked over the drinks",
        "support worker at a hostel for families in bedford",
        "supervising social worker with a fostering charity in kent",
        "night worker in a childrens home in poole",
        "im a hospital social worker for adults",
        "s/w rang 16/11 no joy. TM emailed 18/11, nowt back",
        "EDT refused yesterday",
        "nobody has told the police",
        "staff have not reported it",
        "and the deputy?",
        "who's above them",
        "it is happening",
        "CSC",
        "the lads have gone off",
        "DSL in a junior school. x2 MARF NFA'd. spk ATM 11/11",
        "nobody is answering the door",
        "how long do they have",
        "how soon must they be here",
        "",
    ],
)
def test_news_and_questions_are_no_calls(text: str) -> None:
    """Nothing is supposed to have been done."""
    assert heard(text) == []


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("help", "help"),
        ("what now", "what_now"),
        ("they wont come who do i ring next", "what_now"),
        ("whats the number for the duty team", "number"),
        ("what do i say", "say"),
        ("what do i write down", "write_down"),
        ("whose social care do i ring", "which_council"),
        ("which council is it", "which_council"),
        ("what do i say to the manager", "say"),
        ("he's gone out", "left_somebody"),
        ("he did", "left_somebody"),
        ("dad has gone to the pub", "left_adult"),
        ("her boyfriend left ten minutes ago", "left_adult"),
        ("the adult", "left_adult"),
        ("the child", "left"),
        ("dad has left with the baby", None),
        ("mum has gone out", None),
        ("the lad has left the building", "left"),
        ("he's gone home to his dad", None),
        ("she's left with that man", None),
        ("who", "what_now"),
        ("which do i ring first", "what_now"),
        ("when", "how_long"),
        ("do i just wait here", "how_long"),
        ("why them", "why"),
        ("does his mum have to know", "consent"),
        ("should i get dads consent", "consent"),
        ("suppose ive got it all wrong", "doubt"),
        ("the edt no.", "number"),
        ("the duty worker said no", None),
    ],
)
def test_what_is_asked_for_is_heard(text: str, asks: str | None) -> None:
    """By its words, beside whatever else is told."""
    assert broadly_asked(text) == asks


@pytest.mark.long
@pytest.mark.parametrize("batch", ENOUGH)
def test_what_practitioners_type_in_an_emergency_is_heard(batch: str) -> None:
    """A call to nobody named counts as heard if its outcome is right."""
    lines = [
        json.loads(line) for line in (LINES / f"{batch}.jsonl").read_text("utf-8").splitlines()
    ]
    right = [line for line in lines if _same(line["calls"], line["text"])]
    asked = [line for line in lines if broadly_asked(line["text"]) == line["asks"]]
    assert len(right) >= ENOUGH[batch] * len(lines)
    assert len(asked) >= ENOUGH_ASKED.get(batch, 0.90) * len(lines)


@pytest.mark.parametrize(
    ("text", "was"),
    [
        ("nope, that was the police", "police None None"),
        ("its not the police its social care", "childrens_social_care None police"),
        ("it wasnt edt but the inspector", "police senior_manager childrens_social_care"),
        ("i meant my manager", "own_manager None None"),
        ("it was 101, not edt", "police practitioner childrens_social_care"),
        ("not my lead, the council", "childrens_social_care None safeguarding_lead"),
        ("it was social care who refused, not the police", "childrens_social_care None police"),
        ("it was my manager who rang them", None),
        ("no it was on tuesday", None),
        ("the police refused", None),
        ("wrong", None),
    ],
)
def test_whom_a_call_was_really_to_is_heard(text: str, was: str | None) -> None:
    """Whoever only rang, or a day, puts no call right."""
    right = whom_it_was(text)
    assert (f"{right.to} {right.level} {right.instead_of}" if right else None) == was


def test_the_manager_is_left_to_whom_the_guide_named() -> None:
    """Nobody is named by "the manager"; "their" and "my" say whose."""
    (call,) = measure.calls_told("i rang the manager, voicemail")
    assert (call.to, call.manager) == (None, True)
    assert heard("my manager isn't answering") == ["own_manager no_answer"]


def test_the_director_is_left_to_whom_the_guide_named() -> None:
    """Nobody is named by "the director" either: theirs and one's own are both on the ladder."""
    (call,) = measure.calls_told("the director isn't picking up")
    assert (call.to, call.manager) == (None, True)


@pytest.mark.parametrize(
    ("text", "put_off"),
    [
        ("they said ring in the morning", True),
        ("told to try again on monday", True),
        ("they said wait for the day team", True),
        ("they refused", False),
    ],
)
def test_to_be_put_off_until_an_office_opens_is_heard(text: str, *, put_off: bool) -> None:
    """Who keeps office hours is not the police."""
    (call,) = measure.calls_told(text)
    assert call.put_off is put_off


def test_a_second_refusal_says_that_it_is_one() -> None:
    """Whoever refused before is meant by "again"."""
    assert measure.calls_told("they refused again")[0].again
    assert not measure.calls_told("they refused")[0].again


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("what do i say to the manager", CallTo.their_manager),
        ("what shall i tell my manager", CallTo.own_manager),
        ("what do i say to social care", CallTo.childrens_social_care),
        ("what do i say", None),
    ],
)
def test_whom_to_say_it_to_is_heard(text: str, about: CallTo | None) -> None:
    """Words for somebody are words for them, and not for whoever comes first."""
    assert whom_asked_about(text) is about


@pytest.mark.parametrize(
    ("text", "clauses", "whole", "calls"),
    [
        ("rang edt, vivaldi", ["made 0.9", "none 0.5"], ("no_answer", 0.5), ["no_answer"]),
        ("edt just vivaldi", ["none 0.5"], ("no_answer", 0.7), ["no_answer"]),
        ("edt just vivaldi", ["none 0.5"], ("no_answer", 0.5), []),
        ("they wont come", ["refused 0.6"], ("none", 0.99), ["refused"]),
        ("they wont come", ["refused 0.6"], ("coming", 0.55), ["refused"]),
        ("they wont come", ["refused 0.9"], ("coming", 0.95), ["refused"]),
        ("told edt, police came", ["made 0.9", "coming 0.9"], ("made", 0.9), ["made", "coming"]),
        ("he is on the bed", ["none 0.6"], ("coming", 0.95), []),
    ],
)
def test_a_message_of_one_call_says_it_best_as_a_whole(
    text: str, clauses: list[str], whole: tuple[str, float], calls: list[str]
) -> None:
    """But a refusal is never lost by it, nor help supposed that nobody named sends."""
    said = (heard.split() for heard in clauses)
    answers = {
        clause: (outcome, float(share))
        for clause, (outcome, share) in zip(call_clauses(text), said, strict=True)
    }
    found = find_calls(text, answers, measure.TODAY, whole)
    assert [str(call.outcome) for call in found] == calls


def test_without_a_model_no_call_is_supposed() -> None:
    """What came of a call is learned: nothing is claimed where nobody can say."""
    assert find_calls("rang 999 they said its civil", {}, measure.TODAY) == ()


def _same(meant: list[dict[str, str]], text: str) -> bool:
    found = measure.calls_told(text)
    return len(found) == len(meant) and all(
        call.outcome == told["outcome"] and call.to in {None, told["to"]}
        for call, told in zip(found, meant, strict=True)
    )


@pytest.mark.parametrize(
    ("text", "to", "level"),
    [
        ("the sergeant refused", "police", "line_manager"),
        ("duty inspector says no", "their_manager", "senior_manager"),
        ("the superintendent refused as well", "police", "director"),
        ("tried the edt manager, no reply", "their_manager", "line_manager"),
        ("their head of service refused", "their_manager", "senior_manager"),
        ("police refused", "police", None),
        ("rang 101, they said no", "police", "practitioner"),
        ("999 said no", "police", None),
    ],
)
def test_the_rung_of_whoever_was_reached_is_heard(text: str, to: str, level: str | None) -> None:
    """By their title, so that the next one up is asked for."""
    (call,) = measure.calls_told(text)
    assert (call.to, call.level) == (to, level)


@pytest.mark.parametrize(
    ("text", "to"),
    [
        ("they arrived", None),
        ("they're here now", None),
        ("police came", "police"),
        ("paramedics are with her", "other"),
        ("the social worker turned up", "childrens_social_care"),
        ("officers are at the house", "police"),
    ],
)
def test_that_somebody_is_there_is_heard(text: str, to: str | None) -> None:
    """They are no longer awaited."""
    (call,) = measure.calls_told(text)
    assert (call.to, call.outcome, call.here) == (to, "coming", True)


@pytest.mark.parametrize(
    "text",
    [
        "mash have been informed, by telephone, 16.52",
        "they will let this child die and then have a lessons learned meeting",
        "any number for the emergency team in leeds, i'm stuck at the bus station with him",
    ],
)
def test_no_help_is_supposed_that_nobody_promised(text: str) -> None:
    """To have told somebody, to be angry or to be waiting is no help that comes."""
    assert all(call.outcome != "coming" for call in measure.calls_told(text))


@pytest.mark.parametrize("text", ["they're on their way", "they are sending somebody", "rang 999"])
def test_who_is_still_to_come_is_not_there(text: str) -> None:
    """However sure it is."""
    (call,) = measure.calls_told(text)
    assert not call.here


@pytest.mark.parametrize(
    "text",
    [
        "The police let dad out with no bail conditions and he is driving to mum's now",
        "The officer on the case disagrees with me and dad is on his way with petrol",
        "Police bailed stepdad this morning and he is at the school gate trying to take her",
        "Police dropped the case and he's in the house with them now",
    ],
)
def test_a_father_who_comes_is_no_help_that_comes(text: str) -> None:
    """Else 999 would be taken for called, and would not be said."""
    assert "police coming" not in heard(text)
    assert "police made" not in heard(text)


def test_whoever_was_told_may_come_as_he_or_she() -> None:
    """A social worker who is on her way is help, unless somebody of the family was spoken of."""
    assert heard("told the duty social worker, she's coming out now")[-1].endswith("coming")
