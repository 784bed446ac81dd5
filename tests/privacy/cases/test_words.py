"""Codes of words: hard to guess, easy to say, and found however they are typed."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.privacy.cases.codes import CODE_PLACEHOLDER, format_code, new_code, redact_codes
from bot.privacy.cases.words import LISTED, WORDS, is_code_of_words, with_check_word

LIST = LISTED.read_text("utf-8").split()
SENTENCES = ("{}", "my code is {}", "{} still no reply since tuesday", "hi, {}. they said no")
JOINS = ("-", " ", ", ", " - ", "\n", "–")

codes = st.lists(st.sampled_from(LIST), min_size=WORDS - 1, max_size=WORDS - 1, unique=True).map(
    with_check_word
)


def test_a_code_cannot_be_guessed() -> None:
    """As many as 131 bits are drawn, and no two codes are alike."""
    assert len(set(LIST)) ** (WORDS - 1) > 2**131
    many = {new_code() for _ in range(500)}
    assert len(many) == 500
    assert all(map(is_code_of_words, many))
    assert len({word for code in many for word in code.split("-")}) > 1500


def test_the_words_can_be_told_apart_on_the_telephone() -> None:
    """Short, plain, no two with the same beginning, and none that frightens beside a child."""
    assert all(word.isalpha() and word.islower() and 3 <= len(word) <= 8 for word in LIST)
    assert len({word[:4] for word in LIST}) == len(LIST)
    assert not {"danger", "weapon", "abuse", "knife", "hurt", "child"} & set(LIST)
    assert all(len(LIST) % divisor for divisor in range(2, 46)), "the check word needs a prime"


@given(
    code=codes,
    sentence=st.sampled_from(SENTENCES),
    join=st.sampled_from(JOINS),
    capital=st.booleans(),
    named=st.booleans(),
)
def test_a_code_is_found_however_it_is_typed(
    code: str, sentence: str, join: str, *, capital: bool, named: bool
) -> None:
    """With or without its prefix, in capitals, with blanks or commas, inside a sentence."""
    written = (format_code(code) if named else code).replace("-", join)
    rest, found = redact_codes(sentence.format(written.upper() if capital else written))
    assert [one.code for one in found] == [code]
    assert rest == sentence.format(CODE_PLACEHOLDER)


@given(codes, st.integers(0, WORDS - 1), st.sampled_from(LIST))
def test_one_wrong_word_is_always_seen_and_taken_out(code: str, at: int, wrong: str) -> None:
    """A slip opens nothing, is not looked up, and is not kept."""
    words = code.split("-")
    assume(words[at] != wrong)
    words[at] = wrong
    assert not is_code_of_words("-".join(words))
    rest, found = redact_codes(f"EG-{'-'.join(words)} no reply")
    assert [one.code for one in found] == [None]
    assert rest == f"{CODE_PLACEHOLDER} no reply"


@given(codes, st.integers(0, WORDS - 2))
def test_two_words_that_changed_places_are_always_seen(code: str, at: int) -> None:
    """The commonest mistake in reading aloud."""
    words = code.split("-")
    assume(words[at] != words[at + 1])
    words[at], words[at + 1] = words[at + 1], words[at]
    assert not is_code_of_words("-".join(words))


@given(codes, st.integers(1, WORDS - 2))
def test_a_misspelt_word_in_the_middle_is_a_slip(code: str, at: int) -> None:
    """The rest of the words nearly give the code away: they are taken out as well."""
    words = code.split("-")
    words[at] = f"{words[at]}zz"
    rest, found = redact_codes(f"{' '.join(words)} he hit her")
    assert [one.code for one in found] == [None]
    assert rest == f"{CODE_PLACEHOLDER} he hit her"


@pytest.mark.parametrize("text", ["eg we had a meeting", "able about above", "", "EG"])
def test_words_that_are_no_code_are_left_alone(text: str) -> None:
    """A few words of the list are a sentence."""
    assert redact_codes(text) == (text, [])
