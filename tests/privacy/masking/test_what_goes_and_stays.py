"""What masking takes out, what it leaves, and that it can be trusted with any text."""

import random
import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import learn_names, masking
from bot.core.policy.loader import load_policies
from bot.paths import POLICIES
from bot.privacy.masking import masker, weights
from bot.privacy.masking.lexicon import name_lexicon
from bot.privacy.masking.masker import MaskedText, allowed_by_default, mask
from bot.privacy.masking.patterns import (
    PLACEHOLDERS,
    MaskSpan,
    nhs_number_is_valid,
    upn_is_valid,
    without_overlaps,
)
from bot.privacy.masking.reader import SETTING, UnknownReader
from bot.privacy.masking.tokens import tokenise
from tests.support.rounds import rounds

LEAST_GONE = 0.98
MOST_LOST = 0.02
LONGEST = 4000

ORDINARY = (
    *("we asked about {} and nobody rang back", "so {} is what the file says", "{}"),
    *("The record shows {}, as far as we know.", "nothing since ({}) was sent"),
)
sentences = st.sampled_from(ORDINARY)


@pytest.mark.long
@pytest.mark.parametrize("name", masking.FILES)
def test_identifiers_go_and_other_words_stay(name: str) -> None:
    """At least 98 % of what identifies goes, at most 2 % of the other words are lost."""
    figures = masking.measure_masking(name)
    assert figures.recall >= LEAST_GONE
    assert figures.loss <= MOST_LOST


def test_there_are_lines_enough_to_measure_by() -> None:
    """120 lines and more, half of the kinds in each, every kind somewhere."""
    lines = masking.marked_lines(*masking.FILES)
    assert len(lines) >= 200
    assert {kind for line in lines for kind, _ in line.gone} == set(PLACEHOLDERS)
    assert sum(not line.gone for line in lines) >= 60


def test_the_kinds_masked_are_told_in_order_and_once() -> None:
    """Kinds come in the order of the text, each once; a typed placeholder does not count."""
    masked = mask("Sarah and Tunde live at CT20 1AB, ring 07700 900123")
    assert masked.text == "[name] and [name] live at [postcode], ring [phone number]"
    assert sorted(masked.kinds) == ["name", "phone", "postcode"]
    assert mask("[name] rang") == MaskedText(text="[name] rang", kinds=())


@pytest.mark.long
@pytest.mark.parametrize("name", masking.FILES)
def test_the_reported_kinds_were_in_the_text(name: str) -> None:
    """Reported kinds were in the text; at most one line in fifty reports a kind that was not."""
    lines = masking.marked_lines(name)
    wrong = [line for line in lines if set(mask(line.text).kinds) - {kind for kind, _ in line.gone}]
    assert len(wrong) <= MOST_LOST * len(lines)


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


