"""An escalation in Kent at Stage 1, and the row that is written of it."""

from datetime import date
from typing import Any

from bot.core.conversation.figures import Row
from bot.core.conversation.row import escalation_row
from bot.core.conversation.state import State, facts_of
from bot.core.rules.advice import advise
from bot.core.vocabulary import Risk
from tests.support.core import handbook, policies

TODAY = date(2026, 11, 20)


def row(state: State, today: date = TODAY) -> Row:
    """The row of a state as it would be written on a day."""
    facts = facts_of(state, policies())
    advice = advise(facts, state.policy(policies()), today, handbook())
    return escalation_row(state, advice, policies(), handbook().phrases, today)


def at_stage_1(**more: Any) -> State:
    """Kent, waiting at Stage 1 since Monday 16 November, after a talk on Monday 9 November."""
    told: dict[str, Any] = {
        "risk": Risk.concern, "partnership": "kent", "trigger_check": "no",
        "disagreement": "threshold", "my_agency": "education",
        "their_agency": "childrens_social_care", "child_status": (), "reached": "line_manager",
        "step_on": "2026-11-16", "step_outcome": "awaiting",
        "earlier": {"practitioner": "2026-11-09"}, **more,
    }  # fmt: skip
    return State(**told)
