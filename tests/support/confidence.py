"""Scenes and cards for the tests of what helps somebody who hesitates."""

import re
from datetime import date
from itertools import product
from typing import Any

from bot.core.cards.card import Card
from bot.core.letters.confidence import Scene
from bot.core.rules.advice import advise
from bot.core.rules.facts import Facts, Step
from bot.core.rules.narrowing import narrowed
from bot.core.vocabulary import Agency, Disagreement, Level, Outcome, Risk
from tests.support.core import IDS, handbook, policies

TODAY = date(2026, 11, 20)
RAISED = date(2026, 11, 19)
URGENT = [Risk.immediate_danger, Risk.immediate_harm, Risk.unsure]
NOT_SAID = re.compile(
    r"\b(?:safe|simply|obviously|clearly|surely|of course|utili[sz]e|whilst|in order to|ensure|"
    r"prior to|regarding|wrong of|your fault|their fault|lazy|careless|don't care|incompetent|"
    r"must not|well done|correct|mark|score|poor|excellent)\b",
    re.IGNORECASE,
)
"""Words of blame, of marking and of officialese, and any promise that a child is safe."""


def scene(partnership: str | None, level: Level | None = None, **changes: Any) -> Scene:
    """Return the scene of a school against social care, where a stage was raised yesterday."""
    outcome = changes.pop("outcome", Outcome.unresolved)
    told: dict[str, Any] = {
        "partnership": partnership,
        "risk": Risk.concern,
        "disagreement": Disagreement.threshold,
        "my_agency": Agency.education,
        "their_agency": Agency.childrens_social_care,
        "steps": (Step(level, RAISED, outcome),) if level else (),
        **changes,
    }
    facts = Facts(**told)
    policy = narrowed(policies()[partnership], facts) if partnership else None
    known = policy is not None or facts.risk in URGENT
    return Scene(facts, policy, advise(facts, policy, TODAY, handbook()) if known else None, TODAY)


def scenes() -> list[Scene]:
    """Return a scene for every policy, level and outcome, and for nothing done yet."""
    reached = [*product(Level, Outcome), (None, Outcome.awaiting)]
    return [scene(name, level, outcome=outcome) for name in IDS for level, outcome in reached]


def items(card: Card, heading: str) -> list[tuple[str, str, str]]:
    """Return the text, document and section of every line under a heading."""
    title = handbook().phrases.say(f"card_heading_{heading}")
    return [
        (item.text, item.source.document, item.source.section)
        for section in card.sections
        if section.heading == title
        for item in section.items
        if item.source
    ]
