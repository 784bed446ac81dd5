"""The advice as a card: what to do stands in sight, nothing is said twice."""

import pytest

from bot.core.card import advice_card
from tests.support.core import IDS, handbook, policies
from tests.support.documents import every_case


@pytest.mark.parametrize("partnership", IDS)
def test_no_line_of_the_advice_repeats_another(partnership: str) -> None:
    """Where two stages say the same and one says more, only that one is shown."""
    for name, case in every_case(partnership):
        card = advice_card(case.advice, case.policy, handbook().phrases)
        for section in card.sections:
            told = [(item.text, item.source) for item in section.items]
            assert len(told) == len(set(told)), (name, section.heading)
            for text, source in told:
                more = [one for one, where in told if one != text and where == source]
                assert not any(one.startswith(text) for one in more), (name, text)


@pytest.mark.parametrize("partnership", IDS)
def test_only_what_needs_nothing_done_today_may_be_folded(partnership: str) -> None:
    """What to do, by when, whom to tell, the record and the warnings are always in sight."""
    policy = policies()[partnership]
    for name, case in every_case(partnership):
        card = advice_card(case.advice, policy, handbook().phrases)
        folded = {
            item.text for section in card.sections if section.folded for item in section.items
        }
        advice = case.advice
        may = {one.what for one in (*advice.support, *advice.grounds, *advice.not_stated)}
        assert folded <= may, name
        assert not card.sections[0].folded
