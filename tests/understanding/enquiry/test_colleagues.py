"""Whom to tell about somebody who works with children, and who reports FGM: asked and answered."""

import pytest

from bench.measure_understanding import reader
from bot.core.conversation.state import State
from bot.core.enquiry.scope import as_it_is_meant
from bot.core.handbook.topics import Topic
from bot.understanding.enquiry.colleagues import (
    find_accused,
    tells_of_a_childs_act,
    tells_of_misconduct,
)
from tests.support.each import each

ACCUSED = [
    "my dsl is the one who hurt her, primary in dover, she has a burn",
    "our safeguarding lead was caught slapping a boy",
    "its the head whos hitting them",
    "the allegation concerns my own line manager",
    "it was our principal who did this",
    "my supervisor shook a baby at nursery this morning",
    "a TA kicked a year 3",
    "she says she was touched by her teacher",
    "a colleague of mine threw a toddler",
    "the person doing it is my team manager",
    "our dsl is the one i saw groping a girl, the head is away",
    "it's the deputy head, we caught her slapping a toddler",
    "the nursery manager who i saw hit a child",
    "the room leader force-feeds the toddlers",
    "our manager pinches their noses so they swallow",
    "a colleague admitted hes been watching videos of young girls",
    "the caretaker keeps downloading indecent images",
    "my manager, who is also the designated lead, ties toddlers to chairs",
    "the scout leader is our safeguarding lead and hes the one touching the cubs",
    "our dsl smokes weed with the pupils",
    "the football coach buys them beers",
    "a club leader has the boys sleeping over",
    "another leader shared a tent with one of the cubs",
    "our head teacher texted a pupil nudes",
    "a TA at my school told me she slapped her own kid last night",
    "a colleague admitted he hits his own children",
    "police officer who came out to the family has been texting the mum, who is 17",
    "a surgeon was charged with making indecent images of children",
    "a police officer keeps texting a 15 year old",
]
ONLY_TELLS = [
    "a boy told our dsl his stepdad hit him",
    "i told the teacher hes hitting her",
    "the head says dad slapped her",
    "my manager did it this morning",
    "a pupil kicked the teaching assistant",
    "the health visitor shook her head",
    "our social worker saw mum drag him out",
    "the allegation was passed to my manager",
    "told my dsl i saw dad hitting a boy",
    "i told the head, she hit him again",
    "the social worker said hes been looking at pictures of kids",
    "its the social worker, she wont see him",
    "the school nurse held his nose when it bled",
    "school nurse gave him his tablets",
    "our TA gave the kids a drink of squash",
    "the head says mum gives the kids vodka",
    "the social worker lets the kids stay over at dads",
    "the police officer had the indecent images sent to us",
    "the gang leader gives the kids weed",
    "the social worker told me she slapped her own kid",
    "the police officer texted the mum, who is 37",
    "the head texted the mum about a student",
]


@pytest.mark.parametrize(
    "text",
    [
        "who should i tell, another teacher has been sending photos to a year 9. school in dover",
        "a youth worker was rough with a boy, where do i report it? volunteer, poole",
        "is this one for the lado? a ta pushed a child. school in luton",
        "she told me what the swimming coach did in the changing room, who do i tell",
    ],
)
def test_whom_to_tell_about_a_colleague_is_a_question_and_another_procedure(text: str) -> None:
    """It is answered at once, and whatever else is told beside it is read."""
    reading = reader()(text)
    if reading.urgent:
        return
    assert reading.enquiry is not None
    assert reading.enquiry.topic is Topic.allegation
    assert reading.exit == "allegation"


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("what does the guidance say about allegations against the principal", "head"),
        ("what does KCSIE say about allegations against staff", None),
        ("do we have to report a nursery nurse who pinched a toddler", None),
        ("must I report a teaching assistant for shoving a pupil", None),
        ("what if the allegation concerns our headteacher, who hears about it", "head"),
    ],
)
def test_a_question_that_names_an_accused_person_asks_whom_to_tell(
    text: str, case: str | None
) -> None:
    """Neither what a term means, nor the duty to report abuse, nor a manager who says no."""
    asked = reader()(text).enquiry
    assert asked is not None
    assert asked.exit == "allegation"
    assert (as_it_is_meant(asked, State()).topic, asked.words) == (Topic.allegation, case)


@pytest.mark.parametrize(
    "text",
    [
        "who do I tell if the allegation is about the headteacher",
        "our principal slapped a boy, who should I go to",
    ],
)
def test_whom_to_tell_about_somebody_is_no_wish_for_their_rung(text: str) -> None:
    """The head who is accused is nobody to escalate to."""
    assert reader()(text).wish is None


def test_a_question_about_a_duty_names_no_agency_of_a_case() -> None:
    """Who asks whether teachers must report FGM disagrees with no school."""
    assert "their_agency" not in reader()("do teachers have to report FGM?").facts


