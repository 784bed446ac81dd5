"""How the advice treats each answer "I don't know"."""

from collections.abc import Iterator

from bot.core.cards.card import Card, CardItem, CardSection
from bot.core.conversation.questions.spec import is_unknown
from bot.core.conversation.questions.table import OWNERS
from bot.core.conversation.state import Policies, State
from bot.core.handbook.handbook import Handbook

ANSWERS = {spec.fills: spec.depends for spec in OWNERS if spec.depends}
"""Answers that may be "I don't know", each with a response `utter_depends_<answer>`.

An unknown place gets the fallback guidance with its own warning, and an unknown risk counts as
immediate.
"""
SECTION = "When you do not know an answer"


def unknown_answer_items(state: State, policies: Policies, handbook: Handbook) -> Iterator[str]:
    """Yield a line for each unknown answer: how the advice treats it, and what to find out."""
    for name, what in ANSWERS.items():
        if is_unknown(getattr(state, name)):
            gap = what(state, policies, handbook.safety_guidance)
            yield handbook.phrases.say(f"depends_{name}", what=gap)


def with_unknown_answers(card: Card, state: State, policies: Policies, handbook: Handbook) -> Card:
    """Return the card with a section on unknown answers, after what to do."""
    source = handbook.safety_guidance.cite(SECTION)
    lines = unknown_answer_items(state, policies, handbook)
    items = tuple(CardItem(line, None, source) for line in lines)
    if not items:
        return card
    section = CardSection(handbook.phrases.say("card_heading_depends"), items, folded=True)
    return card.with_section(section, after=1)
