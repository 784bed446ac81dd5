"""Whatever is published, no count can be excluded, and one more or fewer is hardly more likely."""

import random
import secrets
from collections import Counter
from functools import cache
from math import exp, log

import pytest

from bot.figures.chance import (
    FEW_AT_MOST,
    LIKELIER,
    STEP,
    WITHIN,
    change,
    changed,
    log_probability,
    shown,
)
from bot.figures.quarters import QUARTERS

FURTHEST = 40
"""Larger changes have a probability of less than 10^-23 and are left out."""


@cache
def changes(quarters: int) -> Counter[int]:
    """The probability of each change of a number that adds up so many quarters."""
    once = Counter({by: exp(log_probability(by)) for by in range(-FURTHEST, FURTHEST + 1)})
    found = once
    for _ in range(quarters - 1):
        together: Counter[int] = Counter()
        for one, likely in found.items():
            for other, as_likely in once.items():
                together[one + other] += likely * as_likely
        found = together
    return found


def seen(count: int, quarters: int = 1, least: int = STEP) -> Counter[int | None]:
    """The probability of each number that can be shown for a count."""
    found: Counter[int | None] = Counter()
    for by, likely in changes(quarters).items():
        found[shown(count + by, least)] += likely
    return found


def test_the_probabilities_add_up_to_one() -> None:
    """What the other tests count with is a distribution."""
    assert sum(changes(1).values()) == pytest.approx(1)
    assert sum(changes(4).values()) == pytest.approx(1)


def test_changes_are_drawn_as_often_as_they_are_said_to_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Zero in 3 of 5 draws, and each change a quarter as often as the next smaller one."""
    drawing = random.Random(7)  # noqa: S311 - the test's own
    monkeypatch.setattr(secrets, "randbelow", drawing.randrange)
    many = 40_000
    drawn = Counter(change() for _ in range(many))
    for by in range(-3, 4):
        assert drawn[by] / many == pytest.approx(changes(1)[by], abs=0.01)
    assert sum(by * often for by, often in drawn.items()) / many == pytest.approx(0, abs=0.03)


@pytest.mark.parametrize("planted", range(16))
@pytest.mark.parametrize("least", [STEP, 2 * STEP])
def test_whoever_plants_rows_and_subtracts_them_learns_little(planted: int, least: int) -> None:
    """However many they add, what they see is at most four times as likely with one case more.

    Nothing that can be seen for one count cannot be seen for another.
    """
    for case in range(4):
        without, with_it = seen(planted + case, 1, least), seen(planted + case + 1, 1, least)
        for number, likely in (without + with_it).items():
            # Beyond the furthest change both are too small to be compared.
            if likely > 1e-9:
                assert abs(log(with_it[number] / without[number])) <= log(LIKELIER) + 1e-6


def test_a_row_is_in_one_quarter_only_so_a_year_tells_no_more() -> None:
    """The same for a year, of which one quarter's count is one more."""
    for case in range(8):
        without, with_it = seen(case, 4), seen(case + 1, 4)
        for number in (None, 5, 10, 15):
            assert abs(log(with_it[number] / without[number])) <= log(LIKELIER) + 1e-6


@pytest.mark.parametrize("quarters", [1, 4])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 40, 333])
def test_what_is_shown_is_within_five_of_the_count(quarters: int, count: int) -> None:
    """In at least 19 of 20 cases, as the page says; few stands for what is below 5."""
    right = sum(
        likely
        for number, likely in seen(count, quarters).items()
        if (count - (STEP - 1) if number is None else abs(number - count)) <= WITHIN
    )
    assert right >= 0.95


@pytest.mark.parametrize("quarters", [1, QUARTERS])
@pytest.mark.parametrize("least", [STEP, 2 * STEP])
def test_few_is_most_likely_less_than_is_shown_and_hardly_ever_more_than_told(
    quarters: int, least: int
) -> None:
    """Below the least that is shown it is few more often than not, and above 7 of 5 hardly ever."""
    above = least - STEP
    for count in range(least + 30):
        few = seen(count, quarters, least)[None]
        assert (few > 0.5) is (count < least)
        assert few < 0.05 or count <= FEW_AT_MOST + above
    assert seen(FEW_AT_MOST + above, QUARTERS, least)[None] >= 0.05


def test_an_empty_cell_is_hardly_ever_shown_as_more_than_few() -> None:
    """In a year 1 of 70; of the many pairs of agencies, which start at 10, 1 of 1,000."""
    assert 1 - seen(0, QUARTERS)[None] < 1 / 70
    assert 1 - seen(0, QUARTERS, 2 * STEP)[None] < 1 / 1000


def test_zeros_are_changed_like_every_other_count() -> None:
    """A zero that stayed one would tell that nobody was there."""
    draws = iter([3, -2, 0])
    assert changed({"a": 0, "b": 0, "c": 7}, lambda: next(draws)) == {"a": 3, "b": -2, "c": 7}
