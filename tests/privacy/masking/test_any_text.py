"""Any text is masked, once for all, and numbers, addresses and names go wherever they stand."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.privacy.masking.lexicon import name_lexicon
from bot.privacy.masking.masker import MaskedText, mask
from bot.privacy.masking.patterns import nhs_number_is_valid
from tests.support.rounds import rounds

LONGEST = 4000
ORDINARY = (
    *("we asked about {} and nobody rang back", "so {} is what the file says", "{}"),
    *("The record shows {}, as far as we know.", "nothing since ({}) was sent"),
)
sentences = st.sampled_from(ORDINARY)


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
