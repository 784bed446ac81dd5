"""Languages other than English are told, and English is never taken for one."""

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bench import measure_understanding as measure
from bench.measure_understanding import LINES, TODAY, Grouped, grouped
from bot.paths import ROOT
from bot.understanding.languages import UNKNOWN, language, other_language

WRITTEN = yaml.safe_load((ROOT / "data/responses/languages.yml").read_text("utf-8"))["responses"]
CODES = {name.removeprefix("utter_language_"): said[0]["text"] for name, said in WRITTEN.items()}
ENGLISH = CODES.pop("utter_only_english")
FOREIGN = grouped("languages")
OTHER_LINES = [path.stem for path in sorted(LINES.glob("*.txt")) if path.stem != "languages"]
# Training lines that are not English, so that such a line is known to be out of scope.
NOT_ENGLISH = {"hola necesito ayuda", "je ne parle pas anglais", "czy mówisz po polsku"}


@pytest.mark.parametrize("code", sorted({line.heading for line in FOREIGN}))
def test_no_wrong_language_is_detected(code: str) -> None:
    """A line is never taken for a wrong language that the guide answers in."""
    told = {line.text: language(line.text) for line in FOREIGN if line.heading == code}
    wrong = {text: found for text, found in told.items() if found in set(CODES) - {code}}
    assert not wrong


def test_most_lines_in_other_languages_are_detected() -> None:
    """Of lines in a language that the guide answers in, at least 19 in 20 are told."""
    lines = [line for line in FOREIGN if line.heading != "other"]
    missed = [line for line in lines if language(line.text) != line.heading]
    assert len(missed) <= len(lines) / 20, missed


@pytest.mark.parametrize("name", OTHER_LINES)
def test_english_lines_are_english(name: str) -> None:
    """Terse, misspelt, full of short forms, names or places: English stays English."""
    assert [line.text for line in grouped(name) if language(line.text)] == []


@pytest.mark.long
def test_training_lines_are_english() -> None:
    """None of the training lines is taken for another language, but those that are in one."""
    assert {text for text, _ in measure.intent_examples() if language(text)} == NOT_ENGLISH


@pytest.mark.parametrize("code", CODES)
def test_what_is_said_is_in_the_language_and_danger_first(code: str) -> None:
    """Each wording is recognised as its own language and names 999 before anything else."""
    assert language(CODES[code]) == code
    assert "999" in re.split("[.\u3002\u0964\u06d4\u1362]", CODES[code])[0]
    assert ENGLISH.startswith("If a child is in danger now, call 999.")


@pytest.mark.parametrize("line", FOREIGN[::40], ids=lambda line: line.text)
def test_danger_in_english_words_is_read_as_english(line: Grouped) -> None:
    """Nobody is told that only English is read when the danger was said in English."""
    assert other_language(f"{line.text}. He has got a knife", TODAY) is None


@pytest.mark.parametrize("text", ["", "🙈🙈", "999", "\u03b1", "x", "\u0301", "12/11/2026", "?!"])
def test_text_without_words_is_not_another_language(text: str) -> None:
    """Signs, digits, one letter and emoji are not another language."""
    assert language(text) is None


def test_a_language_without_wording_is_still_told() -> None:
    """The person is answered in English then, danger first."""
    assert language("ik begrijp geen engels, kan iemand mij helpen") == "nl"
    assert language("mujhe madad chahiye bacha khatre mein hai") == UNKNOWN


@given(st.text(max_size=200))
def test_any_text_can_be_looked_at(text: str) -> None:
    """Whatever is typed, telling its language does not fail."""
    assert language(text) is None or language(text)


@pytest.mark.parametrize(
    "text",
    [
        "mrs. nguyen thi hoa rang about bao",
        "mr tran van minh wont answer the phone",
        "mum is called phan thi kim lien and she is on my caseload",
    ],
)
def test_names_from_elsewhere_are_no_language(text: str) -> None:
    """A name after "Mrs" or "called" says nothing about the language: the words around it do."""
    assert language(text) is None
