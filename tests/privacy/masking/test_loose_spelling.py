"""Identifiers as people type them in a hurry, and words that only look like them."""

import pytest

from bot.privacy.masking.masker import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("i spoke to ms d'silva today", "i spoke to ms [name] today"),
        ("the o'gorman family", "the [name] family"),
        ("AB says CD hit him", "[name] says [name] hit him"),
        ("KB has bruises, and LB (sister) too", "[name] has bruises, and [name] (sister) too"),
        ("Child A's real initials are TMW", "Child A's real initials are [name]"),
        ("A.M. (7) and brother P.M. (4)", "[name] (7) and brother [name] (4)"),
        ("mrs Ní Bhriain rang", "mrs [name] rang"),
        ("Ní Mhurchú family moved", "[name] family moved"),
        ("carla de la cruz called", "[name] called"),
        ("Ana de los Reyes rang", "[name] rang"),
        ("the van der Berg children", "the [name] children"),
        ("Mark Down rang the head", "[name] rang the head"),
    ],
)
def test_names_of_every_shape_go(text: str, masked: str) -> None:
    """Particles, apostrophes and initials are parts of a name."""
    assert mask(text).text == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("mum hit ty", "mum hit [name]"),
        ("he burnt E with a lighter", "he burnt [name] with a lighter"),
        ("lo got slapped by grandad", "[name] got slapped by grandad"),
        ("K was pushed by dad", "[name] was pushed by dad"),
        ("TM was shaken by her grandma", "[name] was shaken by her grandma"),
        ("Ty burnt by mum's boyfriend", "[name] burnt by mum's boyfriend"),
    ],
)
def test_whoever_is_hurt_by_the_family_has_no_name(text: str, masked: str) -> None:
    """A child's short name is often a word or an abbreviation: what is done to it tells."""
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "D.O.B. the {fifteenth of March two thousand and sixteen}",
        "born the {third of june two thousand and eleven}",
        "Born {Boxing Day 2014}",
        "she turned nine on {the tenth of June}",
        "date of birth: {eleventh August 2014}",
        "dob {twenty-second of may twenty fourteen}",
    ],
)
def test_a_birth_date_in_words_goes_whole(text: str) -> None:
    """No part of a date of birth is left, however it is written."""
    before, _, rest = text.partition("{")
    masked = mask(before + rest.replace("}", "")).text.replace("the [", "[")
    assert masked == before.replace("the ", "").rstrip() + " [date of birth]"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("they live at 14b high st", "they live at [address]"),
        ("22 acacia, margate", "[address], margate"),
        ("7 the crescent", "[address]"),
        ("the flats behind Lidl, number 14", "the flats behind Lidl, [address]"),
        ("they live at The Old Barn", "they live at [address]"),
        ("flat four, Larkmere Court, Margate", "[address], Margate"),
        ("they're at CT 10 9 ZZ", "they're at [postcode]"),
        ("she is in block c", "she is in [address]"),
        ("they are at number nine, the close", "they are at [address]"),
        ("a house called Rose Cottage on the green", "a house called [address] on the green"),
        ("postcode is me one four two double you ex", "postcode is [postcode]"),
        ("they moved to see tee nine one zed ay", "they moved to [postcode]"),
    ],
)
def test_an_address_needs_no_postcode(text: str, masked: str) -> None:
    """A number, a house or a block says where a family lives."""
    assert mask(text).text == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (
            "her nhs number is four eight five, seven seven three, four five six seven",
            "her nhs number is [NHS number]",
        ),
        (
            "ref is four one nine two two eight one three",
            "ref is [case number]",
        ),
        (
            "call zero seven seven double zero nine hundred one two three",
            "call [phone number]",
        ),
        ("email me at j dot merrow at ashdown primary dot sch dot uk", "email me at [email]"),
        ("t.merrow (at) ashdown (dot) gov (dot) uk", "[email]"),
        ("discord nightowl#1234", "discord [link]"),
        ("tiktok handle is ava dot starling dot 09", "tiktok handle is [link]"),
        ("insta: kyro.2k12", "insta: [link]"),
    ],
)
def test_what_is_spelt_out_goes(text: str, masked: str) -> None:
    """Numbers, mail addresses and user names in words are the same identifiers."""
    assert mask(text).text == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("reg AB12 CDE", "reg [vehicle registration]"),
        ("his van, AB12CDE", "his van, [vehicle registration]"),
        ("reg ab12 cde", "reg [vehicle registration]"),
        ("prison number A1234BC", "prison number [case number]"),
        ("PNC 15/123456A", "PNC [case number]"),
        ("collar number PC 4471", "collar number [case number]"),
        ("sort code 20-45-77 account 12345678", "sort code [bank details] account [bank details]"),
    ],
)
def test_records_of_people_go(text: str, masked: str) -> None:
    """Number plates, police and prison numbers and bank details lead to one person."""
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "Will the team manager mark this as urgent",
        "Will you mark it as done",
        "Hope Street children's home",
        "the Larkmere Family Centre",
        "Chase the answer",
        "DS Poole",
        "PC Weymouth",
        "9B at Ashdown Academy",
        "they met at 9 a.m. and again at 3 P.M.",
        "S47 CSC said no",
        "24/7 care, 12 pupils, Margate",
        "SW says CP plan is off, IRO has agreed",
        "the job centre and the guardian ad litem",
        "I'm the guardian ad litem, the council won't share",
        "one two three four schools have said so",
        "look at the plan dot by dot",
        "hospital 10am and car at 10",
        "the strategy meeting is the third of june",
        "SW was hit by dad at the visit",
        "TA was bitten by a pupil and the yp was hit by dad",
        "dad hit out at staff and mum cut contact",
        "ty for your help",
        "we are at number two on the waiting list",
        "the house called me twice",
        "see you at one or two are you in",
    ],
)
def test_words_that_name_nobody_stay(text: str) -> None:
    """A verb, a home's name, a rank with its place and the guide's own titles are read whole."""
    assert mask(text).text == text
