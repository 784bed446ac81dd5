"""A second reader of names, beside the lists."""

import re

import pytest

from bot.privacy.masking import masker
from bot.privacy.masking.masker import MaskedText, mask
from bot.privacy.masking.reader import SETTING, UnknownReader


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


def test_of_a_long_text_the_reader_is_given_what_is_around_a_strange_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its sentence and those beside it, wherever it stands; a short text is read whole."""
    calm = "We met the family at the school and agreed what each of us would do. "
    asked: list[str] = []

    def names(text: str) -> list[tuple[int, int]]:
        asked.append(text)
        return [found.span() for found in re.finditer("Qorvath", text)]

    monkeypatch.setattr(masker, "name_reader", lambda: names)
    strange = "They met in Qorvath. "
    for before, after in ((0, 20), (10, 10), (20, 0)):
        text = calm * before + strange + calm * after
        asked.clear()
        assert mask(text).text == text.replace("Qorvath", "[name]")
        assert asked
        assert all(calm.strip() in part and len(part) < 3 * len(calm) for part in asked)
    asked.clear()
    mask(calm + strange + calm)
    assert asked[0] == calm + strange + calm
