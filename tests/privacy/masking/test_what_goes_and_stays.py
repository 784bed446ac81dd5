"""What masking takes out and what it leaves, by examples."""

import pytest

from bot.core.policy.loader import load_policies
from bot.paths import POLICIES
from bot.privacy.masking.masker import MaskedText, allowed_by_default, mask
from bot.privacy.masking.patterns import (
    MaskSpan,
    nhs_number_is_valid,
    upn_is_valid,
    without_overlaps,
)
from bot.privacy.masking.tokens import tokenise


def test_the_kinds_masked_are_told_in_order_and_once() -> None:
    """Kinds come in the order of the text, each once; a typed placeholder does not count."""
    masked = mask("Sarah and Tunde live at CT20 1AB, ring 07700 900123")
    assert masked.text == "[name] and [name] live at [postcode], ring [phone number]"
    assert sorted(masked.kinds) == ["name", "phone", "postcode"]
    assert mask("[name] rang") == MaskedText(text="[name] rang", kinds=())


def test_addresses_that_policies_publish_stay() -> None:
    """A partnership's address stays, in any case; another at the same place goes."""
    assert "kscmp@kent.gov.uk" in allowed_by_default()
    text = "write to kscmp@KENT.gov.uk, not to jo@kent.gov.uk"
    assert mask(text).text == "write to kscmp@KENT.gov.uk, not to [email]"


def test_a_given_allow_list_replaces_the_default() -> None:
    """Contacts that the caller allows stay; those of the default list are masked."""
    text = "help@example.org or KSCMP@kent.gov.uk"
    assert mask(text, allow={"Help@example.org"}).text == "help@example.org or [email]"


@pytest.mark.long
@pytest.mark.parametrize(
    "text",
    [
        "I told the social worker (21 Jan) that it couldn't stand",
        "rang 4 Jan, chased on the 11th of Jan, no reply",
        "agreed on 14 April and again on 2nd May",
        "nothing since Jan 2026",
        "he's due out on the 26th & is going back there",
        "DSL at a 2ndary in Deal",
        "police sergeant Poole: CSC refuse to share",
        "Detective sergeant, Weymouth",
    ],
)
def test_the_day_of_an_event_and_the_writers_place_stay(text: str) -> None:
    """A month beside a number is no person, nor is the place after one's own rank."""
    assert mask(text).text == text


@pytest.mark.parametrize(
    "text", ["I rang Jan about it", "April, 7, has bruises", "I rang sergeant Poole about it"]
)
def test_a_person_named_like_a_month_or_place_goes(text: str) -> None:
    """Without a day beside it a month's name is a person's."""
    assert "[name]" in mask(text).text


@pytest.mark.long
def test_places_of_every_policy_stay() -> None:
    """A town or a partnership that a policy names is never taken for a person."""
    for policy in load_policies(POLICIES).values():
        areas = [place for area in policy.areas for place in area.places]
        for place in (*policy.places, *policy.names, *areas):
            assert mask(f"I work in {place}").kinds == ()
            assert mask(f"im from {place.lower()} and they said no").kinds == ()
            assert mask(f"{place} said no and I rang {place} again").kinds == ()


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("NHS 943 476 5919", "NHS [NHS number]"),
        ("943-476-5919 is on the file", "[NHS number] is on the file"),
        ("the 943 476 5918 of them", "the 943 476 5918 of them"),
        ("case 943 476 5918 is closed", "case [case number] is closed"),
        ("case H801200001001", "case [UPN]"),
        ("case H801200001002", "case [case number]"),
        (
            "crime ref 46/123456/26, court ZE26C00417",
            "crime ref [case number], court [case number]",
        ),
        ("ref MASH 16/11 NFA, d/w SW 24/11", "ref MASH 16/11 NFA, d/w SW 24/11"),
        ("ref to MASH 16/11, LADO 03/12/26", "ref to MASH 16/11, LADO 03/12/26"),
        ("ref MASH 46/1199, case 16/4711", "ref [case number], case [case number]"),
        (
            "2025/26 figures, 12000 cases, case 3 of 12",
            "2025/26 figures, 12000 cases, case 3 of 12",
        ),
        ("log 14:05, report of 3 11 26", "log 14:05, report of 3 11 26"),
        ("HB rang, the HV and the TA rang", "[name] rang, the HV and the TA rang"),
        ("weighs 5 KG, saw AM in 7C after PE", "weighs 5 KG, saw [name] in 7C after PE"),
        ("unborn K, Plan B, Year R and Child Q", "unborn [name], Plan B, Year R and Child Q"),
        ("mark's mark, the bill's clause", "[name]'s mark, the bill's clause"),
        ("Herbert Protocol and Rowan ward", "Herbert Protocol and Rowan ward"),
        ("upn H801200001002", "upn [UPN]"),
        ("s17 4th meeting and s47 3rd", "s17 4th meeting and s47 3rd"),
        ("B. Okafor and O'Neill", "[name] and [name]"),
        ("conference on 12/05/2019", "conference on 12/05/2019"),
        ("DOB 12/05/2019", "DOB [date of birth]"),
        ("meeting @ 3pm @ school", "meeting @ 3pm @ school"),
        ("St Mary's and King's College", "St Mary's and King's College"),
        ("is she Gillick competent", "is she Gillick competent"),
        ("Clare's law and clare rang", "Clare's law and [name] rang"),
        ("RAISED UNDER AWAABS LAW, NOT BY HER", "RAISED UNDER AWAABS LAW, NOT BY HER"),
        ("niche 19457731, sent 20261103", "niche [case number], sent 20261103"),
        ("2 county court hearings, 12 County Road", "2 county court hearings, [address]"),
        ("je ne parle pas anglais", "je ne parle pas anglais"),
        ("https://www.gov.uk/john-smith", "https://www.gov.uk/john-smith"),
    ],
)
def test_similar_words_and_numbers_are_told_apart(typed: str, stored: str) -> None:
    """Check digits, sections, streets, institutions: examples that are masked and that stay."""
    assert mask(typed).text == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("hope told staff her dad hits her", "[name] told staff her dad hits her"),
        ("we hope she told staff", "we hope she told staff"),
        ("Precious was sent home with a bruise", "[name] was sent home with a bruise"),
        ("every precious week is lost", "every precious week is lost"),
        ("asked june what she had seen", "asked [name] what she had seen"),
        ("in june she had seen it", "in june she had seen it"),
        ("mark on his face, mark under the eye", "mark on his face, mark under the eye"),
    ],
)
def test_context_distinguishes_names_from_words(typed: str, stored: str) -> None:
    """A word that is also a name is masked if a person is meant, and stays otherwise."""
    assert mask(typed).text == stored


