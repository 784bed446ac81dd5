"""What advice rests on where an answer was "I don't know": the reading that was used."""

from collections.abc import Iterator

from bot.core.cards.card import Card, CardItem, CardSection
from bot.core.conversation.questions.spec import is_unknown
from bot.core.conversation.questions.table import OWNERS
from bot.core.conversation.state import Policies, State
from bot.core.handbook.handbook import Handbook

ANSWERS = {spec.fills: spec.depends for spec in OWNERS if spec.depends}
"""Answers that may be "I don't know", each with a response `utter_depends_<answer>`.

A place that is not known has the warning of the guidance that gives way to the local policy, and
a risk that is not known is treated as immediate.
"""
SECTION = "When you do not know an answer"


def unknown_answer_items(state: State, policies: Policies, handbook: Handbook) -> Iterator[str]:
    """Yield a line for each answer that is not known: how it was read, and what to find out."""
    for name, what in ANSWERS.items():
        if is_unknown(getattr(state, name)):
            gap = what(state, policies, handbook.safety_guidance)
            yield handbook.phrases.say(f"depends_{name}", what=gap)


def with_unknown_answers(card: Card, state: State, policies: Policies, handbook: Handbook) -> Card:
    """Return the card with a section on what is not known, after what to do and by when."""
    source = handbook.safety_guidance.cite(SECTION)
    lines = unknown_answer_items(state, policies, handbook)
    items = tuple(CardItem(line, None, source) for line in lines)
    if not items:
        return card
    section = CardSection(handbook.phrases.say("card_heading_depends"), items)
    return card.with_section(section, after=2)
