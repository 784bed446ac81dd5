"""How much of marked lines masking takes out and leaves, and what the lines teach."""

import random

import pytest

from bench import learn_names, masking
from bot.privacy.masking import weights
from bot.privacy.masking.masker import mask
from bot.privacy.masking.patterns import PLACEHOLDERS

LEAST_GONE = 0.98
MOST_LOST = 0.02


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


@pytest.mark.long
@pytest.mark.parametrize("name", masking.FILES)
def test_the_reported_kinds_were_in_the_text(name: str) -> None:
    """Reported kinds were in the text; at most one line in fifty reports a kind that was not."""
    lines = masking.marked_lines(name)
    wrong = [line for line in lines if set(mask(line.text).kinds) - {kind for kind, _ in line.gone}]
    assert len(wrong) <= MOST_LOST * len(lines)


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
