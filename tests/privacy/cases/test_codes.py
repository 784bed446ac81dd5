"""Codes of symbols, as given out before codes of words: found however they are typed."""

import re

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.paths import ROOT
from bot.privacy.cases.codes import (
    ALPHABET,
    CODE_PLACEHOLDER,
    LENGTH,
    find_codes,
    format_code,
    is_code,
    is_usable,
    redact_codes,
    with_check_symbol,
)

LOOK_ALIKES = {"0": "0Oo", "1": "1IiLl", "2": "2Zz", "5": "5Ss", "8": "8Bb", "V": "VvUu"}
JOINS = ("-", " ", "", " - ", "–", "\n", ".", "_")
SENTENCES = ("", "my code is {}", "{} still no reply since tuesday", "hi, {}. they said no")

codes = (
    st.text(ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1)
    .map(with_check_symbol)
    .filter(is_usable)
)


@st.composite
def typed(draw: st.DrawFn, code: str) -> str:
    """Draw a way in which people type a code."""
    signs = [draw(st.sampled_from(LOOK_ALIKES.get(one, one + one.lower()))) for one in code]
    # A few digits stay digits, as they do: only some are mistaken for letters.
    for at in [at for at, one in enumerate(code) if one.isdigit()][:2]:
        signs[at] = code[at]
    text = "".join(signs)
    size = draw(st.sampled_from([4, 7, LENGTH]))
    groups = [text[at : at + size] for at in range(0, LENGTH, size)]
    prefix = draw(st.sampled_from(["EG", "eg", "Eg", ""]))
    return draw(st.sampled_from(JOINS)).join([prefix, *groups] if prefix else groups)


def test_no_two_symbols_of_the_alphabet_look_alike() -> None:
    """Of 0 and O, 1 and I and L, 2 and Z, 5 and S, 8 and B, V and U there is only one each."""
    for alike in LOOK_ALIKES.values():
        assert len(set(alike.upper()) & set(ALPHABET)) == 1


def test_a_code_is_shown_in_groups_behind_its_prefix() -> None:
    """As those who were given one have it."""
    code = with_check_symbol("7K3QM9TX4CDAW6HJ0PRVE1FNYGK")
    assert re.fullmatch(r"EG(-[0-9A-Z]{4}){7}", format_code(code))


@given(st.data(), codes, st.sampled_from(SENTENCES))
def test_a_code_is_found_however_it_is_typed(data: st.DataObject, code: str, around: str) -> None:
    """Small letters, other dashes, look-alikes, no prefix, inside a sentence: the words stay."""
    text = around.format(data.draw(typed(code))) if around else data.draw(typed(code))
    rest, found = redact_codes(text)
    assert [one.code for one in found] == [code]
    assert rest == (around.format(CODE_PLACEHOLDER) if around else CODE_PLACEHOLDER)


@given(codes, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_symbol_is_always_seen(code: str, at: int, wrong: str) -> None:
    """It is recognised as a mistyped code without the store, and removed from the text."""
    assume(code[at] != wrong)
    slipped = code[:at] + wrong + code[at + 1 :]
    assert not is_code(slipped)
    rest, found = redact_codes(f"{format_code(slipped)} no reply")
    assert [one.code for one in found] == [None]
    assert rest == f"{CODE_PLACEHOLDER} no reply"


@given(codes, st.integers(0, LENGTH - 2))
def test_two_symbols_that_changed_places_are_always_seen(code: str, at: int) -> None:
    """Swapped symbols, the commonest mistake, are recognised as a mistyped code."""
    assume(code[at] != code[at + 1])
    assert not is_code(code[:at] + code[at + 1] + code[at] + code[at + 2 :])


def mixed(code: str) -> int:
    """Count the groups of both letters and digits: nearly all, in a code that was drawn."""
    groups = format_code(code[:-4] + "____").split("-")[1:-1]
    return sum(not group.isdigit() and not group.isalpha() for group in groups)


@pytest.mark.parametrize("join", ["-", " "])
@pytest.mark.parametrize("prefix", [True, False])
@given(code=codes, lost=st.integers(1, 4))
def test_a_code_with_its_end_missing_is_taken_out_and_the_sentence_stays(
    join: str, code: str, lost: int, *, prefix: bool
) -> None:
    """Most of a code must not be stored either, with its prefix or without."""
    assume(prefix or mixed(code) > 1)
    short = format_code(code)[0 if prefix else 3 : -lost].rstrip("-").replace("-", join)
    rest, found = redact_codes(f"{short} yesterday he hit her")
    assert [one.code for one in found] == [None]
    assert rest.endswith(" yesterday he hit her")
    assert len(re.sub("[^0-9A-Z]", "", rest.split(" yesterday")[0])) <= 4


@pytest.mark.long
def test_no_ordinary_sentence_holds_a_code() -> None:
    """None of the lines that understanding and masking are tested or trained on does."""
    lines = [
        line
        for path in (ROOT / "tests").rglob("*.txt")
        for line in path.read_text("utf-8").splitlines()
    ]
    for path in (ROOT / "data/nlu").glob("*.yml"):
        for group in msgspec.yaml.decode(path.read_bytes())["nlu"]:
            lines += group["examples"].splitlines()
    assert len(lines) > 5000
    assert [line for line in lines if list(find_codes(line))] == []


@pytest.mark.parametrize(
    "text",
    [
        "eg on 3 Nov 2026 at 14 30 the school rang and on 4 Nov 2026 they said no",
        "our ref EG-2024-000123, theirs LCS-12345678",
        "ring 01622 123456 or 07700 900123 ext 4455",
        "the id was 550e8400-e29b-41d4-a716-446655440000",
    ],
)
def test_numbers_that_are_no_code_are_left_alone(text: str) -> None:
    """Dates, references and telephone numbers stay in the sentence."""
    assert redact_codes(text) == (text, [])


@given(st.text(max_size=300))
def test_any_text_can_be_searched_for_codes(text: str) -> None:
    """No text raises, and text that is not a code stays unchanged."""
    rest, found = redact_codes(text)
    assert bool(found) or rest == text
