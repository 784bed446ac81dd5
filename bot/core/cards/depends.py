"""What advice rests on where an answer was "I don't know": the reading that was used."""

from collections.abc import Iterator

from bot.core.cards.card import Card, CardItem, CardSection
from bot.core.conversation.questions import Policies
from bot.core.conversation.state import UNKNOWN, State
from bot.core.handbook.handbook import Handbook
from bot.core.rules.triage import procedure_named

ANSWERS = (
    "exit_check",
    "area",
    "disagreement",
    "my_agency",
    "their_agency",
    "child_status",
    "reached",
    "earlier",
    "step_on",
    "step_outcome",
    "concern_on",
)
"""Answers that may be "I don't know", each with a response `utter_depends_<answer>`.

A place that is not known has the warning of the guidance that gives way to the local policy, and
a risk that is not known is treated as immediate.
"""
SECTION = "When you do not know an answer"


def depends_on(state: State, policies: Policies, handbook: Handbook) -> Iterator[str]:
    """Yield a line for each answer that is not known: how it was read, and what to find out."""
    for name in ANSWERS:
        if not _unknown(getattr(state, name)):
            continue
        what = ""
        if name == "exit_check" and state.exit:
            what = procedure_named(
                state.exit, state.policy(policies), handbook.safety_guidance
            ).what
        yield handbook.phrases.say(f"depends_{name}", what=what)


def _unknown(value: object) -> bool:
    if isinstance(value, dict):
        return UNKNOWN in value.values()
    if isinstance(value, tuple):
        return UNKNOWN in value
    return value == UNKNOWN


def with_what_it_depends_on(
    card: Card, state: State, policies: Policies, handbook: Handbook
) -> Card:
    """Return the card with a section on what is not known, after what to do and by when."""
    source = handbook.safety_guidance.cite(SECTION)
    lines = depends_on(state, policies, handbook)
    items = tuple(CardItem(line, None, source) for line in lines)
    if not items:
        return card
    section = CardSection(handbook.phrases.say("card_heading_depends"), items)
    return card.with_section(section, after=2)
