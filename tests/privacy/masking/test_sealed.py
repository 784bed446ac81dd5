"""Lines by people who had seen none of ours, each batch looked at once."""

import pytest

from bench import masking

pytestmark = pytest.mark.long


@pytest.mark.parametrize(
    ("batch", "gone", "lost"), [("sealed", 0.84, 0.032), ("sealed_second", 0.97, 0.01)]
)
def test_sealed_lines_are_masked_no_worse_than_before(batch: str, gone: float, lost: float) -> None:
    """What identifies somebody goes, and ordinary words stay, as at first sight."""
    figures = masking.measure_sealed(batch)
    assert figures.recall >= gone, figures
    assert figures.loss <= lost, figures
