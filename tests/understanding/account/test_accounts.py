"""Whole accounts, annotated by people who had seen none of our lines."""

import pytest

from bench import accounts, masking

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("batch", "facts", "levels", "whole"),
    [("sealed_third", 0.87, 0.90, 0.59), ("sealed_fourth", 0.89, 0.92, 0.57)],
)
def test_accounts_are_read_no_worse_than_before(
    batch: str, facts: float, levels: float, whole: float
) -> None:
    """The shares of facts, of steps' levels and of whole accounts read right do not fall."""
    figures = accounts.measure_accounts(batch)
    assert figures.whole >= whole, figures
    assert figures.facts >= facts, figures
    assert figures.levels >= levels, figures
    assert figures.invented["my_agency"] <= 2, figures


def test_sealed_lines_are_masked_no_worse_than_before() -> None:
    """What identifies somebody goes, and ordinary words stay, as at first sight."""
    figures = masking.measure_sealed()
    assert figures.recall >= 0.84, figures
    assert figures.loss <= 0.032, figures
