"""The advice as a card: what to do is always visible, and nothing is repeated."""

from collections.abc import Iterator

import pytest

from bot.core.cards.card import advice_card
from bot.core.rules.results import Advice
from bot.core.vocabulary import Disagreement, Exit, Risk
from tests.support.core import IDS, advice_for, handbook, policies
from tests.support.drafts import cases


def every_advice(partnership: str) -> Iterator[tuple[str, Advice]]:
    """Yield the advice for each stage, outcome and time, each risk, each exit and each kind."""
    for index, case in enumerate(cases(partnership, None)):
        yield f"case {index}", case.advice
    for risk in Risk:
        yield str(risk), advice_for(partnership, risk=str(risk))
    for way in Exit:
        yield str(way), advice_for(partnership, exit=str(way))
    for kind in Disagreement:
        yield str(kind), advice_for(partnership, disagreement=str(kind))


@pytest.mark.parametrize("partnership", IDS)
def test_no_line_of_the_advice_repeats_another(partnership: str) -> None:
    """If two stages ask for the same and one asks for more, only that line is shown."""
    for name, advice in every_advice(partnership):
        card = advice_card(advice, policies()[partnership], handbook().phrases)
        for section in card.sections:
            told = [(item.text, item.source) for item in section.items]
            assert len(told) == len(set(told)), (name, section.heading)
            for text, source in told:
                more = [item for item, where in told if item != text and where == source]
                assert not any(item.startswith(text) for item in more), (name, text)