@pytest.mark.parametrize(
    ("text", "case"),
    [
        ("what if its the headteacher", "head"),
        ("and if it was our principal?", "head"),
        ("but it's the head herself", "head"),
        ("what if the person is my line manager", "lead"),
        ("suppose its the dsl", "lead"),
        ("the chair of governors is married to him", "conflict"),
        ("the head and the chair are best friends", "conflict"),
        ("hes the one i would report to", "lead"),
        ("she's also the safeguarding lead", "lead"),
        ("my head says no", None),
        ("what if the head refuses", None),
        ("its the social worker who closed it", None),
        (
            "our head was seen dragging a year 2 girl down the corridor by her arm this morning",
            "head",
        ),
        (
            "two pupils told the school nurse they were hit by the headteacher, social care know",
            "head",
        ),
        ("the head of year grabbed him by the collar", None),
        ("the head rang me about a boy who was hit by a dinner lady", None),
    ],
)
def test_whom_it_is_about_is_heard(text: str, case: str | None) -> None:
    """A head who refuses is another matter than a head about whom there is a worry."""
    assert reader()(text).about_whom == case


@pytest.mark.parametrize(
    "text",
    [
        "do i have to report fgm myself? teacher, kent",
        "i'm a midwife in luton, must we tell the police about fgm",
        "what about fgm reporting",
        "patient of 16 told me she was cut as a child. am i obliged to ring the police? gp bedford",
    ],
)
def test_who_has_to_report_fgm_is_answered_and_no_allegation(text: str) -> None:
    """The duty is what is asked; nobody has said a word of a colleague."""
    reading = reader()(text)
    assert reading.exit is None
    if not reading.urgent:
        assert reading.enquiry is not None
        assert (reading.enquiry.topic, reading.enquiry.words) == (Topic.reporting, "fgm")


def test_a_girl_who_may_be_cut_is_danger_whatever_is_asked() -> None:
    """The question alone is no alarm; a girl told of beside it is."""
    assert not reader()("what about fgm reporting").urgent
    assert reader()("what about fgm reporting, she flies out on friday to be cut").urgent


@each("text", ACCUSED)
def test_whoever_works_with_children_and_harms_one_is_heard(text: str) -> None:
    """Lead, head, manager or colleague: it is an allegation, whatever else is told."""
    reading = reader()(text)
    assert reading.accuses
    assert reading.exit == "allegation"


@each("text", ONLY_TELLS)
def test_whoever_only_tells_of_harm_is_not_accused(text: str) -> None:
    """Nor whoever is harmed, or made a call."""
    assert find_accused(text) == ()


def test_whoever_is_accused_is_no_agency_that_somebody_disagrees_with() -> None:
    """Their school or service is not the other side."""
    assert "their_agency" not in reader()("a teacher slapped a pupil, who do i tell").facts


@each(
    "text",
    [
        "im a youth worker and a boy here carries a blade",
        "a lad at our youth club keeps a knife in his bag, csc closed it",
        "youth worker, a girl i work with has been selling weed",
    ],
)
def test_what_a_child_does_is_no_worry_about_a_colleague(text: str) -> None:
    """Whoever writes works with children, and is not accused of it."""
    assert tells_of_a_childs_act(text)
    assert reader()(text).exit != "allegation"


@each("text", ["a boy says the coach has a knife", "our TA brought a knife in", *ACCUSED])
def test_what_an_adult_does_is_no_childs_act(text: str) -> None:
    """Also where a child tells of it."""
    assert not tells_of_a_childs_act(text)


@each(
    "text",
    [
        "i think my colleague is wrong and a child could die",
        "my colleague is too soft and a boy will get hurt",
    ],
)
def test_a_colleague_who_is_thought_to_be_wrong_is_not_accused(text: str) -> None:
    """A view of a case is no worry about whoever holds it, however grave the case."""
    assert reader()(text).exit is None


@each(
    ("text", "says"),
    [
        ("the social worker smelt of drink at our meeting", True),
        ("one of the social workers being rude and drunk at a visit", True),
        ("the health visitor turned up clearly drunk", True),
        ("our TA reeks of weed", True),
        ("police officer was slurring his words at the visit", True),
        ("the social worker has been sleeping with the child's mum", True),
        ("the health visitor is in a relationship with his dad", True),
        ("social worker says mum is sleeping with the neighbour", False),
        ("the mum is sleeping with the dad again", False),
        ("the social worker says mum was drunk", False),
        ("social worker kent, mum smelt of drink at the visit", False),
        ("the midwife saw that dad was high", False),
        ("the social worker was high handed with us", False),
    ],
)
def test_somebody_unfit_at_work_is_a_worry_about_them(text: str, *, says: bool) -> None:
    """It is no talk between agencies; what they say of a parent is not of them."""
    assert tells_of_misconduct(text) is says
