"""What stands open on the cards that come before a question."""

import pytest

from bot.core.cards.card import words_in
from bot.core.cards.review import understood_card
from bot.core.cards.urgent import danger_card
from bot.core.conversation.state import State, facts_of
from bot.core.rules.advice import advise
from bot.core.vocabulary import Exit, Risk
from tests.support.core import IDS, TODAY, handbook, policies

PHRASES = handbook().phrases


def test_much_that_was_understood_is_folded() -> None:
    """Up to three answers are a sentence; of more, the card shows a title and a fold."""
    given = {name: f"{name}: told" for name in ("risk", "partnership", "my_agency")}
    assert understood_card(given, PHRASES) is None
    card = understood_card({**given, "their_agency": "The other agency: told"}, PHRASES)
    assert card is not None
    assert all(section.folded for section in card.sections)
    assert len(card.sections[0].items) == len(given) + 1


@pytest.mark.parametrize("partnership", IDS)
@pytest.mark.parametrize("way", [None, Exit.allegation])
def test_what_to_do_now_stands_open_alone(partnership: str, way: Exit | None) -> None:
    """In danger what else there is to know is folded, unless all of it is short."""
    state = State(risk=Risk.immediate_harm, partnership=partnership, exit=way, exit_check="yes")
    advice = advise(facts_of(state, policies()), state.policy(policies()), TODAY, handbook())
    first, *rest = danger_card(advice, state, PHRASES).sections
    assert not first.folded
    opened = [item for one in rest if not one.folded for item in one.items]
    short = sum(words_in(item.text) for item in (*first.items, *opened))
    assert not opened or short <= 120
    if way:
        assert any(section.folded for section in rest)
