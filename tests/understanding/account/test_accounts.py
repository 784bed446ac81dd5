"""Whole accounts, annotated by people who had seen none of our lines."""

import pytest

from bench import accounts, masking

pytestmark = pytest.mark.long


def test_accounts_are_read_no_worse_than_before() -> None:
    """The shares of facts, of steps' levels and of whole accounts read right do not fall."""
    (batch,) = accounts.BATCHES
    figures = accounts.measure_accounts(batch)
    assert figures.whole >= 0.60, figures
    assert figures.facts >= 0.90, figures
    assert figures.levels >= 0.92, figures
    assert figures.invented["my_agency"] <= 2, figures


def test_sealed_lines_are_masked_no_worse_than_before() -> None:
    """What identifies somebody goes, and ordinary words stay, as at first sight."""
    figures = masking.measure_sealed()
    assert figures.recall >= 0.84, figures
    assert figures.loss <= 0.032, figures
