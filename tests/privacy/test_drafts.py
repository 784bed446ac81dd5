"""No draft holds what masking would take out: it could not be told from what a person typed."""

import re

import pytest

from bot.privacy.masking.masker import mask
from tests.support.core import IDS
from tests.support.drafts import drafts

pytestmark = pytest.mark.xdist_group("drafts")
"""They go through the same drafts, which each process writes once."""


@pytest.mark.long
@pytest.mark.parametrize("partnership", IDS)
def test_no_draft_holds_what_identifies_a_person(partnership: str) -> None:
    """Masking, which takes out names, numbers and addresses, finds nothing in any sentence."""
    said = {
        sentence
        for made in drafts(partnership)
        for sentence in re.split(r"\n|(?<=[.?!:]) +", made.text)
    }
    assert len(said) > 200
    assert [sentence for sentence in said if mask(sentence).kinds] == []