def test_check_digits_are_verified() -> None:
    """NHS numbers by modulus 11, pupil numbers by modulus 23, temporary ones too."""
    assert nhs_number_is_valid("9434765919")
    assert not nhs_number_is_valid("9434765910")
    assert not nhs_number_is_valid("943476591")
    assert upn_is_valid("H801200001001")
    assert not upn_is_valid("A801200001001")
    assert not upn_is_valid("H8012000010I1")


def test_of_two_overlapping_spans_the_first_found_is_kept() -> None:
    """The spans come in order of position."""
    spans = [MaskSpan(5, 9, "phone"), MaskSpan(8, 12, "upn"), MaskSpan(0, 3, "name")]
    assert without_overlaps(spans) == [MaskSpan(0, 3, "name"), MaskSpan(5, 9, "phone")]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("The Social Worker rang today", "nothing"),
        ("The Social Worker Rang them again today", "a name"),
        ("MUM RANG DAD today again", "shouting"),
        ("MUM RANG DAD TWICE about him today", "a name"),
    ],
)
def test_capitals_tell_a_name_only_where_most_words_have_none(typed: str, told: str) -> None:
    """With three of five words in capitals they tell nothing; with four of seven they do."""
    tokens = tokenise(typed)
    assert (tokens.cased, tokens.shouting) == (told == "a name", told == "shouting")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("they rang about qorvath brelling", "they rang about [name] brelling"),
        ("they rang them about qorvath brelling zwuxka", None),
    ],
)
def test_a_strange_word_stands_out_only_in_english(typed: str, stored: str | None) -> None:
    """With three of five words known it may be a name, with four of seven it may not."""
    assert mask(typed).text == (stored or typed)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Faith House refuge wont share", "Faith House refuge wont share"),
        ("i work at Hope House in Poole", "i work at Hope House in Poole"),
        ("the children's home is called Rose House", "the children's home is called Rose House"),
        ("school in Bedford Hill", "school in Bedford Hill"),
        ("he lives at Rose House", "he lives at [address]"),
        ("i told Callum and Rose House", "i told [name] and Rose House"),
        ("the white cottage, mill lane", "[address]"),
        ("number 9, the maltings", "[address]"),
        ("number 2, the social worker refused", "number 2, the social worker refused"),
        ("Mo was bashed by cousin", "[name] was bashed by cousin"),
        ("Cos said mum hit him", "[name] said mum hit him"),
        ("Cos she said no to us", "Cos she said no to us"),
    ],
)
def test_homes_that_people_work_in_stay_and_where_people_live_goes(typed: str, stored: str) -> None:
    """A refuge is no person; a house with its street is an address; short names go too."""
    assert mask(typed).text == stored


@pytest.mark.parametrize(
    "text",
    [
        "Newington Green", "New Milton", "Sutton Coldfield", "Bishop's Stortford", "Biggin Hill",
        "the child lives in Chipping Sodbury", "saxmundham", "Linton, Cambs", "Beckenham, Kent",
        "police sergeant Poole: CSC refuse a strategy meeting", "what does BAVEX mean?",
    ],
)  # fmt: skip
def test_a_known_place_that_is_nobodys_name_stays(text: str) -> None:
    """And one that is a surname too, where only its county stands behind it."""
    assert mask(text).kinds == ()


@pytest.mark.parametrize(
    "text",
    [
        "Royston rang", "Linton said no", "Mr Linton", "sergeant Poole said no", "Jordan, Kent",
        "Clare, Suffolk", "she lives at 5 Newington Green", "the mum, Hope Bowdler",
        "I spoke to Alison Green", "12 Stroud Green",
    ],
)  # fmt: skip
def test_a_place_that_may_be_somebodys_name_or_street_goes(text: str) -> None:
    """The gazetteer keeps no name or address."""
    assert mask(text).kinds != ()