@settings(max_examples=rounds(150), deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_masked_and_masking_it_again_changes_nothing(text: str) -> None:
    """No text raises, and masked text stays unchanged."""
    once = mask(text)
    again = mask(once.text)
    assert again.text == once.text
    assert again.kinds == ()


WORDS = st.sampled_from(
    [
        *("mum", "sarah", "Grace", "and", "the", "hope", "will", "O'Neill", "DOB", "3/4/15"),
        *("2", "road", "[name]", "called", "J.B.", "aged", "7", ",", ".", "in", "Kent", "@jo_1"),
        *("mark", "said", "zbyszek", "Okafor", "07700", "900123", "NHS", "'s", "(", ")", "-"),
        *("born", "May", "Mrs", "is", "12", "Xq", "to", "A", "Qorvath", "\n", "year", "flat"),
    ]
)


@pytest.mark.long
@settings(max_examples=rounds(300), deadline=None)
@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_masking_again_changes_nothing_in_texts_full_of_identifiers(text: str) -> None:
    """The words that the rules look at, in any order, are settled after one masking."""
    once = mask(text)
    assert mask(once.text) == MaskedText(text=once.text, kinds=())


@pytest.mark.long
@pytest.mark.parametrize(
    "unit",
    [
        *("a", " ", "1", "1 ", "A.", "a@", "a-", "Sarah ", "[name]", "flat A ", "born ", "called "),
        *("\x00", "\u202e", "Zbq and ", "12 a a ", "facebook.com/", "(", "\n,", "mum's ", "\ud800"),
    ],
)
def test_the_longest_texts_are_masked(unit: str) -> None:
    """4,000 characters of anything come back, masked as they stay."""
    text = (unit * LONGEST)[:LONGEST]
    once = mask(text)
    assert mask(once.text).text == once.text


def with_check_digit(nine: str) -> str | None:
    """The NHS number that begins with nine digits, if there is one."""
    numbers = (nine + last for last in string.digits)
    return next((number for number in numbers if nhs_number_is_valid(number)), None)


nhs_numbers = (
    st.from_regex(r"[1-9][0-9]{8}", fullmatch=True)
    .map(with_check_digit)
    .filter(lambda number: number is not None)
)


@settings(max_examples=rounds(100), deadline=None)
@given(sentences, nhs_numbers, st.sampled_from(["", " ", "-"]))
def test_nhs_numbers_always_go(sentence: str, number: str, gap: str) -> None:
    """Ten digits with the right check digit go, spaced or dashed or neither."""
    written = gap.join((number[:3], number[3:6], number[6:]))
    masked = mask(sentence.format(written))
    assert written not in masked.text
    assert masked.kinds == ("nhs_number",)


@settings(max_examples=rounds(100), deadline=None)
@given(
    sentences,
    st.from_regex(
        r"[a-z][a-z0-9._]{0,15}[a-z0-9]@[a-z]{2,12}\.(com|co\.uk|sch\.uk)", fullmatch=True
    ),
)
def test_e_mail_addresses_always_go(sentence: str, address: str) -> None:
    """Whoever's and wherever they stand."""
    masked = mask(sentence.format(address))
    assert address not in masked.text
    assert masked.kinds == ("email",)


@settings(max_examples=rounds(100), deadline=None)
@given(
    sentences,
    st.sampled_from(["CT20 1AB", "E8 1EA", "LU1 3BW", "BH15 1NF", "SW1A 2AA", "M1 1AE", "W1A 0AX"]),
    st.booleans(),
    st.booleans(),
)
def test_postcodes_always_go(
    sentence: str,
    postcode: str,
    lower: bool,  # noqa: FBT001 - Hypothesis calls it
    joined: bool,  # noqa: FBT001 - Hypothesis calls it
) -> None:
    """In capitals or not, with the blank or without it."""
    written = postcode.lower() if lower else postcode
    written = written.replace(" ", "") if joined else written
    assert mask(sentence.format(written)).kinds == ("postcode",)


@settings(max_examples=rounds(60), deadline=None)
@given(sentences, st.sampled_from(sorted(name_lexicon().first)), st.booleans())
def test_names_on_the_list_always_go(
    sentence: str,
    name: str,
    lower: bool,  # noqa: FBT001 - Hypothesis calls it
) -> None:
    """In lower case too, wherever they stand."""
    written = name if lower else name.title()
    assert "name" in mask(sentence.format(written)).kinds


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


@pytest.mark.long
def test_the_weights_are_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules alone leave names that are everyday words; what was learned takes them."""
    name = "masking_sixth.txt"
    learned = masking.measure_masking(name)
    monkeypatch.setattr(weights, "is_likely", lambda *_: False)
    assert masking.measure_masking(name).recall < learned.recall


def test_training_lines_match_their_marks() -> None:
    """Inserted names replace the line's own; other identifiers are masked in the examples."""
    line = learn_names.marked("{name Callum Ray} told us, ring {phone 07700 900123}")
    assert line == learn_names.Marked("Callum Ray told us, ring [phone number]", ((0, 10),))
    others = list(learn_names.with_other_names(line, random.Random(1)))  # noqa: S311 - repeatable
    assert others
    for other in others:
        (start, end), *none = other.names
        assert not none
        assert other.text == f"{other.text[start:end]} told us, ring [phone number]"
        assert other.text != line.text


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


def test_a_second_reader_masks_what_no_list_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that a reader takes for a person goes, ordinary words that it takes for one stay."""
    text = "the lead from Qorvath asked for the minutes"
    assert "Qorvath" in mask("they met in Qorvath").text
    whole = [(0, len(text))]
    monkeypatch.setattr(masker, "name_reader", lambda: lambda _: whole)
    assert mask("they met in Qorvath").text == "they met in [name]"
    assert mask("mark on his face").text == "mark on his face"


def test_spacy_reads_names_when_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the setting, spaCy is the second reader; the result is settled as well."""
    monkeypatch.setenv(SETTING, "spacy")
    once = mask("Grandfather Mr Qorvath Brelling in Qorvath met the team.")
    assert mask(once.text).text == once.text
    assert "Brelling" not in once.text


def test_a_reader_that_does_not_exist_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown value of the setting raises an error with the allowed values."""
    monkeypatch.setenv(SETTING, "oracle")
    with pytest.raises(UnknownReader, match="'spacy' or 'lists'"):
        mask("they met in Qorvath")


def test_after_the_last_round_a_reader_leaves_nothing_that_it_might_yet_find(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However little a reader finds each time, what is stored is settled, and time is bounded."""
    names = ["orvath", "elling", "wuxka", "uvvik", "romble", "andrip", "estlow", "ilvane"]
    names += ["ozmort", "urdle", "avvix", "intrap"]
    asked: list[str] = []

    def first_only(text: str) -> list[tuple[int, int]]:
        asked.append(text)
        found = re.search(r"\bQ\w+", text)
        return [found.span()] if found else []

    monkeypatch.setattr(masker, "name_reader", lambda: first_only)
    masked = mask("; ".join(f"they met in Q{name}" for name in names))
    assert masked.text == "; ".join("they met in [name]" for _ in names)
    assert len(asked) == masker.READINGS < len(names)
    assert mask(masked.text) == MaskedText(masked.text, ())


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
