"""Questions put to the guide, and what stands on the card that answers them."""

from typing import Any

from bot.core.cards.card import Card, CardItem, CardSection, card_text
from bot.core.conversation.state import State
from bot.core.enquiry.answer import answer_enquiry
from bot.core.handbook.topics import (
    APPROVES,
    AWAY,
    DECIDES,
    IN_WRITING,
    INFORMATION,
    OF_A_CALL,
    Enquiry,
    Topic,
    Which,
)
from bot.core.vocabulary import Agency, Exit, Level, Risk
from tests.support.core import handbook, policies

STANDING = "Escalation Guide standing guidance"


def ask(topic: Topic, state: State | None = None, **details: Any) -> Card:
    """Return the answer to a question of the topic."""
    return answer_enquiry(Enquiry(topic=topic, **details), state or State(), policies(), handbook())


def lines(card: Card, heading: str | None = None) -> list[str]:
    """Return the texts of a card's lines, of one section where a heading is given."""
    sections = [one for one in card.sections if heading in {None, under(one)}]
    return [item.text for section in sections for item in section.items]


def under(section: CardSection) -> str:
    """Return what a section's lines stand under, the folded rest of it too."""
    return section.heading.removesuffix(" (the rest)")


def items(card: Card) -> list[CardItem]:
    """Return every line of a card."""
    return [item for section in card.sections for item in section.items]


def said(card: Card) -> str:
    """Return all that a card says in words."""
    return card_text(card, handbook().phrases)


def details_of(topic: Topic) -> list[dict[str, Any]]:
    """Return ways to ask about a topic: by number, by place, by level, by agency, by name."""
    if topic in {Topic.stage, Topic.contacts}:
        numbers = [{"stage": number} for number in range(6)]
        agencies = [{"stage": 2, "agency": agency} for agency in Agency]
        return [
            {},
            *numbers,
            *({"which": which} for which in Which),
            *agencies,
            {"level": Level.director},
            {"words": DECIDES},
            *({"words": DECIDES, **number} for number in numbers),
            *({"words": APPROVES, **number} for number in numbers),
            {"words": AWAY},
        ]
    if topic is Topic.law:
        return [{}, {"words": INFORMATION}]
    if topic is Topic.records:
        return [{}, {"stage": 2}, {"words": OF_A_CALL}]
    if topic is Topic.refusal:
        return [{}, {"stage": 2}, {"words": IN_WRITING}]
    if topic is Topic.limits:
        return [{}, {"stage": 3}, {"which": Which.every}, {"which": Which.present}]
    if topic is Topic.other_procedure:
        return [{}, *({"exit": procedure} for procedure in Exit)]
    if topic is Topic.about:
        words = (
            "commissioner",
            "kscmp",
            "chair of governors",
            "lado",
            "iro",
            "threshold",
            "s17 and s47",
        )
        return [{"words": name} for name in (*words, "executive board", "flying squad")]
    return [{}, {"stage": 2}]


READY = State(
    risk=Risk.concern,
    partnership="kent",
    trigger_check="no",
    disagreement="threshold",
    my_agency="health",
    their_agency="police",
    reached="line_manager",
    step_on="2026-11-20",
    step_outcome="awaiting",
)
"""All told: waiting at Kent's Stage 1."""


STATES = [
    State(),
    State(my_agency="education", their_agency="police", child_status=("looked_after",)),
    State(risk=Risk.immediate_danger),
    State(side="receiver", partnership="kent"),
]
