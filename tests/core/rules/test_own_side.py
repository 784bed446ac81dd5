"""How what was told of one's own side is said back."""

import pytest

from bot.core.rules.facts import OwnSide
from bot.core.rules.own_side import own_side_words
from bot.core.vocabulary import Worry
from tests.support.core import handbook


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("dsl", "DSL said no"),
        ("deputy dsl", "Deputy DSL said no"),
        ("matron", "Matron said no"),
        ("head of service", "Head of service said no"),
    ],
)
def test_a_title_is_written_as_people_write_it(who: str, said: str) -> None:
    """Short titles stand in capitals, all others begin with one."""
    assert own_side_words(OwnSide(Worry.own_manager, who), handbook().phrases) == said
