"""No count below 5 is shown, or can be worked out by somebody who knows the rule."""

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.figures.hiding import LEAST, places_to_hide

COUNTS = st.lists(st.integers(0, 40), min_size=1, max_size=12)


def all_tables(total: int, cells: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to share a total among cells."""
    if cells == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in all_tables(total - first, cells - 1):
            yield (first, *rest)


def published_table(counts: tuple[int, ...]) -> tuple[int | None, ...]:
    """The published counts of a table, beside its total."""
    held = places_to_hide(counts)
    return tuple(None if place in held else count for place, count in enumerate(counts))


@given(COUNTS)
def test_no_small_count_is_shown(counts: list[int]) -> None:
    """Zeros are hidden too; without small counts nothing is held back."""
    held = places_to_hide(counts)
    assert all(counts[place] >= LEAST for place in range(len(counts)) if place not in held)
    if min(counts) >= LEAST:
        assert held == set()


@given(COUNTS)
def test_hidden_counts_are_never_small_together(counts: list[int]) -> None:
    """The total less what is shown is at least 5, and never one cell's count."""
    held = places_to_hide(counts)
    if held and sum(counts) >= LEAST and len(counts) > 1:
        assert len(held) > 1
        assert sum(counts[place] for place in held) >= LEAST


@pytest.mark.parametrize(("cells", "most"), [(2, 40), (3, 40), (4, 28), (5, 20)])
def test_whoever_knows_the_rule_learns_no_small_count(cells: int, most: int) -> None:
    """Every table there can be: what is published fits 0, 1, 2 and 3 in each hidden small cell.

    All tables with the same total that would be published in the same way are put together, which
    is everything that somebody who knows the rule can find out.
    """
    for total in range(LEAST, most + 1):
        alike: dict[tuple[int | None, ...], list[tuple[int, ...]]] = defaultdict(list)
        for counts in all_tables(total, cells):
            alike[published_table(counts)].append(counts)
        for seen, possible in alike.items():
            for place, shown in enumerate(seen):
                values = {counts[place] for counts in possible}
                if shown is None and min(values) < LEAST:
                    assert values >= {0, 1, 2, 3}, (total, seen, values)
                elif shown is None:
                    assert len(values) >= 4, (total, seen, values)
