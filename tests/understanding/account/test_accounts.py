"""Whole accounts, annotated by people who had seen none of our lines."""

from datetime import date

import pytest

from bench import accounts
from bench import measure_understanding as measure
from bot.understanding.account.places import find_place

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("batch", "whole", "facts", "levels"),
    [
        ("sealed_fourth", 0.60, 0.90, 0.92),
        ("sealed_fifth", 0.29, 0.80, 0.91),
        ("sealed_sixth", 0.75, 0.92, 0.92),
        ("sealed_seventh", 0.68, 0.92, 0.92),
        ("sealed_eighth", 0.66, 0.92, 0.92),
        ("sealed_ninth", 0.70, 0.92, 0.94),
    ],
)
def test_accounts_are_read_no_worse_than_before(
    batch: str, whole: float, facts: float, levels: float
) -> None:
    """The shares of facts, of steps' levels and of whole accounts read right do not fall."""
    figures = accounts.measure_accounts(batch)
    assert figures.whole >= whole, figures
    assert figures.facts >= facts, figures
    assert figures.levels >= levels, figures
    assert figures.invented["my_agency"] <= 2, figures


@pytest.mark.parametrize("batch", accounts.BATCHES)
def test_no_partnership_is_invented(batch: str) -> None:
    """A partnership is read only where the place that the account tells is one of its own."""
    places = measure.everything_named().places
    for account in accounts.accounts(batch):
        told = find_place(account.facts.get("place") or "", places).partnership
        heard = accounts.read(account.text, date.fromisoformat(account.today)).partnership
        assert heard in {None, told}, account.text
