"""What is told of a child that changes who is told today, and who on one's own side is left out."""

from datetime import date

import pytest

from bot.core.vocabulary import CallTo, Harm
from bot.understanding.danger.harms import find_harms
from bot.understanding.danger.red_flags import find_flags
from bot.understanding.danger.signs import find_signs
from bot.understanding.enquiry.colleagues import find_accused
from bot.understanding.kept_out import find_kept_out

A_DAY = date(2026, 11, 30)


def harms(text: str) -> tuple[Harm, ...]:
    """Return the harms that a text tells of."""
    return find_harms(text, find_flags(text, A_DAY))


@pytest.mark.parametrize(
    "text",
    [
        "lad of 14 hasnt been back to his home since saturday, nobody has told the police",
        "girl 15 in our unit not back since last night, staff have not reported it",
        "the foster carer hasnt seen the 12 year old since last night",
        "y9 girl been gone from the children's home since friday tea time",
        "he has gone missing and no one has rung the police",
        "she went missing at lunch. should we report it to the police?",
        "she said she might run away and now she is missing",
        "missing girl, social care might leave it til monday",
    ],
)
def test_a_missing_child_is_to_be_reported_unless_that_was_done(text: str) -> None:
    """Nobody told of, or nobody who did it: the police are to be told."""
    assert harms(text) == (Harm.missing,)


@pytest.mark.parametrize(
    "text",
    [
        "he has gone missing, we reported him missing to the police last night",
        "y10 girl missing since friday, police are looking for her",
        "missing since last night. rang 101, log number given",
        "her dad has disappeared",
        "mum is 36 weeks and says she's going to go somewhere we cant find her",
        "she might run away before the birth",
        "he wont say where he was at the weekend",
        "the child's social worker has not been back to me since monday",
    ],
)
def test_whoever_is_known_to_the_police_or_is_no_child_is_not_reported(text: str) -> None:
    """An adult who is gone, or a colleague who is away, is no missing child."""
    assert Harm.missing not in harms(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("y7 girl disclosed fgm", (Harm.fgm,)),
        ("she says she was cut in gambia at easter", (Harm.fgm,)),
        ("girl 15, passport taken, wedding in pakistan at easter", (Harm.forced_marriage,)),
        ("a nikah is booked abroad for half term and she is 16", (Harm.forced_marriage,)),
        ("her brothers say she has brought shame on the family", (Harm.forced_marriage,)),
        ("he has bruises on his back", ()),
    ],
)
def test_a_marriage_is_no_fgm(text: str, told: tuple[Harm, ...]) -> None:
    """Each is told of by words of its own."""
    assert harms(text) == told


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("17 year old locked in her room by her uncle, to be flown to pakistan to marry", True),
        ("she is at the airport with her dad, she says she is being forced to marry", True),
        ("dad wont let her leave the house, they are making her marry a cousin", True),
        ("she is being sent to pakistan to marry next summer", False),
        ("he was locked in his room by mum", False),
    ],
)
def test_who_is_locked_in_to_be_married_is_in_danger_now(text: str, *, now: bool) -> None:
    """The same for who is on her way."""
    assert find_signs(text, A_DAY).said_now is now


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("my head is his brother", CallTo.own_manager),
        ("im the dsl and my head is married to him", CallTo.own_manager),
        ("our dsl is his sister, i cant tell her", CallTo.safeguarding_lead),
        ("my manager is related to the dad", CallTo.own_manager),
        ("i cant trust my head", CallTo.own_manager),
        ("their manager is her sister", None),
        ("mum says the boyfriend is his brother", None),
        ("my head says he is fine", None),
    ],
)
def test_whoever_is_close_to_the_family_is_left_out(text: str, who: CallTo | None) -> None:
    """Only of one's own side: nobody else is told by the person."""
    assert find_kept_out(text) is who


def test_the_one_it_is_about_is_accused() -> None:
    """Who says so of their own head says who harms the child."""
    assert find_accused("my head is the one its about")
    assert not find_accused("my head is the one who rang them")


@pytest.mark.parametrize(
    ("text", "needed"),
    [
        ("baby floppy and pale", True),
        ("he's stabbed her", True),
        ("she's had a seizure", True),
        ("childminder shook a baby", True),
        ("ambulance called for a girl who overdosed", True),
        ("she's taken a load of paracetamol", True),
        ("the toddler swallowed a battery", True),
        ("found with a ligature, he is breathing", True),
        ("she wants to take all her tablets tonight", False),
        ("he has got a knife", False),
        ("stepdad slapped him", False),
        ("baby was shaken in 2019, now they want to return her", False),
        ("the ambulance service didnt send its report", False),
    ],
)
def test_whoever_is_badly_hurt_needs_an_ambulance(text: str, *, needed: bool) -> None:
    """Whatever else is called, and not where only its service is spoken of."""
    assert (Harm.ambulance in harms(text)) is needed


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("hospital discharging baby with unexplained fracture tonight", True),
        ("4 month old with a broken leg, the ward are sending him home", True),
        ("baby of 3 months, fractured arm. hospital wants to discharge", True),
        ("6 week old with a bruise on his ear, registrar says send home", True),
        ("paeds say she can go home, burns to both feet", True),
        ("consultant is not sending her home, rib fractures", False),
        ("hospital wont discharge him, broken arm", False),
        ("bruise on his arm, the hospital discharge letter came", False),
        ("dad slapped him, social worker sends him home", False),
        ("the hospital is discharging her on friday, all well", False),
    ],
)
def test_a_hurt_child_whom_a_hospital_lets_go_is_sent_home(text: str, *, sent: bool) -> None:
    """Not one whom it keeps, or who is not hurt, or whom somebody else sends."""
    assert (Harm.sent_home in harms(text)) is sent
