"""The answers given so far as lines of a card, each with a button to change it."""

from collections.abc import Mapping
from textwrap import shorten

import msgspec

from bot.core.cards.card import Card, CardItem, CardSection
from bot.core.handbook.wording import Phrases

MOST_IN_A_SENTENCE = 3
"""So many answers are said back in a sentence; more are folded."""
IN_A_BUTTON = 64
"""The most letters of an answer on the button that changes it: Slack cuts a longer one off."""


def review_card(given: Mapping[str, str], phrases: Phrases) -> Card:
    """Return the answers given so far, each on a line with a button to change it.

    `given` maps each answer's name to its line.
    """
    return Card(
        kind="review",
        title=phrases.say("card_title_review"),
        route="",
        sections=(_given(given, phrases),),
    )


def understood_card(given: Mapping[str, str], phrases: Phrases) -> Card | None:
    """Return what a message was understood to tell, folded; None where a sentence is enough.

    On a phone much of it would stand before the question that follows.
    """
    if len(given) <= MOST_IN_A_SENTENCE:
        return None
    section = _given(given, phrases)
    return Card(
        kind="review",
        title=phrases.say("card_title_understood"),
        route="",
        sections=(
            msgspec.structs.replace(
                section, heading=phrases.say("card_heading_understood"), folded=True
            ),
        ),
    )


def with_given(card: Card, given: Mapping[str, str], phrases: Phrases) -> Card:
    """Return advice with the answers that it rests on, folded behind all that it says."""
    section = msgspec.structs.replace(_given(given, phrases), folded=True)
    return card.with_section(section, after=len(card.sections))


def _given(given: Mapping[str, str], phrases: Phrases) -> CardSection:
    items = tuple(
        CardItem(
            line,
            change=f"do:change_answer:{name}",
            change_title=phrases.say("option_change", line=_in_short(line)),
        )
        for name, line in given.items()
    )
    return CardSection(phrases.say("card_heading_review"), items)


def _in_short(line: str) -> str:
    """Return a line as a button holds it: of a long question its beginning, and the answer."""
    question, mark, answer = line.rpartition("? ")
    if not mark or len(line) <= IN_A_BUTTON:
        return line
    return f"{shorten(question, IN_A_BUTTON - len(answer) - 1, placeholder=' …')}? {answer}"
